//! Whole algorithms, written without thought of differentiation.

#![deny(warnings)]
#![allow(
    clippy::many_single_char_names,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::cast_precision_loss,
    clippy::suboptimal_flops,
    clippy::similar_names,
    reason = "the functions are numeric code, written in every way that is accepted"
)]

use autodiff::check::assert_gradient;
use autodiff::grad;

/// Asserts that the tangent along all ones is the sum of the gradient.
fn agrees(dot: f64, sum: f64) {
    approx::assert_relative_eq!(dot, sum, max_relative = 1e-10, epsilon = 1e-12);
}

#[grad(jvp)]
fn newton(a: f64) -> f64 {
    let mut x = a;
    for _ in 0..50 {
        let next = 0.5 * (x + a / x);
        if (next - x).abs() < 1e-12 {
            return next;
        }
        x = next;
    }
    x
}

#[test]
fn newton_iteration_returns_when_it_has_converged() {
    let (value, gradient) = newton_value_and_grad(2.0);
    agrees(value, 2.0_f64.sqrt());
    agrees(gradient, 0.5 / 2.0_f64.sqrt());
    agrees(newton_jvp(2.0, 1.0).1, gradient);
}

#[grad(jvp)]
fn adaptive(y0: f64, k: f64) -> f64 {
    let (mut y, mut t, mut h) = (y0, 0.0, 0.1);
    let mut steps = 0;
    while t < 1.0 && steps < 1000 {
        steps += 1;
        if t + h > 1.0 {
            h = 1.0 - t;
        }
        let k1 = -k * y;
        let k2 = -k * (y + h * k1);
        let err = (0.5 * h * (k2 - k1)).abs();
        if err < 1e-3 {
            y += 0.5 * h * (k1 + k2);
            t += h;
        }
        h *= if err < 1e-4 { 1.5 } else { 0.7 };
    }
    y
}

#[test]
fn steps_are_accepted_or_rejected() {
    let gradient = adaptive_grad(1.0, 2.0);
    let f = |(y0, k): &(f64, f64)| adaptive(*y0, *k);
    assert_gradient("adaptive", &["y0", "k"], f, &(1.0, 2.0), &gradient);
    agrees(adaptive_jvp(1.0, 2.0, 1.0, 1.0).1, gradient.0 + gradient.1);
}

#[grad(jvp)]
fn norm_of_product(a: &[[f64; 3]; 3], x: [f64; 3]) -> f64 {
    let mut y = [0.0; 3];
    for i in 0..3 {
        for j in 0..3 {
            y[i] += a[i][j] * x[j];
        }
    }
    let mut n = 0.0;
    for v in y {
        n += v * v;
    }
    n.sqrt()
}

#[test]
fn a_matrix_times_a_vector() {
    let (a, x) = ([[1.0, -2.0, 0.5], [0.3, 1.1, 2.0], [0.7, 0.2, -1.0]], [0.4, -0.6, 1.2]);
    let gradient = norm_of_product_grad(&a, x);
    let f = |(a, x): &([[f64; 3]; 3], [f64; 3])| norm_of_product(a, *x);
    assert_gradient("norm_of_product", &["a", "x"], f, &(a, x), &gradient);
    let sum: f64 = gradient.0.iter().flatten().chain(&gradient.1).sum();
    agrees(norm_of_product_jvp(&a, x, &[[1.0; 3]; 3], [1.0; 3]).1, sum);
}

#[grad(jvp)]
fn cholesky(m: &[f64; 9]) -> f64 {
    let mut a = *m;
    let n = 3;
    for j in 0..n {
        for k in 0..j {
            a[j * n + j] -= a[j * n + k] * a[j * n + k];
        }
        a[j * n + j] = a[j * n + j].sqrt();
        for i in j + 1..n {
            for k in 0..j {
                a[i * n + j] -= a[i * n + k] * a[j * n + k];
            }
            a[i * n + j] /= a[j * n + j];
        }
    }
    let mut det = 1.0;
    for j in 0..n {
        det *= a[j * n + j];
    }
    det * det
}

#[test]
fn a_determinant_by_cholesky() {
    let m = [4.0, 0.0, 0.0, 1.0, 3.0, 0.0, 0.5, -0.2, 2.0];
    let gradient = cholesky_grad(&m);
    assert_gradient("cholesky", &["m"], |(m,)| cholesky(m), &(m,), &gradient);
    agrees(cholesky_jvp(&m, &[1.0; 9]).1, gradient.iter().sum());
}

#[grad(jvp)]
fn logistic(w: &[f64], rows: &[[f64; 2]], labels: &[bool]) -> f64 {
    let mut loss = 0.0;
    for (row, &label) in rows.iter().zip(labels) {
        let mut z = w[2];
        for (wi, xi) in w.iter().zip(row) {
            z += wi * xi;
        }
        let p = 1.0 / (1.0 + (-z).exp());
        loss -= if label { p.ln() } else { (1.0 - p).ln() };
    }
    loss / rows.len() as f64
}

#[test]
fn logistic_regression() {
    let (w, labels) = (vec![0.3, -0.8, 0.1], [true, false, true]);
    let rows = vec![[0.5, 1.0], [-1.0, 0.2], [0.3, -0.4]];
    let gradient = logistic_grad(&w, &rows, &labels);
    let f = |(w, rows): &(Vec<f64>, Vec<[f64; 2]>)| logistic(w, rows, &labels);
    let point = (w.clone(), rows.clone());
    assert_gradient("logistic", &["w", "rows"], f, &point, &gradient);
    let sum: f64 = gradient.0.iter().chain(gradient.1.iter().flatten()).sum();
    agrees(logistic_jvp(&w, &rows, &labels, &[1.0; 3], &[[1.0; 2]; 3]).1, sum);
}
