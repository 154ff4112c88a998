use autodiff::{Differentiable, grad};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    damping: Option<f64>,
}

#[grad]
fn damping(spring: &Spring) -> Option<f64> {
    spring.damping
}

fn main() {}
