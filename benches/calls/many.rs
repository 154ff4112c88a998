//! Functions that are given a whole slice in each call, and read a little of it.

use autodiff::grad;

#[grad]
#[inline(never)]
pub fn element(x: &[f64], i: usize) -> f64 {
    x[i] * x[i] + x[0]
}

#[grad]
pub fn elements(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += element(x, i);
    }
    sum
}

#[grad]
#[inline(never)]
pub fn window(x: &[f64], i: usize) -> f64 {
    let mut sum = 0.0;
    for j in 0..16 {
        let at = (i + j) % x.len();
        sum += x[at] * x[at];
    }
    sum.sqrt()
}

#[grad]
pub fn windows(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += window(x, i) * window(x, i / 2);
    }
    sum
}

pub fn agree(x: &[f64]) {
    let gradient = elements_grad(x);
    assert!((gradient[7] - 2.0 * x[7]).abs() < 1e-12);
    assert!((gradient[0] - 2.0 * x[0] - x.len() as f64).abs() < 1e-9);
    let gradient = windows_grad(x);
    let at = |by: f64| {
        let mut x = x.to_vec();
        x[40] += by;
        windows(&x)
    };
    let quotient = (at(1e-4) - at(-1e-4)) / 2e-4;
    assert!((gradient[40] - quotient).abs() < 1e-5 * quotient.abs(), "{} {quotient}", gradient[40]);
}
