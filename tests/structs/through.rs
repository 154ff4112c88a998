//! Changes of what a pattern binds through a mutable reference: fields of variants, what an `Option`
//! holds.

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
enum Shape {
    Disc { radius: f64 },
    Box(f64, f64),
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Part {
    shape: Shape,
    coating: Option<f64>,
    density: f64,
}

#[grad]
fn scale(size: &mut f64, by: f64) {
    *size *= by.sin() + 2.0;
}

#[grad]
impl Part {
    fn grow(&mut self, by: f64) {
        match &mut self.shape {
            Shape::Disc { radius } => *radius *= by,
            Shape::Box(width, height) => {
                *width += by;
                *height *= *width;
            }
            Shape::Nothing => {}
        }
        if let Some(coating) = &mut self.coating {
            *coating += by * by;
        }
    }

    fn mass(&self) -> f64 {
        let volume = match self.shape {
            Shape::Disc { radius } => 3.0 * radius * radius,
            Shape::Box(width, height) => width * height,
            Shape::Nothing => 0.5,
        };
        volume * self.density + self.coating.unwrap_or(0.25)
    }
}

#[grad(jvp)]
fn grown(p: &[f64]) -> f64 {
    let shapes = [Shape::Disc { radius: p[0] }, Shape::Box(p[1], p[2]), Shape::Nothing];
    let mut total = 0.0;
    for (i, &shape) in shapes.iter().enumerate() {
        let coating = if i == 1 { None } else { Some(p[1] * p[1]) };
        let mut part = Part { shape, coating, density: p[2] };
        part.grow(p[0]);
        if i > 0 {
            part.grow(p[1]);
        }
        total += part.mass() * p[i];
    }
    total
}
confirmed!(variants_are_changed: grown at numbers(3));

#[grad]
fn spread(shape: &mut Shape, by: f64) {
    match shape {
        Shape::Disc { radius } if by > 100.0 => *radius = 1.0,
        Shape::Disc { radius } => {
            for _ in 0..3 {
                *radius = *radius * by + 0.1;
            }
        }
        Shape::Box(width, _) => scale(width, by),
        Shape::Nothing => {}
    }
}

#[grad(jvp)]
fn by_name(p: &[f64]) -> f64 {
    let mut disc = Shape::Disc { radius: p[0] };
    let mut flat = Shape::Box(p[1], p[2]);
    spread(&mut disc, p[1]);
    spread(&mut flat, p[0]);
    match flat {
        Shape::Box(ref mut width, _) => *width *= p[2],
        _ => {}
    }
    let mut sum = 0.0;
    for shape in [disc, flat] {
        sum += match shape {
            Shape::Disc { radius } => radius * radius,
            Shape::Box(width, height) => width * height * p[0],
            Shape::Nothing => 0.0,
        };
    }
    sum
}
confirmed!(variants_behind_a_name: by_name at numbers(3));

#[grad(jvp)]
fn in_a_loop(p: &[f64]) -> f64 {
    let mut parts = [
        Part { shape: Shape::Disc { radius: p[0] }, coating: Some(p[1]), density: p[2] },
        Part { shape: Shape::Box(p[1], p[0]), coating: None, density: p[0] },
    ];
    for step in 0..3 {
        for i in 0..parts.len() {
            let by = parts[1 - i].density * 0.3;
            if let Some(coating) = &mut parts[i].coating {
                *coating = *coating * by + p[2];
            }
            if let Shape::Disc { radius } = &mut parts[i].shape {
                *radius -= 0.1 * *radius * by;
            } else {
                parts[i].density *= p[1];
            }
            parts[i].grow(p[step] * 0.2);
        }
    }
    parts[0].mass() * parts[1].mass()
}
confirmed!(changed_in_a_loop: in_a_loop at numbers(3));

#[grad(jvp)]
fn pair(p: &[f64]) -> f64 {
    let part = Part { shape: Shape::Nothing, coating: Some(p[0]), density: p[1] };
    let mut of = [part, part];
    if let Some(first) = of[0].coating.as_mut() {
        *first *= p[1];
    }
    of[1].density *= p[2];
    of[0].mass() * of[1].mass()
}
confirmed!(in_an_array: pair at numbers(3));

#[test]
fn the_gradient_keeps_the_variant() {
    #[grad]
    fn after(part: &Part, by: f64) -> f64 {
        let mut part = *part;
        part.grow(by);
        part.mass()
    }
    let part = Part { shape: Shape::Disc { radius: 2.0 }, coating: None, density: 1.0 };
    let (bar, by_bar) = after_grad(&part, 3.0);
    // 3 (r b)² ρ
    assert_eq!(bar.shape, ShapeTangent::Disc { radius: 108.0 });
    assert_eq!((bar.coating, bar.density, by_bar), (None, 108.0, 72.0));
}
