//! The models of the NIST problems: `b` are the parameters, `x` the predictors of an observation.

use std::f64::consts::PI;

use autodiff::grad;

#[grad(wrt(b))]
fn saturation(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (1.0 - (-b[1] * x[0]).exp())
}

#[grad(wrt(b))]
fn misra1b(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (1.0 - (1.0 + b[1] * x[0] / 2.0).powi(-2))
}

#[grad(wrt(b))]
fn misra1c(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (1.0 - (1.0 + 2.0 * b[1] * x[0]).powf(-0.5))
}

#[grad(wrt(b))]
fn misra1d(b: &[f64], x: &[f64]) -> f64 {
    b[0] * b[1] * x[0] / (1.0 + b[1] * x[0])
}

#[grad(wrt(b))]
fn chwirut(b: &[f64], x: &[f64]) -> f64 {
    (-b[0] * x[0]).exp() / (b[1] + b[2] * x[0])
}

#[grad(wrt(b))]
fn dan_wood(b: &[f64], x: &[f64]) -> f64 {
    b[0] * x[0].powf(b[1])
}

/// The sum of exponentials `b₁ exp(−b₂ x) + b₃ exp(−b₄ x) + …`.
#[grad(wrt(b))]
fn lanczos(b: &[f64], x: &[f64]) -> f64 {
    b.chunks(2).map(|term| term[0] * (-term[1] * x[0]).exp()).sum()
}

/// An exponential and two peaks.
#[grad(wrt(b))]
fn gauss(b: &[f64], x: &[f64]) -> f64 {
    let mut y = b[0] * (-b[1] * x[0]).exp();
    for peak in b[2..].chunks(3) {
        y += peak[0] * (-((x[0] - peak[1]) / peak[2]).powi(2)).exp();
    }
    y
}

/// A polynomial over a polynomial of the same degree, whose constant is 1.
#[grad(wrt(b))]
fn rational(b: &[f64], x: &[f64]) -> f64 {
    let degree = b.len() / 2;
    let above = b[..=degree].iter().rev().fold(0.0, |sum, b| sum * x[0] + b);
    let below = b[degree + 1..].iter().rev().fold(0.0, |sum, b| (sum + b) * x[0]);
    above / (1.0 + below)
}

#[grad(wrt(b))]
fn mgh09(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (x[0] * x[0] + x[0] * b[1]) / (x[0] * x[0] + x[0] * b[2] + b[3])
}

#[grad(wrt(b))]
fn mgh10(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (b[1] / (x[0] + b[2])).exp()
}

#[grad(wrt(b))]
fn mgh17(b: &[f64], x: &[f64]) -> f64 {
    b[0] + b[1] * (-x[0] * b[3]).exp() + b[2] * (-x[0] * b[4]).exp()
}

#[grad(wrt(b))]
fn nelson(b: &[f64], x: &[f64]) -> f64 {
    b[0] - b[1] * x[0] * (-b[2] * x[1]).exp()
}

#[grad(wrt(b))]
fn rat42(b: &[f64], x: &[f64]) -> f64 {
    b[0] / (1.0 + (b[1] - b[2] * x[0]).exp())
}

#[grad(wrt(b))]
fn rat43(b: &[f64], x: &[f64]) -> f64 {
    b[0] / (1.0 + (b[1] - b[2] * x[0]).exp()).powf(1.0 / b[3])
}

#[grad(wrt(b))]
fn roszman(b: &[f64], x: &[f64]) -> f64 {
    b[0] - b[1] * x[0] - (b[2] / (x[0] - b[3])).atan() / PI
}

#[grad(wrt(b))]
fn eckerle(b: &[f64], x: &[f64]) -> f64 {
    b[0] / b[1] * (-0.5 * ((x[0] - b[2]) / b[1]).powi(2)).exp()
}

#[grad(wrt(b))]
fn bennett(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (b[1] + x[0]).powf(-1.0 / b[2])
}

/// A yearly cycle, and two whose periods are parameters.
#[grad(wrt(b))]
fn enso(b: &[f64], x: &[f64]) -> f64 {
    let year = 2.0 * PI * x[0] / 12.0;
    let mut y = b[0] + b[1] * year.cos() + b[2] * year.sin();
    for cycle in b[3..].chunks(3) {
        let phase = 2.0 * PI * x[0] / cycle[0];
        y += cycle[1] * phase.cos() + cycle[2] * phase.sin();
    }
    y
}

/// Evaluates a model, and writes its gradient by the parameters.
pub(crate) type Model = fn(&[f64], &[f64], &mut [f64]) -> f64;

/// The model of each file.
pub(crate) const MODELS: [(&str, Model); 27] = [
    ("Bennett5", bennett::value_and_grad_into),
    ("BoxBOD", saturation::value_and_grad_into),
    ("Chwirut1", chwirut::value_and_grad_into),
    ("Chwirut2", chwirut::value_and_grad_into),
    ("DanWood", dan_wood::value_and_grad_into),
    ("ENSO", enso::value_and_grad_into),
    ("Eckerle4", eckerle::value_and_grad_into),
    ("Gauss1", gauss::value_and_grad_into),
    ("Gauss2", gauss::value_and_grad_into),
    ("Gauss3", gauss::value_and_grad_into),
    ("Hahn1", rational::value_and_grad_into),
    ("Kirby2", rational::value_and_grad_into),
    ("Lanczos1", lanczos::value_and_grad_into),
    ("Lanczos2", lanczos::value_and_grad_into),
    ("Lanczos3", lanczos::value_and_grad_into),
    ("MGH09", mgh09::value_and_grad_into),
    ("MGH10", mgh10::value_and_grad_into),
    ("MGH17", mgh17::value_and_grad_into),
    ("Misra1a", saturation::value_and_grad_into),
    ("Misra1b", misra1b::value_and_grad_into),
    ("Misra1c", misra1c::value_and_grad_into),
    ("Misra1d", misra1d::value_and_grad_into),
    ("Nelson", nelson::value_and_grad_into),
    ("Rat42", rat42::value_and_grad_into),
    ("Rat43", rat43::value_and_grad_into),
    ("Roszman1", roszman::value_and_grad_into),
    ("Thurber", rational::value_and_grad_into),
];
