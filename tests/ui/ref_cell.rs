use std::cell::RefCell;

use autodiff::grad;

#[grad]
fn f(x: f64) -> f64 {
    let sum = RefCell::new(0.0);
    *sum.borrow_mut() += x * x;
    let total = *sum.borrow();
    total
}

fn main() {}
