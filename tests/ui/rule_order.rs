use autodiff::rule;

#[rule(vjp = square_vjp, jvp = square_jvp, order = 2)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    square_grad(square(1.0));
}
