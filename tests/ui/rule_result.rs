use autodiff::rule;

#[rule(x = double(x) => [2.0])]
fn double(x: f64) -> f64 {
    x + x
}

fn main() {
    double_grad(double(1.0));
}
