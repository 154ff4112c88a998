//! Enums and options in memory that are given another variant, after the old one has been read:
//! the cotangent has the shape of what was there at the time.

use autodiff::{Differentiable, grad};

use crate::confirmed;

/// No `Copy`.
#[derive(Clone, Debug, PartialEq, Differentiable)]
enum Shape {
    Circle(f64),
    Square { side: f64, tilt: f64 },
    Path(f64, f64),
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Part {
    shape: Shape,
    bonus: Option<f64>,
}

/// A field.
#[grad(jvp)]
fn field(p: &[f64]) -> f64 {
    let mut part = Part { shape: Shape::Circle(p[0] * p[1]), bonus: Some(p[0]) };
    let before = match &part.shape {
        Shape::Circle(r) => r * r,
        Shape::Square { side, tilt } => side * p[0] + tilt,
        Shape::Path(a, _) => *a,
    };
    part.shape = Shape::Square { side: before * p[0], tilt: p[1] };
    let after = match &part.shape {
        Shape::Circle(r) => r * r,
        Shape::Square { side, tilt } => side * p[0] + tilt * p[1],
        Shape::Path(a, _) => *a,
    };
    let bonus = match part.bonus {
        Some(bonus) => bonus * p[1],
        None => p[1],
    };
    part.bonus = if bonus > 1e3 { Some(p[1]) } else { None };
    let none = match part.bonus {
        Some(bonus) => bonus,
        None => p[0] * p[0],
    };
    before + after * bonus + none
}
confirmed!(a_field_of_another_variant: field at [0.7, 1.2], [-1.3, 0.4]);

/// Elements, each changed more than once.
#[grad(jvp)]
fn elements(p: &[f64]) -> f64 {
    let mut shapes = vec![Shape::Circle(p[0]), Shape::Square { side: p[1], tilt: 0.5 }];
    shapes.push(Shape::Path(p[1], p[0]));
    let mut total = 0.0;
    for step in 0..7 {
        let i = step % 3;
        let area = match &shapes[i] {
            Shape::Circle(r) => 3.0 * r * r,
            Shape::Square { side, tilt } => side * side * tilt,
            Shape::Path(a, b) => a * b + b,
        };
        total += area * p[1];
        shapes[i] =
            if step < 2 { Shape::Path(area, p[0]) } else { Shape::Circle(area * 0.1 + p[0]) };
    }
    total
}
confirmed!(elements_of_other_variants: elements at [0.7, 1.2], [-0.9, 0.4]);

/// A variable that a loop carries.
#[grad(jvp)]
fn carried(p: &[f64]) -> f64 {
    let mut shape = Shape::Circle(p[0]);
    let mut total = p[1];
    for step in 0..5 {
        total += match &shape {
            Shape::Circle(r) => r * r,
            Shape::Square { side, tilt } => side * p[0] * tilt,
            Shape::Path(a, b) => a * b,
        };
        shape = match step % 3 {
            0 => Shape::Square { side: total, tilt: p[1] },
            1 => Shape::Path(p[0] * total, p[1]),
            _ => Shape::Circle(0.1 * total),
        };
    }
    total
}
confirmed!(a_carried_variant: carried at [0.3, 0.4], [-0.5, 0.2]);

/// Changed on some ways only, by what has been read before.
#[grad(jvp)]
fn sometimes(p: &[f64]) -> f64 {
    let mut part = Part { shape: Shape::Circle(p[0]), bonus: None };
    for _ in 0..4 {
        let size = match &part.shape {
            Shape::Circle(r) => r * p[1],
            Shape::Square { side, tilt } => side * tilt,
            Shape::Path(a, _) => *a,
        };
        if size > 0.5 {
            part.bonus = Some(size * p[1]);
            part.shape = Shape::Square { side: size + p[1], tilt: size * p[0] };
        } else if let Some(bonus) = part.bonus {
            part.bonus = Some(bonus * bonus);
        } else {
            part.shape = Shape::Path(size + p[0], p[1]);
        }
    }
    let rest = match part.shape {
        Shape::Circle(r) => r,
        Shape::Square { side, tilt } => side * tilt,
        Shape::Path(a, b) => a * b,
    };
    rest + part.bonus.map_or(p[0] * p[1], |bonus| bonus * p[0])
}
confirmed!(a_variant_changed_in_arms: sometimes at [0.7, 1.2], [0.3, 0.4], [0.6, 0.9]);
