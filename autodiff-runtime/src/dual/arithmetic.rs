//! The operators of dual numbers: product rule and quotient rule.

use core::iter::{Product, Sum};
use core::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

use super::Dual;
use crate::Real;

macro_rules! operators {
    ($($op:ident $name:ident $by:ident $by_name:ident |$a:ident, $b:ident, $y:ident| $value:expr => $slopes:expr;)*) => {$(
        impl<T: Real> $op for Dual<T> {
            type Output = Self;

            #[inline]
            #[allow(unused_variables, reason = "of a sum, no slope is made of the operands")]
            fn $name(self, other: Self) -> Self {
                let ($a, $b) = (self.value, other.value);
                let $y = $value;
                self.chain_with(other, $y, $slopes)
            }
        }

        impl<T: Real> $by for Dual<T> {
            #[inline]
            fn $by_name(&mut self, other: Self) {
                *self = $op::$name(*self, other);
            }
        }

        impl<T: Real> $op<&Self> for Dual<T> {
            type Output = Self;

            #[inline]
            fn $name(self, other: &Self) -> Self {
                $op::$name(self, *other)
            }
        }

        impl<T: Real> $by<&Self> for Dual<T> {
            #[inline]
            fn $by_name(&mut self, other: &Self) {
                *self = $op::$name(*self, *other);
            }
        }
    )*};
}

operators! {
    Add add AddAssign add_assign |a, b, y| a + b => (T::one(), T::one());
    Sub sub SubAssign sub_assign |a, b, y| a - b => (T::one(), -T::one());
    Mul mul MulAssign mul_assign |a, b, y| a * b => (b, a);
    Div div DivAssign div_assign |a, b, y| a / b => (T::one() / b, -(y / b));
    // The quotient is found from the remainder, which is exact.
    Rem rem RemAssign rem_assign |a, b, y| a % b => (T::one(), whole((y - a) / b));
}

/// The integer that a quotient is but for rounding.
#[inline]
pub(super) fn whole<T: Real>(quotient: T) -> T {
    let half = T::from_f64(0.5).copysign(quotient);
    let sum = quotient + half;
    sum - sum % T::one()
}

impl<T: Real> Neg for Dual<T> {
    type Output = Self;

    #[inline]
    fn neg(self) -> Self {
        Self { value: -self.value, tangent: -self.tangent }
    }
}

impl<T: Real> Sum for Dual<T> {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::from_f64(-0.0), Add::add)
    }
}

impl<T: Real> Product for Dual<T> {
    fn product<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::one(), Mul::mul)
    }
}

impl<'a, T: Real> Sum<&'a Self> for Dual<T> {
    fn sum<I: Iterator<Item = &'a Self>>(items: I) -> Self {
        items.copied().sum()
    }
}

impl<'a, T: Real> Product<&'a Self> for Dual<T> {
    fn product<I: Iterator<Item = &'a Self>>(items: I) -> Self {
        items.copied().product()
    }
}
