//! The tangent of a field that has none.

use core::ops::AddAssign;

use super::{Differentiable, Tangent};

/// What stands for the tangent of a field that is skipped or inert, so that copies of whole structs
/// need not know which of their fields have a derivative. A number cannot be added to it.
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
