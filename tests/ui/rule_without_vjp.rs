use autodiff::rule;

#[rule(jvp = square_jvp)]
fn square(x: f64) -> f64 {
    x * x
}

fn square_jvp(x: f64, x_dot: f64) -> (f64, f64) {
    (x * x, 2.0 * x * x_dot)
}

fn main() {
    square_grad(square(1.0));
}
