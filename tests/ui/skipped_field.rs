// errors: 2
use autodiff::{Differentiable, grad};

#[derive(Clone, Debug, Differentiable)]
struct Model {
    weight: f64,
    #[differentiable(skip)]
    rate: f64,
}

#[grad]
fn f(model: &Model, x: f64) -> f64 {
    model.weight * x + model.rate * x
}

fn main() {}
