//! Patterns that are known from the code, and matrices found in as many sweeps as they have colours.

use autodiff::grad;
use autodiff::sparse::Pattern;

#[grad(jvp, jacobian)]
fn local(x: [f64; 4], k: f64) -> [f64; 3] {
    [x[0] * x[1] * k, x[1].sin() + 2.0 * x[2], if x[3] > 0.0 { x[3] * x[3] } else { 0.0 }]
}

#[grad(hvp, hessian)]
fn chained(x: [f64; 5]) -> f64 {
    x[0] * x[1] + (x[1] * x[2]).exp() + x[3] * x[3] * x[3] + 4.0 * x[4]
}

#[grad(hessian)]
fn in_a_loop(x: [f64; 2]) -> f64 {
    let mut product = 1.0;
    for a in x {
        product *= a;
    }
    product
}

#[test]
fn patterns_of_straight_code() {
    let jacobian = local::JACOBIAN_PATTERN;
    let rows: Vec<&[usize]> = (0..3).map(|row| jacobian.row(row)).collect();
    assert_eq!(rows, [&[0, 1, 4][..], &[1, 2], &[3]]);
    assert_eq!((jacobian.rows(), jacobian.columns()), (3, 5));
    let hessian = chained::HESSIAN_PATTERN;
    let rows: Vec<&[usize]> = (0..5).map(|row| hessian.row(row)).collect();
    assert_eq!(rows, [&[1][..], &[0, 1, 2], &[1, 2], &[3], &[]]);
}

#[test]
fn nothing_outside_a_pattern() {
    let (x, k) = ([0.5, 0.75, -0.25, 1.5], 2.0);
    let (of_x, of_k) = local_jacobian(x, k);
    for (row, (of_x, of_k)) in of_x.iter().zip(of_k).enumerate() {
        let whole: Vec<f64> = of_x.iter().copied().chain([of_k]).collect();
        for (column, element) in whole.iter().enumerate() {
            let is_known = local::JACOBIAN_PATTERN.row(row).contains(&column);
            assert_eq!(is_known, *element != 0.0, "{row}, {column}");
        }
    }
    // A loop is followed, or said to reach everything: its diagonal is zero.
    let pattern = in_a_loop::HESSIAN_PATTERN;
    assert!(pattern.row(0).contains(&1) && pattern.row(1).contains(&0));
    assert_eq!(in_a_loop_hessian([2.0, 3.0]), [[0.0, 1.0], [1.0, 0.0]]);
}

#[test]
fn fewer_sweeps() {
    let x = [0.5, 0.75, -0.25, 1.5, 2.0];
    let pattern = chained::HESSIAN_PATTERN;
    let colours = pattern.symmetric_colours();
    let found = pattern
        .hessian(&colours, |v: &[f64]| chained_hvp(x, std::array::from_fn(|at| v[at])).to_vec());
    // x₁ has one colour, its neighbours another: of three columns of a dense block, two are enough.
    assert_eq!((colours.count(), pattern.colours().count()), (2, 3));
    for (found, expected) in found.dense().iter().zip(chained_hessian(x)) {
        for (found, expected) in found.iter().zip(expected) {
            approx::assert_relative_eq!(*found, expected, max_relative = 1e-15);
        }
    }
}

/// A chain of springs: of any length, so that only its author knows the pattern.
#[grad(jvp, hvp, hessian)]
fn springs(x: &[f64]) -> f64 {
    let mut energy = 0.0;
    for i in 1..x.len() {
        let stretch = x[i] - x[i - 1];
        energy += stretch * stretch * (1.0 + x[i]);
    }
    energy
}

#[test]
fn of_a_known_band() {
    let x: Vec<f64> = (0..40).map(crate::cosine).collect();
    let n = x.len();
    let pattern = Pattern::from_rows(n, (0..n).map(|i| i.saturating_sub(1)..(i + 2).min(n)));
    let mut sweeps = 0;
    let found = pattern.hessian(&pattern.symmetric_colours(), |v: &[f64]| {
        sweeps += 1;
        springs_hvp(&x, v)
    });
    assert_eq!(sweeps, 3);
    for (found, expected) in found.dense().iter().zip(springs_hessian(&x)) {
        for (found, expected) in found.iter().zip(expected) {
            approx::assert_relative_eq!(*found, expected, max_relative = 1e-13, epsilon = 1e-14);
        }
    }
}
