use autodiff::grad;

#[grad]
fn scaled(x: f64, v: &[f64]) -> f64 {
    let y = x * 2.0;
    let f = |z: f64| z * y;
    let mut s = 0.0;
    for y in v {
        s += f(*y);
    }
    s
}

fn main() {}
