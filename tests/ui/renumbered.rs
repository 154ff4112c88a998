use autodiff::grad;

#[grad]
fn from_the_end(v: &[f64], n: usize) -> f64 {
    let mut s = 0.0;
    for (a, i) in v.iter().zip(0..n).rev() {
        s = s * 0.5 + a * i as f64;
    }
    s
}

fn main() {}
