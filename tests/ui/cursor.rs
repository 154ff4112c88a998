use autodiff::grad;

#[grad]
fn rest(v: &[f64]) -> f64 {
    let mut rest = v;
    let mut sum = 0.0;
    while !rest.is_empty() {
        sum += rest[0] * rest[0];
        rest = &rest[1..];
    }
    sum
}

fn main() {
    let _ = rest_grad(&[1.0, 2.0]);
}
