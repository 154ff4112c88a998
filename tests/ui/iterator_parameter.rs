use autodiff::grad;

#[grad]
fn f(v: impl Iterator<Item = f64>) -> f64 {
    v.sum()
}

fn main() {}
