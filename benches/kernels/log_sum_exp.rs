//! The logarithm of a sum of exponentials, shifted by the largest.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

#[grad]
fn log_sum_exp(x: &[f64]) -> f64 {
    let mut largest = x[0];
    for &v in x {
        if v > largest {
            largest = v;
        }
    }
    let mut sum = 0.0;
    for &v in x {
        sum += (v - largest).exp();
    }
    largest + sum.ln()
}

fn mechanical(x: &[f64], x_bar: &mut [f64]) -> f64 {
    let (mut largest, mut at) = (x[0], 0);
    for (i, &v) in x.iter().enumerate() {
        if v > largest {
            (largest, at) = (v, i);
        }
    }
    let mut tape = Vec::with_capacity(x.len());
    let mut sum = 0.0;
    for &v in x {
        let e = (v - largest).exp();
        tape.push(e);
        sum += e;
    }
    let sum_bar = 1.0 / sum;
    let mut largest_bar = 1.0;
    for (bar, e) in x_bar.iter_mut().zip(&tape) {
        let part = e * sum_bar;
        *bar = part;
        largest_bar -= part;
    }
    x_bar[at] += largest_bar;
    largest + sum.ln()
}

/// The shift has no derivative; the gradient is where the exponentials are kept.
fn expert(x: &[f64], x_bar: &mut [f64]) -> f64 {
    let largest = x.iter().fold(x[0], |a, &b| if b > a { b } else { a });
    let mut sum = 0.0;
    for (bar, v) in x_bar.iter_mut().zip(x) {
        *bar = (v - largest).exp();
        sum += *bar;
    }
    let scale = 1.0 / sum;
    x_bar.iter_mut().for_each(|bar| *bar *= scale);
    largest + sum.ln()
}

pub(crate) struct LogSumExp;

impl Kernel for LogSumExp {
    fn name(&self) -> &'static str {
        "lse_n1000"
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(1000, -2.0, 2.0)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        log_sum_exp(x)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        log_sum_exp_value_and_grad_into(x, bar)
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        mechanical(x, bar)
    }

    fn expert(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        expert(x, bar)
    }
}
