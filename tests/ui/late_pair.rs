use autodiff::grad;

#[grad]
fn f(x: f64, y: f64) -> f64 {
    let (a, b): (f64, f64);
    (a, b) = (x * y, x + y);
    a * b
}

fn main() {}
