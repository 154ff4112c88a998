use std::collections::HashMap;

use autodiff::grad;

#[grad]
fn f(x: f64) -> f64 {
    let mut named = HashMap::new();
    named.insert("x", x);
    named["x"] * 2.0
}

fn main() {}
