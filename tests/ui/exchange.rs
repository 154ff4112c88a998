use autodiff::grad;

#[grad]
fn f(x: [f64; 2]) -> f64 {
    let mut a = x;
    let old = std::mem::replace(&mut a[0], 1.0);
    old * a[0]
}

fn main() {}
