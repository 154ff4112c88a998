//! Second derivatives through calls, and gradients inside gradients.

use approx::assert_relative_eq;
use autodiff::grad;

use crate::twice;

mod parts {
    use autodiff::grad;

    #[grad(order = 2)]
    pub(super) fn softplus(x: f64) -> f64 {
        x.exp().ln_1p()
    }

    #[grad(order = 2)]
    pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..a.len() {
            sum += a[i] * b[i].sin();
        }
        sum
    }

    #[grad(order = 2)]
    pub(super) fn rotated(x: [f64; 2], angle: f64) -> [f64; 2] {
        let (s, c) = angle.sin_cos();
        [c * x[0] - s * x[1], s * x[0] + c * x[1]]
    }

    /// Calls one that calls.
    #[grad(order = 2, constant(k))]
    pub(super) fn twice_softplus(x: f64, k: f64, n: usize) -> f64 {
        let mut y = x;
        for _ in 0..n {
            y = softplus(y) * x * k;
        }
        y
    }
}

#[grad(hvp, hessian)]
fn composed(x: &[f64]) -> f64 {
    let s = parts::softplus(x[0] * x[1]);
    s * parts::dot(x, x) + parts::twice_softplus(x[1] * s, 0.75, 2)
}

#[grad(hvp, hessian)]
fn in_loops(x: &[f64]) -> f64 {
    let mut p = [x[0], x[1]];
    let mut sum = 0.0;
    for (i, &angle) in x.iter().enumerate() {
        if i % 2 == 0 {
            p = parts::rotated(p, angle * p[0]);
        } else {
            sum += parts::softplus(p[1]);
        }
    }
    sum * p[0] + parts::dot(&x[1..], &p)
}

twice! {
    through_calls: composed at [0.5, 0.8], [1.5, -0.25];
    through_calls_in_loops: in_loops at [0.5, 0.8, 0.3], [0.25, -0.5, 1.0];
}

#[grad(order = 2)]
fn u(x: f64, w: &[f64]) -> f64 {
    (w[0] * x).sin() * w[1]
}

/// The residual of u' = w u, squared: a derivative inside what is differentiated.
#[grad]
fn residual(w: &[f64], points: &[f64]) -> f64 {
    let mut sum = 0.0;
    for &x in points {
        let (x_bar, _) = u_grad(x, w);
        let r = x_bar - w[0] * u(x, w);
        sum += r * r;
    }
    sum
}

#[test]
fn a_gradient_inside() {
    let (w, points) = ([0.7, 1.3], [0.1, 0.5, 0.9]);
    let (value, (w_bar, points_bar)) = residual_value_and_grad(&w, &points);
    assert_relative_eq!(value, residual(&w, &points), max_relative = 1e-15);
    autodiff::check::assert_gradient(
        "residual",
        &["w", "points"],
        |(w, points): &(Vec<f64>, Vec<f64>)| residual(w, points),
        &(w.to_vec(), points.to_vec()),
        &(w_bar, points_bar),
    );
}

#[grad(order = 2)]
fn cubic(x: f64) -> f64 {
    x * x * x
}

#[grad]
fn slope(x: f64) -> f64 {
    cubic_grad(x)
}

#[grad]
fn product_of_slopes(x: f64, y: f64) -> f64 {
    x * cubic_grad(x * y)
}

#[test]
fn derivatives_of_derivatives() {
    assert_eq!(slope_grad(2.0), 12.0);
    // x · 3(xy)²: 9x²y², 6x³y
    assert_eq!(product_of_slopes_grad(2.0, 3.0), (9.0 * 36.0, 6.0 * 24.0));
}

#[grad(order = 2)]
fn powers(x: f64) -> (f64, f64) {
    (x * x, x * x * x)
}

/// What is read of the call is read only for its shape.
#[grad(hvp)]
fn a_part(x: f64) -> f64 {
    powers(x).1
}

#[test]
fn a_part_of_a_result() {
    assert_eq!(a_part_hvp(2.0, 1.0), 12.0);
}
