//! Indices and flags beside what has a derivative, in one `Vec`.

use crate::same::same;

mod super_of {
    use autodiff::grad;

    #[grad(jvp)]
    pub fn numbered(x: f64, v: &[f64]) -> f64 {
        let y: Vec<(usize, f64)> = v.iter().map(|a| a * x).enumerate().collect();
        y.iter().map(|(i, a)| a * *i as f64).sum::<f64>() + y[0].1 + x * y[1].0 as f64
    }

    #[grad(jvp)]
    pub fn flags(x: f64, v: &[f64]) -> f64 {
        let y = v.iter().map(|a| (a * x, *a > 0.5)).collect::<Vec<(f64, bool)>>();
        let s: f64 = y.iter().map(|(a, b)| if *b { a.sin() } else { *a }).sum();
        y.into_iter().fold(s, |s, (a, b)| if b { s + a } else { s * a })
    }

    #[grad(jvp)]
    pub fn halves(x: f64, v: &[f64]) -> f64 {
        let (i, y): (Vec<usize>, Vec<f64>) = v.iter().enumerate().map(|(i, a)| (i, a * x)).unzip();
        y[i[1]] + i.len() as f64 * x
    }

    #[grad(jvp)]
    pub fn parts(x: f64, v: &[f64]) -> f64 {
        let (y, z): (Vec<(usize, f64)>, Vec<(usize, f64)>) =
            v.iter().map(|a| a * x).enumerate().partition(|(i, _)| i % 2 == 0);
        y[1].1 + z[0].1 * z[0].0 as f64 + z.len() as f64 * x
    }

    #[grad(jvp)]
    pub fn sorted(x: f64, v: &[f64]) -> f64 {
        let mut y: Vec<(f64, usize)> = v.iter().map(|a| a * x).zip(0..v.len()).collect();
        y.sort_by(|a, b| a.0.total_cmp(&b.0));
        y.iter().enumerate().map(|(k, &(a, i))| a * i as f64 * k as f64).sum()
    }

    #[grad(jvp)]
    pub fn pushed(x: f64, v: &[f64]) -> f64 {
        let mut y: Vec<(usize, f64)> = Vec::new();
        for (i, a) in v.iter().enumerate() {
            y.push((i, a * x));
        }
        let s: f64 = y.iter().map(|p| p.1.sin() * p.0 as f64 * v[p.0]).sum();
        y.into_iter().map(|(i, a)| a.sin() * i as f64 * v[i]).sum::<f64>() + s
    }

    #[grad(jvp)]
    pub fn extended(x: f64, v: &[f64]) -> f64 {
        let mut y = vec![(0, x)];
        y.extend(v.iter().enumerate().map(|(i, a)| (i, a * x)));
        y.iter().map(|(i, a)| a * *i as f64).sum()
    }

    /// The length is that after a block that always runs.
    #[grad(jvp)]
    pub fn grown_in_a_block(x: f64, v: &[f64]) -> f64 {
        let mut y = vec![x];
        {
            for a in v {
                y.push(a * x);
            }
        }
        let mut s = 0.0;
        for a in y.iter() {
            s += a.sin();
        }
        y.extend(v.iter().map(|a| a * s));
        y.iter().sum()
    }
}

same! {
    numbered = |x, v| {
        let s: f64 = v.iter().enumerate().map(|(i, a)| a * x * i as f64).sum();
        s + v[0] * x + x
    };
    flags = |x, v| {
        let s: f64 = v.iter().map(|a| if *a > 0.5 { (a * x).sin() } else { a * x }).sum();
        v.iter().fold(s, |s, a| if *a > 0.5 { s + a * x } else { s * (a * x) })
    };
    halves = |x, v| v[1] * x + v.len() as f64 * x;
    parts = |x, v| v[2] * x + v[1] * x + (v.len() / 2) as f64 * x;
    sorted = |x, v| {
        let mut order: Vec<usize> = (0..v.len()).collect();
        order.sort_by(|&i, &j| v[i].total_cmp(&v[j]));
        order.iter().enumerate().map(|(k, &i)| v[i] * x * i as f64 * k as f64).sum()
    };
    pushed = |x, v| {
        let of = |(i, a): (usize, &f64)| (a * x).sin() * i as f64 * v[i];
        let s: f64 = v.iter().enumerate().map(of).sum();
        v.iter().enumerate().map(of).sum::<f64>() + s
    };
    extended = |x, v| v.iter().enumerate().map(|(i, a)| a * x * i as f64).sum();
    grown_in_a_block = |x, v| {
        let s = v.iter().fold(x.sin(), |s, a| s + (a * x).sin());
        let y: f64 = v.iter().fold(x, |s, a| s + a * x);
        v.iter().fold(y, |y, a| y + a * s)
    };
}
