use autodiff::grad;

#[grad(test(x = 0.5))]
fn f(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {}
