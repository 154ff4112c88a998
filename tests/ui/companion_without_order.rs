use autodiff::grad;

#[grad]
fn square(x: f64) -> f64 {
    x * x
}

#[grad]
fn slope(x: f64) -> f64 {
    square_grad(x)
}

fn main() {}
