// errors: 4

use autodiff::grad;

#[grad(wrt(x))]
fn weighed(x: f64, weights: &[f64]) -> f64 {
    x * weights[0]
}

#[grad]
fn f(x: &[f64]) -> f64 {
    weighed(2.0, x)
}

fn main() {}
