use autodiff::{Differentiable, grad};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    stiffness: f64,
}

#[grad]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        self.stiffness * x * x
    }
}

#[grad(hessian)]
fn energy(x: f64, y: f64) -> f64 {
    let spring = Spring { stiffness: y };
    spring.energy(x)
}

fn main() {}
