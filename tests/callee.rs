//! A function without `#[grad]` that hides an annotated one of the same name is never taken for it.
//!
//! The names of a glob import are hidden one namespace at a time: the local function leaves the
//! companions of the annotated one in sight.

#![allow(
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::used_underscore_binding,
    reason = "the values are exact, the slices long enough, and some parameters only there to be told apart"
)]

use autodiff::grad;

mod annotated {
    use autodiff::grad;

    #[grad(order = 2)]
    pub(crate) fn square(x: f64) -> f64 {
        x * x
    }

    #[grad(order = 2)]
    pub(crate) fn total<const N: usize>(x: [f64; N]) -> f64 {
        x.iter().sum()
    }

    #[grad(order = 2)]
    pub(crate) fn weighted<T: Copy>(x: f64, _weight: T) -> f64 {
        3.0 * x
    }

    #[grad(order = 2)]
    pub(crate) fn first<'a, 'b: 'a>(x: &'b [f64], _other: &'a [f64]) -> f64 {
        x[0]
    }
}

mod hiding {
    use super::annotated::*;
    use autodiff::grad;

    fn square(x: f64) -> f64 {
        5.0 * x
    }

    fn total<const N: usize>(x: [f64; N]) -> f64 {
        x[0]
    }

    fn weighted<T: Copy>(x: f64, _weight: T) -> f64 {
        x
    }

    fn first<'a, 'b: 'a>(x: &'b [f64], _other: &'a [f64]) -> f64 {
        x[1]
    }

    #[grad(jvp, hvp)]
    pub(crate) fn of_square(x: f64) -> f64 {
        square(x) + 1.0
    }

    #[grad]
    pub(crate) fn of_total(x: f64) -> f64 {
        total([x, x])
    }

    #[grad]
    pub(crate) fn of_weighted(x: f64) -> f64 {
        weighted(x, 7_u8)
    }

    #[grad]
    pub(crate) fn of_first(x: &[f64]) -> f64 {
        first(x, &[1.0])
    }
}

#[test]
#[should_panic(
    expected = "`callee::hiding::square` has no `#[grad]`, and hides `callee::annotated::square`"
)]
fn in_reverse_mode() {
    let _ = hiding::of_square_grad(2.0);
}

#[test]
#[should_panic(expected = "`callee::hiding::square` has no `#[grad]`")]
fn in_forward_mode() {
    let _ = hiding::of_square_jvp(2.0, 1.0);
}

#[test]
#[should_panic(expected = "`callee::hiding::square` has no `#[grad]`")]
fn in_second_derivatives() {
    let _ = hiding::of_square_hvp(2.0, 1.0);
}

#[test]
#[should_panic(expected = "`callee::hiding::total<2>` has no `#[grad]`")]
fn with_a_constant() {
    let _ = hiding::of_total_grad(2.0);
}

#[test]
#[should_panic(expected = "`callee::hiding::weighted<u8>` has no `#[grad]`")]
fn with_a_type() {
    let _ = hiding::of_weighted_grad(2.0);
}

#[test]
#[should_panic(expected = "`callee::hiding::first<'_, '_>` has no `#[grad]`")]
fn with_lifetimes() {
    let _ = hiding::of_first_grad(&[1.0, 2.0]);
}

mod seeing {
    use super::annotated::{first as head, *};
    use autodiff::grad;

    #[grad(jvp, hvp)]
    pub(crate) fn sum(x: f64, rest: &[f64]) -> f64 {
        square(x) + total::<2>([x, x]) + weighted::<u8>(x, 7) + head(rest, &[x])
    }
}

#[test]
fn what_hides_nothing_is_found_by_every_name() {
    assert_eq!(seeing::sum_grad(2.0, &[1.0, 2.0]), (9.0, vec![1.0, 0.0]));
    assert_eq!(seeing::sum_jvp(2.0, &[1.0, 2.0], 1.0, &[0.5, 0.0]).1, 9.5);
    assert_eq!(seeing::sum_hvp(2.0, &[1.0, 2.0], 1.0, &[0.0, 0.0]).0, 2.0);
}

#[grad]
fn of_a_block(x: f64) -> f64 {
    seeing::sum(x, &[1.0])
}

#[test]
fn a_caller_is_called() {
    assert_eq!(of_a_block_grad(2.0), 9.0);
}
