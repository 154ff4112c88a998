//! Collections of pairs.

use crate::same::same;

mod super_of {
    use autodiff::grad;

    #[grad(jvp)]
    pub fn borrowed(x: f64, v: &[f64]) -> f64 {
        let pairs: Vec<(f64, f64)> = v.iter().map(|a| (a * x, *a)).collect();
        pairs.iter().map(|(p, q)| p * q).sum::<f64>() + pairs[0].1
    }

    #[grad(jvp)]
    pub fn block(x: f64, v: &[f64]) -> f64 {
        let halves = {
            let (one, other): (Vec<f64>, Vec<f64>) = v.iter().map(|a| (a * x, a + x)).unzip();
            (one, other)
        };
        halves.0[0] * halves.1[1] + halves.0[1]
    }
}

same! {
    borrowed = |x, v| v.iter().map(|a| a * a * x).sum::<f64>() + v[0];
    block = |x, v| v[0] * x * (v[1] + x) + v[1] * x;
}
