use autodiff::grad;

#[grad]
const fn f(x: f64) -> f64 {
    x * x
}

const SLOPE: f64 = f_grad(2.0);

fn main() {}
