use autodiff::{Differentiable, grad};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    damping: Option<f64>,
}

#[grad]
fn halved(x: f64) -> Option<f64> {
    (x > 0.0).then_some(0.0)?;
    Some(x / 2.0)
}

#[grad]
fn made(x: f64) -> f64 {
    let spring = Spring { damping: halved(x).map(|y| y * y).ok_or(0).ok() };
    spring.damping.unwrap_or(x)
}

fn main() {}
