use std::collections::VecDeque;

use autodiff::grad;

#[grad]
fn f(x: f64) -> f64 {
    let mut queue: VecDeque<usize> = VecDeque::from([1, 2, 3]);
    let mut y = x;
    while let Some(i) = queue.pop_front() {
        y *= x + i as f64;
    }
    y
}

fn main() {}
