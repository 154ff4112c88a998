//! Bodies in a `Vec` of a struct, replaced and changed in place.

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Body {
    x: f64,
    v: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct World {
    bodies: Vec<Body>,
    gravity: f64,
    time: f64,
}

#[grad]
impl Body {
    fn accelerated(self, a: f64, dt: f64) -> Self {
        Self { v: self.v + a * dt, ..self }
    }

    fn drift(&mut self, dt: f64) {
        self.x += self.v * dt;
    }
}

#[grad]
impl World {
    fn step(&mut self, dt: f64) {
        for i in 0..self.bodies.len() {
            let body = self.bodies[i];
            self.bodies[i] = body.accelerated(-self.gravity * body.x, dt);
            self.bodies[i].drift(dt);
        }
        self.time += dt;
    }

    fn energy(&self) -> f64 {
        let mut energy = 0.0;
        for body in &self.bodies {
            if body.x > 10.0 {
                continue;
            }
            energy += 0.5 * (body.v * body.v + self.gravity * body.x * body.x);
        }
        energy
    }
}

#[grad(jvp)]
fn simulated(p: &[f64]) -> f64 {
    let bodies = vec![Body { x: p[0], v: p[1] }, Body { x: p[1], v: p[0] * p[0] }];
    let mut world = World { bodies, gravity: p[2], time: 0.0 };
    let mut steps = 0;
    while world.time < 0.5 && steps < 20 {
        world.step(0.1 * p[3]);
        steps += 1;
    }
    world.energy() + world.bodies.iter().map(|body| body.x).sum::<f64>()
}
confirmed!(a_world_of_bodies: simulated at numbers(4));
