use autodiff::grad;

trait Gamma {
    fn gamma_function(self) -> f64;
}

impl Gamma for f64 {
    fn gamma_function(self) -> f64 {
        self
    }
}

#[grad]
fn f(x: f64) -> f64 {
    2.0 * x.gamma_function()
}

fn main() {}
