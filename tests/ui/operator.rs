use autodiff::{Differentiable, grad};
use std::ops::{AddAssign, Mul};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Turn {
    cos: f64,
    sin: f64,
}

impl Mul for Turn {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let cos = self.cos * other.cos - self.sin * other.sin;
        Self { cos, sin: self.cos * other.sin + self.sin * other.cos }
    }
}

impl AddAssign for Turn {
    fn add_assign(&mut self, other: Self) {
        self.cos += other.cos;
        self.sin += other.sin;
    }
}

#[grad(vjp)]
fn twice(turn: Turn) -> Turn {
    turn * turn
}

fn main() {}
