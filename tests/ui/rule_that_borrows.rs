use autodiff::rule;

#[rule(vjp = total_vjp)]
fn total(x: &[f64]) -> f64 {
    x.iter().sum()
}

fn total_vjp(x: &[f64]) -> (f64, impl FnOnce(f64) -> Vec<f64>) {
    (x.iter().sum(), |y_bar| vec![y_bar; x.len()])
}

fn main() {}
