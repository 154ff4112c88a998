use autodiff::grad;

struct Point {
    x: f64,
}

#[grad]
fn f(x: f64) -> f64 {
    let point = Point { x: x * x };
    point.x
}

fn main() {}
