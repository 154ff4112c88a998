// errors: 2
use autodiff::grad;

struct Config {
    scale: f64,
}

#[grad]
fn f(x: f64, config: &Config) -> f64 {
    x * config.scale
}

fn main() {}
