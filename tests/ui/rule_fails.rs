use autodiff::rule;

#[rule(vjp = root_vjp, jvp = root_jvp)]
fn root(x: f64) -> Option<f64> {
    (x >= 0.0).then(|| x.sqrt())
}

fn main() {
    root(1.0);
}
