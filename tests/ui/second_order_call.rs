use autodiff::grad;

#[grad(hessian)]
fn total(x: [f64; 2], f: impl Fn(f64) -> f64) -> f64 {
    f(x[0]) * x[1]
}

fn main() {}
