//! A body, and how it moves.

use ad::{Differentiable, grad};

use crate::geo::{Field, Vec3};

/// Something with a place and a speed.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
#[differentiable(crate = ad)]
pub struct Body {
    /// Where it is.
    pub at: Vec3,
    /// How fast.
    pub speed: Vec3,
    /// How heavy.
    pub mass: f64,
}

#[grad(crate = ad)]
impl Body {
    /// A step of symplectic Euler.
    pub fn step(&mut self, force: Vec3, dt: f64) {
        self.speed += force * (dt / self.mass);
        self.at += self.speed * dt;
    }

    /// Where it will be, if nothing pulls.
    pub fn ahead(&self, t: f64) -> Vec3 {
        self.at + self.speed * t
    }

    /// That of its motion.
    pub fn kinetic(&self) -> f64 {
        0.5 * self.mass * crate::geo::dot(&self.speed, &self.speed)
    }
}

/// The body after some steps in a field.
#[grad(crate = ad)]
pub fn simulate<F: Field + Differentiable>(field: &F, body: Body, dt: f64, steps: usize) -> Body {
    let mut body = body;
    for _ in 0..steps {
        let force = field.force(&body.at);
        body.step(force, dt);
    }
    body
}
