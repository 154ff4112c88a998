//! Generic enums: variants by their own name, by `Self`, of both widths.

use autodiff::{Differentiable, Dual, Real, grad};

use crate::{check, close};

#[derive(Clone, Debug, PartialEq, Differentiable)]
enum Shape<T> {
    Circle { radius: T, sides: usize },
    Rectangle(T, T),
}

#[grad]
impl<T: Real> Shape<T> {
    fn area(&self, k: T) -> T {
        match self {
            Self::Circle { radius, .. } => k * *radius * *radius,
            Self::Rectangle(a, b) => k * *a * *b,
        }
    }
}

#[grad]
fn total<T: Real>(shapes: &[Shape<T>], k: T) -> T {
    let mut sum = T::zero();
    for shape in shapes {
        sum += shape.area(k);
        sum += match shape {
            Shape::Circle { radius, .. } => radius.ln(),
            Shape::Rectangle(a, b) => *a / *b,
        };
    }
    sum
}

#[grad]
fn of_double(shape: &Shape<f64>, k: f64) -> f64 {
    match shape {
        Shape::Circle { radius, .. } => k * radius * radius,
        Shape::Rectangle(a, b) => a * b * k,
    }
}

#[test]
fn variants_of_generic_enums() {
    fn shapes<T: Real>([r, a, b]: [T; 3]) -> [Shape<T>; 2] {
        [Shape::Circle { radius: r, sides: 3 }, Shape::Rectangle(a, b)]
    }
    let (bar, k) = total_grad(&shapes([0.7, 1.2, 0.4]), 1.5);
    let (ShapeTangent::Circle { radius, .. }, ShapeTangent::Rectangle(a, b)) = (&bar[0], &bar[1])
    else {
        panic!("other variants: {bar:?}");
    };
    fn run<T: Real>([r, a, b, k]: [T; 4]) -> T {
        total(&shapes([r, a, b]), k)
    }
    check([*radius, *a, *b, k], run::<f64>, run::<Dual>, [0.7, 1.2, 0.4, 1.5]);
    let (_, single) = total_grad(&shapes([0.7_f32, 1.2, 0.4]), 1.5);
    close([single], [k], 1e-6);
    let (bar, k) = of_double_grad(&Shape::Rectangle(2.0, 5.0), 3.0);
    assert_eq!((bar, k), (ShapeTangent::Rectangle(15.0, 6.0), 10.0));
}
