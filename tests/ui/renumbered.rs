use autodiff::grad;

#[grad]
fn from_the_end(v: &[f64], text: &str) -> f64 {
    let mut s = 0.0;
    for (a, b) in v.iter().zip(text.bytes()).rev() {
        s = s * 0.5 + a * f64::from(b);
    }
    s
}

fn main() {}
