//! Iterator chains: each as a chain and as a loop, with the same value bit for bit and the same
//! gradient, in both modes and against differences.

#![deny(warnings)]
#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::explicit_counter_loop,
    clippy::explicit_iter_loop,
    clippy::suboptimal_flops,
    clippy::assign_op_pattern,
    clippy::redundant_closure,
    clippy::unwrap_used,
    clippy::needless_for_each,
    clippy::unnecessary_fold,
    clippy::redundant_closure_for_method_calls,
    clippy::manual_inspect,
    reason = "the functions are chains and loops, written in every way that is accepted"
)]

use autodiff::check::assert_gradient;
use autodiff::grad;

type Gradient = (f64, Vec<f64>);
type Case = (
    &'static str,
    fn(f64, &[f64]) -> f64,
    fn(f64, &[f64]) -> (f64, Gradient),
    fn(f64, &[f64], f64, &[f64]) -> (f64, f64),
);

/// A function and its derivatives.
macro_rules! case {
    ($name:ident) => {
        (stringify!($name), $name, $name::value_and_grad, $name::jvp)
    };
}

const LISTS: [&[f64]; 4] = [&[], &[0.7], &[1.3, -0.4, 0.9, 2.1, 0.2], &[-0.3, 0.6, 0.8, 1.1]];

/// Asserts that two functions are one, with the derivatives that differences give.
fn same(chain: &Case, index: &Case, lists: &[&[f64]]) {
    for &v in lists {
        let x = 0.83;
        let (value, gradient) = (chain.2)(x, v);
        let (expected, other) = (index.2)(x, v);
        assert_eq!(value.to_bits(), (chain.1)(x, v).to_bits(), "{}: value at {v:?}", chain.0);
        assert_eq!(value.to_bits(), expected.to_bits(), "{}: {value} at {v:?}", chain.0);
        approx::assert_relative_eq!(gradient.0, other.0, max_relative = 1e-12, epsilon = 1e-13);
        approx::assert_relative_eq!(
            gradient.1.as_slice(),
            other.1.as_slice(),
            max_relative = 1e-12,
            epsilon = 1e-13
        );
        let at = (x, v.to_vec());
        assert_gradient(chain.0, &["x", "v"], |(x, v)| (chain.1)(*x, v), &at, &gradient);
        let direction: Vec<f64> = (0..v.len()).map(|i| 0.5 - 0.3 * i as f64).collect();
        let (same, dot) = (chain.3)(x, v, 0.6, &direction);
        let known: f64 = direction.iter().zip(&gradient.1).map(|(a, b)| a * b).sum();
        assert_eq!(same.to_bits(), value.to_bits(), "{}: value of jvp", chain.0);
        approx::assert_relative_eq!(
            dot,
            0.6 * gradient.0 + known,
            max_relative = 1e-12,
            epsilon = 1e-13
        );
    }
}

#[grad(jvp)]
fn map_sum(x: f64, v: &[f64]) -> f64 {
    v.iter().map(|a| a * x).sum::<f64>().sin()
}

#[grad(jvp)]
fn map_sum_loop(x: f64, v: &[f64]) -> f64 {
    let mut sum: f64 = -0.0;
    for a in v.iter() {
        sum += a * x;
    }
    sum.sin()
}

#[test]
fn sums_of_mapped_items() {
    same(&case!(map_sum), &case!(map_sum_loop), &LISTS);
}

#[grad(jvp)]
fn dot(x: f64, v: &[f64]) -> f64 {
    let dot: f64 = v.iter().zip(v.iter().skip(1)).map(|(a, b)| a * b).sum();
    x * dot
}

#[grad(jvp)]
fn dot_loop(x: f64, v: &[f64]) -> f64 {
    let mut dot = -0.0;
    for i in 1..v.len() {
        dot += v[i - 1] * v[i];
    }
    x * dot
}

#[test]
fn products_of_neighbours() {
    same(&case!(dot), &case!(dot_loop), &LISTS);
}

#[grad(jvp)]
fn horner(x: f64, v: &[f64]) -> f64 {
    v.iter().rev().fold(0.0, |acc, c| acc * x + c)
}

#[grad(jvp)]
fn horner_loop(x: f64, v: &[f64]) -> f64 {
    let mut acc = 0.0;
    for i in (0..v.len()).rev() {
        acc = acc * x + v[i];
    }
    acc
}

#[test]
fn folds_from_the_end() {
    same(&case!(horner), &case!(horner_loop), &LISTS);
}

#[grad(jvp)]
fn filtered(x: f64, v: &[f64]) -> f64 {
    v.iter()
        .enumerate()
        .filter(|(i, a)| i % 2 == 0 && **a > 0.1)
        .map(|(i, a)| a.powi(i as i32) * x)
        .sum()
}

#[grad(jvp)]
fn filtered_loop(x: f64, v: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 0..v.len() {
        if i % 2 == 0 && v[i] > 0.1 {
            sum += v[i].powi(i as i32) * x;
        }
    }
    sum
}

#[test]
fn filters_of_pairs() {
    same(&case!(filtered), &case!(filtered_loop), &LISTS);
}

#[grad(jvp)]
fn log_sum_exp(x: f64, v: &[f64]) -> f64 {
    let top = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    top + v.iter().map(|a| (x * (a - top)).exp()).sum::<f64>().ln()
}

#[grad(jvp)]
fn log_sum_exp_loop(x: f64, v: &[f64]) -> f64 {
    let mut top = f64::NEG_INFINITY;
    for i in 0..v.len() {
        top = top.max(v[i]);
    }
    let mut sum = -0.0;
    for i in 0..v.len() {
        sum += (x * (v[i] - top)).exp();
    }
    top + sum.ln()
}

#[test]
fn the_largest_by_fold() {
    same(&case!(log_sum_exp), &case!(log_sum_exp_loop), &LISTS[1..]);
}

#[grad(jvp)]
fn product(x: f64, v: &[f64]) -> f64 {
    v.iter().map(|a| a + x).filter(|&b| b > 0.5).product()
}

#[grad(jvp)]
fn product_loop(x: f64, v: &[f64]) -> f64 {
    let mut product = 1.0;
    for i in 0..v.len() {
        let b = v[i] + x;
        if b > 0.5 {
            product *= b;
        }
    }
    product
}

#[test]
fn products_of_filtered_items() {
    same(&case!(product), &case!(product_loop), &LISTS);
}
