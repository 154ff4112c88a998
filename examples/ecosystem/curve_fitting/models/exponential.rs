//! Growth, decay and peaks.

use autodiff::grad;

#[grad(wrt(b))]
pub(super) fn saturation(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (1.0 - (-b[1] * x[0]).exp())
}

#[grad(wrt(b))]
pub(super) fn chwirut(b: &[f64], x: &[f64]) -> f64 {
    (-b[0] * x[0]).exp() / (b[1] + b[2] * x[0])
}

/// The sum of exponentials `b₁ exp(−b₂ x) + b₃ exp(−b₄ x) + …`.
#[grad(wrt(b))]
pub(super) fn lanczos(b: &[f64], x: &[f64]) -> f64 {
    b.chunks(2).map(|term| term[0] * (-term[1] * x[0]).exp()).sum()
}

/// An exponential and two peaks.
#[grad(wrt(b))]
pub(super) fn gauss(b: &[f64], x: &[f64]) -> f64 {
    let mut y = b[0] * (-b[1] * x[0]).exp();
    for peak in b[2..].chunks(3) {
        y += peak[0] * (-((x[0] - peak[1]) / peak[2]).powi(2)).exp();
    }
    y
}

#[grad(wrt(b))]
pub(super) fn eckerle(b: &[f64], x: &[f64]) -> f64 {
    b[0] / b[1] * (-0.5 * ((x[0] - b[2]) / b[1]).powi(2)).exp()
}

#[grad(wrt(b))]
pub(super) fn mgh10(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (b[1] / (x[0] + b[2])).exp()
}

#[grad(wrt(b))]
pub(super) fn mgh17(b: &[f64], x: &[f64]) -> f64 {
    b[0] + b[1] * (-x[0] * b[3]).exp() + b[2] * (-x[0] * b[4]).exp()
}

#[grad(wrt(b))]
pub(super) fn nelson(b: &[f64], x: &[f64]) -> f64 {
    b[0] - b[1] * x[0] * (-b[2] * x[1]).exp()
}

#[grad(wrt(b))]
pub(super) fn rat42(b: &[f64], x: &[f64]) -> f64 {
    b[0] / (1.0 + (b[1] - b[2] * x[0]).exp())
}

#[grad(wrt(b))]
pub(super) fn rat43(b: &[f64], x: &[f64]) -> f64 {
    b[0] / (1.0 + (b[1] - b[2] * x[0]).exp()).powf(1.0 / b[3])
}
