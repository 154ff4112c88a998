// errors: 2
use autodiff::{Differentiable, grad};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct V {
    x: f64,
    y: f64,
}

#[grad]
impl V {
    fn norm(&self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }
}

#[grad]
fn f(x: f64) -> f64 {
    let v = V { x, y: 2.0 * x };
    V::norm(&v) * x
}

fn main() {}
