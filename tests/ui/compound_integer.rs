use autodiff::grad;

#[grad]
fn f(x: f64) -> f64 {
    let mut y = x;
    y *= 2;
    y
}

fn main() {}
