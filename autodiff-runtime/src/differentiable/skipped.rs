//! The tangent of a field that has none.

use core::ops::{Add, AddAssign, Div, Mul, Sub, SubAssign};

use super::{Differentiable, Tangent};

/// What stands for the tangent of a field that is skipped or inert, so that copies of whole structs
/// need not know which of their fields have a derivative. No arithmetic is done with it: that it
/// has operators at all is for the error of the one who tries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WithoutDerivative;

impl Differentiable for WithoutDerivative {
    type Tangent = Self;

    #[inline]
    fn zero_tangent(&self) -> Self {
        Self
    }
}

impl Tangent for WithoutDerivative {
    #[inline]
    fn add_assign(&mut self, _: &Self) {}

    #[inline]
    fn scale(&mut self, _: f64) {}

    #[inline]
    fn set_zero(&mut self) {}

    #[inline]
    fn dot(&self, _: &Self) -> f64 {
        0.0
    }
}

impl AddAssign for WithoutDerivative {
    #[inline]
    fn add_assign(&mut self, _: Self) {}
}

/// Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "a field with `#[differentiable(skip)]` is read where its derivative counts",
    label = "the field has no derivative",
    note = "take `skip` away from the field, or read it as a constant: `stop_gradient(model.field)`"
)]
pub trait HasDerivative {}

/// What an operator of a number and [`WithoutDerivative`] would give, were there one.
macro_rules! never {
    ($($operator:ident $method:ident),*) => {$(
        impl<T: HasDerivative> $operator<T> for WithoutDerivative {
            type Output = T;
            fn $method(self, other: T) -> T {
                other
            }
        }
    )*};
}

never!(Add add, Sub sub, Mul mul, Div div);

impl<T: HasDerivative> AddAssign<T> for WithoutDerivative {
    fn add_assign(&mut self, _: T) {}
}

impl<T: HasDerivative> SubAssign<T> for WithoutDerivative {
    fn sub_assign(&mut self, _: T) {}
}
