// errors: 2
use autodiff::grad;

#[grad]
fn square(x: f64) -> f64 {
    x * x
}

#[grad(hessian)]
fn quartic(x: f64) -> f64 {
    square(square(x))
}

fn main() {}
