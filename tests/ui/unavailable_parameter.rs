use autodiff::grad;

#[grad]
fn product(pair: (&[f64], &[f64])) -> f64 {
    pair.0[0] * pair.1[0]
}

fn main() {
    product_grad((&[1.0], &[2.0]));
}
