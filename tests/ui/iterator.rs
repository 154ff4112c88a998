// errors: 6
use autodiff::grad;

#[grad]
fn by(x: f64, v: &[f64]) -> f64 {
    v.chunk_by(|a, b| a < b).map(|c| c[0] * x).sum()
}

#[grad]
fn peeked(x: f64, v: &[f64]) -> f64 {
    v.iter().map(|a| a * x).peekable().sum()
}

#[grad]
fn boxed(x: f64, v: &[f64]) -> f64 {
    let y: Box<[f64]> = v.iter().map(|a| a * x).collect();
    y[0]
}

#[grad]
fn borrowed(x: f64, v: &[f64]) -> f64 {
    let y: Vec<&f64> = v.iter().filter(|a| **a > 0.0).collect();
    y.iter().map(|a| **a * x).sum()
}

#[grad]
fn counted(x: f64, v: &[f64]) -> f64 {
    let mut n = 0;
    v.iter()
        .map(|a| {
            n += 1;
            a * x
        })
        .zip(v)
        .take(2)
        .map(|(a, b)| a * b)
        .sum()
}

#[grad]
fn numbered(x: f64, v: &[f64]) -> f64 {
    let y = v.iter().map(|a| a * x).enumerate().collect::<Vec<_>>();
    y.iter().map(|(i, a)| a * *i as f64).sum()
}

fn main() {}
