use autodiff::grad;

trait Model {
    fn at(&self, x: f64) -> f64;
}

#[grad]
fn f(model: &dyn Model, x: f64) -> f64 {
    model.at(x) * x
}

fn main() {}
