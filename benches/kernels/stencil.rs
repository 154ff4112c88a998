//! A rod stepped in place: conduction of heat alone, and with growth (Fisher's equation).

use autodiff::grad;

use crate::kernel::{Kernel, Random};

const N: usize = 1000;
const STEPS: usize = 100;

#[grad]
fn heat(u0: &[f64], k: f64, steps: usize) -> f64 {
    let mut u = u0.to_vec();
    for _ in 0..steps {
        let mut left = u[0];
        for i in 1..u.len() - 1 {
            let c = u[i];
            u[i] = c + k * (left - 2.0 * c + u[i + 1]);
            left = c;
        }
    }
    let mut sum = 0.0;
    for &x in &u {
        sum += x * x;
    }
    sum
}

#[grad]
fn fisher(u0: &[f64], k: f64, r: f64, steps: usize) -> f64 {
    let mut u = u0.to_vec();
    for _ in 0..steps {
        let mut left = u[0];
        for i in 1..u.len() - 1 {
            let c = u[i];
            u[i] = c + k * (left - 2.0 * c + u[i + 1]) + r * c * (1.0 - c);
            left = c;
        }
    }
    let mut sum = 0.0;
    for &x in &u {
        sum += x * x;
    }
    sum
}

/// The adjoint of each statement; what a cell held is on a tape, the cotangent of the cell to the
/// left in a local.
fn mechanical<const GROWS: bool>(u0: &[f64], [k, r]: [f64; 2], bar: &mut [f64]) -> (f64, [f64; 2]) {
    let n = u0.len();
    let mut tape = Vec::with_capacity(STEPS * (n - 1));
    let mut u = u0.to_vec();
    for _ in 0..STEPS {
        let mut left = u[0];
        tape.push(left);
        for i in 1..n - 1 {
            let c = u[i];
            tape.push(c);
            u[i] =
                c + k * (left - 2.0 * c + u[i + 1]) + if GROWS { r * c * (1.0 - c) } else { 0.0 };
            left = c;
        }
    }
    let mut sum = 0.0;
    for (bar, x) in bar.iter_mut().zip(&u) {
        sum += x * x;
        *bar = 2.0 * x;
    }
    let (mut k_bar, mut r_bar) = (0.0, 0.0);
    // The last cell never changes; `u` is what the cells hold before the step that is reversed.
    for cells in tape.chunks(n - 1).rev() {
        let mut left_bar = 0.0;
        for i in (1..n - 1).rev() {
            let (c, left, b) = (cells[i], cells[i - 1], bar[i]);
            // The cell to the right was read before this step's own change of it.
            let right = if i + 1 < n - 1 { cells[i + 1] } else { u0[n - 1] };
            k_bar += b * (left - 2.0 * c + right);
            bar[i + 1] += k * b;
            let mut c_bar = b - 2.0 * k * b + left_bar;
            if GROWS {
                r_bar += b * c * (1.0 - c);
                c_bar += r * b * (1.0 - 2.0 * c);
            }
            bar[i] = c_bar;
            left_bar = k * b;
        }
        bar[0] += left_bar;
    }
    (sum, [k_bar, r_bar])
}

/// States as rows, cotangents gathered from one buffer into another, sums element by element.
fn expert<const GROWS: bool>(u0: &[f64], [k, r]: [f64; 2], bar: &mut [f64]) -> (f64, [f64; 2]) {
    let n = u0.len();
    let mut states = Vec::with_capacity((STEPS + 1) * n);
    states.extend_from_slice(u0);
    for step in 0..STEPS {
        let old = step * n;
        states.push(u0[0]);
        for i in 1..n - 1 {
            let [left, c, right] = [states[old + i - 1], states[old + i], states[old + i + 1]];
            let grown = if GROWS { r * c * (1.0 - c) } else { 0.0 };
            states.push(c + k * (left - 2.0 * c + right) + grown);
        }
        states.push(u0[n - 1]);
    }
    let (states, last) = states.split_at(STEPS * n);
    let mut sum = 0.0;
    for (bar, x) in bar.iter_mut().zip(last) {
        sum += x * x;
        *bar = 2.0 * x;
    }
    let (mut k_sums, mut r_sums) = (vec![0.0; n - 2], vec![0.0; n - 2]);
    let mut next = vec![0.0; n];
    let mut inner = vec![0.0; n];
    for u in states.chunks(n).rev() {
        // The ends are never written: their cotangents are not scattered.
        inner[1..n - 1].copy_from_slice(&bar[1..n - 1]);
        let cells = u.windows(3).zip(inner.windows(3)).zip(&mut next[1..n - 1]);
        for (((u, b), next), (ks, rs)) in cells.zip(k_sums.iter_mut().zip(&mut r_sums)) {
            let c = u[1];
            *ks += b[1] * (u[0] - 2.0 * c + u[2]);
            let mut sum = b[1] + k * (b[0] - 2.0 * b[1] + b[2]);
            if GROWS {
                *rs += b[1] * c * (1.0 - c);
                sum += r * b[1] * (1.0 - 2.0 * c);
            }
            *next = sum;
        }
        bar[0] += k * bar[1];
        bar[n - 1] += k * bar[n - 2];
        bar[1..n - 1].copy_from_slice(&next[1..n - 1]);
    }
    (sum, [k_sums.iter().sum(), r_sums.iter().sum()])
}

/// Whether the cells grow.
pub(crate) struct Stencil {
    pub(crate) grows: bool,
}

impl Kernel for Stencil {
    fn name(&self) -> &'static str {
        if self.grows { "fisher_n1000_t100" } else { "heat_n1000_t100" }
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        let mut x = random.vec(N, 0.1, 0.9);
        x.push(0.2);
        if self.grows {
            x.push(0.1);
        }
        x
    }

    fn primal(&self, x: &[f64]) -> f64 {
        if self.grows { fisher(&x[..N], x[N], x[N + 1], STEPS) } else { heat(&x[..N], x[N], STEPS) }
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let (u, rates) = bar.split_at_mut(N);
        match rates {
            [k, r] => fisher_value_and_grad_into(&x[..N], x[N], x[N + 1], STEPS, u, k, r),
            rates => heat_value_and_grad_into(&x[..N], x[N], STEPS, u, &mut rates[0]),
        }
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        self.by(x, bar, mechanical::<false>, mechanical::<true>)
    }

    fn expert(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        self.by(x, bar, expert::<false>, expert::<true>)
    }
}

type Gradient = fn(&[f64], [f64; 2], &mut [f64]) -> (f64, [f64; 2]);

impl Stencil {
    fn by(&self, x: &[f64], bar: &mut [f64], heat: Gradient, fisher: Gradient) -> f64 {
        let (u, rates) = bar.split_at_mut(N);
        if self.grows {
            let (value, of) = fisher(&x[..N], [x[N], x[N + 1]], u);
            rates.copy_from_slice(&of);
            value
        } else {
            let (value, of) = heat(&x[..N], [x[N], 0.0], u);
            rates[0] = of[0];
            value
        }
    }
}
