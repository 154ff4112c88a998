use autodiff::grad;

type Scalar = f64;

#[grad]
fn f(x: f32) -> f64 {
    let y = x as Scalar;
    y * y
}

fn main() {}
