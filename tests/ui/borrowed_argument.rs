use autodiff::grad;

#[grad]
fn sum(v: &[f64]) -> f64 {
    v[0] + v[1]
}

fn main() {
    let _ = sum_grad(vec![1.0, 2.0]);
}
