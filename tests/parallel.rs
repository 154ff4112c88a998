//! Sums over rayon's parallel iterators: the derivatives of the same sums one after another, and the
//! same bits for every number of threads.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::cast_precision_loss, reason = "counts are small")]

use autodiff::check::gradient;
use autodiff::{Differentiable, grad, parallel};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

#[grad]
fn term(x: f64, y: f64, w: &[f64]) -> f64 {
    (w[0] * x + w[1]).sin() * y + w[0] * w[0]
}

fn numbers(n: u32, seed: f64) -> Vec<f64> {
    (0..n).map(|i| (f64::from(i) * seed).sin()).collect()
}

/// The result in pools of one to five threads, which is the same to the last bit.
fn on_any_number_of_threads<T: Send + PartialEq + std::fmt::Debug>(f: impl Fn() -> T + Sync) -> T {
    let on = |threads| ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(&f);
    let first = on(1);
    for threads in 2..=5 {
        assert_eq!(on(threads), first, "{threads} threads");
    }
    first
}

#[track_caller]
fn close(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= tolerance * a.abs().max(1.0), "{a} {b}");
    }
}

#[grad(jvp, vjp)]
fn zipped(xs: &[f64], ys: &[f64], w: &[f64], scale: f64) -> f64 {
    let shift: f64 = scale.exp();
    let total = xs
        .par_iter()
        .zip(ys.par_iter())
        .map(|(x, y)| term(*x, *y, w) * scale + shift * x)
        .sum::<f64>();
    total.powi(2) / xs.len() as f64
}

#[grad(jvp, vjp)]
fn zipped_in_order(xs: &[f64], ys: &[f64], w: &[f64], scale: f64) -> f64 {
    let shift: f64 = scale.exp();
    let total =
        xs.iter().zip(ys.iter()).map(|(x, y)| term(*x, *y, w) * scale + shift * x).sum::<f64>();
    total.powi(2) / xs.len() as f64
}

/// Fewer items than parts, as many, more, and more in one slice than in the other.
#[test]
fn slices_scalars_and_what_is_gone_along_have_the_gradient_of_the_loop() {
    for (n, m) in [(0, 0), (1, 1), (3, 3), (256, 256), (1000, 1000), (300, 257), (3, 5)] {
        let (xs, ys) = (numbers(n, 1.1), numbers(m, 0.7));
        let w = [0.4, -0.3];
        let run = || zipped_value_and_grad(&xs, &ys, &w, 0.3);
        let (value, found) = if n == 0 { run() } else { on_any_number_of_threads(run) };
        let (expected, one) = zipped_in_order_value_and_grad(&xs, &ys, &w, 0.3);
        if n == 0 {
            assert!(value.is_nan() && expected.is_nan() && found.0.is_empty());
            continue;
        }
        close(&[value, found.3], &[expected, one.3], 1e-12);
        close(&found.0, &one.0, 1e-12);
        close(&found.1, &one.1, 1e-12);
        close(&found.2, &one.2, 1e-12);
    }
}

#[test]
fn both_modes_agree_with_each_other_and_with_differences() {
    let (xs, ys, w) = (numbers(700, 1.3), numbers(700, 0.9), [0.2, 0.5]);
    let (xs_dot, ys_dot, w_dot) = (numbers(700, 2.1), numbers(700, 3.3), [1.0, -0.5]);
    let (_, forward) = zipped_jvp(&xs, &ys, &w, 0.1, &xs_dot, &ys_dot, &w_dot, 0.7);
    let (_, pullback) = zipped_vjp(&xs, &ys, &w, 0.1);
    let (xs_bar, ys_bar, w_bar, scale_bar) = pullback(2.0);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let backward =
        dot(&xs_bar, &xs_dot) + dot(&ys_bar, &ys_dot) + dot(&w_bar, &w_dot) + 0.7 * scale_bar;
    assert!((backward - 2.0 * forward).abs() < 1e-10 * backward.abs());
    let at = |t: f64| {
        let moved = |x: &[f64], dot: &[f64]| -> Vec<f64> {
            x.iter().zip(dot).map(|(x, dot)| x + t * dot).collect()
        };
        zipped_in_order(
            &moved(&xs, &xs_dot),
            &moved(&ys, &ys_dot),
            &moved(&w, &w_dot),
            0.1 + 0.7 * t,
        )
    };
    let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
    assert!((difference - forward).abs() < 1e-6 * forward.abs(), "{difference} {forward}");
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Model {
    weights: Vec<f64>,
    bias: f64,
    pixels: usize,
}

#[grad]
fn predict(model: &Model, row: &[f64]) -> f64 {
    let mut sum = model.bias;
    for (w, x) in model.weights.iter().zip(row) {
        sum += w * x;
    }
    sum * sum / model.pixels as f64
}

/// Rows, of which the last is shorter; a structure by value, whose fields and which itself are read;
/// and the number of a row.
#[grad(wrt(model, rate))]
fn rows(model: Model, rate: f64, data: &[f64], width: usize) -> f64 {
    data.par_chunks(width)
        .enumerate()
        .map(|(i, row)| (rate * i as f64).cos() * predict(&model, row) + model.bias * row[0])
        .sum::<f64>()
}

#[grad(wrt(model, rate))]
fn rows_in_order(model: Model, rate: f64, data: &[f64], width: usize) -> f64 {
    let mut total = 0.0;
    for (i, row) in data.chunks(width).enumerate() {
        total += (rate * i as f64).cos() * predict(&model, row) + model.bias * row[0];
    }
    total
}

#[test]
fn structures_are_captured() {
    let model = Model { weights: vec![0.3, -0.2, 0.1], bias: 0.4, pixels: 2 };
    let data = numbers(3001, 0.77);
    let run = || rows_value_and_grad(model.clone(), 0.01, &data, 3);
    let (value, (found, rate)) = on_any_number_of_threads(run);
    let (expected, (one, rate_one)) = rows_in_order_value_and_grad(model.clone(), 0.01, &data, 3);
    close(&[value, found.bias, rate], &[expected, one.bias, rate_one], 1e-12);
    close(&found.weights, &one.weights, 1e-12);
}

/// Numbers of another type than `usize`, two sums, one of which is inside a loop and read twice.
#[grad]
fn series(x: f64, n: i32) -> f64 {
    let mut y: f64 = x;
    for _ in 0..3 {
        let scale: f64 = y;
        let sum = (1..n).into_par_iter().map(|i| (scale / f64::from(i)).sin()).sum::<f64>();
        y = y * 0.5 + 0.01 * sum * sum;
    }
    let more: f64 = (0..10).into_par_iter().map(|i| y.powi(i)).sum::<f64>();
    y + more
}

#[test]
fn numbers_are_gone_along_too() {
    let (_, slope) = on_any_number_of_threads(|| series_value_and_grad(0.7, 900));
    let difference = (series(0.7 + 1e-6, 900) - series(0.7 - 1e-6, 900)) / 2e-6;
    assert!((slope - difference).abs() < 1e-6 * slope.abs(), "{slope} {difference}");
}

mod elsewhere {
    #[autodiff::grad]
    pub(crate) fn same(x: f32) -> f32 {
        x
    }
}

/// A slice that is gone along and read elsewhere; generics; the other float.
#[grad]
fn pairs<const N: usize, S: Sync>(xs: &[f32], w: [f32; N], _label: S) -> f32 {
    use elsewhere::same;
    xs.par_iter().copied().filter(|x| *x > 2.5).map(|x| same(x * xs[0]) * w[N - 1]).sum()
}

#[test]
fn what_is_read_twice_has_the_sum_of_its_cotangents() {
    assert_eq!(pairs(&[2.0, 3.0, 4.0], [0.0, 0.5], "label").to_bits(), 7.0_f32.to_bits());
    let (value, (xs_bar, w_bar)) = pairs_value_and_grad(&[2.0, 3.0, 4.0], [0.0, 0.5], "label");
    assert_eq!((value, xs_bar, w_bar), (7.0, vec![3.5, 1.0, 1.0], [0.0, 14.0]));
}

/// A cotangent that is zero stays zero, whatever the derivatives are.
#[grad]
fn root(x: f64, switch: f64, ones: &[f64]) -> f64 {
    let sum = ones.par_iter().map(|one| (x * one).sqrt()).sum::<f64>();
    if switch > 0.0 { sum } else { 0.0 * switch }
}

#[test]
fn zero_wins() {
    assert_eq!(root_grad(0.0, -1.0, &[1.0]).0.to_bits(), 0.0_f64.to_bits());
    assert!(root_grad(0.0, 1.0, &[1.0]).0.is_infinite());
}

#[test]
fn gradients_pass_the_check() {
    let ones = [1.0, 2.0, 0.5];
    let run = |x: &f64| root(*x, 1.0, &ones);
    gradient(run, &0.3, &root_grad(0.3, 1.0, &ones).0).unwrap();
}

/// The helper for loops of one's own: parts follow each other, and there is one where there is nothing.
#[test]
fn parts_cover_the_items_in_order() {
    for items in [0, 1, 255, 256, 257, 10_007] {
        let parts = parallel::joined(
            items,
            |part| vec![part],
            |mut one, other| {
                one.extend(other);
                one
            },
        );
        assert!(!parts.is_empty() && parts.len() <= 256);
        let mut next = 0;
        for part in parts {
            assert_eq!(part.start, next);
            next = part.end;
        }
        assert_eq!(next, items);
    }
    let sum = parallel::sum(1000, |part| part.map(|i| i as f64).sum::<f64>());
    assert_eq!(sum.to_bits(), 499_500.0_f64.to_bits());
}
