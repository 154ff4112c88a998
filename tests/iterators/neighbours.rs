//! Adaptors of `itertools`, known by their names.

use crate::same::same;

mod super_of {
    use autodiff::grad;
    use itertools::{Itertools, izip};

    #[grad(jvp)]
    pub fn pairs(x: f64, v: &[f64]) -> f64 {
        v.iter().tuple_windows().map(|(a, b)| ((b - a).powi(2) + x * x).sqrt()).sum()
    }

    #[grad(jvp)]
    pub fn triples(x: f64, v: &[f64]) -> f64 {
        let mut bend = 0.0;
        for (a, b, c) in v.iter().copied().tuple_windows() {
            bend += x * (a - 2.0 * b + c).powi(2);
        }
        bend
    }

    #[grad(jvp)]
    pub fn rising(x: f64, v: &[f64]) -> f64 {
        v.iter().tuple_windows().filter(|(a, b)| a < b).map(|(a, b)| a * b * x).sum()
    }

    #[grad(jvp)]
    pub fn three(x: f64, v: &[f64]) -> f64 {
        let squares: Vec<f64> = v.iter().map(|a| a * x).collect();
        let mut total = 0.0;
        for (a, s, n) in izip!(v, &squares, 0..v.len()) {
            total += a * s * n as f64;
        }
        total
    }

    #[grad(jvp)]
    pub fn changed(x: f64, v: &[f64]) -> f64 {
        let mut u = v.to_vec();
        for (a, b) in itertools::izip!(&mut u, v.iter().rev()) {
            *a += x * b;
        }
        itertools::izip!(&u[1..], v, u.iter()).map(|(a, b, c)| a * b + c).sum()
    }
}

same! {
    pairs = |x, v| v.windows(2).map(|w| ((w[1] - w[0]).powi(2) + x * x).sqrt()).sum();
    triples = |x, v| {
        let mut bend = 0.0;
        for w in v.windows(3) {
            bend += x * (w[0] - 2.0 * w[1] + w[2]).powi(2);
        }
        bend
    };
    rising = |x, v| v.windows(2).filter(|w| w[0] < w[1]).map(|w| w[0] * w[1] * x).sum();
    three = |x, v| {
        let mut total = 0.0;
        for i in 0..v.len() {
            total += v[i] * (v[i] * x) * i as f64;
        }
        total
    };
    changed = |x, v| {
        let n = v.len();
        let u: Vec<f64> = (0..n).map(|i| v[i] + x * v[n - 1 - i]).collect();
        (0..n - 1).map(|i| u[i + 1] * v[i] + u[i]).sum()
    };
}
