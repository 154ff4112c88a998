use autodiff::grad;

fn twice(g: impl Fn(f64) -> f64, z: f64) -> f64 {
    g(g(z))
}

#[grad]
fn f(x: f64) -> f64 {
    let scaled = |z: f64| x * z;
    scaled(2.0) + twice(scaled, 1.0)
}

fn main() {}
