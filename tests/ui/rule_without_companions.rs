use autodiff::grad;

mod libm {
    pub fn erf(x: f64) -> f64 {
        x
    }
}

fn erf(x: f64) -> f64 {
    libm::erf(x)
}

#[grad(rules(libm::erf = erf))]
fn cdf(x: f64) -> f64 {
    0.5 * (1.0 + libm::erf(x))
}

fn main() {
    cdf_grad(erf(1.0));
}
