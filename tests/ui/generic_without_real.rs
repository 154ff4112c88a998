use std::ops::Mul;

use autodiff::grad;

#[grad]
fn square<T: Mul<Output = T> + Copy>(x: T) -> T {
    x * x
}

fn main() {}
