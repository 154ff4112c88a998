use autodiff::grad;

#[grad(vjp, value_and_grad_into)]
fn f(x: f64, y: f64) -> (f64, f64) {
    (x * y, x + y)
}

fn main() {}
