use autodiff::grad;

#[grad]
fn f(ref x: f64) -> f64 {
    x * x
}

fn main() {}
