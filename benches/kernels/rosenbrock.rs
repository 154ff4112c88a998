//! Rosenbrock's function: a sum over neighbours, each read twice.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

#[grad]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
    }
    sum
}

fn mechanical(x: &[f64], x_bar: &mut [f64]) -> f64 {
    let value = rosenbrock(x);
    x_bar.fill(0.0);
    for i in (0..x.len() - 1).rev() {
        let a_bar = 200.0 * (x[i + 1] - x[i] * x[i]);
        let b_bar = 2.0 * (1.0 - x[i]);
        x_bar[i + 1] += a_bar;
        x_bar[i] += -2.0 * x[i] * a_bar - b_bar;
    }
    value
}

/// One pass; the half of a cotangent that the next term adds to is carried along.
fn expert(x: &[f64], x_bar: &mut [f64]) -> f64 {
    let (mut sum, mut carried) = (0.0, 0.0);
    for (pair, bar) in x.windows(2).zip(&mut *x_bar) {
        let a = pair[1] - pair[0] * pair[0];
        let b = 1.0 - pair[0];
        sum += 100.0 * a * a + b * b;
        *bar = carried - 400.0 * pair[0] * a - 2.0 * b;
        carried = 200.0 * a;
    }
    x_bar[x.len() - 1] = carried;
    sum
}

pub(crate) struct Rosenbrock;

impl Kernel for Rosenbrock {
    fn name(&self) -> &'static str {
        "rosen_n1000"
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(1000, -1.0, 1.0)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        rosenbrock(x)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        rosenbrock_value_and_grad_into(x, bar)
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        mechanical(x, bar)
    }

    fn expert(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        expert(x, bar)
    }
}
