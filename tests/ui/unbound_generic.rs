use std::ops::Mul;

use autodiff::grad;

#[grad]
fn scaled<T: Copy + Mul<f64, Output = f64>>(x: T) -> f64 {
    x * 2.0
}

fn main() {}
