//! Forward-mode dual numbers, nested for second derivatives.
//!
//! Written from the calculus book, without a look at the compiler's rule table: the point is that
//! a mistake is not made twice.

use std::fmt::Debug;

/// A function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    Neg,
    Recip,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Exp,
    Exp2,
    ExpM1,
    Ln,
    Ln1p,
    Log2,
    Log10,
    Sqrt,
    Cbrt,
    Abs,
    Signum,
    Floor,
    Ceil,
    Round,
    RoundTiesEven,
    Trunc,
    Fract,
    ToDegrees,
    ToRadians,
}

/// A function of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Powf,
    Hypot,
    Atan2,
    Max,
    Min,
    Copysign,
    RemEuclid,
    DivEuclid,
    Log,
}

/// What an interpreted program computes with.
pub trait Num: Clone + Debug {
    fn from_f64(x: f64) -> Self;
    /// The number without its derivatives.
    fn value(&self) -> f64;
    /// The greatest magnitude of the number and its derivatives.
    fn peak(&self) -> f64;
    /// Whether the number and all its derivatives are zero.
    fn is_zero(&self) -> bool;
    fn unary(&self, f: Unary) -> Self;
    fn binary(&self, f: Binary, other: &Self) -> Self;
    fn powi(&self, n: i32) -> Self;
    fn mul_add(&self, a: &Self, b: &Self) -> Self;

    fn add(&self, other: &Self) -> Self {
        self.binary(Binary::Add, other)
    }
    fn sub(&self, other: &Self) -> Self {
        self.binary(Binary::Sub, other)
    }
    fn mul(&self, other: &Self) -> Self {
        self.binary(Binary::Mul, other)
    }
    fn div(&self, other: &Self) -> Self {
        self.binary(Binary::Div, other)
    }
    fn neg(&self) -> Self {
        self.unary(Unary::Neg)
    }
    fn squared(&self) -> Self {
        self.mul(self)
    }
    /// `self * c`
    fn times(&self, c: f64) -> Self {
        self.mul(&Self::from_f64(c))
    }
    /// `self + c`
    fn plus(&self, c: f64) -> Self {
        self.add(&Self::from_f64(c))
    }
}

#[allow(clippy::float_cmp, reason = "zero is meant exactly")]
impl Num for f64 {
    fn from_f64(x: f64) -> Self {
        x
    }
    fn value(&self) -> f64 {
        *self
    }
    fn peak(&self) -> f64 {
        self.abs()
    }
    fn is_zero(&self) -> bool {
        *self == 0.0
    }
    fn unary(&self, f: Unary) -> Self {
        let x = *self;
        match f {
            Unary::Neg => -x,
            Unary::Recip => x.recip(),
            Unary::Sin => x.sin(),
            Unary::Cos => x.cos(),
            Unary::Tan => x.tan(),
            Unary::Asin => x.asin(),
            Unary::Acos => x.acos(),
            Unary::Atan => x.atan(),
            Unary::Sinh => x.sinh(),
            Unary::Cosh => x.cosh(),
            Unary::Tanh => x.tanh(),
            Unary::Asinh => x.asinh(),
            Unary::Acosh => x.acosh(),
            Unary::Atanh => x.atanh(),
            Unary::Exp => x.exp(),
            Unary::Exp2 => x.exp2(),
            Unary::ExpM1 => x.exp_m1(),
            Unary::Ln => x.ln(),
            Unary::Ln1p => x.ln_1p(),
            Unary::Log2 => x.log2(),
            Unary::Log10 => x.log10(),
            Unary::Sqrt => x.sqrt(),
            Unary::Cbrt => x.cbrt(),
            Unary::Abs => x.abs(),
            Unary::Signum => x.signum(),
            Unary::Floor => x.floor(),
            Unary::Ceil => x.ceil(),
            Unary::Round => x.round(),
            Unary::RoundTiesEven => x.round_ties_even(),
            Unary::Trunc => x.trunc(),
            Unary::Fract => x.fract(),
            Unary::ToDegrees => x.to_degrees(),
            Unary::ToRadians => x.to_radians(),
        }
    }
    fn binary(&self, f: Binary, other: &Self) -> Self {
        let (x, y) = (*self, *other);
        match f {
            Binary::Add => x + y,
            Binary::Sub => x - y,
            Binary::Mul => x * y,
            Binary::Div => x / y,
            Binary::Rem => x % y,
            Binary::Powf => x.powf(y),
            Binary::Hypot => x.hypot(y),
            Binary::Atan2 => x.atan2(y),
            Binary::Max => x.max(y),
            Binary::Min => x.min(y),
            Binary::Copysign => x.copysign(y),
            Binary::RemEuclid => x.rem_euclid(y),
            Binary::DivEuclid => x.div_euclid(y),
            Binary::Log => x.log(y),
        }
    }
    fn powi(&self, n: i32) -> Self {
        f64::powi(*self, n)
    }
    fn mul_add(&self, a: &Self, b: &Self) -> Self {
        f64::mul_add(*self, *a, *b)
    }
}

/// A number with its derivative in each of `N` directions.
#[derive(Clone, Debug)]
pub struct Dual<T, const N: usize> {
    pub re: T,
    pub eps: [T; N],
}

impl<T: Num, const N: usize> Dual<T, N> {
    /// Σ slope · derivative, where a derivative that is zero stays zero.
    fn chain(re: T, parts: &[(&Self, &dyn Fn() -> T)]) -> Self {
        let zero = T::from_f64(0.0);
        let moving = parts.iter().filter(|(arg, _)| !arg.is_constant());
        let slopes: Vec<(&Self, T)> = moving.map(|(arg, slope)| (*arg, slope())).collect();
        let eps = std::array::from_fn(|i| {
            slopes.iter().fold(zero.clone(), |sum, (arg, slope)| {
                let eps = &arg.eps[i];
                if eps.is_zero() { sum } else { sum.add(&slope.mul(eps)) }
            })
        });
        Self { re, eps }
    }

    fn is_constant(&self) -> bool {
        self.eps.iter().all(Num::is_zero)
    }

    /// The share of this side in the derivative of `max` or `min` at a tie: none where the other
    /// side is constant.
    fn share(&self, other: &Self, wins: bool) -> T {
        let (x, y) = (self.re.value(), other.re.value());
        #[allow(clippy::float_cmp, reason = "a tie is exact")]
        let share = match (x == y, self.is_constant() || other.is_constant()) {
            (true, true) => 0.0,
            (true, false) => 0.5,
            (false, _) => f64::from(u8::from(wins)),
        };
        T::from_f64(share)
    }
}

impl<T: Num, const N: usize> Num for Dual<T, N> {
    fn from_f64(x: f64) -> Self {
        Self { re: T::from_f64(x), eps: std::array::from_fn(|_| T::from_f64(0.0)) }
    }
    fn value(&self) -> f64 {
        self.re.value()
    }
    fn peak(&self) -> f64 {
        // Not `f64::max`, which would lose a NaN.
        let greater = |a: f64, b: f64| if b > a || b.is_nan() { b } else { a };
        self.eps.iter().map(Num::peak).fold(self.re.peak(), greater)
    }
    fn is_zero(&self) -> bool {
        self.re.is_zero() && self.is_constant()
    }

    fn unary(&self, f: Unary) -> Self {
        let slope = || super::slopes::unary(f, &self.re);
        Self::chain(self.re.unary(f), &[(self, &slope)])
    }

    fn binary(&self, f: Binary, other: &Self) -> Self {
        let (x, y) = (&self.re, &other.re);
        let re = x.binary(f, y);
        if let Binary::Max | Binary::Min = f {
            let least = f == Binary::Min;
            let wins = (x.value() < y.value()) == least;
            let (first, second) = (self.share(other, wins), other.share(self, !wins));
            return Self::chain(re, &[(self, &|| first.clone()), (other, &|| second.clone())]);
        }
        let first = || super::slopes::by_first(f, x, y);
        let second = || super::slopes::by_second(f, x, y);
        Self::chain(re, &[(self, &first), (other, &second)])
    }

    fn powi(&self, n: i32) -> Self {
        let slope = || match n {
            0 => T::from_f64(0.0),
            n => self.re.powi(n - 1).times(f64::from(n)),
        };
        Self::chain(self.re.powi(n), &[(self, &slope)])
    }

    fn mul_add(&self, a: &Self, b: &Self) -> Self {
        let one = || T::from_f64(1.0);
        let re = self.re.mul_add(&a.re, &b.re);
        Self::chain(re, &[(self, &|| a.re.clone()), (a, &|| self.re.clone()), (b, &one)])
    }
}
