use autodiff::grad;

/// What another version would emit beside `g`.
#[allow(non_camel_case_types)]
struct g {}

impl g {
    fn __split<F>(_: F, (x,): (f64,)) -> (f64, impl FnOnce((f64,), f64, (Option<&mut ()>,)) -> (f64,)) {
        (2.0 * x, |_, y_bar, _| (2.0 * y_bar,))
    }

    fn __jvp<F>(_: F, (x,): (f64,), (dot,): (Option<f64>,)) -> (f64, f64) {
        (2.0 * x, 2.0 * dot.unwrap_or(0.0))
    }
}

fn g(x: f64) -> f64 {
    2.0 * x
}

#[grad]
fn f(x: f64) -> f64 {
    g(x) * x
}

fn main() {}
