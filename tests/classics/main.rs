//! Algorithms from textbooks: integrators, solvers, sorting, dynamic programming. Each against
//! differences, both modes against each other, and the bits of those without a transcendental
//! function against what is recorded.

#![deny(warnings)]
#![allow(
    clippy::many_single_char_names,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::cast_precision_loss,
    clippy::suboptimal_flops,
    clippy::similar_names,
    clippy::too_many_lines,
    clippy::manual_swap,
    clippy::unwrap_used,
    reason = "the functions are numeric code, written as textbooks have it"
)]

mod bits;
mod integrators;
mod sorting;
mod tables;

use autodiff::check::assert_gradient;

/// Asserts that both modes agree with differences and with each other.
#[track_caller]
fn confirm(
    name: &str,
    f: fn(&[f64]) -> f64,
    gradient: fn(&[f64]) -> (f64, Vec<f64>),
    pushforward: fn(&[f64], &[f64]) -> (f64, f64),
    p: &[f64],
) {
    let (value, grad) = gradient(p);
    assert_eq!(value.to_bits(), f(p).to_bits(), "{name}");
    assert_gradient(name, &["p"], |(p,): &(Vec<f64>,)| f(p), &(p.to_vec(),), &grad);
    for direction in 0..3 {
        let dot: Vec<f64> = (0..p.len()).map(|i| ((i * 7 + direction) as f64).cos()).collect();
        let (value, along) = pushforward(p, &dot);
        let product: f64 = grad.iter().zip(&dot).map(|(a, b)| a * b).sum();
        assert_eq!(value.to_bits(), f(p).to_bits(), "{name}");
        approx::assert_relative_eq!(along, product, max_relative = 1e-9, epsilon = 1e-11);
    }
}

/// A test of a function of `&[f64]` at some points.
macro_rules! confirmed {
    ($test:ident: $f:ident at $($point:expr),+) => {
        #[test]
        fn $test() {
            $(crate::confirm(
                stringify!($f),
                $f,
                |p| $f::value_and_grad(p),
                |p, dot| $f::jvp(p, dot),
                &$point,
            );)+
        }
    };
}
use confirmed;

/// `n` numbers between 0.5 and 1.5, in no order.
fn numbers(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.0 + 0.5 * (i as f64 * 1.7 + 0.3).sin()).collect()
}
