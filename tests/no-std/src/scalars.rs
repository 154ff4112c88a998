//! Functions of floats and arrays, structs and methods, generic functions, calls.

use autodiff::{Differentiable, Real, grad, rule};

/// A rational approximation of the exponential function, as there is none in `core`.
#[rule(y = exponential(x) => [y])]
pub fn exponential(x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..30 {
        term *= x / f64::from(n);
        sum += term;
    }
    sum
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Pid {
    pub proportional: f64,
    pub integral: f64,
    pub gains: [f64; 2],
}

#[grad]
impl Pid {
    pub fn output(&self, error: f64, sum: f64) -> f64 {
        self.gains[0] * (self.proportional * error + self.integral * sum) + self.gains[1]
    }
}

/// One step of a controller.
#[grad(jvp, vjp)]
pub fn cost(pid: &Pid, start: f64, target: [f64; 2]) -> f64 {
    let error = target[0] - start;
    let at = start + 0.1 * pid.output(error, error);
    let rest = target[1] - at;
    rest.abs().max(0.5) * exponential(-at * at) * rest.clamp(-3.0, 3.0)
}

#[grad(hessian)]
pub fn norm<T: Real, const N: usize>(x: &[T; N]) -> T {
    let mut sum = T::zero();
    for x in x {
        sum += *x * *x * *x;
    }
    sum
}

#[grad(jacobian)]
pub fn mixed(x: [f64; 2]) -> [f64; 2] {
    [x[0] * x[1], x[0].recip()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_are_difference_quotients() {
        let pid = Pid { proportional: 0.7, integral: 0.2, gains: [1.3, 0.1] };
        let target = [1.0, 1.8];
        let (pid_bar, start_bar, target_bar) = cost_grad(&pid, 0.3, target);
        let quotient = |f: &dyn Fn(f64) -> f64| (f(1e-6) - f(-1e-6)) / 2e-6;
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-8, "{a} {b}");
        let moved = |by| Pid { integral: pid.integral + by, ..pid };
        close(pid_bar.integral, quotient(&|by| cost(&moved(by), 0.3, target)));
        let moved = |by| Pid { gains: [pid.gains[0] + by, pid.gains[1]], ..pid };
        close(pid_bar.gains[0], quotient(&|by| cost(&moved(by), 0.3, target)));
        close(start_bar, quotient(&|by| cost(&pid, 0.3 + by, target)));
        let moved = |by| [target[0], target[1] + by];
        close(target_bar[1], quotient(&|by| cost(&pid, 0.3, moved(by))));
        let zero = Pid { proportional: 0.0, integral: 0.0, gains: [0.0; 2] };
        close(cost_jvp(&pid, 0.3, target, &zero, 1.0, [0.0; 2]).1, start_bar);
    }

    #[test]
    fn generic_functions_and_matrices() {
        assert_eq!(norm_grad(&[1.0_f32, -2.0]), [3.0, 12.0]);
        assert_eq!(norm_hessian(&[1.0, -2.0]), [[6.0, 0.0], [0.0, -12.0]]);
        assert_eq!(mixed_jacobian([2.0, 3.0]), [[3.0, 2.0], [-0.25, 0.0]]);
    }
}
