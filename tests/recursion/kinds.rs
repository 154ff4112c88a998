//! Methods, tuples, failures, memory that is lent, and generic functions.

use approx::assert_relative_eq;
use autodiff::{Differentiable, check, grad};

use crate::confirm;

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Model {
    a: f64,
    b: f64,
}

#[grad(jvp)]
impl Model {
    fn at(&self, x: f64, n: usize) -> f64 {
        if n == 0 { self.b * x } else { self.a * self.at(x, n - 1).sin() }
    }

    fn horner(x: f64, y: f64, n: usize) -> f64 {
        if n == 0 { y } else { x * Self::horner(x, y, n - 1) + y }
    }
}

#[test]
fn methods_and_associated_functions() {
    let at = |p: &[f64]| Model { a: p[0], b: p[1] }.at(p[2], 3);
    let gradient = |p: &[f64]| {
        let (model, x) = Model { a: p[0], b: p[1] }.at_grad(p[2], 3);
        vec![model.a, model.b, x]
    };
    let jvp = |p: &[f64], v: &[f64]| {
        let (a, b) = (v[0], v[1]);
        Model { a: p[0], b: p[1] }.at_jvp(p[2], 3, &Model { a, b }, v[2])
    };
    confirm(at, gradient, jvp, &[0.9, 1.5, 0.3]);
    // y (x³ + x² + x + 1)
    let (x, y) = (0.5, 2.0);
    assert_eq!(Model::horner(x, y, 3), 3.75);
    assert_eq!(Model::horner_grad(x, y, 3), (y * (3.0 * x * x + 2.0 * x + 1.0), 1.875));
}

#[grad(vjp, jvp)]
fn pair(x: f64, n: usize) -> (f64, [f64; 2]) {
    if n == 0 {
        return (x, [1.0, x]);
    }
    let (a, b) = pair(x * 0.5, n - 1);
    (a * b[1], [a, b[0] * x])
}

#[test]
fn a_tuple() {
    let x = 1.3;
    let (_, dot) = pair_jvp(x, 3, 1.0);
    let along = [(1.0, [0.0, 0.0]), (0.0, [1.0, 0.0]), (0.0, [0.0, 1.0])];
    for (seed, expected) in along.into_iter().zip([dot.0, dot.1[0], dot.1[1]]) {
        assert_relative_eq!(pair_vjp(x, 3).1(seed), expected, max_relative = 1e-13);
    }
    check::assert_gradient("pair", &["x"], |(x,)| pair(*x, 3).0, &(x,), &dot.0);
}

#[grad(jvp)]
fn fails(x: f64, n: usize) -> Result<f64, String> {
    if n > 10 {
        return Err(format!("{n} is deep"));
    }
    if n == 0 {
        return Ok(x);
    }
    let y = fails(x * x, n - 1)?;
    Ok(y * x)
}

/// xᵏ with k = 2ⁿ + 2ⁿ⁻¹ + … + 1
#[test]
fn a_failure() {
    let x: f64 = 1.1;
    assert_relative_eq!(fails_grad(x, 3).unwrap(), 15.0 * x.powi(14), max_relative = 1e-13);
    assert_relative_eq!(fails_jvp(x, 3, 1.0).unwrap().1, 15.0 * x.powi(14), max_relative = 1e-13);
    assert_eq!(fails_grad(x, 30), Err("30 is deep".to_owned()));
}

#[grad(vjp, jvp)]
fn step(x: &mut [f64], k: f64, n: usize) {
    if n > 0 {
        for i in 1..x.len() {
            x[i] = k * x[i] * x[i - 1];
        }
        step(x, k, n - 1);
    }
}

#[test]
fn memory_that_is_lent() {
    let p = [1.0, 2.0, 3.0, 0.5];
    let weights = [1.0, -2.0, 0.5];
    let f = |p: &[f64]| {
        let mut x = p[..3].to_vec();
        step(&mut x, p[3], 2);
        x.iter().zip(&weights).map(|(x, w)| x * w).sum()
    };
    let gradient = |p: &[f64]| {
        let (mut x, mut x_bar, mut k_bar) = (p[..3].to_vec(), weights.to_vec(), 0.0);
        step_vjp(&mut x, p[3], 2, &mut x_bar, &mut k_bar);
        x_bar.push(k_bar);
        x_bar
    };
    let jvp = |p: &[f64], v: &[f64]| {
        let (mut x, mut x_dot) = (p[..3].to_vec(), v[..3].to_vec());
        step_jvp(&mut x, p[3], 2, &mut x_dot, v[3]);
        let along = x_dot.iter().zip(&weights).map(|(x, w)| x * w).sum();
        (x.iter().zip(&weights).map(|(x, w)| x * w).sum(), along)
    };
    confirm(f, gradient, jvp, &p);
}

/// What the pullback keeps may hold values of type `T`.
#[grad(jvp)]
fn generic<const N: usize, T: Into<f64> + Copy>(x: &[f64; N], t: T, n: usize) -> f64 {
    if n == 0 {
        return x[0] * t.into();
    }
    let mut y = *x;
    y[0] = x[N - 1] * x[0] * t.into();
    generic(&y, t, n - 1)
}

/// x₀ (t x₁)³ t
#[test]
fn generic_functions() {
    let (x, t) = ([1.1, 0.5], 2.0_f32);
    assert_eq!(generic(&x, t, 3), 2.2);
    let found = generic_grad(&x, t, 3);
    assert_relative_eq!(found[0], 2.0, max_relative = 1e-14);
    assert_relative_eq!(found[1], 6.0 * 1.1 * 2.0, max_relative = 1e-14);
    assert_relative_eq!(generic_jvp(&x, t, 3, &[0.0, 1.0]).1, found[1], max_relative = 1e-14);
}

mod inner {
    #[autodiff::grad]
    pub(super) fn r#loop(x: f64, n: i32) -> f64 {
        if n <= 0 { x } else { self::r#loop(x * x, n - 1) }
    }
}

#[grad]
fn of_inner(x: f64) -> f64 {
    inner::r#loop(x, 2) * x
}

#[test]
fn by_a_path() {
    assert_relative_eq!(inner::loop_grad(1.1, 2), 4.0 * 1.1_f64.powi(3), max_relative = 1e-14);
    assert_relative_eq!(of_inner_grad(1.1), 5.0 * 1.1_f64.powi(4), max_relative = 1e-14);
}
