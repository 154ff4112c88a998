//! Functions of slices, whose gradients are `Vec`s, and loops that keep what their iterations read.

use autodiff::grad;

use crate::scalars::{Pid, exponential};

#[grad]
pub fn stepped(x: &[f64], rate: f64) -> f64 {
    let mut sum = 0.0;
    for x in x {
        let mut y = *x;
        while y > 1.0 {
            y *= rate * y.recip() + 0.25;
        }
        sum += y * y;
    }
    sum
}

/// A controller that runs for some steps.
#[grad]
pub fn cost(pid: &Pid, start: f64, target: [f64; 4]) -> f64 {
    let (mut at, mut sum, mut cost) = (start, 0.0, 0.0);
    for wanted in target {
        let error = wanted - at;
        sum += error;
        at += 0.1 * pid.output(error, sum);
        cost += error.abs().max(0.5) * exponential(-at * at);
    }
    cost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_are_difference_quotients() {
        let (x, rate) = ([0.4, 2.1, 5.0], 0.7);
        let (x_bar, rate_bar) = stepped_grad(&x, rate);
        let quotient = |f: &dyn Fn(f64) -> f64| (f(1e-6) - f(-1e-6)) / 2e-6;
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-8, "{a} {b}");
        close(rate_bar, quotient(&|by| stepped(&x, rate + by)));
        close(x_bar[2], quotient(&|by| stepped(&[x[0], x[1], x[2] + by], rate)));
        let mut buffer = [0.0; 3];
        stepped_value_and_grad_into(&x, rate, &mut buffer, &mut 0.0);
        assert_eq!(x_bar, buffer);
        let pid = Pid { proportional: 0.7, integral: 0.2, gains: [1.3, 0.1] };
        let (pid_bar, start_bar, _) = cost_grad(&pid, 0.3, [1.0, 0.8, -0.4, 0.2]);
        let moved = |by| Pid { integral: pid.integral + by, ..pid };
        close(pid_bar.integral, quotient(&|by| cost(&moved(by), 0.3, [1.0, 0.8, -0.4, 0.2])));
        close(start_bar, quotient(&|by| cost(&pid, 0.3 + by, [1.0, 0.8, -0.4, 0.2])));
    }
}
