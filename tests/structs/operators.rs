//! Operators of structs: between each other and with floats, by value and by reference.

use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub};

use approx::assert_relative_eq;
use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct V {
    x: f64,
    y: f64,
}

#[grad]
impl Add for V {
    type Output = V;

    fn add(self, other: V) -> V {
        V { x: self.x + other.x, y: self.y + other.y }
    }
}

#[grad]
impl Sub<&V> for &V {
    type Output = V;

    fn sub(self, other: &V) -> V {
        V { x: self.x - other.x, y: self.y - other.y }
    }
}

#[grad]
impl Mul<f64> for V {
    type Output = Self;

    fn mul(self, k: f64) -> Self {
        Self { x: self.x * k, y: self.y * k.sin() }
    }
}

#[grad]
impl Mul<V> for f64 {
    type Output = V;

    fn mul(self, v: V) -> V {
        V { x: self * v.x, y: self * v.y }
    }
}

/// The scalar product.
#[grad]
impl Mul for V {
    type Output = f64;

    fn mul(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }
}

#[grad]
impl Neg for V {
    type Output = V;

    fn neg(self) -> V {
        V { x: -self.x, y: -self.y }
    }
}

#[grad]
impl AddAssign for V {
    fn add_assign(&mut self, other: V) {
        self.x += other.x;
        self.y += other.y;
    }
}

#[grad]
impl MulAssign<f64> for V {
    fn mul_assign(&mut self, k: f64) {
        *self = *self * k;
    }
}

fn two(p: &[f64]) -> (f64, f64) {
    (p[0], p[1])
}

#[grad(jvp)]
fn mixed(p: &[f64]) -> f64 {
    let (a, b) = (V { x: p[0], y: p[1] }, V { x: p[2], y: p[0] * p[1] });
    let c = a + b * p[2];
    let d = -(&c - &a);
    let e = p[1] * d + 2.0 * c;
    e.x * c.y + e.y + two(&[1.0, 2.0]).1
}
confirmed!(operators_of_two_types: mixed at numbers(3));

#[grad(jvp)]
fn dots(p: &[f64]) -> f64 {
    let (a, b) = (V { x: p[0], y: p[1] }, V { x: p[2], y: p[0] * p[1] });
    let d: f64 = a * b;
    let n = a * a - 1.0;
    d.sqrt() * n + b * b * (a * b + d) / d
}
confirmed!(operators_that_give_floats: dots at numbers(3));

#[grad(jvp)]
fn summed(p: &[f64]) -> f64 {
    let v = V { x: p[0], y: p[1] };
    let mut sum = v * 0.5;
    for i in 0..p.len() {
        sum += v * p[i];
        if i == 1 {
            sum *= p[0];
        }
        sum = sum + v;
    }
    sum * v
}
confirmed!(operators_in_loops: summed at numbers(4));

/// Something that moves.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Body {
    at: V,
    speed: V,
}

#[grad]
impl Body {
    fn step(&mut self, dt: f64) {
        let speed: V = self.speed;
        self.at += speed * dt;
        let pull: V = self.at;
        self.speed += -pull * (0.1 * dt);
    }
}

#[grad(jvp)]
fn moved(p: &[f64]) -> f64 {
    let speed = V { x: p[2], y: p[3] };
    let mut body = Body { at: V { x: p[0], y: p[1] }, speed };
    for _ in 0..3 {
        body.step(0.2 * p[0]);
    }
    let at: V = body.at;
    at * at + body.speed.x
}
confirmed!(fields_with_operators: moved at numbers(4));

#[grad]
fn middle(a: &V, b: &V) -> V {
    (*a + *b) * 0.5
}

#[grad(jvp)]
fn many(p: &[f64]) -> f64 {
    let points = [V { x: p[0], y: p[1] }, V { x: p[1], y: p[2] }, V { x: p[2], y: p[0] }];
    let mut total = points[0];
    for i in 1..points.len() {
        total = total + points[i] * p[i];
        total += middle(&points[i - 1], &points[i]);
    }
    total * total
}
confirmed!(operators_on_elements: many at numbers(3));

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Matrix<const N: usize> {
    rows: [[f64; N]; N],
}

#[grad]
impl<const N: usize> Mul for Matrix<N> {
    type Output = Matrix<N>;

    fn mul(self, other: Matrix<N>) -> Matrix<N> {
        let mut rows = [[0.0; N]; N];
        for i in 0..N {
            for j in 0..N {
                for k in 0..N {
                    rows[i][j] += self.rows[i][k] * other.rows[k][j];
                }
            }
        }
        Matrix { rows }
    }
}

#[grad]
impl<'a, const N: usize> Mul<&'a [f64; N]> for &'a Matrix<N> {
    type Output = [f64; N];

    fn mul(self, v: &'a [f64; N]) -> [f64; N] {
        std::array::from_fn(|i| (0..N).map(|j| self.rows[i][j] * v[j]).sum())
    }
}

#[grad]
impl<const N: usize> Div<f64> for Matrix<N> {
    type Output = Matrix<N>;

    fn div(self, by: f64) -> Matrix<N> {
        let mut rows = self.rows;
        for row in &mut rows {
            for x in row.iter_mut() {
                *x /= by;
            }
        }
        Matrix { rows }
    }
}

#[grad(jvp)]
fn matrices(p: &[f64]) -> f64 {
    let a = Matrix { rows: [[p[0], p[1]], [p[2], p[3]]] };
    let b = a * a / p[0];
    let v = [p[1], p[2]];
    let w: [f64; 2] = &b * &v;
    w[0] * w[1] + b.rows[0][1]
}
confirmed!(operators_of_matrices: matrices at numbers(4));

type Scalar = f64;

#[grad]
fn aliased(x: Scalar, y: Scalar) -> f64 {
    let mut sum = x * y;
    sum += x / y;
    -sum * 2.0
}

#[test]
fn an_alias_of_a_float_has_its_operators() {
    let (x, y) = (0.7, 1.3);
    let (x_bar, y_bar) = aliased_grad(x, y);
    approx::assert_relative_eq!(x_bar, -2.0 * (y + 1.0 / y), max_relative = 1e-14);
    approx::assert_relative_eq!(y_bar, -2.0 * (x - x / (y * y)), max_relative = 1e-14);
}

/// An operator whose right side is a narrow float must not leave open what a power's exponent is.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Narrow {
    x: f32,
}

impl Mul<f32> for Narrow {
    type Output = Self;

    fn mul(self, k: f32) -> Self {
        Self { x: self.x * k }
    }
}

#[grad(jvp)]
fn narrow_power(x: f32, n: i32) -> f32 {
    (x * 2.0).powi(n)
}

#[test]
fn narrow_powers_beside_operators() {
    assert_relative_eq!(narrow_power_grad(0.5, 3), 6.0);
    assert_eq!(narrow_power_jvp(0.5, 3, 1.0), (1.0, 6.0));
    assert_eq!(Narrow { x: 0.5 } * 3.0, Narrow { x: 1.5 });
}
