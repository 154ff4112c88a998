//! Bodies with positions and velocities that are vectors: arithmetic on fields, none of which has a
//! spelled type.

use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

#[grad]
impl Add for Vec2 {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { x: self.x + other.x, y: self.y + other.y }
    }
}

#[grad]
impl Sub for Vec2 {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y }
    }
}

#[grad]
impl Mul<f64> for Vec2 {
    type Output = Self;

    fn mul(self, k: f64) -> Self {
        Self { x: self.x * k, y: self.y * k }
    }
}

#[grad]
impl Mul<Vec2> for f64 {
    type Output = Vec2;

    fn mul(self, v: Vec2) -> Vec2 {
        v * self
    }
}

#[grad]
impl Div<f64> for Vec2 {
    type Output = Self;

    fn div(self, k: f64) -> Self {
        Self { x: self.x / k, y: self.y / k }
    }
}

#[grad]
impl Neg for Vec2 {
    type Output = Self;

    fn neg(self) -> Self {
        Self { x: -self.x, y: -self.y }
    }
}

#[grad]
impl AddAssign for Vec2 {
    fn add_assign(&mut self, other: Self) {
        self.x += other.x;
        self.y += other.y;
    }
}

#[grad]
impl SubAssign for Vec2 {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

#[grad]
impl MulAssign<f64> for Vec2 {
    fn mul_assign(&mut self, k: f64) {
        self.x *= k;
        self.y *= k;
    }
}

#[grad]
impl Vec2 {
    fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    fn norm(self) -> f64 {
        self.dot(self).sqrt()
    }

    fn rotated(self, angle: f64) -> Self {
        let (s, c) = angle.sin_cos();
        Self { x: c * self.x - s * self.y, y: s * self.x + c * self.y }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Body {
    pos: Vec2,
    vel: Vec2,
    mass: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct World {
    bodies: Vec<Body>,
    gravity: Vec2,
    drag: f64,
    steps: usize,
}

#[grad]
impl Body {
    fn at_rest(pos: Vec2, mass: f64) -> Self {
        Self { pos, vel: Vec2 { x: 0.0, y: 0.0 }, mass }
    }

    fn momentum(&self) -> Vec2 {
        self.vel * self.mass
    }

    fn kinetic(&self) -> f64 {
        0.5 * self.mass * self.vel.dot(self.vel)
    }

    fn pull(&self, other: &Body) -> Vec2 {
        let apart = other.pos - self.pos;
        let r = apart.norm() + 0.1;
        apart * (self.mass * other.mass / (r * r * r))
    }

    fn drifted(&self, dt: f64) -> Body {
        Body { pos: self.pos + self.vel * dt, ..*self }
    }

    fn kick(&mut self, force: Vec2, dt: f64) {
        self.vel += force / self.mass * dt;
    }

    fn drift(&mut self, dt: f64) {
        self.pos += self.vel * dt;
        self.vel *= 1.0 - 0.01 * dt;
    }

    fn bounce(&mut self) {
        if self.pos.y < 0.0 {
            self.pos = -self.pos;
            self.vel = -0.9 * self.vel;
        }
    }
}

#[grad]
impl World {
    fn step(&mut self, dt: f64) {
        for i in 0..self.bodies.len() {
            let mut force = self.gravity * self.bodies[i].mass;
            for j in 0..self.bodies.len() {
                if i != j {
                    force += self.bodies[i].pull(&self.bodies[j]);
                }
            }
            force -= self.drag * self.bodies[i].vel;
            self.bodies[i].kick(force, dt);
        }
        for i in 0..self.bodies.len() {
            self.bodies[i].drift(dt);
            self.bodies[i].bounce();
        }
        self.steps += 1;
    }

    fn centre(&self) -> Vec2 {
        let mut sum = Vec2::new(0.0, 0.0);
        let mut mass = 0.0;
        for body in &self.bodies {
            sum = sum + body.pos * body.mass;
            mass += body.mass;
        }
        sum / mass
    }

    fn energy(&self) -> f64 {
        let mut total = 0.0;
        for body in &self.bodies {
            total += body.kinetic() - body.mass * self.gravity.dot(body.pos);
        }
        total
    }
}

#[grad]
fn world(p: &[f64]) -> World {
    let bodies = vec![
        Body { pos: Vec2::new(p[0], p[1]), vel: Vec2::new(p[2], -p[3]), mass: p[4] },
        Body::at_rest(Vec2 { x: -p[5], y: p[0] * p[1] }, p[6]),
    ];
    World { bodies, gravity: Vec2 { x: 0.0, y: -p[7] }, drag: 0.1, steps: 0 }
}

#[grad(jvp)]
fn simulated(p: &[f64]) -> f64 {
    let mut world = world(p);
    for _ in 0..20 {
        world.step(0.1);
    }
    world.energy() + world.centre().norm()
}
confirmed!(bodies_pull_each_other: simulated at numbers(8), [1.0, 0.3, 0.5, 1.5, 1.2, 0.8, 0.7, 0.9]);

#[grad]
fn interpolated(a: &Body, b: &Body, t: f64) -> Body {
    Body {
        pos: a.pos + (b.pos - a.pos) * t,
        vel: a.vel * (1.0 - t) + b.vel * t,
        mass: a.mass * (1.0 - t) + b.mass * t,
    }
}

#[grad]
fn meeting(a: &Body, b: &Body) -> f64 {
    let gap = b.pos - a.pos;
    let speed = b.vel - a.vel;
    -gap.dot(speed) / speed.dot(speed)
}

#[grad(jvp)]
fn collided(p: &[f64]) -> f64 {
    let a = Body { pos: Vec2::new(p[0], p[1]), vel: Vec2::new(p[2], -p[3]), mass: p[4] };
    let b = a.drifted(p[5]);
    let b = Body { pos: b.pos.rotated(p[6]), vel: -b.vel, ..b };
    let t = meeting(&a, &b);
    let middle = interpolated(&a, &b, t);
    let (p, q) = (a.momentum(), middle.momentum());
    (p + q).norm() + (p - q).dot(middle.pos) + t
}
confirmed!(two_bodies_meet: collided at numbers(7));
