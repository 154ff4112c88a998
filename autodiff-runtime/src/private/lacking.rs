//! What stands for the half of a derivative that a rule does not give.

/// A rule that lacks its pullback or its pushforward.
pub trait Lacking {
    /// What is lacking, and what to do.
    const MESSAGE: &'static str;
}

/// Stops the build of a program that runs it, and of no other: a caller in forward mode only has a
/// reverse companion all the same, for callers of its own.
///
/// ```compile_fail,E0080
/// # use autodiff_runtime::__private::{Lacking, lacking};
/// enum Rule {}
/// impl Lacking for Rule {
///     const MESSAGE: &'static str = "`f` has no derivative in reverse mode";
/// }
/// let y: f64 = lacking::<Rule, _>();
/// ```
///
/// Not inlined: rustc would look into the constant where a companion is optimised that nobody
/// calls.
#[cold]
#[inline(never)]
#[must_use]
#[allow(clippy::panic, reason = "at compile time")]
pub fn lacking<R: Lacking, T>() -> T {
    const { panic!("{}", R::MESSAGE) }
}
