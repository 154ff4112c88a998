use autodiff::{Differentiable, grad};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[grad]
fn f((k, p): (f64, Point)) -> f64 {
    k * p.x * p.y
}

fn main() {}
