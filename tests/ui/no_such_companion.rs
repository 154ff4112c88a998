use autodiff::grad;

#[grad(value_and_grad_add)]
fn f(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {}
