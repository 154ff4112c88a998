//! Dual numbers, and side effects that are logged: what random programs are compared with.

#![allow(
    missing_docs,
    dead_code,
    unreachable_pub,
    clippy::pedantic,
    clippy::indexing_slicing,
    reason = "an oracle that several tests use in part"
)]

use std::cell::RefCell;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

thread_local! {
    static LOG: RefCell<Vec<i32>> = const { RefCell::new(Vec::new()) };
}

/// A side effect that is seen.
pub fn tick(n: i32) -> i32 {
    LOG.with(|log| log.borrow_mut().push(n));
    n
}

/// An index that only rustc knows to be one.
pub fn pick(n: i32) -> usize {
    tick(1000 + n);
    usize::try_from(n.rem_euclid(3)).unwrap_or(0)
}

/// A value and its derivative in one direction: the oracle shares nothing with the compiler.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual {
    pub re: f64,
    pub du: f64,
}

impl PartialOrd for Dual {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.re.partial_cmp(&other.re)
    }
}

impl Dual {
    pub fn constant(re: f64) -> Self {
        Self { re, du: 0.0 }
    }
    fn chain(self, re: f64, slope: f64) -> Self {
        Self { re, du: slope * self.du }
    }
    pub fn sin(self) -> Self {
        self.chain(self.re.sin(), self.re.cos())
    }
    pub fn cos(self) -> Self {
        self.chain(self.re.cos(), -self.re.sin())
    }
    pub fn tanh(self) -> Self {
        self.chain(self.re.tanh(), self.re.cosh().powi(-2))
    }
    pub fn exp(self) -> Self {
        self.chain(self.re.exp(), self.re.exp())
    }
    pub fn sqrt(self) -> Self {
        self.chain(self.re.sqrt(), 0.5 / self.re.sqrt())
    }
    pub fn ln(self) -> Self {
        self.chain(self.re.ln(), 1.0 / self.re)
    }
    pub fn atan(self) -> Self {
        self.chain(self.re.atan(), 1.0 / (1.0 + self.re * self.re))
    }
    pub fn powi(self, n: i32) -> Self {
        self.chain(self.re.powi(n), f64::from(n) * self.re.powi(n - 1))
    }
    pub fn powf(self, p: Self) -> Self {
        let re = self.re.powf(p.re);
        Self { re, du: p.re * self.re.powf(p.re - 1.0) * self.du + re * self.re.ln() * p.du }
    }
    pub fn max(self, other: Self) -> Self {
        if self.re > other.re {
            self
        } else if self.re < other.re {
            other
        } else {
            Self { re: self.re, du: 0.5 * (self.du + other.du) }
        }
    }
    pub fn mul_add(self, a: Self, b: Self) -> Self {
        Self { re: self.re.mul_add(a.re, b.re), du: self.du * a.re + self.re * a.du + b.du }
    }
}

impl Add for Dual {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self { re: self.re + o.re, du: self.du + o.du }
    }
}
impl Sub for Dual {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self { re: self.re - o.re, du: self.du - o.du }
    }
}
impl Mul for Dual {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Self { re: self.re * o.re, du: self.du * o.re + self.re * o.du }
    }
}
impl Div for Dual {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        let re = self.re / o.re;
        Self { re, du: (self.du - re * o.du) / o.re }
    }
}
impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self { re: -self.re, du: -self.du }
    }
}
impl AddAssign for Dual {
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}
impl SubAssign for Dual {
    fn sub_assign(&mut self, o: Self) {
        *self = *self - o;
    }
}
impl MulAssign for Dual {
    fn mul_assign(&mut self, o: Self) {
        *self = *self * o;
    }
}

pub fn logged<T>(run: impl FnOnce() -> T) -> (T, Vec<i32>) {
    LOG.with(|log| log.borrow_mut().clear());
    let result = run();
    (result, LOG.with(|log| log.borrow().clone()))
}

pub fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs())) || (a.is_nan() && b.is_nan())
}
