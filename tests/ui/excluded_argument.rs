// errors: 2

use autodiff::grad;

#[grad(wrt(x))]
fn scaled(x: f64, by: f64) -> f64 {
    x * by
}

#[grad]
fn f(x: f64) -> f64 {
    scaled(2.0, x)
}

fn main() {}
