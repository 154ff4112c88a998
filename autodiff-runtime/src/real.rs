//! `Real`: what `f32` and `f64` have in common, for generic functions.

use core::fmt::{Debug, Display};
use core::iter::{Product, Sum};
use core::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

use crate::__private::operators::Operators;
#[cfg(feature = "std")]
use crate::elementary::elementary;
use crate::elementary::{declare, elementary_of_core, questions};
use crate::{Differentiable, Tangent};

/// What floats are made of: they can be copied, and have operators and a derivative. Every type that has
/// all of this is one.
pub trait Arithmetic:
    Copy
    + Default
    + Debug
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
}

impl<T> Arithmetic for T where
    T: Copy
        + Default
        + Debug
        + Send
        + Sync
        + 'static
        + Differentiable<Tangent = T>
        + Tangent
        + Operators
        + Neg<Output = T>
        + Add<Output = T>
        + Sub<Output = T>
        + Mul<Output = T>
        + Div<Output = T>
        + Rem<Output = T>
        + AddAssign
        + SubAssign
        + MulAssign
        + DivAssign
        + RemAssign
        + for<'a> Add<&'a T, Output = T>
        + for<'a> Sub<&'a T, Output = T>
        + for<'a> Mul<&'a T, Output = T>
        + for<'a> Div<&'a T, Output = T>
        + for<'a> AddAssign<&'a T>
        + for<'a> SubAssign<&'a T>
        + for<'a> MulAssign<&'a T>
        + for<'a> DivAssign<&'a T>
        + Sum
        + Product
        + for<'a> Sum<&'a T>
        + for<'a> Product<&'a T>
{
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
pub trait Real: Arithmetic + Display + PartialEq + PartialOrd {
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
    questions!(declare);
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
    questions!(define_for_f32);
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
    questions!(define_for_f64);
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
