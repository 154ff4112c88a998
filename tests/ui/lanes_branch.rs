//! Of several floats one may be less and the other greater: rustc refuses the comparison.

use autodiff::{Lanes, grad};

#[grad]
fn relu<T: Lanes>(x: T) -> T {
    if x > T::zero() { x } else { T::zero() }
}

fn main() {
    let _ = relu_grad(1.0);
}
