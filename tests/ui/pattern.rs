use autodiff::grad;

#[grad]
fn f(x: [f64; 3]) -> f64 {
    let [first, ..] = x;
    first
}

fn main() {}
