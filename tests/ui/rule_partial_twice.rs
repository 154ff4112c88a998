use autodiff::rule;

fn slope(x: f64) -> f64 {
    2.0 * x
}

#[rule(y = square(x) => [slope(x)], order = 2)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
