//! Runge and Kutta's method with scratch vectors: the `ode` of `GradBench`.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

const N: usize = 100;
const STEPS: usize = 500;

#[grad]
fn field(x: &[f64], y: &[f64], z: &mut [f64]) {
    z[0] = x[0];
    for i in 1..x.len() {
        z[i] = x[i] * y[i - 1];
    }
}

#[grad]
fn solve(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let h = 1.0 / steps as f64;
    let mut y = vec![0.0; n];
    let mut at = vec![0.0; n];
    let (mut k1, mut k2, mut k3, mut k4) = (vec![0.0; n], vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    for _ in 0..steps {
        field(x, &y, &mut k1);
        for i in 0..n {
            at[i] = y[i] + 0.5 * h * k1[i];
        }
        field(x, &at, &mut k2);
        for i in 0..n {
            at[i] = y[i] + 0.5 * h * k2[i];
        }
        field(x, &at, &mut k3);
        for i in 0..n {
            at[i] = y[i] + h * k3[i];
        }
        field(x, &at, &mut k4);
        for i in 0..n {
            y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    y[n - 1]
}

/// The cotangents of `x` and `y` are added to; that of `z` is taken.
fn field_reverse(x: &[f64], y: &[f64], z_bar: &mut [f64], x_bar: &mut [f64], y_bar: &mut [f64]) {
    for i in (1..x.len()).rev() {
        let z = z_bar[i];
        z_bar[i] = 0.0;
        x_bar[i] += z * y[i - 1];
        y_bar[i - 1] += z * x[i];
    }
    x_bar[0] += z_bar[0];
    z_bar[0] = 0.0;
}

/// `at = y + h * k`
fn step(at: &mut [f64], y: &[f64], h: f64, k: &[f64]) {
    for ((at, y), k) in at.iter_mut().zip(y).zip(k) {
        *at = y + h * k;
    }
}

/// The states before the steps are on a tape; the stages are computed again.
fn mechanical(x: &[f64], steps: usize, x_bar: &mut [f64]) -> f64 {
    let n = x.len();
    let h = 1.0 / steps as f64;
    let zeros = || vec![0.0; n];
    let (mut y, mut k1, mut k2, mut k3, mut k4) = (zeros(), zeros(), zeros(), zeros(), zeros());
    let (mut at2, mut at3, mut at4) = (zeros(), zeros(), zeros());
    let mut tape = Vec::with_capacity(steps * n);
    for _ in 0..steps {
        tape.extend_from_slice(&y);
        field(x, &y, &mut k1);
        step(&mut at2, &y, 0.5 * h, &k1);
        field(x, &at2, &mut k2);
        step(&mut at3, &y, 0.5 * h, &k2);
        field(x, &at3, &mut k3);
        step(&mut at4, &y, h, &k3);
        field(x, &at4, &mut k4);
        for i in 0..n {
            y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    x_bar.fill(0.0);
    let mut y_bar = zeros();
    y_bar[n - 1] = 1.0;
    let (mut b1, mut b2, mut b3, mut b4, mut at_bar) =
        (zeros(), zeros(), zeros(), zeros(), zeros());
    // at += y, k += h * at, at = 0
    let spread = |at: &mut [f64], h: f64, y: &mut [f64], k: &mut [f64]| {
        for ((at, y), k) in at.iter_mut().zip(y).zip(k) {
            *y += *at;
            *k += h * *at;
            *at = 0.0;
        }
    };
    for before in tape.chunks(n).rev() {
        field(x, before, &mut k1);
        step(&mut at2, before, 0.5 * h, &k1);
        field(x, &at2, &mut k2);
        step(&mut at3, before, 0.5 * h, &k2);
        field(x, &at3, &mut k3);
        step(&mut at4, before, h, &k3);
        for i in 0..n {
            let part = h / 6.0 * y_bar[i];
            (b1[i], b2[i], b3[i], b4[i]) = (part, 2.0 * part, 2.0 * part, part);
        }
        field_reverse(x, &at4, &mut b4, x_bar, &mut at_bar);
        spread(&mut at_bar, h, &mut y_bar, &mut b3);
        field_reverse(x, &at3, &mut b3, x_bar, &mut at_bar);
        spread(&mut at_bar, 0.5 * h, &mut y_bar, &mut b2);
        field_reverse(x, &at2, &mut b2, x_bar, &mut at_bar);
        spread(&mut at_bar, 0.5 * h, &mut y_bar, &mut b1);
        field_reverse(x, before, &mut b1, x_bar, &mut y_bar);
    }
    y[n - 1]
}

pub(crate) struct RungeKutta;

impl Kernel for RungeKutta {
    fn name(&self) -> &'static str {
        "gbode_n100_s500"
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(N, 0.8, 1.2)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        solve(x, STEPS)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        solve_value_and_grad_into(x, STEPS, bar)
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        mechanical(x, STEPS, bar)
    }
}
