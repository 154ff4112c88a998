//! Chains that end in a collection of their items.

use crate::same::same;

mod super_of {
    use autodiff::grad;

    #[grad(jvp)]
    pub fn spelled(x: f64, v: &[f64]) -> f64 {
        let y: Vec<f64> = v.iter().map(|a| a * x).collect();
        y[0] * y[1] + y.len() as f64 * x
    }

    #[grad(jvp)]
    pub fn turbofish(x: f64, v: &[f64]) -> f64 {
        let y = v.iter().filter(|a| **a > 0.25).map(|a| a.sqrt() + x).collect::<Vec<_>>();
        y.iter().map(|a| a * a).sum::<f64>() * x
    }

    #[grad(jvp)]
    pub fn nested(x: f64, v: &[f64]) -> f64 {
        let n = v.len();
        let rows: Vec<Vec<f64>> =
            (0..n).map(|i| (0..n).map(|j| x * v[i] + v[j]).collect()).collect();
        let y: Vec<f64> =
            rows.iter().map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum()).collect();
        y.iter().map(|a| a.sin()).sum()
    }

    #[grad(jvp)]
    pub fn halves(x: f64, v: &[f64]) -> f64 {
        let (one, other): (Vec<f64>, Vec<f64>) = v.iter().map(|a| (a * x, a + x)).unzip();
        one.iter().zip(&other).map(|(a, b)| a * b).sum::<f64>() + one[0] * other[1]
    }

    #[grad(jvp)]
    pub fn parts(x: f64, v: &[f64]) -> f64 {
        let (one, other): (Vec<f64>, Vec<f64>) = v.iter().copied().partition(|a| *a > 0.5);
        one.iter().sum::<f64>() * x + other.iter().map(|b| b * b).sum::<f64>()
    }

    #[grad(jvp)]
    pub fn extended(x: f64, v: &[f64]) -> f64 {
        let mut y = vec![x];
        y.extend(v.iter().map(|a| a * x));
        y.extend(v);
        y.iter().map(|a| a.cos()).sum()
    }

    #[grad(jvp)]
    pub fn softmax(x: f64, v: &[f64]) -> f64 {
        let top = v.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
        let e: Vec<f64> = v.iter().map(|a| (x * (a - top)).exp()).collect();
        let s: f64 = e.iter().sum();
        e.iter().map(|a| a / s).map(|p| p * p.ln()).sum()
    }

    #[grad(jvp)]
    pub fn joined(x: f64, v: &[f64]) -> f64 {
        let scaled: Vec<f64> = v.iter().map(|a| a * x).collect();
        let c = [&scaled[1..], v].concat();
        c.iter().enumerate().map(|(i, a)| a * i as f64).sum()
    }

    #[grad(jvp)]
    pub fn flattened(x: f64, v: &[f64]) -> f64 {
        let rows: Vec<Vec<f64>> = v.iter().map(|a| vec![a * x, *a]).collect();
        let flat = rows.concat();
        flat.iter().enumerate().map(|(i, a)| a * a * i as f64).sum()
    }
}

same! {
    spelled = |x, v| v[0] * x * (v[1] * x) + v.len() as f64 * x;
    turbofish = |x, v| {
        let mut s = 0.0;
        for a in v {
            if *a > 0.25 {
                s += (a.sqrt() + x).powi(2);
            }
        }
        s * x
    };
    nested = |x, v| {
        let mut s = 0.0;
        for i in 0..v.len() {
            let mut y = 0.0;
            for j in 0..v.len() {
                y += (x * v[i] + v[j]) * v[j];
            }
            s += y.sin();
        }
        s
    };
    halves = |x, v| {
        v.iter().map(|a| a * x * (a + x)).sum::<f64>() + v[0] * x * (v[1] + x)
    };
    parts = |x, v| v.iter().map(|a| if *a > 0.5 { a * x } else { a * a }).sum();
    extended = |x, v| {
        x.cos() + v.iter().map(|a| (a * x).cos()).sum::<f64>() + v.iter().map(|a| a.cos()).sum::<f64>()
    };
    softmax = |x, v| {
        let s: f64 = v.iter().map(|a| (x * a).exp()).sum();
        v.iter().map(|a| (x * a).exp() / s * (x * a - s.ln())).sum()
    };
    joined = |x, v| {
        let n = v.len();
        (1..n).map(|i| v[i] * x * (i - 1) as f64).sum::<f64>()
            + (0..n).map(|i| v[i] * (n - 1 + i) as f64).sum::<f64>()
    };
    flattened = |x, v| {
        (0..v.len())
            .map(|i| (v[i] * x).powi(2) * (2 * i) as f64 + v[i].powi(2) * (2 * i + 1) as f64)
            .sum()
    };
}
