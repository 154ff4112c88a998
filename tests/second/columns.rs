//! Jacobians of what is written through a `&mut` parameter, into memory of the caller's.

use approx::assert_relative_eq;
use autodiff::grad;

use crate::{cosine, difference};

/// Predators and prey, in a row of places between which they wander.
#[grad(jacobian, wrt(x, p, t))]
fn rhs(x: &[f64], p: &[f64; 3], t: f64, out: &mut [f64]) {
    let n = x.len();
    for i in 0..n {
        let next = x[(i + 1) % n];
        out[i] = p[0] * x[i] - p[1] * x[i] * next + p[2] * (t * next).sin();
    }
}

/// In place, of what was there.
#[grad(jacobian)]
fn stepped(u: &mut [f64], k: f64) {
    for i in 1..u.len() {
        u[i] += k * u[i - 1] * u[i];
    }
}

#[grad(jacobian, constant(out))]
fn polar(x: [f64; 2], n: u32, out: &mut [f64; 2]) {
    *out = [x[0] * x[1].cos(), x[0] * x[1].sin() * f64::from(n)];
}

#[grad(jacobian, wrt(x))]
fn narrow(x: &[f32], out: &mut [f32; 2]) {
    out[0] = x[0] * x[1];
    out[1] = x[1] * x[1];
}

struct Oscillator {
    stiffness: f64,
}

#[grad]
impl Oscillator {
    #[grad(jacobian, wrt(state))]
    fn rate(&self, state: &[f64], out: &mut [f64]) {
        out[0] = state[1];
        out[1] = -self.stiffness * state[0] * state[0];
    }
}

/// The rows of a matrix, times a vector, are the difference along it.
#[track_caller]
fn confirm(f: impl Fn(&[f64]) -> Vec<f64>, p: &[f64], jacobian: &[f64]) {
    let v: Vec<f64> = (0..p.len()).map(|i| cosine(5 * i + 1)).collect();
    let along = difference(f, p, &v);
    assert_eq!(jacobian.len(), along.len() * p.len());
    for (row, along) in jacobian.chunks_exact(p.len()).zip(along) {
        let product: f64 = row.iter().zip(&v).map(|(a, b)| a * b).sum();
        assert_relative_eq!(product, along, max_relative = 1e-8, epsilon = 1e-9);
    }
}

#[test]
fn row_by_row() {
    let (x, p, t) = ([0.5, 1.5, -0.25, 2.0], [1.1, 0.4, 0.7], 0.3);
    let mut out = [f64::NAN; 4];
    let (mut x_jac, mut p_jac, mut t_jac) = ([f64::NAN; 16], [f64::NAN; 12], [f64::NAN; 4]);
    let mut work = [f64::NAN; 12];
    rhs_jacobian(&x, &p, t, &mut out, &mut x_jac, &mut p_jac, &mut t_jac, &mut work);
    let f = |x: &[f64], p: &[f64; 3], t| {
        let mut out = vec![0.0; x.len()];
        rhs(x, p, t, &mut out);
        out
    };
    assert_eq!(out.as_slice(), f(&x, &p, t));
    confirm(|x| f(x, &p, t), &x, &x_jac);
    confirm(|p| f(&x, &[p[0], p[1], p[2]], t), &p, &p_jac);
    confirm(|t| f(&x, &p, t[0]), &[t], &t_jac);
}

#[test]
fn in_place() {
    let (u, k) = ([0.5, 1.5, -0.75], 0.5);
    let (mut after, mut u_jac, mut k_jac) = (u, [f64::NAN; 9], [f64::NAN; 3]);
    stepped_jacobian(&mut after, k, &mut u_jac, &mut k_jac, &mut [0.0; 6]);
    let f = |u: &[f64], k: f64| {
        let mut u = u.to_vec();
        stepped(&mut u, k);
        u
    };
    assert_eq!(after.as_slice(), f(&u, k));
    confirm(|u| f(u, k), &u, &u_jac);
    confirm(|k| f(&u, k[0]), &[k], &k_jac);
}

#[test]
fn of_arrays_without_working_memory() {
    let (mut out, mut x_jac) = ([0.0; 2], [f64::NAN; 4]);
    polar_jacobian([2.0, 0.5], 3, &mut out, &mut x_jac);
    let (s, c) = 0.5_f64.sin_cos();
    assert_eq!(out, [2.0 * c, 2.0 * s * 3.0]);
    assert_eq!(x_jac, [c, -2.0 * s, s * 3.0, 2.0 * c * 3.0]);
    let (mut out, mut x_jac) = ([0.0; 2], [f32::NAN; 4]);
    narrow_jacobian(&[2.0, 3.0], &mut out, &mut x_jac, &mut [0.0; 2]);
    assert_eq!((out, x_jac), ([6.0, 9.0], [3.0, 2.0, 0.0, 6.0]));
}

#[test]
fn of_a_method() {
    let (mut out, mut state_jac) = ([0.0; 2], [f64::NAN; 4]);
    let oscillator = Oscillator { stiffness: 3.0 };
    oscillator.rate_jacobian(&[2.0, 5.0], &mut out, &mut state_jac, &mut [0.0; 6]);
    assert_eq!((out, state_jac), ([5.0, -12.0], [0.0, 1.0, -12.0, 0.0]));
}

#[test]
fn without_columns_the_value_is_there() {
    let mut out = [1.0; 2];
    no_columns_jacobian(&[], &mut out, &mut [], &mut [0.0; 4]);
    assert_eq!(out, [7.0, 7.0]);
}

#[grad(jacobian, wrt(x))]
fn no_columns(x: &[f64], out: &mut [f64]) {
    for o in out.iter_mut() {
        *o = 7.0;
    }
    for (o, x) in out.iter_mut().zip(x) {
        *o += x;
    }
}

#[test]
#[should_panic = "the Jacobian of `narrow` has 2 rows and 2 columns, but its buffer `x_jac` has length 3"]
fn a_buffer_of_another_length() {
    narrow_jacobian(&[2.0, 3.0], &mut [0.0; 2], &mut [0.0; 3], &mut [0.0; 2]);
}

#[test]
#[should_panic = "the Jacobian of `narrow` needs working memory of length 2, and has 1"]
fn too_little_memory() {
    narrow_jacobian(&[2.0, 3.0], &mut [0.0; 2], &mut [0.0; 4], &mut [0.0; 1]);
}
