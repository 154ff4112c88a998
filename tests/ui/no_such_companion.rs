use autodiff::grad;

#[grad(hessian)]
fn f(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {}
