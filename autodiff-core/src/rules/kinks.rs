//! What operands that tie share of a derivative: `max`, `min` and `clamp`.
//!
//! Two operands that are both differentiated share it equally. Against an operand that is not
//! differentiated, a bound, nothing passes: so relu′(0) = 0.

use super::Scalar;
use super::term::{Term, when};

/// The share of each of two operands when they tie, by which of them is differentiated.
pub(super) fn tie(active: &[bool]) -> f64 {
    if active == [true, true] { 0.5 } else { 0.0 }
}

/// As [`tie`], where `clamp(x, lo, hi)` compares `x` with `lo`.
pub(super) fn tie_low(active: &[bool]) -> f64 {
    match active {
        &[x, lo, _] => tie(&[x, lo]),
        _ => 0.0,
    }
}

/// As [`tie`], where `clamp(x, lo, hi)` compares the greater of `x` and `lo` with `hi`.
pub(super) fn tie_high(active: &[bool]) -> f64 {
    match active {
        &[x, lo, hi] => tie(&[x || lo, hi]),
        _ => 0.0,
    }
}

/// `share` where `a == b`, else `otherwise`; no comparison where these are the same.
#[allow(clippy::float_cmp, reason = "both are literals of the table")]
pub(super) fn tied<S: Scalar>(a: &Term<S>, b: &Term<S>, share: f64, otherwise: f64) -> Term<S> {
    if share == otherwise { otherwise.into() } else { when(a.eq(b), share, otherwise) }
}

/// The partial of `y = min(m, hi)` by `m`, times `inner`; `m` is the greater of `x` and some bound
/// that is not above `hi`.
pub(super) fn capped<S: Scalar>(
    x: &Term<S>,
    hi: &Term<S>,
    y: &Term<S>,
    share: f64,
    inner: Term<S>,
) -> Term<S> {
    if share == 0.0 {
        when(y.eq(hi), 0.0, inner)
    } else {
        when(hi.lt(x), 0.0, when(y.eq(hi), share * &inner, inner))
    }
}
