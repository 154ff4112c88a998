use autodiff::grad;

#[grad]
fn half(x: f64) -> Option<f64> {
    if x > 1.0 { Some(0.5 * x) } else { None }
}

#[grad]
fn f(x: f64) -> f64 {
    let Some(y): Option<f64> = half(x) else { panic!("too small") };
    y * y
}

fn main() {}
