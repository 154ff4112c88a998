use autodiff::grad;

#[grad]
fn f(x: &mut f64) -> f64 {
    let p: *mut f64 = x;
    unsafe { *p * *p }
}

fn main() {}
