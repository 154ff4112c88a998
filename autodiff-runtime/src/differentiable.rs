//! Which types have a tangent, and what tangents can do.

#[cfg(feature = "alloc")]
mod collection;
mod inert;
mod scalar;
mod skipped;
mod tuple;

use core::fmt::Debug;

pub use skipped::WithoutDerivative;

/// A type whose values move continuously, so that derivatives with respect to them exist.
///
/// `Tangent` is the type of a small change of `Self`, and as well the type of a gradient with
/// respect to it: what is inert in `Self` is `()` there.
///
/// | `Self` | `Tangent` |
/// |---|---|
/// | `f32`, `f64` | itself |
/// | `[T; N]`, tuples | the same of `T::Tangent` |
/// | `[T]`, `Vec<T>` | `Vec<T::Tangent>` |
/// | `Option<T>`, `Result<T, E>` | `Option<T::Tangent>` |
/// | `&T`, `&mut T`, `Box<T>` | `T::Tangent` |
/// | integers, `bool`, `char`, `str`, `String` | `()` |
///
/// Derive it for a struct or an enum. A tangent of a type of its own has `+=` and `*=` by a float; where
/// it is the struct itself, `#[differentiable(operators)]` on the struct adds them (it may have such
/// operators of its own, which these would conflict with), and the methods of [`Tangent`] are there.
///
/// ```
/// # use autodiff_runtime::Differentiable;
/// let point = (0.5, [1.0, 2.0], 3_usize);
/// assert_eq!(point.zero_tangent(), (0.0, [0.0, 0.0], ()));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not differentiable",
    label = "has no tangent type",
    note = "write `#[derive(Differentiable)]` on the definition of `{Self}`",
    note = "or leave it out of the gradient: a parameter by `#[grad(constant(..))]`, a field by \
            `#[differentiable(skip)]`"
)]
pub trait Differentiable {
    /// The type of a change of `Self`, and of a gradient with respect to it.
    type Tangent: Tangent;

    /// The change by nothing, in the shape of `self`: of its length, for the same variant.
    fn zero_tangent(&self) -> Self::Tangent;
}

/// A vector space with a scalar product: what a change of a value, or a gradient, can do.
///
/// ```
/// # use autodiff_runtime::Tangent;
/// let mut gradient = (1.0, [2.0, 3.0]);
/// gradient.scale(2.0);
/// gradient.add_assign(&(0.5, [0.0, 1.0]));
/// assert_eq!(gradient, (2.5, [4.0, 7.0]));
/// assert_eq!(gradient.dot(&(1.0, [1.0, 0.0])), 6.5);
/// gradient.set_zero();
/// assert_eq!(gradient, (0.0, [0.0, 0.0]));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tangent",
    label = "cannot be added, scaled and multiplied as a tangent",
    note = "tangents are made by `#[derive(Differentiable)]`; those of the standard types are \
            floats, `()`, arrays, tuples, `Vec` and `Option` of tangents"
)]
pub trait Tangent: Clone + PartialEq + Debug {
    /// `self += other`, component by component.
    ///
    /// # Panics
    ///
    /// If two `Vec`s differ in length.
    fn add_assign(&mut self, other: &Self);

    /// `self *= by`, component by component.
    fn scale(&mut self, by: f64);

    /// Zero in every component, whatever is there: also where that is infinite or NaN.
    fn set_zero(&mut self);

    /// The sum of the products of corresponding components.
    ///
    /// # Panics
    ///
    /// If two `Vec`s differ in length.
    fn dot(&self, other: &Self) -> f64;
}
