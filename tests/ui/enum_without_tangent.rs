// errors: 2
use autodiff::grad;

enum Shape {
    Circle(f64),
}

#[grad]
fn f(x: f64) -> f64 {
    let shape = Shape::Circle(x * x);
    match shape {
        Shape::Circle(radius) => radius,
    }
}

fn main() {}
