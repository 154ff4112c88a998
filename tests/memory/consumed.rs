//! Memory that is used up, that grows where it is the caller's, or that is part of something made.

use autodiff::grad;

use crate::{confirmed, numbers};

/// Grows by its last element times `x`, which stays the caller's.
#[grad]
fn pushed(x: f64, w: &mut Vec<f64>) -> f64 {
    w.push(x * w[w.len() - 1]);
    w.iter().map(|v| v * v).sum()
}

#[grad]
fn filled(xs: &[f64], out: &mut Vec<f64>) {
    out.clear();
    for v in xs {
        out.push(v.sin());
    }
}

#[grad(jvp)]
fn grown_elsewhere(p: &[f64]) -> f64 {
    let mut out = vec![p[0]];
    let first = pushed(p[1], &mut out);
    let second = pushed(p[2], &mut out);
    let mut sines = Vec::new();
    filled(p, &mut sines);
    sines.push(1.0);
    let last = sines.pop().unwrap();
    first * out[2] + second * last + sines.iter().map(|v| v * v).sum::<f64>()
}
confirmed!(growth_of_the_callers: grown_elsewhere at numbers(3), numbers(5));

#[test]
fn a_gradient_as_long_as_before() {
    let mut w = vec![2.0];
    let (value, (x_bar, w_bar)) = pushed_value_and_grad(0.5, &mut w);
    assert_eq!((value, x_bar, w_bar), (5.0, 4.0, vec![5.0]));
    assert_eq!(w, [2.0, 1.0]);
    let (mut x_bar, mut w_bar, mut w) = (7.0, [7.0], vec![2.0]);
    let value = pushed_value_and_grad_into(0.5, &mut w, &mut x_bar, &mut w_bar);
    assert_eq!((value, x_bar, w_bar), (5.0, 4.0, [5.0]));
}

/// Something without a derivative that is not `Copy`.
#[derive(Clone)]
struct Job {
    rate: f64,
    times: usize,
}

#[grad(wrt(x))]
fn weighted(x: f64, weights: Vec<f64>) -> f64 {
    let mut product = 1.0;
    for (i, w) in weights.into_iter().enumerate() {
        product *= (w * x + i as f64).sin();
    }
    product
}

#[grad(wrt(x))]
fn multiplied(x: f64, weights: Vec<f64>) -> f64 {
    let mut product = 1.0;
    for w in weights {
        product *= (w * x).sin();
    }
    product
}

#[grad(constant(jobs))]
fn worked(x: f64, jobs: Vec<Job>) -> f64 {
    let mut product = 1.0;
    for job in jobs {
        for _ in 0..job.times {
            product *= (job.rate * x).sin();
        }
    }
    product
}

#[grad]
fn counted(x: f64, pairs: Vec<(usize, usize)>, rows: Vec<Vec<usize>>) -> f64 {
    let mut product = 1.0;
    for (i, k) in pairs {
        product *= (i as f64 * x + k as f64).sin();
    }
    for row in rows {
        for i in row {
            product *= (i as f64 * x).cos();
        }
    }
    product
}

#[grad(jvp)]
fn used_up(p: &[f64]) -> f64 {
    let jobs = vec![Job { rate: 1.5, times: 2 }, Job { rate: 0.5, times: 1 }];
    let pairs = vec![(1, 0), (2, 1)];
    weighted(p[0], vec![1.0, 0.5])
        + multiplied(p[1], vec![1.0, 2.0, 0.5])
        + worked(p[0] * p[1], jobs)
        + counted(p[1], pairs, vec![vec![1, 2], vec![], vec![1]])
}
confirmed!(loops_that_use_up: used_up at [0.7, 0.4], [1.2, 0.3]);

/// Split after it has grown.
#[grad(jvp)]
fn split(p: &[f64]) -> f64 {
    let mut v = vec![p[0]];
    for i in 0..3_usize {
        v.push(p[1] * i as f64);
    }
    let (a, b) = v.split_at_mut(1);
    a[0] += b[1] * b[2];
    v.iter().map(|x| x * x).sum()
}
confirmed!(split_after_growth: split at [0.7, 0.4], [1.2, 0.3]);

/// Rows that are made of slices and of numbers.
#[grad(jvp)]
fn rows(p: &[f64]) -> f64 {
    let rows = vec![p.to_vec(), vec![p[0]], p[1..].to_vec()];
    let mut sum = 0.0;
    for (i, row) in rows.iter().enumerate() {
        for x in row {
            sum += x * x * (i as f64 + 1.0);
        }
    }
    sum
}
confirmed!(rows_of_slices: rows at numbers(2), numbers(4));
