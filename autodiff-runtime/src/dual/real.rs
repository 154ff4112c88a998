//! The functions of dual numbers: value and slope, one line each.

use super::Dual;
#[cfg(feature = "std")]
use super::arithmetic::whole;
use crate::Real;

/// f(x) by its value and its slope, which may be written with the value.
macro_rules! functions {
    ($($name:ident |$x:ident, $y:ident| $slope:expr;)*) => {$(
        #[inline]
        #[allow(unused_variables, reason = "a slope is made of one of them")]
        fn $name(self) -> Self {
            let $x = self.value;
            let $y = self.value.$name();
            self.chain($y, $slope)
        }
    )*};
}

/// The same of two numbers.
macro_rules! functions_of_two {
    ($($name:ident |$a:ident, $b:ident, $y:ident| $slopes:expr;)*) => {$(
        #[inline]
        #[allow(unused_variables, reason = "a slope is made of some of them")]
        fn $name(self, other: Self) -> Self {
            let ($a, $b) = (self.value, other.value);
            let $y = self.value.$name(other.value);
            self.chain_with(other, $y, $slopes)
        }
    )*};
}

macro_rules! conditions {
    ($($name:ident)*) => {$(
        #[inline]
        fn $name(self) -> bool {
            self.value.$name()
        }
    )*};
}

impl<T: Real> Real for Dual<T> {
    #[inline]
    fn from_f64(x: f64) -> Self {
        Self::constant(T::from_f64(x))
    }

    /// The value; the derivative is lost.
    #[inline]
    fn to_f64(self) -> f64 {
        self.value.to_f64()
    }

    #[inline]
    fn zero() -> Self {
        Self::constant(T::zero())
    }

    #[inline]
    fn one() -> Self {
        Self::constant(T::one())
    }

    #[inline]
    fn vanishes(self) -> bool {
        self.value.vanishes() && self.tangent.vanishes()
    }

    functions! {
        abs |x, y| if x == T::zero() { T::zero() } else { x.signum() };
        signum |x, y| T::zero();
        recip |x, y| -(y * y);
        to_degrees |x, y| T::one().to_degrees();
        to_radians |x, y| T::one().to_radians();
    }

    functions_of_two! {
        copysign |a, b, y| (a.signum() * y.signum(), T::zero());
    }

    conditions! { is_nan is_infinite is_finite is_sign_positive is_sign_negative }

    #[inline]
    fn max(self, other: Self) -> Self {
        self.chosen(other, self.value > other.value)
    }

    #[inline]
    fn min(self, other: Self) -> Self {
        self.chosen(other, self.value < other.value)
    }

    #[inline]
    fn clamp(self, low: Self, high: Self) -> Self {
        // For its panic.
        let value = self.value.clamp(low.value, high.value);
        Self { value, ..self.max(low).min(high) }
    }

    #[cfg(feature = "std")]
    functions! {
        sqrt |x, y| T::from_f64(0.5) / y;
        cbrt |x, y| T::one() / (T::from_f64(3.0) * (y * y));
        exp |x, y| y;
        exp2 |x, y| y * T::from_f64(core::f64::consts::LN_2);
        exp_m1 |x, y| y + T::one();
        ln |x, y| T::one() / x;
        ln_1p |x, y| T::one() / (T::one() + x);
        log2 |x, y| T::one() / (x * T::from_f64(core::f64::consts::LN_2));
        log10 |x, y| T::one() / (x * T::from_f64(core::f64::consts::LN_10));
        sin |x, y| x.cos();
        cos |x, y| -x.sin();
        tan |x, y| T::one() + y * y;
        asin |x, y| T::one() / ((T::one() - x) * (T::one() + x)).sqrt();
        acos |x, y| -T::one() / ((T::one() - x) * (T::one() + x)).sqrt();
        atan |x, y| T::one() / (T::one() + x * x);
        sinh |x, y| x.cosh();
        cosh |x, y| x.sinh();
        tanh |x, y| T::one() - y * y;
        asinh |x, y| T::one() / x.hypot(T::one());
        acosh |x, y| T::one() / ((x - T::one()).sqrt() * (x + T::one()).sqrt());
        atanh |x, y| T::one() / ((T::one() - x) * (T::one() + x));
        floor |x, y| T::zero();
        ceil |x, y| T::zero();
        round |x, y| T::zero();
        round_ties_even |x, y| T::zero();
        trunc |x, y| T::zero();
        fract |x, y| T::one();
    }

    #[cfg(feature = "std")]
    functions_of_two! {
        hypot |a, b, y| if y == T::zero() { (y, y) } else { (a / y, b / y) };
        log |x, b, y| {
            let l = b.ln();
            (T::one() / (x * l), -(y / (b * l)))
        };
        atan2 |a, b, y| {
            let square = a * a + b * b;
            if square == T::zero() { (square, square) } else { (b / square, -(a / square)) }
        };
        div_euclid |a, b, y| (T::zero(), T::zero());
        rem_euclid |a, b, y| (T::one(), whole((y - a) / b));
    }

    #[cfg(feature = "std")]
    #[inline]
    fn powf(self, n: Self) -> Self {
        let (x, p) = (self.value, n.value);
        let y = x.powf(p);
        let by_x = if n.vanishes() { T::zero() } else { p * x.powf(p - T::one()) };
        let is_zero = x == T::zero() && p >= T::zero();
        let by_p = if is_zero { T::zero() } else { y * x.ln() };
        self.chain_with(n, y, (by_x, by_p))
    }

    #[cfg(feature = "std")]
    #[inline]
    fn powi(self, n: i32) -> Self {
        let slope = if n == 0 {
            T::zero()
        } else {
            T::from_f64(f64::from(n)) * self.value.powi(n.saturating_sub(1))
        };
        self.chain(self.value.powi(n), slope)
    }

    #[cfg(feature = "std")]
    #[inline]
    fn sin_cos(self) -> (Self, Self) {
        let (sin, cos) = self.value.sin_cos();
        (self.chain(sin, cos), self.chain(cos, -sin))
    }

    #[cfg(feature = "std")]
    #[inline]
    fn mul_add(self, a: Self, b: Self) -> Self {
        let value = self.value.mul_add(a.value, b.value);
        let product = self.chain_with(a, value, (a.value, self.value));
        Self { value, tangent: product.tangent + b.tangent }
    }
}

impl<T: Real> Dual<T> {
    /// The one of two numbers that is returned by `max` or `min`. At a tie they share the
    /// derivative; a constant, which has none, is a bound that nothing passes.
    #[inline]
    fn chosen(self, other: Self, is_self: bool) -> Self {
        if self.value == other.value {
            let bounded = self.tangent.vanishes() || other.tangent.vanishes();
            let mean = (self.tangent + other.tangent) * T::from_f64(0.5);
            return Self { tangent: if bounded { T::zero() } else { mean }, ..self };
        }
        if is_self || other.value.is_nan() { self } else { other }
    }
}
