//! `Dual`: a number that carries its derivative in one direction.

mod arithmetic;
mod real;

use core::cmp::Ordering;
use core::fmt::{self, Display};

use crate::{Differentiable, Real, Tangent};

/// A value and its derivative in one direction, to run functions with that are generic over
/// [`Real`]: another way to the derivative than `#[grad]`, and with the companions of a generic
/// function the second derivative in a direction.
///
/// Numbers are compared by their values, so that branches are those of the values. At kinks the
/// derivatives are those of the rule table.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use autodiff_runtime::{Dual, Real};
///
/// fn f<T: Real>(x: T, y: T) -> T {
///     x * y + x.sin()
/// }
///
/// // Along (1, 0): the derivative by x.
/// let df = f(Dual::new(2.0, 1.0), Dual::constant(3.0));
/// assert_eq!((df.value, df.tangent), (f(2.0, 3.0), 3.0 + 2.0_f64.cos()));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Dual<T = f64> {
    /// The value.
    pub value: T,
    /// Its derivative in the direction of the run.
    pub tangent: T,
}

impl<T: Real> Dual<T> {
    /// A value that changes at this rate.
    #[must_use]
    pub const fn new(value: T, tangent: T) -> Self {
        Self { value, tangent }
    }

    /// A value that does not change.
    #[must_use]
    pub fn constant(value: T) -> Self {
        Self { value, tangent: T::zero() }
    }

    /// f(x) and f′(x) · ẋ
    fn chain(self, value: T, slope: T) -> Self {
        Self { value, tangent: crate::__private::scale(self.tangent, slope) }
    }

    /// f(x, y) and ∂f/∂x · ẋ + ∂f/∂y · ẏ
    fn chain_with(self, other: Self, value: T, (by_self, by_other): (T, T)) -> Self {
        let (here, there) = (self.chain(value, by_self), other.chain(value, by_other));
        Self { value, tangent: here.tangent + there.tangent }
    }
}

impl<T: PartialEq> PartialEq for Dual<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: PartialOrd> PartialOrd for Dual<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<T: Display> Display for Dual<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)?;
        f.write_str(" + ")?;
        self.tangent.fmt(f)?;
        f.write_str(" ε")
    }
}

impl<T: Real> Differentiable for Dual<T> {
    type Tangent = Self;

    #[inline]
    fn zero_tangent(&self) -> Self {
        Self::zero()
    }
}

impl<T: Real> Tangent for Dual<T> {
    #[inline]
    fn add_assign(&mut self, other: &Self) {
        *self += *other;
    }

    #[inline]
    fn scale(&mut self, by: f64) {
        self.value.scale(by);
        self.tangent.scale(by);
    }

    #[inline]
    fn set_zero(&mut self) {
        *self = Self::zero();
    }

    /// The product of the values.
    #[inline]
    fn dot(&self, other: &Self) -> f64 {
        self.value.dot(&other.value)
    }
}

#[cfg(test)]
mod tests;
