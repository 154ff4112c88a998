use autodiff::grad;

#[grad]
fn square(x: f64) -> f64 {
    x * x
}

#[grad]
fn f(x: f64) -> f64 {
    fn square(x: f64) -> f64 {
        5.0 * x
    }
    square(x)
}

fn main() {
    square_grad(f(f_grad(1.0)) + square(1.0));
}
