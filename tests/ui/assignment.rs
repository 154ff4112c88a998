use autodiff::grad;
use std::cell::RefCell;

#[grad]
fn f(x: f64, last: fn() -> &'static RefCell<f64>) -> f64 {
    *last().borrow_mut() = x;
    x * x
}

fn main() {}
