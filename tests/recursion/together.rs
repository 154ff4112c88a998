//! Methods of one block that call each other.

use autodiff::{Differentiable, grad};

use crate::confirm;

/// Two numbers that are folded alternately.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Fold {
    x: f64,
    y: f64,
}

#[grad]
impl Fold {
    fn even(&self, n: u32) -> f64 {
        if n == 0 { self.x } else { self.x * self.odd(n - 1).sin() }
    }

    fn odd(&self, n: u32) -> f64 {
        if n == 0 { 1.0 } else { self.y + Self::third(self.x, self, n - 1) }
    }

    fn third(k: f64, of: &Self, n: u32) -> f64 {
        k * of.even(n)
    }
}

#[grad(jvp)]
fn folded(p: &[f64], n: u32) -> f64 {
    let fold = Fold { x: p[0], y: p[1] };
    fold.even(n)
}

#[test]
fn methods_that_call_each_other() {
    for n in 0..4 {
        confirm(|x| folded(x, n), |x| folded_grad(x, n), |x, v| folded_jvp(x, n, v), &[0.7, 1.1]);
    }
}
