//! Methods that change their receiver and give something: what else would a variable be `mut` for?

use autodiff::{Differentiable, grad};

use crate::confirmed;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Filter {
    state: f64,
    gain: f64,
}

#[grad]
impl Filter {
    fn step(&mut self, y: f64) -> f64 {
        self.state += self.gain * y * y;
        self.state * y
    }

    fn twice(&mut self, y: f64) -> f64 {
        let first = self.step(y);
        first * self.step(first)
    }

    fn read(&self, y: f64) -> f64 {
        self.state * y + self.gain
    }
}

#[grad(jvp)]
fn in_a_row(p: &[f64]) -> f64 {
    let mut filter = Filter { state: p[0], gain: p[1] };
    let first = filter.step(p[1]);
    let second = filter.step(first) + 1.0;
    second * filter.state
}
confirmed!(steps_in_a_row: in_a_row at [0.7, 1.2], [1.3, 0.4]);

#[grad(jvp)]
fn in_a_loop(p: &[f64]) -> f64 {
    let mut filter = Filter { state: p[0], gain: p[1] };
    let mut sum = 0.0;
    for y in p {
        sum += filter.step(*y) * filter.gain;
        let twice = filter.twice(0.3);
        if twice > 5.0 {
            break;
        }
    }
    sum * filter.state
}
confirmed!(steps_in_a_loop: in_a_loop at [0.7, 1.2, 0.3], [1.3, 0.4]);

/// What is assigned to is `mut` for that: its methods in expressions read.
#[grad(jvp)]
fn assigned(p: &[f64]) -> f64 {
    let mut filter = Filter { state: p[0], gain: p[1] };
    filter.state += 1.0;
    let first = filter.read(p[1]);
    filter.step(p[0]);
    first * filter.read(p[0])
}
confirmed!(what_is_assigned_to_is_read: assigned at [0.7, 1.2], [1.3, 0.4]);

#[grad]
fn lent(filter: &mut Filter, y: f64) -> f64 {
    filter.step(y) * filter.gain
}

#[grad(jvp)]
fn of_lent(p: &[f64]) -> f64 {
    let mut filter = Filter { state: p[0], gain: p[1] };
    let first = lent(&mut filter, p[1]);
    if first > 0.8 { first * filter.read(p[0]) } else { lent(&mut filter, first) }
}
confirmed!(of_a_reference: of_lent at [0.7, 1.2], [1.3, 0.4], [0.2, 0.5]);
