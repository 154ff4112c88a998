//! How the cotangent of an argument whose type only rustc knows meets a pullback: that of a float
//! is returned, that of an aggregate is added to what is lent.

use crate::differentiable::WithoutDerivative;
use crate::{Lanes, Tangent};

/// What a pullback takes to add the cotangent of an argument to: `()` for a float.
#[diagnostic::on_unimplemented(
    message = "the derivative of an argument of type `{Self}` does not fit the parameter",
    label = "the callee takes `{Slot}` for its cotangent",
    note = "where that is `NotDifferentiated`, the callee's `wrt(..)` or `constant(..)` leaves the \
            parameter out: add it there, or wrap the argument in `autodiff::stop_gradient(..)`"
)]
pub trait Lend<'a, Slot> {
    /// Lends it.
    fn lend(&'a mut self) -> Slot;
}

/// What a pullback returns for an argument: `()` for an aggregate.
pub trait Absorb<Returned> {
    /// Adds it.
    fn absorb(&mut self, returned: Returned);

    /// The same, to a zero that nothing has been added to: a float is what is returned.
    fn settle(&mut self, returned: Returned);
}

/// What a pullback returns for an argument, as the cotangent that was zero before.
///
/// ```
/// # use autodiff_runtime::__private::settle;
/// let mut sum = 0.0;
/// settle(&mut sum, 0.5);
/// assert_eq!(sum, 0.5);
/// ```
#[inline]
pub fn settle<T: Absorb<Returned>, Returned>(sum: &mut T, returned: Returned) {
    sum.settle(returned);
}

/// What a pullback takes for an argument, from the sum of its cotangents.
///
/// ```
/// # use autodiff_runtime::__private::lend;
/// let mut sums = [1.0, 2.0];
/// let slot: Option<&mut [f64]> = lend(&mut sums);
/// assert_eq!(slot, Some(&mut [1.0, 2.0][..]));
/// let slot: Option<&mut ()> = lend(&mut sums[0]);
/// assert_eq!(slot, None);
/// ```
#[inline]
pub fn lend<'a, T: Lend<'a, Slot>, Slot>(sum: &'a mut T) -> Slot {
    sum.lend()
}

/// Adds what a pullback returns for an argument to the sum of its cotangents.
///
/// ```
/// # use autodiff_runtime::__private::absorb;
/// let mut sum = 1.0;
/// absorb(&mut sum, 0.5);
/// assert_eq!(sum, 1.5);
/// absorb(&mut [sum], ());
/// ```
#[inline]
pub fn absorb<T: Absorb<Returned>, Returned>(sum: &mut T, returned: Returned) {
    sum.absorb(returned);
}

impl<'a, T: Lanes> Lend<'a, Option<&'a mut ()>> for T {
    #[inline]
    fn lend(&'a mut self) -> Option<&'a mut ()> {
        None
    }
}

impl<T: Lanes> Absorb<T> for T {
    #[inline]
    fn absorb(&mut self, returned: T) {
        *self += returned;
    }

    #[inline]
    fn settle(&mut self, returned: T) {
        *self = returned;
    }
}

impl<'a, T: Tangent> Lend<'a, Option<&'a mut T>> for T {
    #[inline]
    fn lend(&'a mut self) -> Option<&'a mut T> {
        Some(self)
    }
}

impl<'a, T: Tangent, const N: usize> Lend<'a, Option<&'a mut [T]>> for [T; N] {
    #[inline]
    fn lend(&'a mut self) -> Option<&'a mut [T]> {
        Some(self)
    }
}

#[cfg(feature = "alloc")]
impl<'a, T: Tangent> Lend<'a, Option<&'a mut [T]>> for alloc::vec::Vec<T> {
    #[inline]
    fn lend(&'a mut self) -> Option<&'a mut [T]> {
        Some(self)
    }
}

/// Of an argument that counts something.
impl<'a> Lend<'a, Option<&'a mut ()>> for WithoutDerivative {
    #[inline]
    fn lend(&'a mut self) -> Option<&'a mut ()> {
        None
    }
}

impl<T: Tangent> Absorb<()> for T {
    #[inline]
    fn absorb(&mut self, (): ()) {}

    #[inline]
    fn settle(&mut self, (): ()) {}
}
