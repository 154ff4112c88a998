//! `rule(vjp = f_vjp, jvp = f_jvp)`

use std::cell::Cell;

use approx::assert_relative_eq;
use autodiff::{check, grad, rule};

use crate::confirm;

/// x with A x = b, for a symmetric 2 × 2 matrix, by iteration: its derivative is known without it.
#[rule(vjp = solve_vjp, jvp = solve_jvp)]
fn solve(a: &[f64; 3], b: &[f64]) -> [f64; 2] {
    let (mut x, mut y) = (0.0, 0.0);
    for _ in 0..200 {
        x = (b[0] - a[1] * y) / a[0];
        y = (b[1] - a[1] * x) / a[2];
    }
    [x, y]
}

thread_local! {
    static PULLBACKS: Cell<u32> = const { Cell::new(0) };
    static PUSHFORWARDS: Cell<u32> = const { Cell::new(0) };
}

/// b̄ = A⁻¹ x̄, Ā = −b̄ xᵀ
fn solve_vjp(
    a: &[f64; 3],
    b: &[f64],
) -> ([f64; 2], impl FnOnce([f64; 2]) -> ([f64; 3], Vec<f64>) + use<>) {
    let (a, x) = (*a, solve(a, b));
    let pullback = move |x_bar: [f64; 2]| {
        PULLBACKS.set(PULLBACKS.get() + 1);
        let b_bar = solve(&a, &x_bar);
        let a_bar = [-b_bar[0] * x[0], -b_bar[0] * x[1] - b_bar[1] * x[0], -b_bar[1] * x[1]];
        (a_bar, b_bar.to_vec())
    };
    (x, pullback)
}

/// A ẋ = ḃ − Ȧ x
fn solve_jvp(a: &[f64; 3], b: &[f64], a_dot: &[f64; 3], b_dot: &[f64]) -> ([f64; 2], [f64; 2]) {
    PUSHFORWARDS.set(PUSHFORWARDS.get() + 1);
    let x = solve(a, b);
    let right = [
        b_dot[0] - a_dot[0] * x[0] - a_dot[1] * x[1],
        b_dot[1] - a_dot[1] * x[0] - a_dot[2] * x[1],
    ];
    let x_dot = solve(a, &right);
    (x, x_dot)
}

/// In a loop, with an array that is made, and a part of one.
#[grad(jvp)]
fn energy(p: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..3 {
        let matrix = [2.0 + p[0] * p[0], p[i], 3.0];
        let x = solve(&matrix, &p[i..i + 2]);
        if x[0] > 0.0 {
            sum += x[0] * x[1];
        }
        sum += x[1];
    }
    sum
}

#[test]
fn pullback_and_pushforward_are_the_users() {
    let p = [0.5, 0.6, -0.7, 0.8];
    PULLBACKS.set(0);
    PUSHFORWARDS.set(0);
    let _ = energy_grad(&p);
    assert_eq!((PULLBACKS.get(), PUSHFORWARDS.get()), (2, 0));
    let _ = energy_jvp(&p, &[1.0, 0.0, 0.0, 0.0]);
    assert_eq!((PULLBACKS.get(), PUSHFORWARDS.get()), (2, 2));
    confirm(energy, energy_grad, energy_jvp, &p);
}

#[test]
fn companions_by_the_type_are_the_users_functions() {
    let (a, b) = ([2.0, 1.0, 3.0], [1.0, 2.0]);
    let (x, pullback) = solve::vjp(&a, &b);
    assert_eq!(x, solve(&a, &b));
    let (a_bar, b_bar) = pullback([1.0, 0.0]);
    // The first row of A⁻¹.
    assert_relative_eq!(b_bar[0], 0.6, max_relative = 1e-12);
    assert_relative_eq!(b_bar[1], -0.2, max_relative = 1e-12);
    let f = |(a,): &([f64; 3],)| solve(a, &[1.0, 2.0])[0];
    check::assert_gradient("solve", &["a"], f, &(a,), &a_bar);
    let (_, x_dot) = solve::jvp(&a, &b, &[0.0; 3], &[1.0, 0.0]);
    assert_relative_eq!(x_dot[0], 0.6, max_relative = 1e-12);
}

/// Deliberately wrong, and under other names than those of the companions.
#[rule(vjp = reverse::of_product, jvp = forward, wrt(x))]
fn product(x: f64, k: f64) -> f64 {
    x * k
}

mod reverse {
    pub(super) fn of_product(x: f64, k: f64) -> (f64, impl FnOnce(f64) -> f64 + use<>) {
        (x * k, move |y_bar| 10.0 * y_bar * k)
    }
}

fn forward(x: f64, k: f64, x_dot: f64) -> (f64, f64) {
    (x * k, 20.0 * x_dot * k)
}

#[grad(jvp)]
fn of_product(x: f64) -> f64 {
    product(x, 3.0) * x
}

#[test]
fn the_body_is_not_differentiated() {
    assert_eq!(product_grad(2.0, 3.0), 30.0);
    assert_eq!(product_value_and_grad(2.0, 3.0), (6.0, 30.0));
    assert_eq!(product_jvp(2.0, 3.0, 1.0), (6.0, 60.0));
    assert_eq!(product_vjp(2.0, 3.0).1(2.0), 60.0);
    assert_eq!(of_product_grad(2.0), 6.0 + 60.0);
    assert_eq!(of_product_jvp(2.0, 1.0), (12.0, 6.0 + 120.0));
}

/// Reverse mode only: its callers have all that reverse mode gives.
#[rule(vjp = square_vjp)]
fn square(x: f64) -> f64 {
    x * x
}

fn square_vjp(x: f64) -> (f64, impl FnOnce(f64) -> f64 + use<>) {
    (x * x, move |y_bar| 2.0 * x * y_bar)
}

#[grad(vjp)]
fn of_square(x: f64) -> f64 {
    square(x) + x
}

/// Forward mode only.
#[rule(jvp = twice_jvp, jacobian)]
fn twice(x: &[f64; 2]) -> [f64; 2] {
    [x[0] + x[1], x[1]]
}

fn twice_jvp(x: &[f64; 2], x_dot: &[f64; 2]) -> ([f64; 2], [f64; 2]) {
    ([x[0] + x[1], x[1]], [5.0 * x_dot[0], 6.0 * x_dot[1]])
}

#[grad(jvp)]
fn of_twice(x: &[f64; 2]) -> [f64; 2] {
    let y = twice(x);
    [y[0] * y[1], y[0]]
}

#[test]
fn half_a_rule_serves_its_mode() {
    assert_eq!(square_grad(3.0), 6.0);
    assert_eq!(of_square_grad(3.0), 7.0);
    assert_eq!(of_square_vjp(3.0).1(2.0), 14.0);
    assert_eq!(twice_jacobian(&[1.0, 2.0]), [[5.0, 0.0], [0.0, 6.0]]);
    assert_eq!(of_twice_jvp(&[1.0, 2.0], &[1.0, 1.0]), ([6.0, 3.0], [28.0, 5.0]));
}

/// A tuple with a `Vec`, and an inert parameter between the others.
#[rule(vjp = split_vjp, jvp = split_jvp)]
fn split(v: &[f64], at: usize, k: f64) -> (f64, Vec<f64>) {
    (v[..at].iter().sum::<f64>() * k, v[at..].to_vec())
}

fn split_vjp(
    v: &[f64],
    at: usize,
    k: f64,
) -> ((f64, Vec<f64>), impl FnOnce((f64, Vec<f64>)) -> (Vec<f64>, f64) + use<>) {
    let head: f64 = v[..at].iter().sum();
    (split(v, at, k), move |(head_bar, tail_bar): (f64, Vec<f64>)| {
        let mut v_bar = vec![head_bar * k; at];
        v_bar.extend(tail_bar);
        (v_bar, head_bar * head)
    })
}

fn split_jvp(
    v: &[f64],
    at: usize,
    k: f64,
    v_dot: &[f64],
    k_dot: f64,
) -> ((f64, Vec<f64>), (f64, Vec<f64>)) {
    let (head, head_dot): (f64, f64) = (v[..at].iter().sum(), v_dot[..at].iter().sum());
    let y_dot = (head_dot * k + head * k_dot, v_dot[at..].to_vec());
    (split(v, at, k), y_dot)
}

#[grad(jvp)]
fn of_split(p: &[f64]) -> f64 {
    let y = split(&p[1..], 2, p[0]);
    y.0 * p[1]
}

#[test]
fn tuples() {
    confirm(of_split, of_split_grad, of_split_jvp, &[0.5, 0.6, -0.7, 0.8]);
    let (_, pullback) = split_vjp(&[1.0, 2.0, 3.0], 1, 5.0);
    assert_eq!(pullback((1.0, vec![7.0, 8.0])), (vec![5.0, 7.0, 8.0], 1.0));
}

/// A `Vec`, used in a chain.
#[rule(vjp = doubled_vjp, jvp = doubled_jvp)]
fn doubled(x: &[f64]) -> Vec<f64> {
    x.iter().map(|x| 2.0 * x).collect()
}

fn doubled_vjp(x: &[f64]) -> (Vec<f64>, impl FnOnce(Vec<f64>) -> Vec<f64> + use<>) {
    (doubled(x), |y_bar: Vec<f64>| doubled(&y_bar))
}

fn doubled_jvp(x: &[f64], x_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
    (doubled(x), doubled(x_dot))
}

#[grad(jvp)]
fn of_doubled(p: &[f64]) -> f64 {
    let y = doubled(p);
    y.iter().zip(p).map(|(a, b)| a * a * b).sum()
}

#[test]
fn vecs() {
    confirm(of_doubled, of_doubled_grad, of_doubled_jvp, &[0.5, 0.6, -0.7]);
}

#[rule(vjp = short_vjp, jvp = short_jvp)]
fn short(x: &[f64]) -> Vec<f64> {
    x.to_vec()
}

fn short_vjp(x: &[f64]) -> (Vec<f64>, impl FnOnce(Vec<f64>) -> Vec<f64> + use<>) {
    (x.to_vec(), |_| Vec::new())
}

fn short_jvp(x: &[f64], _: &[f64]) -> (Vec<f64>, Vec<f64>) {
    (x.to_vec(), Vec::new())
}

#[grad(jvp)]
fn of_short(x: &[f64]) -> f64 {
    short(x)[0]
}

/// Nothing is not zero.
#[test]
#[should_panic(expected = "the rule of `short` gives 0 elements for `x`, which has 2")]
fn a_cotangent_is_as_long_as_its_parameter() {
    let _ = of_short_grad(&[1.0, 2.0]);
}

#[test]
#[should_panic(expected = "the rule of `short` gives 0 elements for `result`, which has 2")]
fn a_tangent_is_as_long_as_its_value() {
    let _ = of_short_jvp(&[1.0, 2.0], &[1.0, 0.0]);
}
