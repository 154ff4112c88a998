use autodiff::rule;

#[rule(y = first(x) => [1.0])]
fn first(x: &[f64]) -> f64 {
    x[0]
}

fn main() {
    first_grad(&[first(&[1.0])]);
}
