//! Small functions that a loss is made of.

use autodiff::grad;

/// w · x
#[grad]
pub fn product(w: [f64; 2], x: [f64; 2]) -> f64 {
    w[0] * x[0] + w[1] * x[1]
}

/// A unit that saturates.
#[grad]
pub fn unit(sum: f64, bias: f64) -> f64 {
    let z = sum + bias;
    z / (1.0 + z * z).sqrt()
}

/// How far a prediction is off, where large errors count less.
#[grad]
pub fn robust(error: f64) -> f64 {
    if error.abs() < 1.0 { 0.5 * square(error) } else { error.abs() - 0.5 }
}

/// x²
#[grad]
pub fn square(x: f64) -> f64 {
    x * x
}

/// A mixture of two.
#[grad]
pub fn between(a: f64, b: f64, share: f64) -> f64 {
    a + share * (b - a)
}
