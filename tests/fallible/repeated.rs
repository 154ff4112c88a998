//! `while let` over what holds something active.

use autodiff::grad;

use crate::{confirmed, numbers};

#[grad(jvp)]
fn popped(p: &[f64]) -> f64 {
    let mut stack = vec![p[0]];
    let mut s = 0.0;
    while let Some(x) = stack.pop() {
        s += x * x;
        if x > 0.4 {
            stack.push(x * 0.5);
            stack.push(x * p[1] * 0.3);
        }
    }
    s
}
confirmed!(a_stack: popped at [2.0, 1.5], [0.3, 1.0], [1.1, 0.9]);

#[grad(jvp)]
fn shrunk(x: f64) -> Option<f64> {
    if x > 0.5 { Some(x * 0.7 - 0.01 * x * x) } else { None }
}

#[grad(jvp)]
fn called(p: &[f64]) -> f64 {
    let mut x = p[0];
    let mut s = p[1];
    while let Some(y) = shrunk(x) {
        s += y * x;
        if s > 20.0 {
            break;
        }
        x = y;
        if y < 0.8 {
            continue;
        }
        s *= p[1];
    }
    s * x
}
confirmed!(a_function_that_may_have_nothing: called at [2.0, 1.1], [0.3, 1.0], [6.0, 1.3], [9.0, 3.0]);

#[grad(jvp)]
fn iterated(p: &[f64]) -> f64 {
    let mut it = p.iter();
    let mut s = 1.0;
    while let Some(x) = it.next() {
        s = s * x + x;
    }
    let mut pairs = p.iter().enumerate();
    let mut t = s;
    'outer: while let Some((i, x)) = pairs.next() {
        for y in p {
            if x * y > 1.5 {
                continue 'outer;
            }
            t += x * y * i as f64;
        }
    }
    s * t
}
confirmed!(an_iterator: iterated at numbers(1), numbers(4), [2.0, 0.5, 1.4]);

#[grad(jvp)]
fn nested(p: &[f64]) -> Option<f64> {
    let mut best = shrunk(p[0]);
    let mut count = 0;
    while let Some(b) = best {
        count += 1;
        if count > 3 {
            return Some(b * p[1]);
        }
        best = match shrunk(b * p[1]) {
            Some(c) if c > 0.6 => Some(c),
            _ => None,
        };
    }
    let last = shrunk(p[1])?;
    Some(last * p[0])
}
confirmed!(a_local_that_is_absent_at_last: nested at [2.0, 0.9], [0.3, 1.0], [6.0, 1.6], [0.3, 0.2]);
