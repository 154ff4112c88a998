// errors: 2
use autodiff::grad;

#[grad]
fn scaled(x: Option<f64>, y: f64) -> f64 {
    match x {
        Some(x) => x * y,
        None => y,
    }
}

#[grad]
fn product(pair: (&[f64], &[f64])) -> f64 {
    pair.0[0] * pair.1[0]
}

fn main() {
    scaled_grad(Some(1.0), 2.0);
}
