use autodiff::grad;

#[grad]
fn half(x: f64) -> Option<f64> {
    if x > 1.0 { Some(0.5 * x) } else { None }
}

#[grad]
fn f(x: f64) -> f64 {
    let (mut y, mut n) = (x, 0);
    while let Some(z) = half(y)
        && n < 10
    {
        y = z;
        n += 1;
    }
    y
}

fn main() {}
