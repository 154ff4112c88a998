//! Enums: built, matched, passed on, in loops and in structs.

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

/// A shape, with something inert in it, and something skipped.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
enum Shape {
    /// Round.
    Circle {
        /// Half as wide as it is.
        radius: f64,
    },
    /// With corners; how many are rounded.
    Rectangle(f64, f64, u8),
    /// None at all.
    Nothing,
}

#[grad(jvp)]
fn area(shape: &Shape, k: f64) -> f64 {
    match *shape {
        Shape::Circle { radius } => k * radius * radius,
        Shape::Rectangle(w, h, n) => w * h - n as f64 * k,
        Shape::Nothing => 0.0,
    }
}

#[test]
fn the_gradient_follows_the_variant() {
    let (bar, k_bar) = area_grad(&Shape::Circle { radius: 2.0 }, 3.0);
    assert_eq!(bar, ShapeTangent::Circle { radius: 12.0 });
    approx::assert_relative_eq!(k_bar, 4.0);
    let (bar, k_bar) = area_grad(&Shape::Rectangle(2.0, 5.0, 1), 3.0);
    assert_eq!(bar, ShapeTangent::Rectangle(5.0, 2.0, ()));
    approx::assert_relative_eq!(k_bar, -1.0);
    assert_eq!(area_grad(&Shape::Nothing, 3.0), (ShapeTangent::Nothing, 0.0));
}

impl Shape {
    #[grad]
    fn scaled(self, k: f64) -> Self {
        match self {
            Self::Circle { radius } => Self::Circle { radius: radius * k },
            Self::Rectangle(w, h, n) => Self::Rectangle(w * k, h * k.sin(), n),
            Self::Nothing => self,
        }
    }

    #[grad]
    fn width(&self) -> f64 {
        if let Shape::Circle { radius } = self {
            2.0 * radius
        } else if let Shape::Rectangle(w, ..) = self {
            *w
        } else {
            0.0
        }
    }
}

#[grad(jvp)]
fn built(p: &[f64]) -> f64 {
    let shape = Shape::Rectangle(p[0], p[1] * p[2], 2);
    let round = Shape::Circle { radius: p[2] };
    area(&shape, p[2]) * area(&round.scaled(p[0]), p[1])
}
confirmed!(variants_are_built: built at numbers(3));

#[grad(jvp)]
fn chosen(p: &[f64]) -> f64 {
    let shape = if p[0] > 1.0 {
        Shape::Circle { radius: p[0] * p[1] }
    } else {
        Shape::Rectangle(p[0], p[1], 0)
    };
    let other = shape.scaled(p[2]);
    area(&other, p[1]) + shape.width() * other.width()
}
confirmed!(variants_are_chosen: chosen at [0.7, 1.2, 0.9], [1.3, 0.4, 0.8]);

#[grad(jvp)]
fn listed(p: &[f64]) -> f64 {
    let shapes = [
        Shape::Circle { radius: p[0] },
        Shape::Nothing,
        Shape::Rectangle(p[1], p[2], 1),
        Shape::Circle { radius: p[1] * p[2] },
    ];
    let mut total = 0.0;
    for (i, shape) in shapes.iter().enumerate() {
        total += match shape {
            Shape::Circle { radius } if i > 1 => radius.sin() * p[0],
            Shape::Circle { radius } => radius * p[1],
            Shape::Rectangle(w, h, _) => w * h * h,
            Shape::Nothing => p[2] * p[2],
        };
    }
    total
}
confirmed!(shapes_in_a_loop: listed at numbers(3));

#[grad(jvp)]
fn repeated(p: &[f64]) -> f64 {
    let mut shape = Shape::Rectangle(p[0], p[1], 1);
    let mut total = 0.0;
    for i in 0..4 {
        match shape {
            Shape::Rectangle(w, h, _) => {
                total += w * h;
                if i == 1 {
                    shape = Shape::Circle { radius: w + h };
                } else {
                    shape = Shape::Rectangle(h * p[2], w, 1);
                }
            }
            Shape::Circle { radius } => {
                total += radius.sin();
                shape = Shape::Circle { radius: radius * p[2] };
            }
            Shape::Nothing => {}
        }
    }
    total + shape.width()
}
confirmed!(carried_by_a_loop: repeated at numbers(3));

#[grad(jvp)]
fn the_same_in_every_iteration(p: &[f64]) -> f64 {
    let shape = Shape::Circle { radius: p[0] };
    let mut total = 0.0;
    for i in 1..p.len() {
        total += match &shape {
            Shape::Rectangle(w, h, _) => w * h * p[i],
            Shape::Circle { radius } => radius * radius * p[i],
            Shape::Nothing => 1.0,
        };
    }
    total
}
confirmed!(matched_in_every_iteration: the_same_in_every_iteration at numbers(4));

/// Something with a shape.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Part {
    shape: Shape,
    density: f64,
}

#[grad]
fn mass(part: &Part, k: f64) -> f64 {
    let volume = match part.shape {
        Shape::Circle { radius } => radius.powi(2) * k,
        Shape::Rectangle(w, h, _) => w * h,
        Shape::Nothing => return 0.0,
    };
    volume * part.density
}

#[grad(jvp)]
fn weighed(p: &[f64]) -> f64 {
    let round = Part { shape: Shape::Circle { radius: p[0] }, density: p[1] };
    let flat = Part { shape: Shape::Rectangle(p[1], p[2], 0), density: p[0] };
    mass(&round, p[2]) * mass(&flat, 1.0)
}
confirmed!(shapes_in_structs: weighed at numbers(3));
