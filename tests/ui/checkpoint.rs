// errors: 10
use autodiff::grad;

#[grad(checkpoint('time, levels = 3))]
fn no_such_label(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y.sin();
    }
    y
}

#[grad(checkpoint('time, levels = 3))]
fn unnumbered(x: f64) -> f64 {
    let mut y = x;
    'time: while y > 0.1 {
        y *= y.sin();
    }
    y
}

#[grad(checkpoint('time, every = 10))]
fn left_early(x: f64, n: usize) -> f64 {
    let mut y = x;
    'time: for _ in 0..n {
        y = y.sin();
        if y < 0.1 {
            break;
        }
    }
    y
}

#[grad(checkpoint('time, every = 10))]
fn nested(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        'time: for _ in 0..n {
            y = y.sin();
        }
    }
    y
}

#[grad(checkpoint('time, every = 10))]
fn prints(x: f64, n: usize) -> f64 {
    let mut y = x;
    'time: for t in 0..n {
        println!("{t}");
        y = y.sin();
    }
    y
}

#[grad(checkpoint('time, every = 10))]
fn counts_outside(x: f64, n: usize) -> f64 {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static STEPS: AtomicUsize = AtomicUsize::new(0);
    let mut y = x;
    'time: for _ in 0..n {
        STEPS.fetch_add(1, Ordering::Relaxed);
        y = y.sin();
    }
    y
}

#[grad(checkpoint('time, every = 10), order = 2)]
fn twice(x: f64, n: usize) -> f64 {
    let mut y = x;
    'time: for _ in 0..n {
        y = y.sin();
    }
    y
}

#[allow(unused_labels)]
#[grad(checkpoint('time, often = 10))]
fn misspelt(x: f64, n: usize) -> f64 {
    let mut y = x;
    'time: for _ in 0..n {
        y = y.sin();
    }
    y
}

#[allow(unused_labels)]
#[grad(checkpoint(levels = 10))]
fn without_label(x: f64, n: usize) -> f64 {
    let mut y = x;
    'time: for _ in 0..n {
        y = y.sin();
    }
    y
}

#[grad(checkpoint('time, every = 10))]
fn borrowed(x: f64, n: usize) -> f64 {
    let mut u = [x, 2.0 * x];
    let first = &mut u[0];
    'time: for _ in 0..n {
        *first = first.sin();
    }
    u[0] + u[1]
}

fn main() {}
