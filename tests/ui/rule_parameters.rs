use autodiff::rule;

#[rule(y = product(b, a) => [b, a])]
fn product(a: f64, b: f64) -> f64 {
    a * b
}

fn main() {
    product_grad(product(1.0, 2.0), 1.0);
}
