use autodiff::grad;

#[grad(order = 2)]
fn square(x: f64) -> f64 {
    x * x
}

#[grad(hessian)]
fn slope(x: f64) -> f64 {
    square_grad(x) * x
}

fn main() {}
