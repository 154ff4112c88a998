use autodiff::grad;

macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}

#[grad]
fn f(x: f64) -> f64 {
    square!(x)
}

fn main() {}
