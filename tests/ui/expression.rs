use autodiff::grad;

#[grad]
fn f(x: f64) -> f64 {
    let range = x..2.0;
    range.start
}

fn main() {}
