use autodiff::grad;

#[grad]
fn scaled(x: f64) -> f64 {
    let mut y = x * 2.0;
    let f = move |z: f64| z * y;
    y += f(x);
    y * f(y)
}

fn main() {}
