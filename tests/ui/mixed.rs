use autodiff::grad;

#[grad]
fn beside(x: f64, v: &[f64]) -> f64 {
    let mut y = Vec::new();
    for (i, a) in v.iter().enumerate() {
        y.push((i, a * x));
    }
    y.iter().map(|(i, a)| a * *i as f64).sum()
}

fn main() {}
