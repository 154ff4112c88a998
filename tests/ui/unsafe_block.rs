use autodiff::grad;

#[grad]
fn f(x: &[f64; 2]) -> f64 {
    unsafe { *x.get_unchecked(1) }
}

fn main() {}
