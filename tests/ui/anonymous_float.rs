use autodiff::{Real, grad};

#[grad]
fn energy(x: impl Real, k: f64) -> f64 {
    k * x.to_f64()
}

fn main() {
    energy_grad(1.0, 2.0);
}
