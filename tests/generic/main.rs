//! Functions that are generic over their float: one source for `f32`, `f64` and dual numbers.

#![allow(
    missing_docs,
    dead_code,
    clippy::pedantic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::useless_vec,
    reason = "zoo of functions"
)]

mod aliases;
mod containers;
mod enums;
mod functions;
mod mixed;
mod models;
mod passed;

use autodiff::{Dual, Real};

/// A gradient by forward mode: one run of the function for each variable.
pub fn forward<const N: usize>(f: impl Fn([Dual; N]) -> Dual, at: [f64; N]) -> [f64; N] {
    std::array::from_fn(|along| {
        let rate = |n| if n == along { 1.0 } else { 0.0 };
        f(std::array::from_fn(|n| Dual::new(at[n], rate(n)))).tangent
    })
}

/// A gradient by differences.
pub fn differences<const N: usize>(f: impl Fn([f64; N]) -> f64, at: [f64; N]) -> [f64; N] {
    std::array::from_fn(|along| {
        let h = 1e-5;
        let moved = |by: f64| {
            let mut x = at;
            x[along] += by;
            f(x)
        };
        (8.0 * (moved(h) - moved(-h)) - (moved(2.0 * h) - moved(-2.0 * h))) / (12.0 * h)
    })
}

#[track_caller]
pub fn close<T: Real, const N: usize>(found: [T; N], expected: [f64; N], tolerance: f64) {
    for (found, expected) in found.into_iter().zip(expected) {
        let error = (found.to_f64() - expected).abs();
        assert!(error <= tolerance * (1.0 + expected.abs()), "{found} {expected}");
    }
}

/// A gradient as an array of reverse mode, against both oracles.
#[track_caller]
pub fn check<const N: usize>(
    found: [f64; N],
    f: impl Fn([f64; N]) -> f64,
    dual: impl Fn([Dual; N]) -> Dual,
    at: [f64; N],
) {
    close(found, forward(dual, at), 1e-13);
    close(found, differences(f, at), 1e-8);
}
