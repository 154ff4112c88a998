//! Powers, quotients and cycles.

use std::f64::consts::PI;

use autodiff::grad;

#[grad(wrt(b))]
pub(super) fn misra1b(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (1.0 - (1.0 + b[1] * x[0] / 2.0).powi(-2))
}

#[grad(wrt(b))]
pub(super) fn misra1c(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (1.0 - (1.0 + 2.0 * b[1] * x[0]).powf(-0.5))
}

#[grad(wrt(b))]
pub(super) fn misra1d(b: &[f64], x: &[f64]) -> f64 {
    b[0] * b[1] * x[0] / (1.0 + b[1] * x[0])
}

#[grad(wrt(b))]
pub(super) fn dan_wood(b: &[f64], x: &[f64]) -> f64 {
    b[0] * x[0].powf(b[1])
}

/// A polynomial over a polynomial of the same degree, whose constant is 1.
#[grad(wrt(b))]
pub(super) fn rational(b: &[f64], x: &[f64]) -> f64 {
    let degree = b.len() / 2;
    let above = b[..=degree].iter().rev().fold(0.0, |sum, b| sum * x[0] + b);
    let below = b[degree + 1..].iter().rev().fold(0.0, |sum, b| (sum + b) * x[0]);
    above / (1.0 + below)
}

#[grad(wrt(b))]
pub(super) fn mgh09(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (x[0] * x[0] + x[0] * b[1]) / (x[0] * x[0] + x[0] * b[2] + b[3])
}

#[grad(wrt(b))]
pub(super) fn roszman(b: &[f64], x: &[f64]) -> f64 {
    b[0] - b[1] * x[0] - (b[2] / (x[0] - b[3])).atan() / PI
}

#[grad(wrt(b))]
pub(super) fn bennett(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (b[1] + x[0]).powf(-1.0 / b[2])
}

/// A yearly cycle, and two whose periods are parameters.
#[grad(wrt(b))]
pub(super) fn enso(b: &[f64], x: &[f64]) -> f64 {
    let year = 2.0 * PI * x[0] / 12.0;
    let mut y = b[0] + b[1] * year.cos() + b[2] * year.sin();
    for cycle in b[3..].chunks(3) {
        let phase = 2.0 * PI * x[0] / cycle[0];
        y += cycle[1] * phase.cos() + cycle[2] * phase.sin();
    }
    y
}
