//! `Real`: what `f32` and `f64` have in common, for generic functions.

use core::fmt::{Debug, Display};
use core::iter::{Product, Sum};
use core::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

use crate::__private::operators::Operators;
use crate::{Differentiable, Tangent};

/// Calls `$then` with the methods that only `std` has: documentation, signature.
#[cfg(feature = "std")]
macro_rules! elementary {
    ($then:ident) => {
        $then! {
            /// The square root.
            sqrt(self) -> Self;
            /// The cube root.
            cbrt(self) -> Self;
            /// √(self² + other²), without overflow on the way.
            hypot(self, other: Self) -> Self;
            /// To the power of an integer.
            powi(self, n: i32) -> Self;
            /// To the power of a float.
            powf(self, n: Self) -> Self;
            /// e to the power of `self`.
            exp(self) -> Self;
            /// 2 to the power of `self`.
            exp2(self) -> Self;
            /// e to the power of `self`, minus 1, precise near 0.
            exp_m1(self) -> Self;
            /// The natural logarithm.
            ln(self) -> Self;
            /// The natural logarithm of 1 + self, precise near 0.
            ln_1p(self) -> Self;
            /// The logarithm to a base.
            log(self, base: Self) -> Self;
            /// The logarithm to base 2.
            log2(self) -> Self;
            /// The logarithm to base 10.
            log10(self) -> Self;
            /// The sine.
            sin(self) -> Self;
            /// The cosine.
            cos(self) -> Self;
            /// The tangent.
            tan(self) -> Self;
            /// Sine and cosine.
            sin_cos(self) -> (Self, Self);
            /// The arcsine.
            asin(self) -> Self;
            /// The arccosine.
            acos(self) -> Self;
            /// The arctangent.
            atan(self) -> Self;
            /// The angle of the point (other, self), in −π..=π.
            atan2(self, other: Self) -> Self;
            /// The hyperbolic sine.
            sinh(self) -> Self;
            /// The hyperbolic cosine.
            cosh(self) -> Self;
            /// The hyperbolic tangent.
            tanh(self) -> Self;
            /// The inverse hyperbolic sine.
            asinh(self) -> Self;
            /// The inverse hyperbolic cosine.
            acosh(self) -> Self;
            /// The inverse hyperbolic tangent.
            atanh(self) -> Self;
            /// self · a + b, rounded once.
            mul_add(self, a: Self, b: Self) -> Self;
            /// The quotient of the division that leaves a remainder in 0..|other|.
            div_euclid(self, other: Self) -> Self;
            /// The remainder in 0..|other|.
            rem_euclid(self, other: Self) -> Self;
            /// The largest integer not above.
            floor(self) -> Self;
            /// The smallest integer not below.
            ceil(self) -> Self;
            /// The nearest integer, ties away from zero.
            round(self) -> Self;
            /// The nearest integer, ties to even.
            round_ties_even(self) -> Self;
            /// The integer part.
            trunc(self) -> Self;
            /// The part after the point, with the sign of `self`.
            fract(self) -> Self;
        }
    };
}

/// The methods that `core` has.
macro_rules! elementary_of_core {
    ($then:ident) => {
        $then! {
            /// |self|.
            abs(self) -> Self;
            /// 1 or −1 by the sign bit, NaN for NaN.
            signum(self) -> Self;
            /// |self| with the sign of `sign`.
            copysign(self, sign: Self) -> Self;
            /// The larger; the other one, if one is NaN.
            max(self, other: Self) -> Self;
            /// The smaller; the other one, if one is NaN.
            min(self, other: Self) -> Self;
            /// `self` confined to `low..=high`; panics if `low > high` or one of them is NaN.
            clamp(self, low: Self, high: Self) -> Self;
            /// 1 / self.
            recip(self) -> Self;
            /// From radians to degrees.
            to_degrees(self) -> Self;
            /// From degrees to radians.
            to_radians(self) -> Self;
            /// Whether this is not a number.
            is_nan(self) -> bool;
            /// Whether this is ∞ or −∞.
            is_infinite(self) -> bool;
            /// Whether this is neither infinite nor NaN.
            is_finite(self) -> bool;
            /// Whether the sign bit is clear.
            is_sign_positive(self) -> bool;
            /// Whether the sign bit is set.
            is_sign_negative(self) -> bool;
        }
    };
}

macro_rules! declare {
    ($($(#[$doc:meta])* $name:ident(self $(, $arg:ident: $type:ty)*) -> $out:ty;)*) => { $(
        $(#[$doc])*
        #[must_use]
        fn $name(self $(, $arg: $type)*) -> $out;
    )* };
}

/// The floating-point types: arithmetic, comparison and the elementary functions.
///
/// A function that is generic over `T: Real` is differentiated for `f32`, `f64` and every other type
/// that implements this, [`Dual`](crate::Dual) numbers say. It writes its constants as
/// `T::from_f64(2.0)`; those of its derivatives are lifted by themselves. The methods are those of
/// `f64`, by the same names; see there. A type of one's own that implements this says
/// [`real_operators!`](crate::real_operators), too. Without the feature `std` only those that `core` has are here.
///
/// ```
/// # #[cfg(feature = "std")] {
/// # use autodiff_runtime::Real;
/// fn logistic<T: Real>(x: T) -> T {
///     T::one() / (T::one() + (-x).exp())
/// }
/// assert_eq!(logistic(0.0_f32), 0.5);
/// assert_eq!(logistic(0.0_f64), 0.5);
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a floating-point type",
    label = "does not implement `Real`, as `f32`, `f64` and `Dual` do"
)]
pub trait Real:
    Copy
    + Default
    + Debug
    + Display
    + PartialEq
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Differentiable<Tangent = Self>
    + Tangent
    + Operators
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + RemAssign
    + for<'a> Add<&'a Self, Output = Self>
    + for<'a> Sub<&'a Self, Output = Self>
    + for<'a> Mul<&'a Self, Output = Self>
    + for<'a> Div<&'a Self, Output = Self>
    + for<'a> AddAssign<&'a Self>
    + for<'a> SubAssign<&'a Self>
    + for<'a> MulAssign<&'a Self>
    + for<'a> DivAssign<&'a Self>
    + Sum
    + Product
    + for<'a> Sum<&'a Self>
    + for<'a> Product<&'a Self>
{
    /// The nearest value to `x`: how a generic function writes a literal.
    fn from_f64(x: f64) -> Self;

    /// The same value as an `f64`, without loss.
    fn to_f64(self) -> f64;

    /// 0.
    fn zero() -> Self;

    /// 1.
    fn one() -> Self;

    /// Whether this is zero, and so is what it carries: of a number with a derivative, that, too. A
    /// cotangent that vanishes stays zero, whatever it is multiplied with.
    #[must_use]
    fn vanishes(self) -> bool {
        self == Self::zero()
    }

    elementary_of_core!(declare);
    #[cfg(feature = "std")]
    elementary!(declare);
}

macro_rules! define_for_f32 {
    ($($(#[$doc:meta])* $name:ident(self $(, $arg:ident: $type:ty)*) -> $out:ty;)*) => { $(
        #[inline]
        fn $name(self $(, $arg: $type)*) -> $out {
            f32::$name(self $(, $arg)*)
        }
    )* };
}

macro_rules! define_for_f64 {
    ($($(#[$doc:meta])* $name:ident(self $(, $arg:ident: $type:ty)*) -> $out:ty;)*) => { $(
        #[inline]
        fn $name(self $(, $arg: $type)*) -> $out {
            f64::$name(self $(, $arg)*)
        }
    )* };
}

impl Real for f32 {
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "rounding is what this is for")]
    fn from_f64(x: f64) -> Self {
        x as Self
    }

    #[inline]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    #[inline]
    fn zero() -> Self {
        0.0
    }

    #[inline]
    fn one() -> Self {
        1.0
    }

    elementary_of_core!(define_for_f32);
    #[cfg(feature = "std")]
    elementary!(define_for_f32);
}

impl Real for f64 {
    #[inline]
    fn from_f64(x: f64) -> Self {
        x
    }

    #[inline]
    fn to_f64(self) -> f64 {
        self
    }

    #[inline]
    fn zero() -> Self {
        0.0
    }

    #[inline]
    fn one() -> Self {
        1.0
    }

    elementary_of_core!(define_for_f64);
    #[cfg(feature = "std")]
    elementary!(define_for_f64);
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::Real;

    fn generic<T: Real>(x: T) -> T {
        let (s, c) = x.sin_cos();
        (s * s + c * c).sqrt().max(T::from_f64(0.25)).powi(2)
    }

    #[test]
    fn both_types_run_their_own_methods() {
        assert!((generic(0.3_f32) - 1.0).abs() < 1e-6);
        assert!((generic(0.3_f64) - 1.0).abs() < 1e-15);
        assert_eq!(<f32 as Real>::exp(0.5).to_bits(), 0.5_f32.exp().to_bits());
        assert_eq!(<f64 as Real>::exp(0.5).to_bits(), 0.5_f64.exp().to_bits());
    }
}
