//! The right-hand side of the Brusselator in two dimensions, and its pullback.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

/// Cells along a side.
const N: usize = 32;

#[grad(vjp)]
fn brusselator(state: &[f64], rate: [f64; 3], n: usize, out: &mut [f64]) {
    let [a, b, alpha] = rate;
    let m = n * n;
    for i in 0..n {
        let (up, down) = (if i == 0 { 0 } else { i - 1 }, if i + 1 == n { i } else { i + 1 });
        for j in 0..n {
            let (left, right) =
                (if j == 0 { 0 } else { j - 1 }, if j + 1 == n { j } else { j + 1 });
            let u = state[i * n + j];
            let v = state[m + i * n + j];
            let lap_u = state[up * n + j]
                + state[down * n + j]
                + state[i * n + left]
                + state[i * n + right]
                - 4.0 * u;
            let lap_v = state[m + up * n + j]
                + state[m + down * n + j]
                + state[m + i * n + left]
                + state[m + i * n + right]
                - 4.0 * v;
            out[i * n + j] = b + u * u * v - (a + 1.0) * u + alpha * lap_u;
            out[m + i * n + j] = a * u - u * u * v + alpha * lap_v;
        }
    }
}

fn mechanical(state: &[f64], [a, _, alpha]: [f64; 3], n: usize, out_bar: &[f64], bar: &mut [f64]) {
    let m = n * n;
    let (bar, rates) = bar.split_at_mut(2 * m);
    bar.fill(0.0);
    let (mut a_bar, mut b_bar, mut alpha_bar) = (0.0, 0.0, 0.0);
    for i in (0..n).rev() {
        let (up, down) = (i.saturating_sub(1), (i + 1).min(n - 1));
        for j in (0..n).rev() {
            let (left, right) = (j.saturating_sub(1), (j + 1).min(n - 1));
            let (u, v) = (state[i * n + j], state[m + i * n + j]);
            let lap_u = state[up * n + j]
                + state[down * n + j]
                + state[i * n + left]
                + state[i * n + right]
                - 4.0 * u;
            let lap_v = state[m + up * n + j]
                + state[m + down * n + j]
                + state[m + i * n + left]
                + state[m + i * n + right]
                - 4.0 * v;
            let (p, q) = (out_bar[i * n + j], out_bar[m + i * n + j]);
            let d = p - q;
            a_bar += (q - p) * u;
            b_bar += p;
            alpha_bar += p * lap_u + q * lap_v;
            let (lu, lv) = (alpha * p, alpha * q);
            bar[up * n + j] += lu;
            bar[down * n + j] += lu;
            bar[i * n + left] += lu;
            bar[i * n + right] += lu;
            bar[m + up * n + j] += lv;
            bar[m + down * n + j] += lv;
            bar[m + i * n + left] += lv;
            bar[m + i * n + right] += lv;
            bar[i * n + j] += 2.0 * u * v * d - (a + 1.0) * p + a * q - 4.0 * lu;
            bar[m + i * n + j] += u * u * d - 4.0 * lv;
        }
    }
    rates.copy_from_slice(&[a_bar, b_bar, alpha_bar]);
}

pub(crate) struct Brusselator {
    seed: Vec<f64>,
}

impl Brusselator {
    pub(crate) fn new() -> Self {
        Self { seed: Random::new(3).vec(2 * N * N, -1.0, 1.0) }
    }
}

fn rates(x: &[f64]) -> [f64; 3] {
    [x[2 * N * N], x[2 * N * N + 1], x[2 * N * N + 2]]
}

impl Kernel for Brusselator {
    fn name(&self) -> &'static str {
        "bruss2d_N32_vjp"
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        let mut x = random.vec(2 * N * N, 0.5, 2.0);
        x.extend([3.4, 1.0, 0.5]);
        x
    }

    fn primal(&self, x: &[f64]) -> f64 {
        let mut out = vec![0.0; 2 * N * N];
        brusselator(&x[..2 * N * N], rates(x), N, &mut out);
        out.iter().zip(&self.seed).map(|(out, seed)| out * seed).sum()
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let mut out = vec![0.0; 2 * N * N];
        let mut out_bar = self.seed.clone();
        bar.fill(0.0);
        let (state_bar, of_rates) = bar.split_at_mut(2 * N * N);
        let mut rate_bar = [0.0; 3];
        let state = &x[..2 * N * N];
        brusselator_vjp(state, rates(x), N, &mut out, state_bar, &mut rate_bar, &mut out_bar);
        of_rates.copy_from_slice(&rate_bar);
        out.iter().zip(&self.seed).map(|(out, seed)| out * seed).sum()
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        mechanical(&x[..2 * N * N], rates(x), N, &self.seed.clone(), bar);
        self.primal(x)
    }
}
