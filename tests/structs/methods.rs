//! Methods, associated functions, and calls with structs.

use autodiff::{Differentiable, grad};

use crate::{Camera, Vec3, confirmed, numbers};

#[grad]
fn dot(a: Vec3, b: Vec3) -> f64 {
    a.x * b.x + a.y * b.y + a.z * b.z
}

#[grad]
fn cross(a: &Vec3, b: &Vec3) -> Vec3 {
    Vec3 { x: a.y * b.z - a.z * b.y, y: a.z * b.x - a.x * b.z, z: a.x * b.y - a.y * b.x }
}

#[grad]
impl Vec3 {
    /// Of three numbers.
    pub fn of(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }

    /// Its length.
    pub fn norm(&self) -> f64 {
        (self.x * self.x + self.y * self.y + self.z * self.z).sqrt()
    }

    /// Of length one.
    pub fn normalized(self) -> Self {
        let n = self.norm();
        Self { x: self.x / n, y: self.y / n, z: self.z / n }
    }

    /// Longer.
    pub fn scaled(&self, by: f64) -> Self {
        Self { x: self.x * by, y: self.y * by, z: self.z * by }
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Self {
        Self { x: self.x + other.x, y: self.y + other.y, z: self.z + other.z }
    }

    /// Moves it.
    pub fn shift(&mut self, by: &Self, dt: f64) {
        self.x += by.x * dt;
        self.y += by.y * dt;
        self.z += by.z * dt;
    }
}

#[grad(jvp)]
fn calls(p: &[f64]) -> f64 {
    let a = Vec3 { x: p[0], y: p[1], z: p[2] };
    let b = Vec3 { x: p[2], y: p[0], z: p[1] * p[1] };
    let n = cross(&a, &b);
    dot(n, a.scaled(2.0)) + dot(a, a) + n.norm() * b.normalized().x
}
confirmed!(functions_of_structs: calls at numbers(3));

#[grad(jvp)]
fn composed(p: &[f64]) -> f64 {
    let a = Vec3::of(p[0], p[1], p[2]);
    let b = a.plus(a.scaled(p[0])).normalized();
    b.x * a.norm() + b.plus(Vec3::of(p[1], 0.0, 1.0)).z
}
confirmed!(methods_of_results: composed at numbers(3));

#[grad(jvp)]
fn moved_along(p: &[f64]) -> f64 {
    let mut at = Vec3::of(p[0], p[1], p[2]);
    let mut v = Vec3::of(p[1], p[2], p[0]);
    for _ in 0..3 {
        at.shift(&v, 0.1);
        let pull = at.scaled(-0.5);
        v.shift(&pull, 0.1);
    }
    at.norm() + v.x
}
confirmed!(methods_that_change: moved_along at numbers(3));

impl Camera {
    #[grad]
    fn energy(&self, k: f64) -> f64 {
        self.focal * k + dot(self.pos, self.pos) * self.count as f64
    }

    #[grad]
    fn both(&self, k: f64) -> f64 {
        2.0 * self.energy(k) + self.energy(self.focal) + self.pos.norm()
    }

    #[grad(vjp)]
    fn advance(&mut self, dt: f64) {
        self.pos.x += dt * self.pos.y;
        self.focal *= 1.0 + dt;
        self.count += 1;
        for i in 0..self.weights.len() {
            self.weights[i] *= self.focal;
        }
    }
}

#[grad(jvp)]
fn with_memory(p: &[f64]) -> f64 {
    let pos = Vec3::of(p[0], p[1], p[2]);
    let mut camera =
        Camera { pos, focal: p[3], count: 2, weights: vec![p[0], p[4]], exposure: 0.0 };
    camera.advance(0.1);
    camera.advance(p[4]);
    camera.both(p[1]) + camera.weights[0] * camera.weights[1]
}
confirmed!(a_struct_with_memory: with_memory at numbers(5));

#[test]
fn the_gradient_with_respect_to_self() {
    let pos = Vec3 { x: 0.3, y: 0.5, z: 0.7 };
    let camera = Camera { pos, focal: 2.0, count: 3, weights: vec![0.25], exposure: 1.5 };
    let (camera_bar, k_bar) = camera.energy_grad(0.7);
    approx::assert_relative_eq!(camera_bar.focal, 0.7, max_relative = 1e-15);
    approx::assert_relative_eq!(camera_bar.pos.z, 4.2, max_relative = 1e-15);
    approx::assert_relative_eq!(k_bar, 2.0, max_relative = 1e-15);
    let (value, _) = camera.energy_value_and_grad(0.7);
    approx::assert_relative_eq!(value, camera.energy(0.7), max_relative = 1e-15);
}

/// A matrix with its size in its type.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Matrix<const N: usize> {
    rows: [[f64; N]; N],
}

#[grad]
impl<const N: usize> Matrix<N> {
    fn times(&self, v: &[f64; N]) -> [f64; N] {
        let mut out = [0.0; N];
        for i in 0..N {
            for j in 0..N {
                out[i] += self.rows[i][j] * v[j];
            }
        }
        out
    }

    fn trace(&self) -> f64 {
        let mut sum = 0.0;
        for i in 0..N {
            sum += self.rows[i][i];
        }
        sum
    }
}

#[grad(jvp)]
fn generic(p: &[f64]) -> f64 {
    let m = Matrix { rows: [[p[0], p[1]], [p[2], p[3]]] };
    let v = m.times(&[p[1], p[0]]);
    let w = m.times(&v);
    w[0] * v[1] + m.trace()
}
confirmed!(methods_of_generic_types: generic at numbers(4));

trait Energy {
    fn energy(&self, x: f64) -> f64;
}

struct Spring {
    k: f64,
}

impl Energy for Spring {
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.k * x * x
    }
}

#[grad(constant(spring))]
fn inert_receiver(spring: &Spring, x: f64) -> f64 {
    let k = spring.energy(2.0);
    k * x
}

#[test]
fn methods_without_active_arguments_are_left_alone() {
    let x_bar = inert_receiver_grad(&Spring { k: 3.0 }, 0.5);
    approx::assert_relative_eq!(x_bar, 6.0, max_relative = 1e-15);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Grain {
    at: f64,
    speed: f64,
}

#[grad]
impl Grain {
    fn pushed(&mut self, by: f64) {
        self.speed *= by;
        self.at += self.speed;
    }

    fn turned(&mut self, by: f64) {
        *self = Grain { at: self.speed * by, speed: self.at };
    }

    /// Named as a method of slices is.
    fn get(&self, scale: f64) -> f64 {
        self.at * scale
    }
}

/// A method that changes what a reference leads to, and one that reads it.
#[grad(jvp)]
fn through_references(p: &[f64]) -> f64 {
    let mut grains = [Grain { at: p[0], speed: p[1] }; 3];
    for grain in grains.iter_mut() {
        grain.pushed(p[2]);
    }
    for (i, grain) in grains.iter_mut().enumerate() {
        grain.pushed(p[i]);
    }
    for grain in &mut grains {
        grain.turned(p[1]);
    }
    for (grain, by) in grains.iter_mut().zip(p) {
        grain.pushed(*by);
    }
    grains.iter_mut().for_each(|grain| grain.pushed(p[0]));
    let first = &mut grains[0];
    first.turned(p[2]);
    let (_, rest) = grains.split_at_mut(1);
    for grain in rest {
        grain.pushed(p[1]);
    }
    let mut sum = 0.0;
    for grain in &mut grains {
        sum += grain.get(p[2]) * grain.speed;
    }
    sum
}

#[grad(jvp)]
fn through_references_to_a_vec(p: &[f64]) -> f64 {
    let mut grains = Vec::new();
    for &at in p {
        grains.push(Grain { at, speed: at * p[0] });
    }
    for grain in grains.iter_mut() {
        grain.pushed(p[1]);
    }
    let last = &mut grains[2];
    last.turned(p[0]);
    grains[0].at * grains[2].speed + grains[1].at
}

confirmed!(methods_through_references: through_references at numbers(3));
confirmed!(methods_through_references_to_a_vec: through_references_to_a_vec at numbers(3));
