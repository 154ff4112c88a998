//! A saddle point by nested descents: the `saddle` of `GradBench`, a derivative of a loop that
//! follows a derivative uphill.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

const START: [f64; 2] = [1.0, 1.0];
const CLOSE: f64 = 1e-5;

#[grad(order = 2)]
#[inline]
fn height(x: f64, y: f64, u: f64, v: f64) -> f64 {
    (x * x + y * y) - (u * u + v * v)
}

/// The largest height over (u, v), as the gradient ascent of `GradBench` finds it.
#[grad(constant(start))]
fn highest(x: f64, y: f64, start: [f64; 2]) -> f64 {
    let [mut u, mut v] = start;
    let mut best: f64 = height(x, y, u, v);
    let (_, _, mut by_u, mut by_v): (f64, f64, f64, f64) = height_grad(x, y, u, v);
    let (mut gains, mut rate) = (0, 1e-5);
    while (by_u * by_u + by_v * by_v).sqrt() > CLOSE {
        if gains == 10 {
            rate *= 2.0;
            gains = 0;
        }
        let (next_u, next_v) = (u + rate * by_u, v + rate * by_v);
        if ((next_u - u) * (next_u - u) + (next_v - v) * (next_v - v)).sqrt() <= CLOSE {
            break;
        }
        let next: f64 = height(x, y, next_u, next_v);
        if next > best {
            (u, v, best) = (next_u, next_v, next);
            (_, _, by_u, by_v) = height_grad(x, y, u, v);
            gains += 1;
        } else {
            rate /= 2.0;
            gains = 0;
        }
    }
    height(x, y, u, v)
}

/// The ascent; notes the rate of each step that gains.
fn ascent(x: f64, y: f64, start: [f64; 2], mut noted: impl FnMut(f64)) -> [f64; 2] {
    let [mut u, mut v] = start;
    let mut best = height(x, y, u, v);
    let (mut by_u, mut by_v) = (-2.0 * u, -2.0 * v);
    let (mut gains, mut rate) = (0, 1e-5);
    while (by_u * by_u + by_v * by_v).sqrt() > CLOSE {
        if gains == 10 {
            rate *= 2.0;
            gains = 0;
        }
        let (next_u, next_v) = (u + rate * by_u, v + rate * by_v);
        if ((next_u - u) * (next_u - u) + (next_v - v) * (next_v - v)).sqrt() <= CLOSE {
            break;
        }
        let next = height(x, y, next_u, next_v);
        if next > best {
            (u, v, best) = (next_u, next_v, next);
            (by_u, by_v) = (-2.0 * u, -2.0 * v);
            gains += 1;
            noted(rate);
        } else {
            rate /= 2.0;
            gains = 0;
        }
    }
    [u, v]
}

fn mechanical(x: f64, y: f64, start: [f64; 2], bar: &mut [f64]) -> f64 {
    let mut tape = Vec::new();
    let [u, v] = ascent(x, y, start, |rate| tape.push(rate));
    bar.copy_from_slice(&[2.0 * x, 2.0 * y]);
    let (mut u_bar, mut v_bar) = (-2.0 * u, -2.0 * v);
    let (mut by_u_bar, mut by_v_bar) = (0.0, 0.0);
    for rate in tape.iter().rev() {
        u_bar -= 2.0 * by_u_bar;
        v_bar -= 2.0 * by_v_bar;
        by_u_bar = rate * u_bar;
        by_v_bar = rate * v_bar;
    }
    // Of a constant start: nobody reads it, and without this nothing would be computed.
    std::hint::black_box((u_bar - 2.0 * by_u_bar, v_bar - 2.0 * by_v_bar));
    height(x, y, u, v)
}

pub(crate) struct Saddle;

impl Kernel for Saddle {
    fn name(&self) -> &'static str {
        "saddle_rr"
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(2, -1.0, 1.0)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        highest(x[0], x[1], START)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let (value, (x_bar, y_bar)) = highest_value_and_grad(x[0], x[1], START);
        bar.copy_from_slice(&[x_bar, y_bar]);
        value
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        mechanical(x[0], x[1], START, bar)
    }

    /// The way uphill does not depend on where x and y are.
    fn expert(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let [u, v] = ascent(x[0], x[1], START, |_| ());
        bar.copy_from_slice(&[2.0 * x[0], 2.0 * x[1]]);
        height(x[0], x[1], u, v)
    }
}
