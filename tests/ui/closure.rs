use autodiff::grad;

#[grad]
fn f(x: f64) -> f64 {
    let scaled = |z: f64| x * z;
    let y = scaled(2.0) + x.sin();
    scaled(y)
}

fn main() {}
