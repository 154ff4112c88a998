// errors: 2
use autodiff::grad;

#[grad]
fn square(x: f64) -> f64 {
    x * x
}

#[grad]
fn twice(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(f(x))
}

#[grad]
fn caller(x: f64) -> f64 {
    twice(square, x) * x
}

fn main() {}
