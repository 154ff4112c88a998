use autodiff::grad;

#[grad]
fn pair(x: f64) -> (f64, i32) {
    (x * x, 3)
}

#[grad]
fn f(x: f64) -> f64 {
    let (y, n) = pair(x);
    y.powi(n)
}

fn main() {}
