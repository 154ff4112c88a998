use autodiff::grad;

#[grad]
struct Model {
    a: f64,
}

fn main() {}
