//! Floats of several types in one function: each constant has the type of what it meets.

use autodiff::{Dual, Real, grad};

use crate::{check, close};

#[grad(jvp)]
fn weighted<T>(x: &[T], weight: f64) -> T
where
    T: Real,
{
    let n = T::from_f64(x.len() as f64);
    let sum = x.iter().map(|x| *x * x.tanh()).sum::<T>();
    sum / n * T::from_f64(weight.sqrt() / (1.0 + weight * weight))
}

#[test]
fn a_width_beside_a_type_parameter() {
    let f = |[a, b, w]: [f64; 3]| weighted(&[a, b], w);
    let (x, w) = weighted_grad(&[0.4, 1.1], 0.7);
    let differences = crate::differences(f, [0.4, 1.1, 0.7]);
    close([x[0], x[1], w], differences, 1e-8);
    let (y, dot) = weighted_jvp(&[0.4, 1.1], 0.7, &[1.0, -1.0], 2.0);
    assert_eq!(y, weighted(&[0.4, 1.1], 0.7));
    close([dot], [x[0] - x[1] + 2.0 * w], 1e-14);
    let (x32, w32) = weighted_grad(&[0.4_f32, 1.1], 0.7);
    close([x32[0], x32[1]], [x[0], x[1]], 1e-6);
    close([w32], [w], 1e-6);
}

#[grad]
fn two<A: Real, B: Real>(a: A, b: B) -> f64 {
    let a = (a * a + A::from_f64(1.0)).ln().to_f64();
    a * b.exp().to_f64() + (2.0 * b.to_f64()).sin()
}

#[test]
fn two_type_parameters() {
    let (a, b) = two_grad(0.6, 0.3);
    close([a, b], crate::differences(|[a, b]| two(a, b), [0.6, 0.3]), 1e-8);
    let (a32, b64) = two_grad(0.6_f32, 0.3);
    let (single, double): (f32, f64) = (a32, b64);
    close([f64::from(single), double], [a, b], 1e-6);
}

#[grad]
fn converted<T: Real>(x: T) -> T {
    let inside = x.to_f64();
    T::from_f64(inside * inside) + x
}

#[grad]
fn stopped<T: Real>(x: T, y: T) -> T {
    x * autodiff::stop_gradient(x * y) + y
}

#[test]
fn conversions_carry_derivatives_and_stops_do_not() {
    close([converted_grad(1.5)], [4.0], 1e-15);
    close([converted_grad(1.5_f32)], [4.0], 1e-6);
    assert_eq!(stopped_grad(2.0, 3.0), (6.0, 1.0));
}

/// A bound that says more than `Real`, a parameter that has no derivative, a lifetime.
#[grad(constant(labels))]
fn loss<'a, T: Real + std::fmt::LowerExp, L: Copy + Into<u32>>(x: &'a [T], labels: &'a [L]) -> T {
    let mut sum = T::zero();
    for (x, label) in x.iter().zip(labels) {
        let label: u32 = (*label).into();
        sum += (*x - T::from_f64(f64::from(label))).powi(2);
    }
    debug_assert!(!format!("{sum:e}").is_empty());
    sum
}

#[test]
fn other_bounds_and_parameters_without_a_derivative() {
    assert_eq!(loss_grad(&[1.0, 2.5], &[3_u8, 1]), [-4.0, 3.0]);
    let dual = |[a, b]: [Dual; 2]| {
        let mut sum = Dual::zero();
        for (x, label) in [a, b].into_iter().zip([3.0, 1.0]) {
            sum += (x - Dual::from_f64(label)).powi(2);
        }
        sum
    };
    check([-4.0, 3.0], |[a, b]| loss(&[a, b], &[3_u8, 1]), dual, [1.0, 2.5]);
}
