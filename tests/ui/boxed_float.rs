use autodiff::grad;

#[grad]
fn f(x: f64, y: f64) -> f64 {
    let mut c = Box::new(x);
    *c += x * y;
    *c
}

fn main() {}
