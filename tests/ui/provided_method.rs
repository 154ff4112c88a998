use autodiff::{Differentiable, grad};

trait Loss: Differentiable {
    // An `impl` could override the value, and the derivative would stay.
    #[grad]
    fn twice(&self, x: f64) -> f64 {
        2.0 * x
    }
}

fn main() {}
