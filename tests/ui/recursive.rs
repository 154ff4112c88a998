// errors: 6
use autodiff::grad;

#[grad]
fn even(x: &[f64], n: usize) -> f64 {
    if n == 0 { x[0] } else { x[1] * odd(x, n - 1).sin() }
}

#[grad]
fn odd(x: &[f64], n: usize) -> f64 {
    if n == 0 { 1.0 } else { even(x, n - 1) }
}

fn main() {}
