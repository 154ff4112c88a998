//! Tapes that are kept from call to call: the same bits as without, whatever was in them before.

#![deny(warnings)]
#![allow(
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    reason = "the same operations, in the same order, on slices of known lengths"
)]

use autodiff::{Real, Workspace, grad};

/// One row.
#[grad(value_and_grad_with)]
fn steps(x: &[f64]) -> f64 {
    let (mut a, mut sum) = (0.5, 0.0);
    for i in 0..x.len() {
        a = a * x[i].sin() + 0.1 * a * a;
        sum += a * a;
    }
    sum
}

/// Rows of inner loops, of records of two kinds, and a tape of unknown length.
#[grad(value_and_grad_with)]
fn rows(x: &[f64], y: f64) -> f64 {
    let mut u = vec![1.0; x.len()];
    let mut sum = y;
    for round in 0..4 {
        let mut a = y;
        for i in 0..x.len() {
            a = a * x[i] + u[i] * y;
            u[i] = a.cos();
        }
        for i in round..x.len() {
            sum = sum * 0.9 + (u[i] * a).sin() * sum;
        }
    }
    let mut n = 0;
    while sum.abs() > 0.3 && n < 20 {
        sum *= 0.5 * sum.cos() * y;
        n += 1;
    }
    sum
}

/// One that may fail in the middle: its tape goes back all the same.
#[grad(value_and_grad_with)]
fn checked(x: &[f64]) -> Option<f64> {
    let mut product = 1.0;
    for i in 0..x.len() {
        product = product * x[i] + 0.5 * product.cos();
    }
    if product < 0.0 {
        return None;
    }
    Some(product.sqrt())
}

/// Tapes of several types in one workspace.
#[grad(value_and_grad_with)]
fn generic<T: Real>(x: &[T]) -> T {
    let mut a = T::one();
    for i in 0..x.len() {
        a = a * x[i].sin() + a * a;
    }
    a
}

/// Nothing is kept.
#[grad(value_and_grad_with)]
fn product(x: f64, y: f64) -> f64 {
    x * y
}

fn points(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.3 + (i * 7 % 11) as f64 * 0.1).collect()
}

#[test]
fn the_bits_are_those_of_own_memory() {
    let mut workspace = Workspace::new();
    for n in [5, 0, 17, 3, 64, 1, 17] {
        let x = points(n);
        let [mut own, mut kept] = [vec![1.0; n], vec![2.0; n]];
        let values = (
            steps_value_and_grad_into(&x, &mut own),
            steps_value_and_grad_with(&x, &mut kept, &mut workspace),
        );
        assert_eq!((values.0, &own), (values.1, &kept), "steps of {n}");
        let [mut y_own, mut y_kept] = [3.0, 4.0];
        let values = (
            rows_value_and_grad_into(&x, 0.8, &mut own, &mut y_own),
            rows_value_and_grad_with(&x, 0.8, &mut kept, &mut y_kept, &mut workspace),
        );
        assert_eq!((values.0, &own, y_own), (values.1, &kept, y_kept), "rows of {n}");
    }
}

#[test]
fn the_gradient_is_right() {
    let x = points(6);
    let (mut x_bar, mut y_bar) = (vec![0.0; 6], 0.0);
    let mut workspace = Workspace::new();
    rows_value_and_grad_with(&x, 0.8, &mut x_bar, &mut y_bar, &mut workspace);
    for i in 0..6 {
        let at = |h: f64| {
            let mut moved = x.clone();
            moved[i] += h;
            rows(&moved, 0.8)
        };
        let slope = (at(1e-6) - at(-1e-6)) / 2e-6;
        approx::assert_relative_eq!(x_bar[i], slope, max_relative = 1e-6, epsilon = 1e-8);
    }
    let slope = (rows(&x, 0.8 + 1e-6) - rows(&x, 0.8 - 1e-6)) / 2e-6;
    approx::assert_relative_eq!(y_bar, slope, max_relative = 1e-6);
}

#[test]
fn widths_do_not_meet() {
    let mut workspace = Workspace::new();
    for _ in 0..2 {
        let mut single = [0.0_f32; 3];
        generic_value_and_grad_with(&[0.3, 0.4, 0.5], &mut single, &mut workspace);
        assert_eq!(single.to_vec(), generic_grad(&[0.3_f32, 0.4, 0.5]));
        let mut double = [0.0_f64; 3];
        generic_value_and_grad_with(&[0.3, 0.4, 0.5], &mut double, &mut workspace);
        assert_eq!(double.to_vec(), generic_grad(&[0.3_f64, 0.4, 0.5]));
    }
}

#[test]
fn a_failure_gives_the_tape_back() {
    let mut workspace = Workspace::new();
    let mut x_bar = [0.0; 3];
    assert!(checked_value_and_grad_with(&[4.0, 2.0, 9.0], &mut x_bar, &mut workspace).is_some());
    let (before, gradient) = (format!("{workspace:?}"), x_bar);
    assert!(before.contains("tapes: 1"), "{before}");
    assert!(checked_value_and_grad_with(&[4.0, -2.0, 9.0], &mut x_bar, &mut workspace).is_none());
    assert!(checked_value_and_grad_with(&[4.0, 2.0, 9.0], &mut x_bar, &mut workspace).is_some());
    assert_eq!((format!("{workspace:?}"), x_bar), (before, gradient));
}

#[test]
fn what_keeps_nothing_leaves_it_alone() {
    let mut workspace = Workspace::new();
    let (mut x_bar, mut y_bar) = (0.0, 0.0);
    assert_eq!(product_value_and_grad_with(2.0, 3.0, &mut x_bar, &mut y_bar, &mut workspace), 6.0);
    assert_eq!((x_bar, y_bar), (3.0, 2.0));
    assert!(format!("{workspace:?}").contains("tapes: 0"));
    // It goes where its owner goes.
    std::thread::spawn(move || drop(workspace)).join().unwrap();
}
