//! A determinant by minors of minors, a recursion: the `det` of `GradBench`.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

const N: usize = 7;

/// The determinant of what is left of a matrix: the rows from `row` on, and of the columns those
/// whose bit is set.
#[grad]
fn minor(a: &[f64], n: usize, row: usize, columns: u32) -> f64 {
    if row == n {
        return 1.0;
    }
    let (mut sum, mut sign) = (0.0, 1.0);
    for j in 0..n {
        if columns & (1 << j) != 0 {
            sum += sign * a[row * n + j] * minor(a, n, row + 1, columns & !(1 << j));
            sign = -sign;
        }
    }
    sum
}

/// Notes the value of each minor of a minor.
fn forward(a: &[f64], n: usize, row: usize, columns: u32, tape: &mut Vec<(f64, f64)>) -> f64 {
    if row == n {
        return 1.0;
    }
    let (mut sum, mut sign) = (0.0, 1.0);
    for j in 0..n {
        if columns & (1 << j) != 0 {
            let factor = sign * a[row * n + j];
            let value = forward(a, n, row + 1, columns & !(1 << j), tape);
            tape.push((sign, value));
            sum += factor * value;
            sign = -sign;
        }
    }
    sum
}

/// The reverse of `forward`.
fn reverse(
    a: &[f64],
    n: usize,
    row: usize,
    columns: u32,
    sum_bar: f64,
    tape: &mut Vec<(f64, f64)>,
    bar: &mut [f64],
) {
    if row == n {
        return;
    }
    for j in (0..n).rev() {
        if columns & (1 << j) != 0 {
            let Some((sign, value)) = tape.pop() else { return };
            let factor = sign * a[row * n + j];
            bar[row * n + j] += sign * value * sum_bar;
            reverse(a, n, row + 1, columns & !(1 << j), factor * sum_bar, tape, bar);
        }
    }
}

fn mechanical(a: &[f64], n: usize, bar: &mut [f64]) -> f64 {
    bar.fill(0.0);
    let mut tape = Vec::new();
    let columns = (1 << n) - 1;
    let value = forward(a, n, 0, columns, &mut tape);
    reverse(a, n, 0, columns, 1.0, &mut tape, bar);
    value
}

/// A determinant is linear in each element: what its cotangent is multiplied with on the way down
/// is known before the value of a minor is, so that one recursion is enough.
fn expert(a: &[f64], n: usize, row: usize, columns: u32, sum_bar: f64, bar: &mut [f64]) -> f64 {
    if row == n {
        return 1.0;
    }
    let (mut sum, mut sign) = (0.0, 1.0);
    for j in 0..n {
        if columns & (1 << j) != 0 {
            let factor = sign * a[row * n + j];
            let value = expert(a, n, row + 1, columns & !(1 << j), factor * sum_bar, bar);
            bar[row * n + j] += sign * value * sum_bar;
            sum += factor * value;
            sign = -sign;
        }
    }
    sum
}

pub(crate) struct Determinant;

impl Kernel for Determinant {
    fn name(&self) -> &'static str {
        "det_n7"
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(N * N, -1.0, 1.0)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        minor(x, N, 0, (1 << N) - 1)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        minor_value_and_grad_into(x, N, 0, (1 << N) - 1, bar)
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        mechanical(x, N, bar)
    }

    fn expert(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        bar.fill(0.0);
        expert(x, N, 0, (1 << N) - 1, 1.0, bar)
    }
}
