use std::ops::Mul;

use autodiff::{Differentiable, grad};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair {
    x: f64,
    y: f64,
}

#[grad]
impl Mul for Pair {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self { x: self.x * other.x, y: self.y * other.y }
    }
}

#[grad(hvp)]
fn product(x: f64, y: f64) -> f64 {
    let pair = Pair { x, y };
    let square = pair * pair;
    square.x + square.y
}

fn main() {}
