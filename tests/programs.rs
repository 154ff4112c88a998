//! Random programs through rustc: value, side effects and both modes against dual numbers.

#![deny(warnings)]
#![allow(
    missing_docs,
    clippy::pedantic,
    clippy::indexing_slicing,
    reason = "an oracle for one test"
)]

use std::cell::RefCell;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use autodiff::grad;

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

type Gradient = (f64, f64, [f64; 3], (f64, f64));
type Arguments<T> = (T, T, i32, [T; 3], (T, T));
type Pushforward =
    fn(f64, f64, i32, &[f64; 3], (f64, f64), f64, f64, &[f64; 3], (f64, f64)) -> (f64, f64);
type Entry = (
    usize,
    fn(f64, f64, i32, &[f64; 3], (f64, f64)) -> f64,
    fn(f64, f64, i32, &[f64; 3], (f64, f64)) -> Gradient,
    fn(f64, f64, i32, &[f64; 3], (f64, f64)) -> (f64, Gradient),
    Pushforward,
    fn(Dual, Dual, i32, &[Dual; 3], (Dual, Dual)) -> Dual,
);

/// The programs: the generator writes as it comes, so what is only style is allowed.
#[allow(warnings, clippy::all, clippy::pedantic, reason = "random programs are not pretty")]
mod generated {
    use super::*;
    include!(concat!(env!("OUT_DIR"), "/programs.rs"));
}

fn logged<T>(run: impl FnOnce() -> T) -> (T, Vec<i32>) {
    LOG.with(|log| log.borrow_mut().clear());
    let result = run();
    (result, LOG.with(|log| log.borrow().clone()))
}

fn seeded((x, y, n, v, p): &Arguments<f64>, direction: usize) -> Arguments<Dual> {
    let at = |position: usize, re: f64| Dual { re, du: f64::from(u8::from(position == direction)) };
    let v = [at(2, v[0]), at(3, v[1]), at(4, v[2])];
    (at(0, *x), at(1, *y), *n, v, (at(5, p.0), at(6, p.1)))
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs())) || (a.is_nan() && b.is_nan())
}

#[test]
fn random_programs_agree_with_dual_numbers() {
    let points: [Arguments<f64>; 4] = [
        (0.712, -0.413, 0, [0.314, 1.215, -0.816], (0.517, 1.118)),
        (-1.319, 0.921, 1, [1.722, -0.223, 0.624], (-0.625, 0.226)),
        (0.227, 1.628, 2, [-1.129, 0.431, 0.932], (1.333, -0.934)),
        (1.935, 0.136, 7, [0.837, 0.538, 1.439], (0.441, 0.342)),
    ];
    let mut failures = Vec::new();
    for (number, primal, grad, both, jvp, dual) in generated::PROGRAMS {
        for point @ (x, y, n, v, p) in &points {
            let (value, log) = logged(|| primal(*x, *y, *n, v, *p));
            let ((again, gradient), both_log) = logged(|| both(*x, *y, *n, v, *p));
            let (alone, grad_log) = logged(|| grad(*x, *y, *n, v, *p));
            let parts = |g: Gradient| [g.0, g.1, g.2[0], g.2[1], g.2[2], g.3.0, g.3.1];
            let mut wrong = String::new();
            let mut check = |name: &str, right: bool| {
                if !right && !wrong.contains(name) {
                    wrong = format!("{wrong} {name}");
                }
            };
            check("value", value.to_bits() == again.to_bits());
            check("effects", log == both_log && log == grad_log);
            for (direction, (a, b)) in parts(gradient).into_iter().zip(parts(alone)).enumerate() {
                let d = seeded(point, direction);
                let expected = dual(d.0, d.1, d.2, &d.3, d.4);
                let unit = |position: usize| f64::from(u8::from(position == direction));
                let v_dot = [unit(2), unit(3), unit(4)];
                let ((_, forward), jvp_log) =
                    logged(|| jvp(*x, *y, *n, v, *p, unit(0), unit(1), &v_dot, (unit(5), unit(6))));
                check("value_and_grad", close(a, expected.du));
                check("grad", close(b, expected.du));
                check("jvp", close(forward, expected.du));
                check("effects-of-jvp", jvp_log == log);
            }
            if !wrong.is_empty() {
                failures.push((number, *n, wrong));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures: {failures:?}", failures.len());
}
