//! A polynomial fitted to the sign of its argument: the `llsq` of `GradBench`.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

const N: usize = 1000;
const M: usize = 32;

#[grad]
fn misfit(x: &[f64], n: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        let t = -1.0 + i as f64 * 2.0 / (n as f64 - 1.0);
        let mut residual = t.signum();
        let mut power = 1.0;
        for &c in x {
            residual -= c * power;
            power *= t;
        }
        sum += 0.5 * residual * residual;
    }
    sum
}

fn mechanical(x: &[f64], n: usize, bar: &mut [f64]) -> f64 {
    bar.fill(0.0);
    let mut sum = 0.0;
    let mut powers = vec![0.0; x.len()];
    for i in 0..n {
        let t = -1.0 + i as f64 * 2.0 / (n as f64 - 1.0);
        let mut residual = t.signum();
        let mut power = 1.0;
        for (c, kept) in x.iter().zip(&mut powers) {
            *kept = power;
            residual -= c * power;
            power *= t;
        }
        sum += 0.5 * residual * residual;
        for (bar, power) in bar.iter_mut().zip(&powers) {
            *bar -= residual * power;
        }
    }
    sum
}

/// Four arguments at a time.
fn expert(x: &[f64], n: usize, bar: &mut [f64]) -> f64 {
    bar.fill(0.0);
    let mut sum = 0.0;
    let mut powers = vec![[0.0; 4]; x.len()];
    for first in (0..n).step_by(4) {
        let t: [f64; 4] =
            std::array::from_fn(|lane| -1.0 + (first + lane) as f64 * 2.0 / (n as f64 - 1.0));
        let (mut residual, mut power) = (t.map(f64::signum), [1.0; 4]);
        for (c, kept) in x.iter().zip(&mut powers) {
            *kept = power;
            for lane in 0..4 {
                residual[lane] -= c * power[lane];
                power[lane] *= t[lane];
            }
        }
        for lane in 0..4 {
            if first + lane >= n {
                residual[lane] = 0.0;
            }
            sum += 0.5 * residual[lane] * residual[lane];
        }
        let [a, b, c, d] = residual;
        for (bar, p) in bar.iter_mut().zip(&powers) {
            *bar -= (a * p[0] + b * p[1]) + (c * p[2] + d * p[3]);
        }
    }
    sum
}

pub(crate) struct LeastSquares;

impl Kernel for LeastSquares {
    fn name(&self) -> &'static str {
        "llsq_n1000_m32"
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(M, -1.0, 1.0)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        misfit(x, N)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        misfit_value_and_grad_into(x, N, bar)
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        mechanical(x, N, bar)
    }

    fn expert(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        expert(x, N, bar)
    }
}
