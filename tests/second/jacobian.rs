//! Functions with several results.

use approx::assert_relative_eq;
use autodiff::grad;

use crate::{cosine, difference};

/// From the camera's frame to the image: Hartley & Zisserman, *Multiple View Geometry*.
#[grad(jvp, jacobian)]
fn projected(p: [f64; 3]) -> [f64; 2] {
    let z = 1.0 / p[2];
    [p[0] * z, p[1] * z]
}

#[grad(jvp, jacobian, mode = reverse)]
fn by_rows(p: [f64; 3]) -> [f64; 2] {
    let z = 1.0 / p[2];
    [p[0] * z, p[1] * z]
}

#[grad(jvp, jacobian)]
fn moments(x: &[f64]) -> [f64; 2] {
    let (mut sum, mut product) = (0.0, 1.0);
    for &x in x {
        sum += x * x;
        product *= x;
    }
    [sum, product]
}

#[grad(jvp, jacobian, mode = forward)]
fn moments_forward(x: &[f64]) -> (f64, f64) {
    let (mut sum, mut product) = (0.0, 1.0);
    for &x in x {
        sum += x * x;
        product *= x;
    }
    (sum, product)
}

#[grad(jvp, jacobian)]
fn scaled(x: &[f64], k: f64) -> Vec<f64> {
    let mut out = vec![0.0; x.len()];
    for i in 0..x.len() {
        out[i] = x[i] * x[i] * k;
    }
    out
}

#[grad(jacobian)]
fn polar(r: f64, phi: f64) -> (f64, f64) {
    (r * phi.cos(), r * phi.sin())
}

#[grad(jacobian)]
fn mixed(x: &[f64; 2], n: usize, k: f64) -> [f64; 3] {
    let mut y = [x[0], x[1] * k, 1.0];
    for _ in 0..n {
        y = [y[1], y[2] * x[0], y[0] + k];
    }
    y
}

#[grad(jacobian, wrt(x))]
fn of_one<const N: usize>(x: [f64; N], k: f64) -> [f64; N] {
    let mut y = x;
    for i in 1..N {
        y[i] += k * y[i - 1] * y[i];
    }
    y
}

#[track_caller]
fn confirm(f: impl Fn(&[f64]) -> Vec<f64>, jacobian: &[Vec<f64>], p: &[f64]) {
    let v: Vec<f64> = (0..p.len()).map(|i| cosine(5 * i + 1)).collect();
    let along = difference(f, p, &v);
    assert_eq!(jacobian.len(), along.len());
    for (row, along) in jacobian.iter().zip(along) {
        let product: f64 = row.iter().zip(&v).map(|(a, b)| a * b).sum();
        assert_relative_eq!(product, along, max_relative = 1e-8, epsilon = 1e-9);
    }
}

#[test]
fn of_arrays() {
    let p = [0.5, -0.25, 2.0];
    let z = 0.5;
    let expected = [[z, 0.0, -p[0] * z * z], [0.0, z, -p[1] * z * z]];
    assert_eq!(projected_jacobian(p), expected);
    for (row, expected) in by_rows_jacobian(p).iter().zip(expected) {
        for (a, b) in row.iter().zip(expected) {
            assert_relative_eq!(*a, b, max_relative = 1e-15);
        }
    }
}

#[test]
fn of_slices() {
    let x = [0.5, 1.5, -0.75];
    let jacobian = moments_jacobian(&x);
    confirm(|x| moments(x).to_vec(), &jacobian, &x);
    assert_eq!(jacobian, moments_forward_jacobian(&x));
    let (of_x, of_k) = scaled_jacobian(&x, 2.0);
    assert_eq!(of_x, [vec![2.0, 0.0, 0.0], vec![0.0, 6.0, 0.0], vec![0.0, 0.0, -3.0]]);
    assert_eq!(of_k, [0.25, 2.25, 0.5625]);
    confirm(|x| scaled(x, 2.0), &of_x, &x);
}

#[test]
fn of_numbers() {
    let (of_r, of_phi) = polar_jacobian(2.0, 0.5);
    let (s, c) = 0.5_f64.sin_cos();
    assert_eq!((of_r, of_phi), ([c, s], [-2.0 * s, 2.0 * c]));
}

#[test]
fn of_loops() {
    let (of_x, of_k) = mixed_jacobian(&[0.5, 0.25], 4, 1.5);
    let f = |p: &[f64]| mixed(&[p[0], p[1]], 4, p[2]).to_vec();
    let rows: Vec<Vec<f64>> = of_x.iter().zip(of_k).map(|(x, k)| vec![x[0], x[1], k]).collect();
    confirm(f, &rows, &[0.5, 0.25, 1.5]);
    let rows: Vec<Vec<f64>> =
        of_one_jacobian([0.5, 0.25, 2.0], 1.5).iter().map(|row| row.to_vec()).collect();
    confirm(|p| of_one([p[0], p[1], p[2]], 1.5).to_vec(), &rows, &[0.5, 0.25, 2.0]);
}

/// A guarded product in every direction: at a pole, and where no partial is infinite.
#[grad(jvp, jacobian)]
fn with_poles(x: [f64; 4]) -> [f64; 3] {
    let [a, b, c, d] = x;
    [a * b / c, (a * d).sqrt() / c, b * b / (c * d)]
}

#[test]
fn poles_are_those_of_the_tangent() {
    let points = [
        [0.5, 0.25, 2.0, 3.0],
        [0.5, 0.25, 0.0, 3.0],
        [0.0, 0.25, 2.0, 3.0],
        [0.0; 4],
        [1.0, 0.0, 2.0, 0.0],
    ];
    for x in points {
        let jacobian = with_poles_jacobian(x);
        for column in 0..4 {
            let unit = std::array::from_fn(|at| f64::from(u8::from(at == column)));
            let (_, along) = with_poles_jvp(x, unit);
            for (row, along) in jacobian.iter().zip(along) {
                let same = row[column].to_bits() == along.to_bits()
                    || row[column].is_nan() && along.is_nan()
                    || (row[column] - along).abs() <= 1e-14 * along.abs();
                assert!(same, "column {column} at {x:?}: {} and {along}", row[column]);
            }
        }
    }
}

#[grad(jacobian)]
fn nothing_of_x(x: f64, n: usize) -> Vec<f64> {
    vec![1.0; n + usize::from(x > 0.0)]
}

#[test]
fn columns_of_zeros() {
    assert_eq!(nothing_of_x_jacobian(0.5, 2), [0.0; 3]);
}
