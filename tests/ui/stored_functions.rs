use autodiff::grad;

#[grad]
fn f(x: f64) -> f64 {
    let all = [|y: f64| y * y, |y: f64| y + 1.0];
    all[0](x)
}

fn main() {}
