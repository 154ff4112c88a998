//! A rigid body that turns, its attitude a quaternion with operators.

use std::ops::{Add, Mul};

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Quaternion {
    w: f64,
    v: [f64; 3],
}

#[grad]
impl Mul for Quaternion {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let ([a, b, c], [x, y, z]) = (self.v, other.v);
        Self {
            w: self.w * other.w - a * x - b * y - c * z,
            v: [
                self.w * x + other.w * a + b * z - c * y,
                self.w * y + other.w * b + c * x - a * z,
                self.w * z + other.w * c + a * y - b * x,
            ],
        }
    }
}

#[grad]
impl Mul<f64> for Quaternion {
    type Output = Self;

    fn mul(self, k: f64) -> Self {
        let v: [f64; 3] = self.v;
        Self { w: self.w * k, v: v.map(|x| x * k) }
    }
}

#[grad]
impl Add for Quaternion {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let mut v = self.v;
        for (x, y) in v.iter_mut().zip(&other.v) {
            *x += y;
        }
        Self { w: self.w + other.w, v }
    }
}

#[grad]
impl Quaternion {
    fn normalised(self) -> Self {
        let square = self.w * self.w + self.v.iter().map(|x| x * x).sum::<f64>();
        self * (1.0 / square.sqrt())
    }

    fn conjugate(self) -> Self {
        let [x, y, z] = self.v;
        Self { w: self.w, v: [-x, -y, -z] }
    }

    fn turn(self, at: [f64; 3]) -> [f64; 3] {
        let turned = self * Self { w: 0.0, v: at } * self.conjugate();
        turned.v
    }
}

/// What acts on a body.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
enum Torque {
    None,
    Constant([f64; 3]),
    Drag { factor: f64, limit: Option<f64> },
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Body {
    attitude: Quaternion,
    spin: [f64; 3],
    inertia: [f64; 3],
    torque: Torque,
}

#[grad]
impl Body {
    fn torque(&self) -> [f64; 3] {
        match self.torque {
            Torque::None => [0.0; 3],
            Torque::Constant(torque) => torque,
            Torque::Drag { factor, limit } => {
                let most = limit.unwrap_or(10.0);
                let spin: [f64; 3] = self.spin;
                spin.map(|s| -(factor * s).min(most))
            }
        }
    }

    fn step(&mut self, dt: f64) {
        let torque = self.torque();
        let ([p, q, r], [a, b, c]) = (self.spin, self.inertia);
        self.spin[0] += dt * (torque[0] - (c - b) * q * r) / a;
        self.spin[1] += dt * (torque[1] - (a - c) * r * p) / b;
        self.spin[2] += dt * (torque[2] - (b - a) * p * q) / c;
        let rate = Quaternion { w: 0.0, v: self.spin };
        let change = self.attitude * rate * (0.5 * dt);
        self.attitude = (self.attitude + change).normalised();
    }
}

#[grad(jvp)]
fn pointing(p: &[f64]) -> f64 {
    let mut sum = 0.0;
    let torques = [
        Torque::None,
        Torque::Constant([p[0], 0.1, p[1]]),
        Torque::Drag { factor: p[2], limit: Some(p[1] * 0.8) },
    ];
    for torque in torques {
        let mut body = Body {
            attitude: Quaternion { w: 1.0, v: [p[0], 0.2, p[2]] }.normalised(),
            spin: [p[1], p[2] * 1.5, 0.4],
            inertia: [1.0, 2.0, p[0] + 2.0],
            torque,
        };
        for _ in 0..5 {
            body.step(0.1);
        }
        let [x, y, z] = body.attitude.turn([1.0, p[1], 0.0]);
        sum += x * y + z;
    }
    sum
}
confirmed!(a_body_turns: pointing at numbers(3));
