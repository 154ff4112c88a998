//! `&mut` parameters: inputs and outputs, and calls that write through them.

#![deny(warnings)]
#![allow(
    clippy::many_single_char_names,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::assign_op_pattern,
    clippy::suboptimal_flops,
    clippy::float_cmp,
    reason = "the functions are numeric code, written in every way that is accepted"
)]

use autodiff::check::assert_gradient;
use autodiff::grad;

#[grad(jvp, vjp)]
fn rhs(u: &[f64], k: f64, du: &mut [f64]) {
    let n = u.len();
    for i in 0..n {
        let left = u[(i + n - 1) % n];
        du[i] = k * (left - u[i]) - u[i] * u[i];
    }
}

#[test]
fn an_out_parameter() {
    let (u, k) = ([0.3, -0.2, 0.5], 0.7);
    let (mut du, mut du_dot) = ([0.0; 3], [9.0; 3]);
    rhs_jvp(&u, k, &mut du, &[1.0, 2.0, 3.0], 0.5, &mut du_dot);
    let mut plain = [0.0; 3];
    rhs(&u, k, &mut plain);
    assert_eq!(du, plain);
    let w = [0.2, -1.0, 0.4];
    let (mut u_bar, mut k_bar, mut du_bar) = ([10.0, 0.0, 0.0], 0.0, w);
    rhs_vjp(&u, k, &mut du, &mut u_bar, &mut k_bar, &mut du_bar);
    // What was there before the call is overwritten, so nothing depends on it.
    assert_eq!(du_bar, [0.0; 3]);
    let forward: f64 = w.iter().zip(&du_dot).map(|(w, d)| w * d).sum();
    let reverse = (u_bar[0] - 10.0) + 2.0 * u_bar[1] + 3.0 * u_bar[2] + 0.5 * k_bar;
    approx::assert_relative_eq!(forward, reverse, max_relative = 1e-12);
}

#[grad(jvp)]
fn steps(u0: &[f64], k: f64) -> f64 {
    let mut u = u0.to_vec();
    let mut du = u0.to_vec();
    for _ in 0..10 {
        rhs(&u, k, &mut du);
        for i in 0..u.len() {
            u[i] += 0.1 * du[i];
        }
    }
    let mut s = 0.0;
    for x in &u {
        s += x * x;
    }
    s
}

#[test]
fn a_time_loop_that_calls_the_right_hand_side() {
    let u0 = vec![0.3, -0.2, 0.5, 0.9];
    let gradient = steps_grad(&u0, 0.7);
    let f = |(u, k): &(Vec<f64>, f64)| steps(u, *k);
    assert_gradient("steps", &["u0", "k"], f, &(u0.clone(), 0.7), &gradient);
    let (_, dot) = steps_jvp(&u0, 0.7, &[1.0; 4], 0.5);
    let sum = gradient.0.iter().sum::<f64>() + 0.5 * gradient.1;
    approx::assert_relative_eq!(dot, sum, max_relative = 1e-12);
}

#[grad(jvp, vjp)]
fn squared(x: &mut f64) {
    *x = *x * *x;
}

#[grad(jvp)]
fn in_and_out(a: f64, b: f64) -> f64 {
    let mut x = [a, b];
    squared(&mut x[0]);
    x[0] * x[1]
}

#[test]
fn a_helper_that_squares_in_place() {
    let (value, gradient) = in_and_out_value_and_grad(3.0, 4.0);
    assert_eq!((value, gradient), (36.0, (24.0, 9.0)));
    assert_eq!(in_and_out_jvp(3.0, 4.0, 1.0, 1.0), (36.0, 33.0));
    let (mut x, mut x_bar) = (3.0, 2.0);
    squared_vjp(&mut x, &mut x_bar);
    assert_eq!((x, x_bar), (9.0, 12.0));
}

#[grad(jvp)]
fn read_write_read(x: &mut f64) -> f64 {
    let p = *x * *x;
    *x = *x * p;
    *x
}

#[test]
fn the_gradient_is_with_respect_to_the_value_on_entry() {
    let mut x = 2.0;
    let (value, gradient) = read_write_read_value_and_grad(&mut x);
    assert_eq!((value, gradient, x), (8.0, 12.0, 8.0));
    let (mut x, mut x_dot) = (2.0, 1.0);
    assert_eq!(read_write_read_jvp(&mut x, &mut x_dot), (8.0, 12.0));
    assert_eq!((x, x_dot), (8.0, 12.0));
}

#[grad(jvp)]
fn in_place(x: &mut [f64; 2]) -> f64 {
    x[0] *= x[0];
    x[0] * x[1]
}

#[test]
fn an_array_that_is_input_and_output() {
    let mut x = [3.0, 4.0];
    assert_eq!(in_place_value_and_grad(&mut x), (36.0, [24.0, 9.0]));
    assert_eq!(x, [9.0, 4.0]);
}

#[grad(jvp)]
fn update(a: &mut f64, b: &mut f64) {
    *a += *b;
    *b *= *a;
}

#[grad(jvp)]
fn updates(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    for _ in 0..3 {
        update(&mut a, &mut b);
    }
    a * b
}

#[test]
fn two_outputs_in_a_loop() {
    let gradient = updates_grad(1.5, 0.5);
    let f = |(x, y): &(f64, f64)| updates(*x, *y);
    assert_gradient("updates", &["x", "y"], f, &(1.5, 0.5), &gradient);
    let (_, dot) = updates_jvp(1.5, 0.5, 1.0, 1.0);
    approx::assert_relative_eq!(dot, gradient.0 + gradient.1, max_relative = 1e-12);
}

/// The cotangent of the result and that of `y` are two.
#[grad(vjp)]
fn gained(x: &mut f64, y: f64) -> f64 {
    *x += y * y;
    *x * y
}

#[test]
fn a_parameter_that_is_called_y() {
    let (mut x, mut x_bar, mut y_bar) = (0.5, 0.25, 0.0);
    assert_eq!(gained_vjp(&mut x, 2.0, 1.0, &mut x_bar, &mut y_bar), 9.0);
    assert_eq!((x, x_bar, y_bar), (4.5, 2.25, 13.5));
}
