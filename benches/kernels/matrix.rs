//! Products of matrices: the sum of the elements of `a * b`, and of their squares.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

/// Rows and columns.
const N: usize = 64;

#[grad]
fn sum_of_product(a: &[f64], b: &[f64], n: usize) -> f64 {
    let mut c = vec![0.0; n * n];
    for i in 0..n {
        let row = &mut c[i * n..(i + 1) * n];
        for k in 0..n {
            let x = a[i * n + k];
            for (z, y) in row.iter_mut().zip(&b[k * n..(k + 1) * n]) {
                *z += x * y;
            }
        }
    }
    let mut sum = 0.0;
    for &x in &c {
        sum += x;
    }
    sum
}

#[grad]
fn squares_of_product(a: &[f64], b: &[f64], n: usize) -> f64 {
    let mut c = vec![0.0; n * n];
    for i in 0..n {
        let row = &mut c[i * n..(i + 1) * n];
        for k in 0..n {
            let x = a[i * n + k];
            for (z, y) in row.iter_mut().zip(&b[k * n..(k + 1) * n]) {
                *z += x * y;
            }
        }
    }
    let mut sum = 0.0;
    for &x in &c {
        sum += x * x;
    }
    sum
}

fn product(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    let mut c = vec![0.0; n * n];
    for (c, a) in c.chunks_mut(n).zip(a.chunks(n)) {
        for (a, b) in a.iter().zip(b.chunks(n)) {
            c.iter_mut().zip(b).for_each(|(c, b)| *c += a * b);
        }
    }
    c
}

fn mechanical_reverse(a: &[f64], b: &[f64], c_bar: &[f64], n: usize, bars: &mut [f64]) {
    let (a_bar, b_bar) = bars.split_at_mut(n * n);
    b_bar.fill(0.0);
    for i in (0..n).rev() {
        let c_bar = &c_bar[i * n..(i + 1) * n];
        for k in (0..n).rev() {
            let x = a[i * n + k];
            let mut sum = 0.0;
            let row = k * n..(k + 1) * n;
            for ((c, b), b_bar) in c_bar.iter().zip(&b[row.clone()]).zip(&mut b_bar[row]) {
                sum += c * b;
                *b_bar += c * x;
            }
            a_bar[i * n + k] = sum;
        }
    }
}

/// The rows of `b` transposed, so that both cotangents are sums of rows.
fn expert_reverse(a: &[f64], b: &[f64], c_bar: &[f64], n: usize, bars: &mut [f64]) {
    let (a_bar, b_bar) = bars.split_at_mut(n * n);
    a_bar.fill(0.0);
    b_bar.fill(0.0);
    let mut turned = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            turned[j * n + i] = b[i * n + j];
        }
    }
    for i in 0..n {
        let row = i * n..(i + 1) * n;
        let (c_bar, a) = (&c_bar[row.clone()], &a[row.clone()]);
        let a_bar = &mut a_bar[row];
        for (c, b) in c_bar.iter().zip(turned.chunks(n)) {
            a_bar.iter_mut().zip(b).for_each(|(bar, b)| *bar += c * b);
        }
        for (a, b_bar) in a.iter().zip(b_bar.chunks_mut(n)) {
            b_bar.iter_mut().zip(c_bar).for_each(|(bar, c)| *bar += c * a);
        }
    }
}

/// Whether the squares of the elements are summed up.
pub(crate) struct Matrix {
    pub(crate) squares: bool,
}

type Reverse = fn(&[f64], &[f64], &[f64], usize, &mut [f64]);

impl Matrix {
    fn by(&self, x: &[f64], bar: &mut [f64], reverse: Reverse) -> f64 {
        let (a, b) = x.split_at(N * N);
        let mut c = product(a, b, N);
        let mut sum = 0.0;
        if self.squares {
            for x in &mut c {
                sum += *x * *x;
                *x *= 2.0;
            }
        } else {
            sum = c.iter().fold(0.0, |sum, x| sum + x);
            c.fill(1.0);
        }
        reverse(a, b, &c, N, bar);
        sum
    }
}

impl Kernel for Matrix {
    fn name(&self) -> &'static str {
        if self.squares { "matsq_64" } else { "matsum_64" }
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(2 * N * N, -1.0, 1.0)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        let (a, b) = x.split_at(N * N);
        if self.squares { squares_of_product(a, b, N) } else { sum_of_product(a, b, N) }
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let (a, b) = x.split_at(N * N);
        let (a_bar, b_bar) = bar.split_at_mut(N * N);
        if self.squares {
            squares_of_product_value_and_grad_into(a, b, N, a_bar, b_bar)
        } else {
            sum_of_product_value_and_grad_into(a, b, N, a_bar, b_bar)
        }
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        self.by(x, bar, mechanical_reverse)
    }

    fn expert(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        self.by(x, bar, expert_reverse)
    }
}
