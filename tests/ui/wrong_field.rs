// errors: 4
use autodiff::{Differentiable, grad};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Model {
    weight: f64,
}

#[grad]
fn f(model: &Model, x: f64) -> f64 {
    model.wait * x
}

fn main() {}
