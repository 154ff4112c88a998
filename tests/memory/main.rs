//! Memory: arrays, slices and `Vec`s that are changed in place, as numeric code does it. Each
//! function against differences, and both modes against each other.

#![deny(warnings)]
#![allow(
    clippy::assigning_clones,
    clippy::many_single_char_names,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    clippy::manual_swap,
    clippy::cast_precision_loss,
    clippy::explicit_iter_loop,
    clippy::explicit_counter_loop,
    clippy::suboptimal_flops,
    clippy::similar_names,
    clippy::assign_op_pattern,
    clippy::unwrap_used,
    clippy::same_item_push,
    clippy::vec_init_then_push,
    clippy::useless_vec,
    clippy::extend_with_drain,
    clippy::slow_vector_initialization,
    clippy::redundant_slicing,
    clippy::ptr_arg,
    reason = "the functions are written in every way that is accepted"
)]

mod borrowed;
mod growing;
mod numeric;
mod whole;

use autodiff::check::assert_gradient;

/// A function of floats, its gradient and its pushforward.
struct Derived {
    f: fn(&[f64]) -> f64,
    gradient: fn(&[f64]) -> (f64, Vec<f64>),
    pushforward: fn(&[f64], &[f64]) -> (f64, f64),
}

impl Derived {
    /// Asserts that both modes agree with differences and with each other.
    #[track_caller]
    fn confirm(&self, name: &str, p: &[f64]) {
        let (value, gradient) = (self.gradient)(p);
        approx::assert_relative_eq!(value, (self.f)(p), max_relative = 1e-15);
        assert_gradient(name, &["p"], |(p,): &(Vec<f64>,)| (self.f)(p), &(p.to_vec(),), &gradient);
        for direction in 0..3 {
            let dot: Vec<f64> = (0..p.len()).map(|i| ((i * 7 + direction) as f64).cos()).collect();
            let (value, along) = (self.pushforward)(p, &dot);
            let product: f64 = gradient.iter().zip(&dot).map(|(a, b)| a * b).sum();
            approx::assert_relative_eq!(value, (self.f)(p), max_relative = 1e-15);
            approx::assert_relative_eq!(along, product, max_relative = 1e-10, epsilon = 1e-11);
        }
    }
}

/// A test of a function of `&[f64]` at some points.
macro_rules! confirmed {
    ($test:ident: $f:ident at $($point:expr),+) => {
        #[test]
        fn $test() {
            let derived = crate::Derived {
                f: $f,
                gradient: |p| $f::value_and_grad(p),
                pushforward: |p, dot| $f::jvp(p, dot),
            };
            $(derived.confirm(stringify!($f), &$point);)+
        }
    };
}
use confirmed;

/// `n` numbers between 0.5 and 1.5.
fn numbers(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.0 + 0.5 * (i as f64 * 1.7 + 0.3).sin()).collect()
}
