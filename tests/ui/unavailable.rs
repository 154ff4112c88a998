// errors: 4
use autodiff::grad;

#[grad(hessian)]
fn of_two(x: &[f64], y: f64) -> f64 {
    x[0] * y
}

#[grad(hessian)]
fn of_two_widths(x: f64, y: f32) -> f64 {
    x * f64::from(y)
}

#[grad(hvp)]
fn of_several(x: f64) -> [f64; 2] {
    [x, x * x]
}

#[grad(jacobian)]
fn of_one(x: f64) -> f64 {
    x * x
}

fn main() {}
