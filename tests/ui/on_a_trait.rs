use autodiff::grad;

#[grad]
trait Model {
    fn at(&self, x: f64) -> f64;
}

fn main() {}
