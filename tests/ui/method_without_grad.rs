// errors: 2
use autodiff::{Differentiable, grad};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Model {
    weight: f64,
}

impl Model {
    fn loss(&self, x: f64) -> f64 {
        self.weight * x
    }
}

#[grad]
fn f(model: &Model, x: f64) -> f64 {
    model.loss(x)
}

fn main() {}
