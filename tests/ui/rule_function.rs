use autodiff::rule;

#[rule(y = sigmoid(x) => [1.0 / (1.0 + (-x).exp())])]
fn softplus(x: f64) -> f64 {
    x.exp().ln_1p()
}

fn main() {
    softplus_grad(softplus(1.0));
}
