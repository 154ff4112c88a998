use autodiff::grad;

#[grad]
fn f(x: f64) -> [f64; 2] {
    [x, x * x]
}

fn main() {
    let (dx, dy) = f_grad(1.0);
    let _: f64 = dx + dy;
}
