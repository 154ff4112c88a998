// errors: 2
use autodiff::{Differentiable, grad};

trait Loss: Differentiable {
    // An `impl` could override the value, and the derivative would stay.
    #[grad]
    fn twice(&self, x: f64) -> f64 {
        2.0 * x
    }

    #[grad]
    fn mapped(&self, x: f64, index: impl Fn(usize) -> usize) -> f64 {
        index(2) as f64 * x
    }
}

fn main() {}
