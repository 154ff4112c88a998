//! Generic structs with methods, operators of generic types, traits.

use std::ops::{Add, Mul};

use autodiff::{Differentiable, Dual, Real, grad};

use crate::{check, close};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Gaussian<T> {
    mean: T,
    deviation: T,
}

#[grad]
impl<T: Real> Gaussian<T> {
    fn new(mean: T, deviation: T) -> Self {
        Self { mean, deviation }
    }

    fn log_density(&self, x: T) -> T {
        let z = (x - self.mean) / self.deviation;
        let scale = T::from_f64((2.0 * std::f64::consts::PI).sqrt()) * self.deviation;
        T::from_f64(-0.5) * z * z - scale.ln()
    }

    fn widen(&mut self, by: T) {
        self.deviation *= by;
    }
}

#[grad]
fn likelihood<T: Real>(parts: &[Gaussian<T>], weights: &[T], data: &[T]) -> T {
    let mut total = T::zero();
    for x in data {
        let mut density = T::zero();
        for (part, weight) in parts.iter().zip(weights) {
            density += *weight * part.log_density(*x).exp();
        }
        total += density.ln();
    }
    total
}

#[test]
fn a_mixture_of_generic_parts() {
    fn run<T: Real>([m, n, s, w]: [T; 4]) -> T {
        let parts = [Gaussian::new(m, s), Gaussian { mean: n, deviation: T::one() }];
        let data = [0.3, -0.2, 1.7].map(T::from_f64);
        likelihood(&parts, &[w, T::one() - w], &data)
    }
    let at = [0.1, 1.2, 0.8, 0.4];
    let parts = [Gaussian::new(at[0], at[2]), Gaussian::new(at[1], 1.0)];
    let (parts_bar, weights_bar, data_bar) =
        likelihood_grad(&parts, &[at[3], 1.0 - at[3]], &[0.3, -0.2, 1.7]);
    let first = &parts_bar[0];
    let found = [first.mean, parts_bar[1].mean, first.deviation, weights_bar[0] - weights_bar[1]];
    check(found, run, run, at);
    assert_eq!(data_bar.len(), 3);
}

#[grad]
fn widened<T: Real>(mean: T, x: T) -> T {
    let mut normal = Gaussian::new(mean, T::from_f64(2.0));
    normal.widen(mean * mean);
    let moved = Gaussian { mean: normal.mean + T::one(), ..normal };
    moved.log_density(x) + normal.deviation
}

#[test]
fn methods_that_change_their_receiver() {
    let (mean, x) = widened_grad(1.3, 0.4);
    let f = |[mean, x]: [f64; 2]| widened(mean, x);
    check([mean, x], f, |[mean, x]: [Dual; 2]| widened(mean, x), [1.3, 0.4]);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vec2<T> {
    x: T,
    y: T,
}

#[grad]
impl<T: Real> Add for Vec2<T> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { x: self.x + other.x, y: self.y + other.y }
    }
}

#[grad]
impl<T: Real> Mul<T> for Vec2<T> {
    type Output = Self;

    fn mul(self, k: T) -> Self {
        Self { x: self.x * k, y: self.y * k }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Body<T> {
    at: Vec2<T>,
    speed: Vec2<T>,
    drag: T,
}

#[grad]
impl<T: Real> Body<T> {
    fn height(&self, dt: T) -> T {
        let slowed = self.speed * (T::one() - self.drag * dt);
        let at = self.at + slowed * dt;
        at.y * self.drag * self.drag
    }
}

#[test]
fn operators_of_generic_types() {
    fn run<T: Real>([y, v, drag, dt]: [T; 4]) -> T {
        let at = Vec2 { x: T::zero(), y };
        Body { at, speed: Vec2 { x: T::one(), y: v }, drag }.height(dt)
    }
    let body = Body { at: Vec2 { x: 0.0, y: 1.5 }, speed: Vec2 { x: 1.0, y: 0.7 }, drag: 0.3 };
    let (bar, dt) = body.height_grad(0.2);
    check([bar.at.y, bar.speed.y, bar.drag, dt], run, run, [1.5, 0.7, 0.3, 0.2]);
    let single =
        Body { at: Vec2 { x: 0.0, y: 1.5 }, speed: Vec2 { x: 1.0, y: 0.7 }, drag: 0.3_f32 };
    close([single.height_grad(0.2).1], [dt], 1e-6);
}

trait Loss: Differentiable {
    #[grad(constant(self))]
    fn loss<T: Real>(&self, predicted: T, observed: T) -> T;
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Huber {
    width: f64,
}

impl Loss for Huber {
    #[grad(constant(self))]
    fn loss<T: Real>(&self, predicted: T, observed: T) -> T {
        let width = T::from_f64(self.width);
        let error = (predicted - observed).abs();
        if error > width {
            width * (error - width * T::from_f64(0.5))
        } else {
            error * error * T::from_f64(0.5)
        }
    }
}

#[grad(constant(loss))]
fn risk<L: Loss, T: Real>(loss: &L, slope: T) -> T {
    loss.loss(slope * T::from_f64(2.0), T::one()) + loss.loss(slope, T::from_f64(5.0))
}

#[test]
fn generic_methods_of_traits() {
    let huber = Huber { width: 1.5 };
    check([risk_grad(&huber, 0.8)], |[s]| risk(&huber, s), |[s]| risk(&huber, s), [0.8]);
}
