// errors: 2
use autodiff::grad;

#[grad]
fn f(x: f64, y: f32) -> f64 {
    x * y
}

fn main() {}
