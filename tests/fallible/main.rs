//! Functions that may fail, and values that may be absent: each against differences, both modes
//! against each other, and every failure as the primal's.

#![deny(warnings)]
#![allow(
    clippy::manual_let_else,
    clippy::map_unwrap_or,
    clippy::needless_late_init,
    clippy::needless_range_loop,
    clippy::type_complexity,
    clippy::while_let_on_iterator,
    clippy::manual_map,
    clippy::question_mark,
    clippy::single_match_else,
    clippy::option_if_let_else,
    clippy::unnecessary_wraps,
    clippy::bind_instead_of_map,
    clippy::manual_unwrap_or,
    clippy::get_first,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::cast_precision_loss,
    clippy::suboptimal_flops,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the functions are written in every way that is accepted"
)]

mod chosen;
mod companions;
mod options;
mod otherwise;
mod repeated;
mod results;
mod vectors;

use std::fmt::Debug;

use autodiff::check::assert_gradient;

type Gradient<E> = fn(&[f64]) -> Result<(f64, Vec<f64>), E>;
type Pushforward<E> = fn(&[f64], &[f64]) -> Result<(f64, f64), E>;

/// A function of floats that may fail, its gradient and its pushforward.
struct Derived<E> {
    f: fn(&[f64]) -> Result<f64, E>,
    gradient: Gradient<E>,
    pushforward: Pushforward<E>,
}

impl<E: Debug + PartialEq> Derived<E> {
    /// Asserts that both modes agree with differences, with each other, and on failures.
    #[track_caller]
    fn confirm(&self, name: &str, p: &[f64]) {
        let value = match (self.f)(p) {
            Ok(value) => value,
            Err(error) => {
                assert_eq!((self.gradient)(p), Err((self.f)(p).unwrap_err()), "{name}");
                assert_eq!((self.pushforward)(p, &vec![1.0; p.len()]), Err(error), "{name}");
                return;
            }
        };
        let (with, gradient) = (self.gradient)(p).unwrap();
        assert_eq!(with.to_bits(), value.to_bits(), "{name}");
        let f = |(p,): &(Vec<f64>,)| (self.f)(p).unwrap();
        assert_gradient(name, &["p"], f, &(p.to_vec(),), &gradient);
        for direction in 0..3 {
            let dot: Vec<f64> = (0..p.len()).map(|i| ((i * 7 + direction) as f64).cos()).collect();
            let (with, along) = (self.pushforward)(p, &dot).unwrap();
            let product: f64 = gradient.iter().zip(&dot).map(|(a, b)| a * b).sum();
            assert_eq!(with.to_bits(), value.to_bits(), "{name}");
            approx::assert_relative_eq!(along, product, max_relative = 1e-10, epsilon = 1e-11);
        }
    }
}

/// A test of a function of `&[f64]` at some points: it returns a `Result`, an `Option` or a float.
macro_rules! confirmed {
    ($test:ident: $f:ident at $($point:expr),+) => {
        #[test]
        fn $test() {
            use crate::Outcome;
            let derived = crate::Derived {
                f: |p| $f(p).outcome(),
                gradient: |p| $f::value_and_grad(p).outcome(),
                pushforward: |p, dot| $f::jvp(p, dot).outcome(),
            };
            $(derived.confirm(stringify!($f), &$point);)+
        }
    };
}
use confirmed;

/// What a function returned, as a `Result`.
trait Outcome {
    type Value;
    type Error;
    fn outcome(self) -> Result<Self::Value, Self::Error>;
}

impl<T, E> Outcome for Result<T, E> {
    type Value = T;
    type Error = E;
    fn outcome(self) -> Self {
        self
    }
}

impl<T> Outcome for Option<T> {
    type Value = T;
    type Error = ();
    fn outcome(self) -> Result<T, ()> {
        self.ok_or(())
    }
}

impl Outcome for f64 {
    type Value = Self;
    type Error = ();
    fn outcome(self) -> Result<Self, ()> {
        Ok(self)
    }
}

impl<T> Outcome for (f64, T) {
    type Value = Self;
    type Error = ();
    fn outcome(self) -> Result<Self, ()> {
        Ok(self)
    }
}

/// `n` numbers between 0.5 and 1.5.
fn numbers(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.0 + 0.5 * (i as f64 * 1.7 + 0.3).sin()).collect()
}
