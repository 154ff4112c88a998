//! One loss twice: in one function, and in ten, of which five are another crate's.

use autodiff::grad;
use geometry::pieces::{between, product, robust, square, unit};

/// Two units, mixed and compared with a target; and a penalty for large weights.
#[grad(wrt(w))]
pub fn whole(w: &[f64; 8], data: &[[f64; 3]]) -> f64 {
    let mut sum = 0.0;
    for &[a, b, target] in data {
        let z = w[0] * a + w[1] * b + w[2];
        let first = z / (1.0 + z * z).sqrt();
        let z = w[3] * a + w[4] * b + w[5];
        let second = z / (1.0 + z * z).sqrt();
        let share = 1.0 / (1.0 + (-w[6]).exp());
        let mixed = first + share * (second - first);
        let error = (w[7] * mixed - target) / 0.5;
        sum += if error.abs() < 1.0 { 0.5 * error * error } else { error.abs() - 0.5 };
    }
    let (one, two) = (w[0] * w[0] + w[1] * w[1], w[3] * w[3] + w[4] * w[4]);
    sum / data.len() as f64 + 0.01 * (one + two)
}

#[grad]
fn share(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

#[grad]
fn hidden(w: [f64; 2], bias: f64, x: [f64; 2]) -> f64 {
    unit(product(w, x), bias)
}

#[grad(wrt(w))]
fn predicted(w: &[f64; 8], x: [f64; 2]) -> f64 {
    let (first, second) = (hidden([w[0], w[1]], w[2], x), hidden([w[3], w[4]], w[5], x));
    w[7] * between(first, second, share(w[6]))
}

#[grad(wrt(value))]
fn scaled_error(value: f64, target: f64) -> f64 {
    (value - target) / 0.5
}

#[grad]
fn penalty(w: &[f64; 8]) -> f64 {
    0.01 * (square(w[0]) + square(w[1]) + (square(w[3]) + square(w[4])))
}

#[grad(wrt(w))]
pub fn loss(w: &[f64; 8], data: &[[f64; 3]]) -> f64 {
    let mut sum = 0.0;
    for &[a, b, target] in data {
        sum += robust(scaled_error(predicted(w, [a, b]), target));
    }
    sum / data.len() as f64 + penalty(w)
}

pub fn agree(w: &[f64; 8], data: &[[f64; 3]]) {
    let (one, one_bar) = whole_value_and_grad(w, data);
    let (ten, ten_bar) = loss_value_and_grad(w, data);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    close(one, ten);
    one_bar.into_iter().zip(ten_bar).for_each(|(a, b)| close(a, b));
}
