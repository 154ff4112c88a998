use autodiff::grad;

#[grad]
fn f(x: f64, v: &[f64]) -> f64 {
    v.iter().cycle().take(5).map(|a| a * x).sum()
}

fn main() {}
