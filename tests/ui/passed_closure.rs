use autodiff::grad;

#[grad]
fn applied(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}

fn main() {
    applied_grad(|x| x * x, 1.0);
}
