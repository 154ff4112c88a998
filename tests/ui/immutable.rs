use autodiff::grad;

#[grad]
fn f(x: f64) -> f64 {
    let y = x;
    y *= x;
    y
}

fn main() {}
