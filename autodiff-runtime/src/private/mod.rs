//! What emitted code names and nobody else should: not covered by semantic versioning.

#[cfg(feature = "alloc")]
pub use alloc::{boxed::Box, vec, vec::Vec};
pub use core;

use core::marker::PhantomData;

pub use crate::differentiable::WithoutDerivative;
#[cfg(feature = "alloc")]
mod order;
#[cfg(feature = "alloc")]
pub use order::{moved, order};

pub use crate::{DiffFn, Differentiable, Floats, Lanes, Mask, Real, Tangent, stop_gradient};
pub use callee::{CompanionsOfVersion0_1, check_callee, check_callee_name, understood};
pub use count::{Count, Counted, Number, counted, counted_by_method, number};
pub use higher::{
    NeedsOrder2, NeedsOrder3, NeedsOrder4, NeedsOrder5, NeedsOrder6, NotNested, OfHigherOrder,
    Order2, Order3, Order4, Order5, Order6,
};
pub use lacking::{Lacking, lacking};
pub use left_out::{Differentiated, LeftOut, NotDifferentiated, returned};
pub use lend::{Absorb, Lend, absorb, lend, settle};
#[cfg(feature = "alloc")]
pub use matrix::rows;
pub use matrix::{check_jacobian, check_work, each_ok, each_some, lent, set_column, transposed};
pub use optional::{Optional, optional};
pub use part::{Held, Part, other_variant};
pub use pullback::{Pullback, owned_pullback, pullback};
pub use sequence::{Sequence, sequence};
#[cfg(feature = "alloc")]
pub use tape::{Records, Tape};

mod callee;
mod count;
mod higher;
mod lacking;
mod left_out;
mod lend;
mod matrix;
pub mod operators;
mod optional;
mod part;
mod pullback;
mod sequence;
#[cfg(feature = "alloc")]
mod tape;

/// `cotangent · partial`, where a zero cotangent stays zero, also times ∞ or NaN.
///
/// Product first, then select: no branch, and no cost that could be measured. The rows of the
/// rule table that are marked *singular* are emitted through this function.
///
/// ```
/// # use autodiff_runtime::__private::scale;
/// assert_eq!(scale(2.0, 3.0), 6.0);
/// assert_eq!(scale(0.0, f64::INFINITY), 0.0);
/// assert_eq!(scale(0.0_f32, f32::NAN), 0.0);
/// assert!(scale(1.0, f64::NAN).is_nan());
/// ```
#[inline]
#[must_use]
pub fn scale<T: Lanes>(cotangent: T, partial: T) -> T {
    let product = cotangent * partial;
    T::select(T::vanishing(cotangent), T::zero(), product)
}

/// `cotangent / divisor`, where a zero cotangent stays zero.
#[inline]
#[must_use]
pub fn over<T: Lanes>(cotangent: T, divisor: T) -> T {
    scale(cotangent, T::one() / divisor)
}

/// A float of another width, as `as` converts it.
///
/// ```
/// # use autodiff_runtime::__private::to;
/// assert_eq!(to::<f64, f32>(0.5), 0.5_f32);
/// ```
#[inline]
#[must_use]
pub fn to<From: Real, To: Real>(value: From) -> To {
    To::from_f64(value.to_f64())
}

/// Whether two values tie: which partial of `max`, `min` and `clamp` is meant.
///
/// ```
/// # use autodiff_runtime::__private::equal;
/// assert!(equal(0.0, -0.0) && !equal(f64::NAN, f64::NAN));
/// ```
#[inline]
#[must_use]
pub fn equal<T: Real>(a: T, b: T) -> bool {
    a == b
}

/// An integer exponent as a float.
///
/// ```
/// # use autodiff_runtime::__private::from_int;
/// assert_eq!(from_int::<f32>(3), 3.0);
/// ```
#[inline]
#[must_use]
pub fn from_int<T: Lanes>(value: i32) -> T {
    T::from_f64(f64::from(value))
}

/// `sums += parts`, element by element. No parts at all are the cotangent of what an `Option` held
/// and nobody looked at.
///
/// # Panics
///
/// If the lengths differ otherwise.
///
/// ```
/// # use autodiff_runtime::__private::add_all;
/// let mut sums = [1.0, 2.0];
/// add_all(&mut sums, &[0.5, 0.5]);
/// assert_eq!(sums, [1.5, 2.5]);
/// ```
#[inline]
#[track_caller]
pub fn add_all<T: Tangent>(sums: &mut [T], parts: &[T]) {
    let fits = sums.len() == parts.len() || parts.is_empty();
    assert!(fits, "{} cotangents for {}", parts.len(), sums.len());
    sums.iter_mut().zip(parts).for_each(|(sum, part)| sum.add_assign(part));
}

/// Reads what a buffer holds, and leaves zero in it.
///
/// ```
/// # use autodiff_runtime::__private::taken;
/// let mut buffer = [1.0, 2.0];
/// assert_eq!(taken(&mut buffer), [1.0, 2.0]);
/// assert_eq!(buffer, [0.0, 0.0]);
/// ```
#[cfg(feature = "alloc")]
#[inline]
pub fn taken<T: Differentiable<Tangent = T> + Clone>(buffer: &mut [T]) -> Vec<T> {
    let taken = buffer.to_vec();
    buffer.iter_mut().for_each(|element| *element = element.zero_tangent());
    taken
}

/// The zero in the shape of the tangent of `like`.
///
/// ```
/// # use autodiff_runtime::__private::zero;
/// assert_eq!(zero(&(1.0, [2.0])), (0.0, [0.0]));
/// ```
#[inline]
#[must_use]
pub fn zero<T: Differentiable + ?Sized>(like: &T) -> T::Tangent {
    like.zero_tangent()
}

/// `sum += part`
///
/// ```
/// # use autodiff_runtime::__private::add;
/// let mut sum = (1.0, [2.0]);
/// add(&mut sum, &(0.5, [0.5]));
/// assert_eq!(sum, (1.5, [2.5]));
/// ```
#[inline]
pub fn add<T: Tangent>(sum: &mut T, part: &T) {
    sum.add_assign(part);
}

/// Reads what a place holds, and leaves zero in it.
///
/// ```
/// # use autodiff_runtime::__private::take;
/// let mut pair = (1.0, [2.0, 3.0]);
/// assert_eq!(take(&mut pair.1), [2.0, 3.0]);
/// assert_eq!(pair, (1.0, [0.0, 0.0]));
/// ```
#[inline]
pub fn take<T: Tangent>(place: &mut T) -> T {
    let taken = place.clone();
    place.set_zero();
    taken
}

/// A copy of what the forward sweep goes on to use up.
///
/// ```
/// # use autodiff_runtime::__private::kept;
/// let v = vec![1.0, 2.0];
/// assert_eq!(kept(&v), v);
/// ```
#[inline]
#[must_use]
pub fn kept<T: Clone>(value: &T) -> T {
    value.clone()
}

/// Removes the last element of a shadow, of which there is one.
///
/// ```
/// # use autodiff_runtime::__private::removed;
/// let mut shadow = vec![1.0, 2.0];
/// assert_eq!(removed(&mut shadow), 2.0);
/// ```
///
/// # Panics
///
/// If there is none.
#[cfg(feature = "alloc")]
#[inline]
#[track_caller]
#[expect(clippy::expect_used, reason = "a shadow is as long as its primal")]
pub fn removed<T>(shadow: &mut Vec<T>) -> T {
    shadow.pop().expect("a shadow is as long as its primal")
}

/// `zero` and the sum of the parts.
///
/// ```
/// # use autodiff_runtime::__private::sum;
/// assert_eq!(sum(0.0, &[1.0, 2.5]), 3.5);
/// ```
#[inline]
#[must_use]
pub fn sum<T: Tangent>(zero: T, parts: &[T]) -> T {
    parts.iter().fold(zero, |mut sum, part| {
        sum.add_assign(part);
        sum
    })
}

/// Checks that a buffer has the length of the parameter whose cotangent it takes.
///
/// # Panics
///
/// If the lengths differ; the message has both.
#[inline]
#[track_caller]
pub fn check_length(name: &str, expected: usize, given: usize) {
    assert!(
        expected == given,
        "the buffer for the gradient of `{name}` has length {given}, but `{name}` has {expected}"
    );
}

/// Checks that what a rule gives is as long as what it is the derivative of.
///
/// # Panics
///
/// If the lengths differ; the message has both.
#[inline]
#[track_caller]
pub fn check_rule(function: &str, of: &str, expected: usize, given: usize) {
    assert!(
        expected == given,
        "the rule of `{function}` gives {given} elements for `{of}`, which has {expected}"
    );
}

/// What a call resolves to whose function has no companions.
///
/// An annotated function `g` is a type as well, with the companions as associated functions. A
/// function without `#[grad]` is not, so that the name of the *type* falls through to the outer
/// import:
///
/// ```compile_fail,E0277
/// fn g(x: f64) -> f64 { x }
///
/// fn f(x: f64) -> f64 {
///     let (y, pull) = {
///         use autodiff_runtime::__private::NotAnnotated as __callee;
///         { use self::g as __callee; __callee::__split(__callee, (x,)) }
///     };
///     pull((x,), 1.0, (None,));
///     y
/// }
/// ```
///
/// The error is in the type, not in a bound of `__split`: so it is word for word the same in
/// every companion of the caller, and rustc prints it once.
pub type NotAnnotated<'a> = Fallback<<Callee<'a> as Annotated>::Companions>;

/// The companions of a function that has none.
#[derive(Debug)]
pub struct Fallback<T>(PhantomData<T>);

/// The function whose companions were looked for. Its lifetime keeps the bound from being
/// checked before a caller names it.
#[derive(Debug)]
pub struct Callee<'a>(PhantomData<&'a ()>);

/// Implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "cannot differentiate a call to a function without `#[grad]`",
    label = "this function has no derivative",
    note = "annotate the function with `#[grad]`",
    note = "or, if its result is to be a constant, wrap the active arguments in \
            `autodiff::stop_gradient(..)`"
)]
pub trait Annotated {
    /// The type that bears the function's name.
    type Companions;
}

/// Of every shape that a caller may ask for, so that no second error follows the first.
#[expect(clippy::must_use_candidate, reason = "these are never called")]
impl<T> Fallback<T> {
    /// In the place of the companion that reverse mode calls.
    pub fn __split<Callee, Args, Y, YBar, Accumulators, Cotangents>(
        _: Callee,
        _: Args,
    ) -> (Y, fn(Args, YBar, Accumulators) -> Cotangents) {
        unreachable!("calls to this do not compile")
    }

    /// In the place of the companion that forward mode calls.
    pub fn __jvp<Callee, Args, Dots, Y, YDot>(_: Callee, _: Args, _: Dots) -> (Y, YDot) {
        unreachable!("calls to this do not compile")
    }
}

/// A function whose result is not one float. Its lifetime keeps the bound from being checked
/// before its gradient is called.
#[derive(Debug)]
pub struct Function<'a>(PhantomData<&'a ()>);

/// Implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "a function whose result is not one float has no gradient",
    label = "there is no gradient to compute",
    note = "of an alias of a float, say what it stands for: `#[grad(alias(Scalar = f64))]`",
    note = "`#[grad(vjp)]` emits the pullback, from the cotangent of the result to those of the \
            parameters; `#[grad(jvp)]` the derivative in one direction"
)]
pub trait ReturnsOneFloat {
    /// The type of the gradient.
    type Gradient;
}

/// Implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "a function that takes functions is not called by annotated functions yet",
    label = "this function takes a function",
    note = "write here what it does with the function, which may be annotated",
    note = "or call its companion, `value_and_grad` say, outside of annotated functions"
)]
pub trait CalledWithFunctions {
    /// The value and the pullback.
    type Pair;
}

/// Implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "an annotated method is called by its path",
    label = "its companions are methods, too",
    note = "call it as a method: `v.norm(x)` for `V::norm(&v, x)`"
)]
pub trait CalledByPath {
    /// The value and the pullback.
    type Pair;
}

/// Implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "a function whose rule has no `vjp` has no gradient",
    label = "the rule is of forward mode only",
    note = "add `vjp = …` to its `#[autodiff::rule(..)]`"
)]
pub trait HasPullback {
    /// The type of the gradient.
    type Gradient;
}

/// A type that can be cloned, whatever the lifetime: a bound that need not hold until somebody calls.
pub trait Cloned<'a>: Clone {}

impl<T: Clone> Cloned<'_> for T {}

/// A type that is copied, whatever the lifetime: of a field's tangent, a derive does not know.
pub trait Copied<'a>: Copy {}

impl<T: Copy> Copied<'_> for T {}

/// Something of no size, to be written to: what stands for the tangents of fields without one.
///
/// # Panics
///
/// Without the feature `alloc`: a field without a derivative is not copied on a target without
/// memory to allocate.
#[cfg_attr(not(feature = "alloc"), expect(clippy::panic, reason = "as it says"))]
#[inline]
#[must_use]
pub fn nothing<T: Default + 'static>() -> &'static mut T {
    #[cfg(feature = "alloc")]
    return Box::leak(Box::default());
    #[cfg(not(feature = "alloc"))]
    panic!("a tangent of a field without a derivative needs the feature `alloc`");
}
