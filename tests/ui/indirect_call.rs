use autodiff::grad;

#[grad]
fn f(x: f64, table: [fn(f64) -> f64; 2]) -> f64 {
    table[1](x)
}

fn main() {}
