//! Complex numbers, and Newton's method on them.

use std::ops::{Add, Div, Mul, Sub};

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Complex {
    re: f64,
    im: f64,
}

#[grad]
impl Complex {
    fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    fn plus(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }

    fn minus(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }

    fn times(self, other: Self) -> Self {
        Self {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }

    fn over(self, other: Self) -> Self {
        let n = other.square_norm();
        Self {
            re: (self.re * other.re + self.im * other.im) / n,
            im: (self.im * other.re - self.re * other.im) / n,
        }
    }

    fn square_norm(self) -> f64 {
        self.re * self.re + self.im * self.im
    }
}

/// A root of z³ = c.
#[grad]
fn cube_root(c: Complex, start: Complex) -> Complex {
    let mut z = start;
    for _ in 0..6 {
        let square = z.times(z);
        let f = square.times(z).minus(c);
        let slope = square.plus(square).plus(square);
        z = z.minus(f.over(slope));
    }
    z
}

#[grad(jvp)]
fn newton(p: &[f64]) -> f64 {
    let root = cube_root(Complex::new(p[0], p[1]), Complex::new(p[2], p[3]));
    root.re + 2.0 * root.im + root.square_norm()
}
confirmed!(complex_newton: newton at numbers(4));

#[grad]
impl Add for Complex {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.re + other.re, self.im + other.im)
    }
}

#[grad]
impl Sub for Complex {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.re - other.re, self.im - other.im)
    }
}

#[grad]
impl Mul for Complex {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        self.times(other)
    }
}

#[grad]
impl Mul<Complex> for f64 {
    type Output = Complex;

    fn mul(self, z: Complex) -> Complex {
        Complex { re: self * z.re, im: self * z.im }
    }
}

#[grad]
impl Div for Complex {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let n = other.square_norm();
        let conjugated = Self { im: -other.im, ..other };
        (1.0 / n) * (self * conjugated)
    }
}

/// The same root, as one writes it.
#[grad]
fn written(c: Complex, start: Complex) -> Complex {
    let mut z = start;
    while (z * z * z - c).square_norm() > 1e-24 {
        z = z - (z * z * z - c) / (3.0 * (z * z));
    }
    z
}

#[grad(jvp)]
fn newton_as_written(p: &[f64]) -> f64 {
    let root = written(Complex::new(p[0], p[1]), Complex { re: 1.0, im: 0.5 });
    root.re + 2.0 * root.im
}
confirmed!(complex_newton_with_operators: newton_as_written at numbers(2));
