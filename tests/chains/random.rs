//! Random iterator chains through rustc: value, closure calls and both modes against dual numbers.

#![deny(warnings)]
#![allow(
    missing_docs,
    clippy::pedantic,
    clippy::indexing_slicing,
    reason = "an oracle for one test"
)]

use std::cell::RefCell;
use std::cmp::Ordering;
use std::iter::{Product, Sum};
use std::ops::{Add, AddAssign, Mul, Sub};

use autodiff::grad;

thread_local! {
    static LOG: RefCell<Vec<i32>> = const { RefCell::new(Vec::new()) };
}

/// A side effect that is seen.
pub fn tick(n: i32) {
    LOG.with(|log| log.borrow_mut().push(n));
}

/// A value and its derivative in one direction: the oracle shares nothing with the compiler.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual {
    pub re: f64,
    pub du: f64,
}

impl PartialOrd for Dual {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.re.partial_cmp(&other.re)
    }
}

impl Dual {
    pub const NEG_INFINITY: Self = Self { re: f64::NEG_INFINITY, du: 0.0 };
    pub fn constant(re: f64) -> Self {
        Self { re, du: 0.0 }
    }
    pub fn sin(self) -> Self {
        Self { re: self.re.sin(), du: self.re.cos() * self.du }
    }
    pub fn tanh(self) -> Self {
        Self { re: self.re.tanh(), du: self.re.cosh().powi(-2) * self.du }
    }
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        self.re.total_cmp(&other.re)
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
impl AddAssign for Dual {
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}
impl Sum for Dual {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::constant(-0.0), Add::add)
    }
}
impl Product for Dual {
    fn product<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::constant(1.0), Mul::mul)
    }
}

type Gradient = (f64, Vec<f64>, Vec<f64>);
type Entry = (
    usize,
    fn(f64, &[f64], &[f64]) -> f64,
    fn(f64, &[f64], &[f64]) -> (f64, Gradient),
    fn(f64, &[f64], &[f64], f64, &[f64], &[f64]) -> (f64, f64),
    fn(Dual, &[Dual], &[Dual]) -> Dual,
);

/// The chains: the generator writes as it comes, so what is only style is allowed.
#[allow(warnings, clippy::all, clippy::pedantic, reason = "random programs are not pretty")]
mod generated {
    use super::*;
    include!(concat!(env!("OUT_DIR"), "/random_chains.rs"));
}

fn logged<T>(run: impl FnOnce() -> T) -> (T, Vec<i32>) {
    LOG.with(|log| log.borrow_mut().clear());
    let result = run();
    (result, LOG.with(|log| log.borrow().clone()))
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs())) || (a.is_nan() && b.is_nan())
}

fn dual(of: &[f64], at: usize, direction: usize) -> Vec<Dual> {
    let one = |(i, &re): (usize, &f64)| Dual { re, du: f64::from(u8::from(at + i == direction)) };
    of.iter().enumerate().map(one).collect()
}

#[test]
fn random_chains_agree_with_dual_numbers() {
    let points: [(f64, &[f64], &[f64]); 4] = [
        (0.712, &[0.314, 1.215, -0.816, 0.95, 2.17], &[0.6, -1.3, 0.45]),
        (-0.45, &[1.93, -0.21], &[0.85, 0.13, -0.72, 1.46]),
        (1.31, &[0.52], &[]),
        (0.27, &[-0.66, 0.41, 0.77, -1.2, 0.05, 1.61, 0.38], &[1.1]),
    ];
    for (number, primal, value_and_grad, jvp, oracle) in generated::CHAINS {
        for (x, v, w) in points {
            let (expected, log) = logged(|| primal(x, v, w));
            let ((value, gradient), again) = logged(|| value_and_grad(x, v, w));
            let at = format!("chain {number} at x = {x}, v = {v:?}, w = {w:?}");
            assert_eq!(value.to_bits(), expected.to_bits(), "value of {at}");
            assert_eq!(log, again, "closure calls of {at}");
            let flat: Vec<f64> =
                [vec![gradient.0], gradient.1, gradient.2].into_iter().flatten().collect();
            for (direction, &component) in flat.iter().enumerate() {
                let seed = Dual { re: x, du: f64::from(u8::from(direction == 0)) };
                let (dv, dw) = (dual(v, 1, direction), dual(w, 1 + v.len(), direction));
                let known = oracle(seed, &dv, &dw);
                let message = format!("component {direction} of {at}");
                assert!(close(component, known.du), "{component} for {} in {message}", known.du);
                let dots = |of: &[Dual]| of.iter().map(|it| it.du).collect::<Vec<_>>();
                let ((same, dot), again) = logged(|| jvp(x, v, w, seed.du, &dots(&dv), &dots(&dw)));
                assert_eq!(same.to_bits(), expected.to_bits(), "value of jvp, {message}");
                assert_eq!(log, again, "closure calls of jvp, {message}");
                assert!(close(dot, known.du), "{dot} for {} in jvp, {message}", known.du);
            }
        }
    }
}
