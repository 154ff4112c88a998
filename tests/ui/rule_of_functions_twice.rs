use autodiff::{grad, rule};

#[rule(vjp = square_vjp, jvp = square_jvp)]
fn square(x: f64) -> f64 {
    x * x
}

fn square_vjp(x: f64) -> (f64, impl FnOnce(f64) -> f64 + use<>) {
    (x * x, move |y_bar| 2.0 * x * y_bar)
}

fn square_jvp(x: f64, x_dot: f64) -> (f64, f64) {
    (x * x, 2.0 * x * x_dot)
}

#[grad(hessian)]
fn of_a_square(x: f64) -> f64 {
    square(x.sin())
}

fn main() {}
