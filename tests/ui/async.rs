use autodiff::grad;

#[grad]
fn f(x: f64) -> f64 {
    let later = async { 2.0 };
    drop(later);
    x * x
}

fn main() {}
