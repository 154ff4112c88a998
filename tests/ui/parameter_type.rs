use autodiff::grad;

macro_rules! pair {
    () => {
        [f64; 2]
    };
}

#[grad]
fn f(x: f64, scales: pair!()) -> f64 {
    x * scales[0]
}

fn main() {}
