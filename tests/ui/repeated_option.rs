use autodiff::grad;

#[grad(jvp, jvp)]
fn f(x: f64) -> f64 {
    x * x
}

fn main() {}
