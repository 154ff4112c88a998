use autodiff::grad;

#[grad(hesian)]
fn f(x: f64) -> f64 {
    x * x
}

fn main() {}
