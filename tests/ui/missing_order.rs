use autodiff::grad;

#[grad]
fn square(x: f64) -> f64 {
    x * x
}

#[grad(hessian)]
fn of_a_square(x: f64) -> f64 {
    square(x.sin())
}

fn main() {}
