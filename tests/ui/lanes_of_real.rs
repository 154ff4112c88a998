//! A function of single numbers is not one of lanes.

use autodiff::{Real, grad};

#[grad]
fn relu<T: Real>(x: T) -> T {
    if x > T::zero() { x } else { T::zero() }
}

fn main() {
    let _ = relu_grad(wide::f64x4::ONE);
}
