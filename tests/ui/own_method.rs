use autodiff::grad;

trait Bounds {
    fn max(&self, other: f64) -> f64;
}

impl Bounds for [f64; 2] {
    fn max(&self, other: f64) -> f64 {
        self[0] + self[1] + other
    }
}

#[grad]
fn f(x: [f64; 2]) -> f64 {
    x.max(1.0)
}

fn main() {}
