use autodiff::grad;

#[grad]
fn f(x: f64) -> f64 {
    let (a, b);
    if x > 0.0 {
        (a, b) = (x, 2.0 * x);
    } else {
        a = 1.0;
        b = x;
    }
    a * b
}

fn main() {}
