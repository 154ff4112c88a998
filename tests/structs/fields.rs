//! Fields: read, assigned, built and taken apart.

use std::ops::{Add, Div, Mul, Neg, Sub};

use autodiff::{Differentiable, grad, stop_gradient};

use crate::{Camera, Meters, Vec3, confirmed, numbers};

#[grad(jvp)]
fn read(p: &[f64]) -> f64 {
    let v = Vec3 { x: p[0], y: p[1], z: p[2] };
    v.x * v.y + v.z.sin() * v.x
}
confirmed!(fields_are_read: read at numbers(3));

#[grad(jvp)]
fn shorthand(p: &[f64]) -> f64 {
    let (x, y) = (p[0] * p[1], p[1].exp());
    let z = x;
    let v = Vec3 { x, y, z };
    let w = v;
    w.x * w.y * w.z
}
confirmed!(shorthand_and_copies: shorthand at numbers(2));

#[grad(jvp)]
fn assigned(p: &[f64]) -> f64 {
    let mut v = Vec3 { x: p[0], y: p[1], z: 0.0 };
    v.z = v.x * v.y;
    v.x += v.z;
    v.y *= v.x;
    v.z -= 2.0 * v.y;
    v.x = 3.0;
    v.x * v.y + v.z * v.z
}
confirmed!(fields_are_assigned: assigned at numbers(2));

#[grad(jvp)]
fn updated(p: &[f64]) -> f64 {
    let v = Vec3 { x: p[0], y: p[1], z: p[2] };
    let w = Vec3 { y: v.x * v.z, ..v };
    let u = Vec3 { x: 1.0, ..w };
    w.x * w.y * w.z + u.y * u.z
}
confirmed!(functional_update: updated at numbers(3));

#[grad(jvp)]
fn taken_apart(p: &[f64]) -> f64 {
    let v = Vec3 { x: p[0], y: p[1] * p[0], z: p[2] };
    let Vec3 { x, y: height, .. } = v;
    let Meters(length) = Meters(x * height);
    length * v.z
}
confirmed!(patterns: taken_apart at numbers(3));

#[grad(jvp)]
fn newtype(p: &[f64]) -> f64 {
    let a = Meters(p[0]);
    let b = Meters(a.0 * p[1]);
    a.0 * b.0
}
confirmed!(tuple_structs: newtype at numbers(2));

#[grad(jvp)]
fn chosen(p: &[f64]) -> f64 {
    let a = Vec3 { x: p[0], y: p[1], z: p[2] };
    let b = if a.x > a.y { Vec3 { x: a.y, ..a } } else { Vec3 { y: a.x * a.z, ..a } };
    b.x * b.y + b.z
}
confirmed!(built_in_branches: chosen at [0.3, 0.7, 1.1], [0.9, 0.2, 1.3]);

#[grad(jvp)]
fn carried(p: &[f64]) -> f64 {
    let mut v = Vec3 { x: p[0], y: p[1], z: p[2] };
    for i in 0..4 {
        let dt = 0.1 * (i as f64 + 1.0);
        v = Vec3 { x: v.x + dt * v.y, y: v.y - dt * v.x.sin(), z: v.z * v.x };
    }
    v.x + v.y * v.z
}
confirmed!(carried_by_a_loop: carried at numbers(3));

#[grad(jvp)]
fn stepped(p: &[f64]) -> f64 {
    let mut v = Vec3 { x: p[0], y: p[1], z: 0.0 };
    let mut n = 0;
    while v.x < 4.0 && n < 10 {
        v.x += 0.3 * v.y;
        v.y += 0.1 * v.x * v.x;
        v.z += v.x * v.y;
        n += 1;
    }
    v.z
}
confirmed!(fields_in_a_while_loop: stepped at numbers(2));

#[grad]
fn weighted(camera: &Camera, p: Vec3) -> f64 {
    let mut sum = 0.0;
    for i in 0..camera.weights.len() {
        sum += camera.weights[i] * p.x;
    }
    let scale = camera.count as f64;
    sum * camera.focal / scale + camera.pos.x * p.y + stop_gradient(camera.exposure)
}

fn camera() -> Camera {
    let pos = Vec3 { x: 0.3, y: 0.5, z: 0.7 };
    Camera { pos, focal: 2.0, count: 3, weights: vec![0.25, 0.5], exposure: 1.5 }
}

#[test]
fn gradients_are_named_by_field() {
    let p = Vec3 { x: 2.0, y: 3.0, z: 4.0 };
    let (camera_bar, p_bar) = weighted_grad(&camera(), p);
    assert_eq!(camera_bar.pos, Vec3 { x: 3.0, y: 0.0, z: 0.0 });
    approx::assert_relative_eq!(camera_bar.focal, 0.5, max_relative = 1e-15);
    approx::assert_relative_eq!(camera_bar.weights[1], 4.0 / 3.0, max_relative = 1e-15);
    approx::assert_relative_eq!(p_bar.x, 0.5, max_relative = 1e-15);
    approx::assert_relative_eq!(p_bar.y, 0.3, max_relative = 1e-15);
}

#[grad(jvp)]
fn many(p: &[f64]) -> f64 {
    let points = [
        Vec3 { x: p[0], y: p[1], z: p[2] },
        Vec3 { x: p[1], y: p[2] * p[0], z: p[0] },
        Vec3 { x: p[2], y: p[0], z: p[1].sin() },
    ];
    let mut total = 0.0;
    for point in &points {
        total += point.x * point.y * point.z;
    }
    for i in 0..points.len() {
        total += points[i].x * points[(i + 1) % 3].z;
    }
    total
}
confirmed!(arrays_of_structs: many at numbers(3));

#[grad(jvp)]
fn pushed(p: &[f64]) -> f64 {
    let mut points: Vec<Vec3> = Vec::new();
    for i in 0..p.len() {
        points.push(Vec3 { x: p[i], y: p[i] * p[0], z: 1.0 });
    }
    let mut total = 0.0;
    for point in points.iter() {
        total += point.x * point.y + point.z;
    }
    total
}
confirmed!(vectors_of_structs: pushed at numbers(4));

#[grad(jvp)]
fn changed_in_an_array(p: &[f64]) -> f64 {
    let mut points = [Vec3 { x: p[0], y: p[1], z: p[2] }; 3];
    for i in 1..3 {
        points[i].x += points[i - 1].x * points[i].y;
        points[i].z = points[i - 1].x;
    }
    points[2].x * points[2].z + points[1].y
}
confirmed!(elements_fields: changed_in_an_array at numbers(3));

#[grad(jvp)]
fn summed(p: &[f64]) -> f64 {
    let points: [Vec3; 2] =
        [Vec3 { x: p[0], y: p[1], z: p[2] }, Vec3 { x: p[1], y: p[2], z: p[0] * p[0] }];
    points.iter().map(|point| point.x * point.z).sum::<f64>() + points[0].y
}
confirmed!(chains_over_structs: summed at numbers(3));

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Vector {
    parts: [f64; 3],
}

#[grad]
impl Vector {
    fn norm(&self) -> f64 {
        self.dot(self).sqrt()
    }

    fn dot(&self, other: &Self) -> f64 {
        let mut sum = 0.0;
        for (a, b) in self.parts.iter().zip(&other.parts) {
            sum += a * b;
        }
        sum
    }
}

/// a.y *= b.y; a · b / |a|
#[grad]
fn overwritten_field(a: &Vector, b: &Vector) -> f64 {
    let mut a = a.clone();
    a.parts[1] *= b.parts[1];
    a.dot(b) / a.norm()
}

#[test]
fn an_element_of_an_array_field_is_overwritten() {
    let (a, b) = (Vector { parts: [1.0, 2.0, 3.0] }, Vector { parts: [4.0, 5.0, 6.0] });
    let (value, (a_bar, b_bar)) = overwritten_field_value_and_grad(&a, &b);
    let close = |found: f64, known: f64| assert!((found - known).abs() < 1e-11, "{found} {known}");
    close(value, 6.864_930_642_57);
    let known = [0.318_976_575_311, -0.736_766_546_235, 0.384_852_172_386];
    a_bar.parts.into_iter().zip(known).for_each(|(found, known)| close(found, known));
    let known = [0.095_346_258_924_6, 0.658_755_970_752, 0.286_038_776_774];
    b_bar.parts.into_iter().zip(known).for_each(|(found, known)| close(found, known));
}

/// A law of some power, an integer that only the struct knows the type of.
#[derive(Clone, Debug, Differentiable)]
struct Law {
    factor: f64,
    power: i32,
    count: usize,
}

impl Law {
    #[grad]
    fn at(&self, x: f64) -> f64 {
        let n: i32 = self.power;
        let m = self.power;
        self.factor * x.powi(n) + x.powi(m) * x.powi(self.power - 1) + x.powi(self.count as i32)
    }
}

#[grad(jvp)]
fn integer_fields(p: &[f64]) -> f64 {
    let law = Law { factor: p[0], power: 3, count: 4 };
    let n: i32 = law.power;
    law.at(p[1]) + f64::powi(p[2], law.power) * p[0].powi(n)
}
confirmed!(exponents_are_fields: integer_fields at numbers(3));

#[test]
fn an_exponent_is_not_in_the_gradient() {
    let (bar, x_bar) = Law { factor: 2.0, power: 3, count: 4 }.at_grad(2.0);
    assert_eq!((bar.factor, x_bar), (8.0, 6.0 * 4.0 + 5.0 * 16.0 + 4.0 * 8.0));
}

/// Operators by the names of their methods.
#[grad(jvp)]
fn by_name(p: &[f64]) -> f64 {
    let [x, y, z] = [p[0], p[1], p[2]];
    x.mul(y).add(z.neg()).sub(x.div(y.add(2.0)))
}
confirmed!(operators_by_name: by_name at numbers(3));
