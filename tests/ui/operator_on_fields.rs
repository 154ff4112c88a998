use autodiff::{Differentiable, grad};
use std::ops::Add;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point {
    x: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Body {
    at: Point,
    speed: Point,
}

impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { x: self.x + other.x }
    }
}

#[grad(vjp)]
fn moved(body: &Body) -> Point {
    body.at + body.speed
}

fn main() {}
