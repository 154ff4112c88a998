//! Second derivatives through operators of the user's types, and where only rustc knows whether an
//! operator is one of numbers.

use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub};

use autodiff::{Differentiable, grad};

use crate::twice;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Complex {
    re: f64,
    im: f64,
}

#[grad(order = 2)]
impl Add for Complex {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }
}

#[grad(order = 2)]
impl Sub<&Complex> for Complex {
    type Output = Self;
    fn sub(self, other: &Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }
}

#[grad(order = 2)]
impl Mul for Complex {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let re = self.re * other.re - self.im * other.im;
        Self { re, im: self.re * other.im + self.im * other.re }
    }
}

#[grad(order = 2)]
impl Mul<Complex> for f64 {
    type Output = Complex;
    fn mul(self, other: Complex) -> Complex {
        Complex { re: self * other.re, im: self * other.im }
    }
}

#[grad(order = 2)]
impl Neg for Complex {
    type Output = Self;
    fn neg(self) -> Self {
        Self { re: -self.re, im: -self.im }
    }
}

#[grad(order = 2)]
impl AddAssign for Complex {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

#[grad(order = 2)]
impl MulAssign<f64> for Complex {
    fn mul_assign(&mut self, scale: f64) {
        self.re *= scale;
        self.im *= scale * scale;
    }
}

/// Horner's scheme at a complex point.
#[grad(hvp, hessian)]
fn polynomial(x: &[f64]) -> f64 {
    let z = Complex { re: x[0], im: x[1] };
    let mut sum = Complex { re: 0.0, im: 0.0 };
    for &coefficient in x {
        sum = sum * z + coefficient * -z;
        sum += z * z;
    }
    sum *= x[0];
    sum.re * sum.re + sum.im
}

#[grad(hvp, hessian)]
fn of_references(x: &[f64]) -> f64 {
    let (a, b) = (Complex { re: x[0], im: x[1] }, Complex { re: x[1], im: x[0] * x[1] });
    let c = a * b - &a;
    c.re * c.im * b.re
}

/// A function between: its own second derivatives pass through operators.
#[grad(order = 2)]
fn squared(z: Complex, times: usize) -> Complex {
    let mut z = z;
    for _ in 0..times {
        z = z * z + z;
    }
    z
}

#[grad(hvp, hessian)]
fn through_a_function(x: &[f64]) -> f64 {
    let z = squared(Complex { re: x[0], im: x[1] }, 2);
    z.re.sin() * z.im
}

/// What `a * b` is, the function does not tell.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    stiffness: f64,
    rest: f64,
    #[differentiable(skip)]
    turns: i32,
}

impl Spring {
    #[grad(order = 2)]
    fn force(&self, x: f64) -> f64 {
        let stretched = x - self.rest;
        let strength = self.stiffness * self.rest / self.stiffness + self.stiffness;
        strength * stretched * stretched - self.rest
    }
}

#[grad(hvp, hessian)]
fn of_untold_fields(x: &[f64]) -> f64 {
    let spring = Spring { stiffness: x[0], rest: x[1], turns: 3 };
    let ratio = spring.rest / spring.stiffness;
    let mut moved = spring.rest;
    moved *= spring.stiffness;
    moved /= spring.rest;
    moved -= spring.rest;
    let force = spring.force(x[0] * x[1]) * ratio * -moved;
    if spring.turns > 2 { 3.0 * force } else { force }
}

/// Of an operator the value alone is used: to decide.
#[grad(hvp, hessian)]
fn decided(x: &[f64]) -> f64 {
    let z = Complex { re: x[0], im: x[1] };
    let square = z * z;
    let scale = if square.re > 0.0 { 2.0 } else { 3.0 };
    scale * x[0] * x[0] * x[1]
}

twice! {
    operators_that_decide: decided at [0.5, 0.25], [0.25, 0.5];
    complex_numbers: polynomial at [0.5, 0.75], [1.5, -0.25, 0.5];
    operators_of_references: of_references at [0.5, 0.75], [1.5, -0.25];
    operators_in_functions: through_a_function at [0.5, 0.25], [-0.5, 0.75];
    operators_of_numbers: of_untold_fields at [0.5, 0.75], [1.5, -0.25];
}

/// The tangent of a tangent: a derivative inside what is differentiated in a direction.
#[grad(order = 2, jvp)]
fn real_part(x: f64, y: f64) -> f64 {
    let z = Complex { re: x, im: y };
    (z * z * z).re
}

#[grad(jvp)]
fn directed(x: f64, y: f64) -> f64 {
    real_part_jvp(x, y, y, 2.0).1
}

#[test]
fn a_tangent_of_a_tangent() {
    // re z³ = x³ − 3xy²; along (y, 2): 3(x² − y²) y − 12 x y, and its partials.
    let (x, y) = (0.5, 1.25);
    let value = 3.0 * (x * x - y * y) * y - 12.0 * x * y;
    let by_x = 6.0 * x * y - 12.0 * y;
    let by_y = 3.0 * x * x - 9.0 * y * y - 12.0 * x;
    let (own, dot) = directed_jvp(x, y, 1.0, 0.0);
    approx::assert_relative_eq!(own, value, max_relative = 1e-14);
    approx::assert_relative_eq!(dot, by_x, max_relative = 1e-14);
    approx::assert_relative_eq!(directed_jvp(x, y, 0.0, 1.0).1, by_y, max_relative = 1e-14);
    let (x_bar, y_bar) = directed_grad(x, y);
    approx::assert_relative_eq!(x_bar, by_x, max_relative = 1e-14);
    approx::assert_relative_eq!(y_bar, by_y, max_relative = 1e-14);
}
