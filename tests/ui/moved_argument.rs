use autodiff::grad;

#[grad]
fn f(x: Vec<f64>) -> f64 {
    x.iter().sum()
}

fn main() {
    let x = vec![1.0, 2.0];
    let _ = f_grad(x);
    println!("{x:?}");
}
