//! Rules: what the user gives is used, and the body is not.

#![deny(warnings)]
#![allow(
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::many_single_char_names,
    clippy::cast_precision_loss,
    clippy::needless_range_loop,
    clippy::trivially_copy_pass_by_ref,
    clippy::type_complexity,
    reason = "exact arithmetic, and numeric code as people write it"
)]

mod foreign;
mod functions;
mod implicit;
mod partials;

use autodiff::check;

/// Gradient against finite differences, and both modes against each other: ẏ = ⟨x̄, ẋ⟩.
#[track_caller]
pub(crate) fn confirm(
    f: impl Fn(&[f64]) -> f64,
    gradient: impl Fn(&[f64]) -> Vec<f64>,
    jvp: impl Fn(&[f64], &[f64]) -> (f64, f64),
    p: &[f64],
) {
    let found = gradient(p);
    check::assert_gradient("f", &["p"], |(p,): &(Vec<f64>,)| f(p), &(p.to_vec(),), &found);
    let v: Vec<f64> = (0..p.len()).map(|i| (1.0 + 2.0 * i as f64).cos()).collect();
    let (value, along) = jvp(p, &v);
    assert_eq!(value, f(p));
    let product: f64 = found.iter().zip(&v).map(|(a, b)| a * b).sum();
    approx::assert_relative_eq!(along, product, max_relative = 1e-12, epsilon = 1e-14);
}
