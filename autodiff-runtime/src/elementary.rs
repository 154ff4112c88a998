//! The methods that floats have, by name: what [`Real`](crate::Real) and [`Lanes`](crate::Lanes) declare, and
//! what every type that is one defines.

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
        }
    };
}

/// What a single number is asked.
macro_rules! questions {
    ($then:ident) => {
        $then! {
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

#[cfg(feature = "std")]
pub(crate) use elementary;
pub(crate) use {declare, elementary_of_core, questions};
