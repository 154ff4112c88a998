//! What an iteration need not keep: counters, elements that are the same in all of them, items
//! without a derivative, and sums that go to one place. Each against finite differences, and what
//! may not be evaluated where a loop does not run.

#![deny(warnings)]
#![allow(
    clippy::many_single_char_names,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::explicit_counter_loop,
    clippy::similar_names,
    clippy::useless_vec,
    reason = "the functions are loops, written in every way that is accepted"
)]

use autodiff::check::assert_gradient;
use autodiff::grad;

/// A triangle walked by an index of its own: the element of `y` is the same in the inner loop.
#[grad]
fn triangle(l: &[f64], x: &[f64]) -> f64 {
    let n = x.len();
    let mut y = vec![0.0; n];
    let mut z = vec![0.0; n];
    let mut sum = 0.0;
    for round in 0..2 {
        for i in 0..n {
            y[i] = x[i] * x[(i + round) % n];
        }
        let mut at = round;
        for i in 0..n {
            for j in i + 1..n {
                z[j] += l[at] * y[i] * y[i];
                at += 1;
            }
        }
        sum += z[n - 1] * z[1];
    }
    sum
}

#[test]
fn an_index_that_counts_along() {
    let (l, x) = ([0.3, -0.5, 0.7, 1.1, 0.2, -0.4, 0.9], [0.6, -0.8, 1.2, 0.5]);
    let gradient = triangle_grad(&l, &x);
    let f = |(l, x): &(Vec<f64>, Vec<f64>)| triangle(l, x);
    assert_gradient("triangle", &["l", "x"], f, &(l.to_vec(), x.to_vec()), &gradient);
}

/// Counters by another step, read before and after it, from a range that does not start at 0, in a
/// loop that runs down, and in one that is left early.
#[grad]
fn counters(x: &[f64], n: usize) -> f64 {
    let mut w = vec![1.0; x.len()];
    let mut at = 1;
    for i in 2..n {
        let before = x[at];
        at += 2;
        w[i] = before * x[at].sin();
    }
    let mut down = 0;
    for i in (1..n).rev() {
        w[i] *= x[down] * x[down];
        down += 1;
    }
    let mut k = 0;
    let mut sum = 0.0;
    for i in 0..n {
        sum += w[i] * x[k].exp();
        k += 1;
        if sum > 1e3 {
            break;
        }
    }
    sum * x[k]
}

#[test]
fn counters_of_every_kind() {
    let x: Vec<f64> = (0_u32..16).map(|i| 0.4 + 0.07 * f64::from(i)).collect();
    for n in [0, 1, 2, 3, 6] {
        let gradient = counters_grad(&x, n);
        assert_gradient("counters", &["x"], |x: &Vec<f64>| counters(x, n), &x, &gradient);
    }
}

/// A counter of another type than the index, and one that is skipped now and then.
#[grad]
fn mixed(x: &[f64]) -> f64 {
    let mut weight = 0_i32;
    let mut kept = 0;
    let mut sum = 0.0;
    for i in 0..x.len() {
        weight += 1;
        if x[i] > 0.5 {
            kept += 1;
        }
        sum += f64::from(weight) * x[i] * x[kept / 2].sin();
    }
    sum
}

#[test]
fn what_is_no_counter() {
    let x = vec![0.3, 0.9, 0.4, 0.8, 0.7];
    assert_gradient("mixed", &["x"], |x: &Vec<f64>| mixed(x), &x, &mixed_grad(&x));
}

/// Where the inner loop does not run, `y[k]` does not exist.
#[grad]
fn beyond(x: &[f64], counts: &[usize]) -> f64 {
    let mut y = vec![0.0; 2];
    let mut sum = 0.0;
    for (k, &count) in counts.iter().enumerate() {
        if k < 2 {
            y[k] = x[k] * x[k];
        }
        for j in 0..count {
            sum += y[k] * y[k] * x[j];
        }
    }
    y[0] = 0.0;
    sum + y[0]
}

#[test]
fn a_loop_that_does_not_run_reads_nothing() {
    let x = vec![0.5, -1.5, 2.0];
    for counts in [&[2, 3, 0, 0][..], &[0, 1, 0], &[]] {
        let gradient = beyond_grad(&x, counts);
        assert_gradient("beyond", &["x"], |x: &Vec<f64>| beyond(x, counts), &x, &gradient);
    }
}

#[test]
#[should_panic = "index out of bounds"]
fn a_loop_that_runs_panics_as_the_primal() {
    let _ = beyond_grad(&[1.0, 2.0, 3.0], &[1, 1, 1]);
}

/// Items without a derivative, in windows and chunks, the last one shorter, skipped and reversed.
#[grad(constant(data, weights))]
fn items(x: &[f64], data: &[f64], weights: &[f64; 3]) -> f64 {
    let mut sum = 0.0;
    for (row, &w) in data.chunks(2).zip(weights) {
        let mut dot = w;
        for (a, b) in row.iter().zip(x) {
            dot += a * b;
        }
        sum += dot * dot * w;
    }
    for (pair, v) in data.windows(2).zip(x).rev() {
        sum += pair[0] * v.sin() * pair[1];
    }
    for (i, d) in data.iter().enumerate().skip(1).step_by(2) {
        sum += d * x[i % 2].exp();
    }
    sum
}

#[test]
fn items_without_a_derivative() {
    let (x, data, weights) = (vec![0.4, -0.9], [0.5, 1.5, -0.7, 0.2, 1.1], [1.0, 0.5, -2.0]);
    let f = |x: &Vec<f64>| items(x, &data, &weights);
    assert_gradient("items", &["x"], f, &x, &items_grad(&x, &data, &weights));
}
