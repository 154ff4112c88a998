use autodiff::grad;

#[grad]
fn f(x: f64) {
    println!("{x}");
}

fn main() {}
