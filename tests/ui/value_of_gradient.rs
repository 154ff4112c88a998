use autodiff::grad;

#[grad]
fn f(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {
    let (value, dx, dy) = f_value_and_grad(1.0, 2.0);
    println!("{value} {dx} {dy}");
}
