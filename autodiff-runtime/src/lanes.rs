//! `Lanes`: one float, or several side by side, for functions that are evaluated at many points.

use core::ops::{BitAnd, BitOr, Not};

#[cfg(feature = "std")]
use crate::elementary::elementary;
use crate::elementary::{declare, elementary_of_core};
use crate::{Arithmetic, Real};

/// One float, or several side by side that are computed with at once.
///
/// A function that is generic over `T: Lanes` is differentiated like one over `T: Real`, and runs on every
/// [`Real`] number; with the feature `wide-1`, also on the lanes of the crate `wide`: `f64x4` is four points at
/// once. [`batch::map`](crate::batch::map) goes along slices with them.
///
/// Of several floats one may be less and the other greater, so there is no `if x < y` on them: lanes have no
/// order and no equality, and such a branch is an error of rustc's. `max`, `min`, `clamp` and `abs` decide
/// for each lane, and so do derivatives. What the lanes do not depend on may branch and loop as it likes.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use autodiff_runtime::Lanes;
///
/// fn bump<T: Lanes>(x: T, width: T) -> T {
///     let z = x / width;
///     (T::from_f64(-0.5) * z * z).exp()
/// }
/// assert_eq!(bump(0.0, 2.0), 1.0);
/// # }
/// ```
///
/// ```compile_fail,E0369
/// use autodiff_runtime::Lanes;
///
/// fn relu<T: Lanes>(x: T) -> T {
///     if x > T::zero() { x } else { T::zero() }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a floating-point type nor several side by side",
    label = "does not implement `Lanes`, as `f32`, `f64`, `Dual` and the lanes of `wide` do",
    note = "the lanes of `wide` need the feature `wide-1`"
)]
pub trait Lanes: Arithmetic {
    /// What holds of each lane, or does not: `bool` of a single float.
    type Mask: Mask;

    /// The nearest value to `x`, in every lane.
    fn from_f64(x: f64) -> Self;

    /// 0.
    fn zero() -> Self;

    /// 1.
    fn one() -> Self;

    /// Of each lane `yes` where the mask says so, else `no`.
    #[must_use]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;

    /// Where `a` is less.
    fn less(a: Self, b: Self) -> Self::Mask;

    /// Where `a` is less, or both are equal.
    fn less_or_equal(a: Self, b: Self) -> Self::Mask;

    /// Where both are equal.
    fn equal(a: Self, b: Self) -> Self::Mask;

    /// Where this is zero, and so is what it carries, as [`Real::vanishes`] says.
    fn vanishing(this: Self) -> Self::Mask;

    /// Whether all lanes are neither infinite nor NaN.
    fn is_finite(self) -> bool;

    elementary_of_core!(declare);
    #[cfg(feature = "std")]
    elementary!(declare);
}

/// What holds of each lane, or does not.
pub trait Mask: Copy + BitAnd<Output = Self> + BitOr<Output = Self> + Not<Output = Self> {
    /// Whether it holds of all lanes.
    fn all(self) -> bool;
}

impl Mask for bool {
    #[inline]
    fn all(self) -> bool {
        self
    }
}

macro_rules! define_for_reals {
    ($($(#[$doc:meta])* $name:ident(self $(, $arg:ident: $type:ty)*) -> $out:ty;)*) => { $(
        #[inline]
        fn $name(self $(, $arg: $type)*) -> $out {
            Real::$name(self $(, $arg)*)
        }
    )* };
}

/// One lane.
impl<T: Real> Lanes for T {
    type Mask = bool;

    #[inline]
    fn from_f64(x: f64) -> Self {
        Real::from_f64(x)
    }

    #[inline]
    fn zero() -> Self {
        Real::zero()
    }

    #[inline]
    fn one() -> Self {
        Real::one()
    }

    #[inline]
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }

    #[inline]
    fn less(a: Self, b: Self) -> bool {
        a < b
    }

    #[inline]
    fn less_or_equal(a: Self, b: Self) -> bool {
        a <= b
    }

    #[inline]
    fn equal(a: Self, b: Self) -> bool {
        a == b
    }

    #[inline]
    fn vanishing(this: Self) -> bool {
        Real::vanishes(this)
    }

    #[inline]
    fn is_finite(self) -> bool {
        Real::is_finite(self)
    }

    elementary_of_core!(define_for_reals);
    #[cfg(feature = "std")]
    elementary!(define_for_reals);
}

#[cfg(feature = "wide-1")]
mod wide;
