//! Slices, structs with methods and operators, functions that are passed, columns of points.

use std::ops::{Add, Mul};

use autodiff::{Differentiable, Lanes, batch, grad};
use wide::{f32x8, f64x4, f64x8};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair<T> {
    a: T,
    b: T,
}

#[grad]
impl<T: Lanes> Add for Pair<T> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { a: self.a + other.a, b: self.b + other.b }
    }
}

#[grad]
impl<T: Lanes> Mul<T> for Pair<T> {
    type Output = Self;

    fn mul(self, k: T) -> Self {
        Self { a: self.a * k, b: self.b * k }
    }
}

#[grad]
impl<T: Lanes> Pair<T> {
    fn norm(&self, least: T) -> T {
        self.a.hypot(self.b).max(least)
    }

    fn turned(&mut self, by: T) {
        let (s, c) = by.sin_cos();
        let a = c * self.a - s * self.b;
        self.b = s * self.a + c * self.b;
        self.a = a;
    }
}

#[grad]
fn moved<T: Lanes>(x: T, y: T) -> T {
    let mut pair = Pair { a: x, b: y };
    pair.turned(x * y);
    let sum = pair + Pair { a: y, b: T::one() } * x;
    sum.norm(T::from_f64(0.8)) * sum.a
}

#[grad]
fn through<T: Lanes>(f: impl Fn(T) -> T, x: T, y: T) -> T {
    f(x * y) + f(x).abs()
}

#[grad]
fn wave<T: Lanes>(x: T) -> T {
    (T::from_f64(3.0) * x).sin() * x
}

#[grad(jvp, vjp)]
fn rate<T: Lanes>(u: &[T], k: T, du: &mut [T]) {
    for i in 0..u.len() {
        du[i] = -k * u[i] * u[u.len() - 1 - i].max(k);
    }
}

#[grad]
fn stepped<T: Lanes>(x: T, y: T) -> T {
    let mut u = [x, y];
    for _ in 0..4 {
        let mut du = [T::zero(); 2];
        rate(&u, y, &mut du);
        for (u, du) in u.iter_mut().zip(&du) {
            *u += *du * T::from_f64(0.05);
        }
    }
    u[0] * u[1]
}

#[grad]
fn polynomial<T: Lanes>(coefficients: &[T], x: T) -> T {
    let mut sum = T::zero();
    for c in coefficients.iter().rev() {
        sum = sum * x + *c;
    }
    sum.abs()
}

mod gradients {
    crate::checked! {
        moved moved_value_and_grad;
        stepped stepped_value_and_grad;
    }
}

#[test]
fn functions_are_passed() {
    fn all<T: Lanes>([x, y]: [T; 2]) -> [T; 2] {
        let (by_x, by_y) = through_grad(wave {}, x, y);
        [by_x, by_y]
    }
    crate::agree("through", all, all, all, all);
}

#[test]
fn buffers_of_lanes() {
    fn all<T: Lanes>([x, y]: [T; 2]) -> [T; 4] {
        let mut buffer = [T::zero(); 3];
        let mut by_x = T::zero();
        let coefficients = [y, x, T::from_f64(0.5)];
        let value = polynomial_value_and_grad_into(&coefficients, x, &mut buffer, &mut by_x);
        [value, buffer[0], buffer[2], by_x]
    }
    crate::agree("polynomial", all, all, all, all);
}

#[test]
fn columns_of_points() {
    // 13 points: neither four nor eight lanes divide them.
    let x: Vec<f64> = (0..13).map(|n| f64::from(n) * 0.3 - 1.5).collect();
    let y: Vec<f64> = (0..13).map(|n| (f64::from(n) * 0.7).sin()).collect();
    let mut one = [vec![0.0; 13], vec![0.0; 13], vec![0.0; 13]];
    for n in 0..13 {
        let (value, (by_x, by_y)) = moved_value_and_grad(x[n], y[n]);
        (one[0][n], one[1][n], one[2][n]) = (value, by_x, by_y);
    }
    fn all<T: Lanes>([x, y]: [T; 2]) -> [T; 3] {
        let (value, (by_x, by_y)) = moved_value_and_grad(x, y);
        [value, by_x, by_y]
    }
    for lanes in [1, 4, 8] {
        let mut many = [vec![0.0; 13], vec![0.0; 13], vec![0.0; 13]];
        let [value, by_x, by_y] = &mut many;
        let results: [&mut [f64]; 3] = [value, by_x, by_y];
        match lanes {
            1 => batch::map([&x, &y], results, all::<f64>),
            4 => batch::map([&x, &y], results, all::<f64x4>),
            _ => batch::map([&x, &y], results, all::<f64x8>),
        }
        for (many, one) in many.iter().flatten().zip(one.iter().flatten()) {
            crate::close(*many, *one, 1e-13, "a column");
        }
    }
    let narrow: Vec<f32> = x.iter().map(|x| *x as f32).collect();
    let mut found = vec![0.0_f32; 13];
    batch::map([&narrow], [&mut found], |[x]: [f32x8; 1]| [wave_grad(x)]);
    for (found, x) in found.iter().zip(&narrow) {
        crate::close(f64::from(*found), f64::from(wave_grad(*x)), 1e-6, "a narrow column");
    }
}

#[test]
#[should_panic(expected = "columns of 2 and of 3 points")]
fn columns_of_different_lengths_panic() {
    batch::map([&[1.0, 2.0]], [&mut [0.0; 3]], |[x]: [f64; 1]| [x]);
}
