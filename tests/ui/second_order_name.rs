use autodiff::grad;

#[grad(order = 2)]
fn squares(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum()
}

#[grad(hvp)]
fn scaled(x: &[f64], k: f64) -> f64 {
    let squares = squares(x);
    squares * k
}

fn main() {}
