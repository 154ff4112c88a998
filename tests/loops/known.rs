//! Loops and memory with values and gradients known from elsewhere: functions that the test suites
//! of other tools agree on, and those that once came out wrong here.

#![deny(warnings)]
#![allow(
    clippy::explicit_iter_loop,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::needless_range_loop,
    clippy::suboptimal_flops,
    clippy::assign_op_pattern,
    clippy::cast_lossless,
    clippy::cast_precision_loss,
    clippy::approx_constant,
    reason = "the functions are written in every way that is accepted"
)]

use approx::assert_relative_eq;
use autodiff::grad;

/// Asserts agreement to eleven digits.
macro_rules! close {
    ($left:expr, $right:expr) => {
        assert_relative_eq!($left, $right, max_relative = 1e-11, epsilon = 1e-13)
    };
}

#[grad]
fn an_array_of_each_iteration(x: f64, y: f64) -> f64 {
    let mut sum = 0.0;
    for k in 0..4 {
        let mut pair = [x, y * k as f64];
        pair[0] *= pair[1];
        sum += pair[0];
    }
    sum
}

#[grad(constant(data))]
fn gaussian(mean: f64, deviation: f64, data: &[f64]) -> f64 {
    let mut sum = 0.0;
    for value in data {
        let centred = value - mean;
        let scaled = centred / deviation;
        let square = scaled * scaled;
        let likelihood = -0.5 * square - deviation.ln() - 0.5 * (2.0 * core::f64::consts::PI).ln();
        sum -= likelihood;
    }
    sum
}

/// Forward substitution: the rows of a triangle, then the right-hand side.
#[grad]
fn substituted(l: &[f64; 6], b: &[f64; 3]) -> f64 {
    let mut x = [0.0; 3];
    let mut at = 0;
    for i in 0..3 {
        let mut rest = b[i];
        for j in 0..i {
            rest -= l[at] * x[j];
            at += 1;
        }
        x[i] = rest / l[at];
        at += 1;
    }
    x[0] + x[1] * x[1] + 2.0 * x[2]
}

#[grad]
fn perceptron(w: &[[f64; 2]; 2], v: &[f64; 2], x: &[f64; 2]) -> f64 {
    let mut hidden = [0.0; 2];
    for i in 0..2 {
        for j in 0..2 {
            hidden[i] += w[i][j] * x[j];
        }
        hidden[i] = hidden[i].tanh();
    }
    let mut y = 0.0;
    for i in 0..2 {
        y += v[i] * hidden[i];
    }
    y
}

#[test]
fn known_values_and_gradients() {
    let (value, gradient) = an_array_of_each_iteration_value_and_grad(2.0, 0.5);
    assert_eq!((value, gradient), (6.0, (3.0, 12.0)));

    let data = [1.0, 1.5, 0.5, 1.4, -0.8];
    let (value, (mean, deviation)) = gaussian_value_and_grad(0.2, 1.3, &data);
    close!(value, 7.344_383_810_85);
    close!(mean, -1.538_461_538_46);
    close!(deviation, 1.634_046_426_95);

    let (value, (l, b)) =
        substituted_value_and_grad(&[2.0, 1.0, 3.0, 0.5, -1.0, 4.0], &[1.0, 2.0, 3.0]);
    close!(value, 2.375);
    close!(l.as_slice(), [-0.0625, -0.25, -0.25, -0.25, -0.25, -0.406_25].as_slice());
    close!(b.as_slice(), [0.125, 0.5, 0.5].as_slice());

    let (value, (w, v, x)) =
        perceptron_value_and_grad(&[[0.1, -0.2], [0.3, 0.4]], &[0.5, -0.6], &[1.0, 2.0]);
    close!(value, -0.625_955_719_282);
    close!(w[0].as_slice(), [0.457_568_480_913, 0.915_136_961_827].as_slice());
    close!(w[1].as_slice(), [-0.215_520_789_696, -0.431_041_579_392].as_slice());
    close!(v.as_slice(), [-0.291_312_612_452, 0.800_499_021_761].as_slice());
    close!(x.as_slice(), [-0.018_899_388_817_5, -0.177_722_012_061].as_slice());
}

/// The place of the largest number comes with it.
#[grad(jvp)]
fn at_the_largest(x: &[f64], y: &[f64]) -> f64 {
    let (mut largest, mut at) = (x[0], 0);
    for (i, &v) in x.iter().enumerate() {
        if v > largest {
            (largest, at) = (v, i);
        }
    }
    largest * y[at]
}

#[grad(jvp)]
fn at_the_largest_of_two(x: &[f64], y: &[f64]) -> f64 {
    let (mut largest, mut at) = (x[0], 0);
    for (i, &v) in x.iter().enumerate() {
        (largest, at) = if v > largest { (v, i) } else { (largest, at) };
    }
    let best = (largest * largest, at);
    best.0 * y[best.1]
}

#[test]
fn an_index_beside_an_active_number() {
    let (x, y) = ([0.5, 2.0, -1.0], [3.0, 5.0, 7.0]);
    assert_eq!(at_the_largest_grad(&x, &y), (vec![0.0, 5.0, 0.0], vec![0.0, 2.0, 0.0]));
    assert_eq!(at_the_largest_jvp(&x, &y, &[1.0, 1.0, 1.0], &[1.0, 1.0, 1.0]), (10.0, 7.0));
    assert_eq!(at_the_largest_of_two_grad(&x, &y), (vec![0.0, 20.0, 0.0], vec![0.0, 4.0, 0.0]));
    assert_eq!(at_the_largest_of_two_jvp(&x, &y, &[1.0; 3], &[1.0; 3]), (20.0, 24.0));
}

/// An array without a derivative, named by a pattern, has one from the first iteration on.
#[grad(jvp)]
fn lanes(x: &[f64]) -> f64 {
    let (mut residual, mut power) = ([1.0; 4], 2.0);
    for &c in x {
        for lane in 0..4 {
            residual[lane] -= c * power * lane as f64;
        }
        power *= 1.5;
    }
    let mut sum = 0.0;
    for lane in 0..4 {
        if lane == 2 {
            residual[lane] = 0.0;
        }
        sum += residual[lane] * residual[lane];
    }
    sum
}

#[test]
fn an_array_that_becomes_active() {
    let x = [0.5, -1.0];
    let gradient = lanes_grad(&x);
    // r₁ = 3 and r₃ = 7, of r = 1 − k (2 x₀ + 3 x₁)
    assert_eq!(gradient, vec![-4.0 * (3.0 + 21.0), -6.0 * (3.0 + 21.0)]);
    close!(lanes_jvp(&x, &[1.0, 0.0]).1, gradient[0]);
    close!(lanes_jvp(&x, &[0.0, 1.0]).1, gradient[1]);
}

/// Items of a local vector that is written once the loop is over.
#[grad(jvp)]
fn items_of_a_local(x: &[f64], n: usize) -> f64 {
    let mut data = vec![1.0; n];
    let mut sum = 0.0;
    for d in &data {
        sum += d * x[0];
    }
    data[0] = 3.0;
    sum * data[0] * x[1]
}

#[test]
fn items_that_are_overwritten_later() {
    assert_eq!(items_of_a_local_grad(&[2.0, 5.0], 4), vec![60.0, 24.0]);
    assert_eq!(items_of_a_local_jvp(&[2.0, 5.0], 4, &[1.0, 1.0]), (120.0, 84.0));
}
