//! Complex numbers, and Newton's method on them.

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
