use autodiff::grad;

#[grad]
fn f(x: f64) -> f64 {
    let mut k = if x > 0.0 { Some(x) } else { None };
    if let Some(k) = &mut k {
        *k *= 2.0;
    }
    k.unwrap_or(0.0)
}

fn main() {}
