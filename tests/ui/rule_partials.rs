use autodiff::rule;

#[rule(y = power(x, n, w) => [1.0, 2.0, 3.0])]
fn power(x: f64, n: i32, w: f64) -> f64 {
    x.powi(n) * w
}

fn main() {
    power_grad(power(1.0, 2, 3.0), 2, 3.0);
}
