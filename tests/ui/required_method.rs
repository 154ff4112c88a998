use autodiff::{Differentiable, grad};

trait Loss: Differentiable {
    #[grad]
    fn loss(&self, x: f64) -> f64;
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Scaled {
    by: f64,
}

impl Loss for Scaled {
    fn loss(&self, x: f64) -> f64 {
        self.by * x
    }
}

fn main() {}
