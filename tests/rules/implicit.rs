//! `linear::solve` and `implicit::root`: against closed forms, differences, and each other.

use approx::assert_relative_eq;
use autodiff::{grad, implicit, linear, rule};

use crate::confirm;

/// A matrix that needs row exchanges, made of the parameters.
fn matrix(n: usize) -> Vec<f64> {
    (0..n * n).map(|i| if i % (n + 1) == 0 { 0.0 } else { (1.0 + i as f64).sin() }).collect()
}

#[test]
fn a_system_is_solved() {
    for n in 0..6 {
        let a = matrix(n);
        let b: Vec<f64> = (0..n).map(|i| (2.0 * i as f64).cos()).collect();
        if n == 1 {
            // Its only element is 0.
            assert!(linear::solve(&a, &b)[0].is_infinite());
            continue;
        }
        let x = linear::solve(&a, &b);
        assert_eq!(x.len(), n);
        for i in 0..n {
            let row: f64 = a[i * n..(i + 1) * n].iter().zip(&x).map(|(a, x)| a * x).sum();
            assert_relative_eq!(row, b[i], epsilon = 1e-12);
        }
    }
}

#[test]
#[should_panic(expected = "a matrix of 3 elements for 2 unknowns")]
fn a_matrix_is_square() {
    let _ = linear::solve(&[1.0, 2.0, 3.0], &[1.0, 2.0]);
}

/// The matrix is the first n² parameters, the right-hand side the last n.
#[grad(jvp)]
fn of_system(p: &[f64], n: usize) -> f64 {
    let x = linear::solve(&p[..n * n], &p[n * n..]);
    let mut sum = 0.0;
    for i in 0..n {
        sum += x[i] * x[i] * (1.0 + i as f64);
    }
    sum
}

#[test]
fn derivatives_of_a_system() {
    for n in 2..5 {
        let mut p = matrix(n);
        p.extend((0..n).map(|i| (2.0 * i as f64).cos()));
        confirm(|p| of_system(p, n), |p| of_system_grad(p, n), |p, v| of_system_jvp(p, n, v), &p);
    }
}

/// x = A⁻¹ b: b̄ = A⁻ᵀ x̄, Ā = −b̄ xᵀ
#[test]
fn the_pullback_of_a_system() {
    let (a, b) = ([2.0, 1.0, 0.0, 4.0], [3.0, 4.0]);
    let (x, pullback) = linear::solve::vjp(&a, &b);
    assert_eq!(x, [1.0, 1.0]);
    let (a_bar, b_bar) = pullback(vec![1.0, 0.0]);
    assert_eq!(b_bar, [0.5, -0.125]);
    assert_eq!(a_bar, [-0.5, -0.5, 0.125, 0.125]);
}

/// F(x, p) = 0 with three unknowns and two parameters.
#[grad(vjp, jvp)]
fn residual(x: &[f64], p: &[f64]) -> [f64; 3] {
    [
        x[0] + 0.3 * x[1].sin() - p[0],
        x[1] + 0.2 * x[2] * x[0] - p[1] * p[0],
        x[2] - 0.5 * x[0].cos() * p[1],
    ]
}

#[rule(vjp = root_vjp, jvp = root_jvp)]
fn root(p: &[f64]) -> Vec<f64> {
    let mut x = vec![0.0; 3];
    for _ in 0..200 {
        let f = residual(&x, p);
        x.iter_mut().zip(f).for_each(|(x, f)| *x -= f);
    }
    x
}

fn root_vjp(p: &[f64]) -> (Vec<f64>, impl FnOnce(Vec<f64>) -> Vec<f64> + use<>) {
    let (x, p) = (root(p), p.to_vec());
    (x.clone(), move |x_bar| implicit::root(&x_bar, |f| residual_vjp(&x, &p).1([f[0], f[1], f[2]])))
}

fn root_jvp(p: &[f64], p_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let x = root(p);
    let (_, f_dot) = residual_jvp(&x, p, &[0.0; 3], p_dot);
    let along = |x_dot: &[f64]| residual_jvp(&x, p, x_dot, &[0.0; 2]).1.to_vec();
    let x_dot = implicit::root_tangent(&f_dot, along);
    (x, x_dot)
}

#[grad(jvp)]
fn of_root(p: &[f64]) -> f64 {
    let x = root(p);
    x[0] * x[1] + x[2] * p[0]
}

#[test]
fn derivatives_of_a_root() {
    for p in [[0.4, 0.9], [1.1, -0.6]] {
        assert!(residual(&root(&p), &p).iter().all(|f| f.abs() < 1e-14));
        confirm(of_root, of_root_grad, of_root_jvp, &p);
    }
}

/// x² = p, and the fixed point x = cos(p x).
#[test]
fn known_roots() {
    let p_bar = implicit::root(&[3.0], |f| (vec![4.0 * f[0]], -f[0]));
    assert_eq!(p_bar, 0.75);
    let p: f64 = 0.8;
    let mut x: f64 = 0.5;
    for _ in 0..200 {
        x = (p * x).cos();
    }
    let s = (p * x).sin();
    let found = implicit::root(&[1.0], |f| (vec![-f[0] * (1.0 + p * s)], -f[0] * x * s));
    assert_relative_eq!(found, -x * s / (1.0 + p * s), max_relative = 1e-15);
}

#[test]
#[should_panic(expected = "1 derivatives for 2 unknowns")]
fn as_many_derivatives_as_unknowns() {
    implicit::root(&[1.0, 1.0], |f| (vec![f[0]], ()));
}
