//! Gradients in buffers of the caller's: what overwrites them, and what adds to what they hold.

#![deny(warnings)]
#![allow(
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "the same operations, in the same order, on slices of known lengths"
)]

use autodiff::{Differentiable, grad};

/// A slice, an array and a float; the buffers of the first are shadows, that of the last is given
/// its cotangent at the end.
#[grad(value_and_grad_add)]
fn cost(w: &[f64], centre: [f64; 2], scale: f64) -> f64 {
    let mut sum = 0.0;
    for v in w {
        sum += (v * scale).sin() * centre[0];
    }
    sum + centre[1] * centre[1]
}

const W: [f64; 3] = [0.3, -1.2, 2.0];

#[test]
fn each_call_adds() {
    let (value, (w, centre, scale)) = cost_value_and_grad(&W, [0.7, -0.4], 1.3);
    let (mut w_bar, mut centre_bar, mut scale_bar) = ([10.0; 3], [20.0, 30.0], 40.0);
    for times in 1..=2_i32 {
        let mut added = [10.0; 3];
        for _ in 0..times {
            added.iter_mut().zip(&w).for_each(|(sum, part)| *sum += part);
        }
        let again = cost_value_and_grad_add(
            &W,
            [0.7, -0.4],
            1.3,
            &mut w_bar,
            &mut centre_bar,
            &mut scale_bar,
        );
        assert_eq!(again, value);
        assert_eq!(w_bar, added);
        let whole = f64::from(times);
        approx::assert_relative_eq!(centre_bar[0], 20.0 + whole * centre[0], max_relative = 1e-15);
        approx::assert_relative_eq!(centre_bar[1], 30.0 + whole * centre[1], max_relative = 1e-15);
        approx::assert_relative_eq!(scale_bar, 40.0 + whole * scale, max_relative = 1e-15);
    }
}

#[test]
fn what_overwrites_does_not() {
    let (value, (w, centre, scale)) = cost_value_and_grad(&W, [0.7, -0.4], 1.3);
    let (mut w_bar, mut centre_bar, mut scale_bar) = ([10.0; 3], [20.0, 30.0], 40.0);
    let again =
        cost_value_and_grad_into(&W, [0.7, -0.4], 1.3, &mut w_bar, &mut centre_bar, &mut scale_bar);
    assert_eq!((again, w_bar.to_vec(), centre_bar, scale_bar), (value, w, centre, scale));
}

#[test]
#[should_panic(expected = "the gradient of `w` has length 2")]
fn a_buffer_is_as_long_as_its_parameter() {
    let _ = cost_value_and_grad_add(&W, [0.7, -0.4], 1.3, &mut [0.0; 2], &mut [0.0; 2], &mut 0.0);
}

/// A struct; what is constant has no buffer.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    stiffness: f64,
    rest: f64,
}

#[grad(constant(mass), value_and_grad_add)]
fn energy(spring: &Spring, length: f64, mass: f64) -> f64 {
    let stretch = length - spring.rest;
    0.5 * spring.stiffness * stretch * stretch / mass
}

#[test]
fn structs_are_added_by_field() {
    let spring = Spring { stiffness: 3.0, rest: 0.5 };
    let (value, (of_spring, of_length)) = energy_value_and_grad(&spring, 2.0, 4.0);
    let mut sum = (Spring { stiffness: 1.0, rest: 2.0 }, 3.0);
    assert_eq!(energy_value_and_grad_add(&spring, 2.0, 4.0, &mut sum.0, &mut sum.1), value);
    assert_eq!(sum.0.stiffness, 1.0 + of_spring.stiffness);
    assert_eq!(sum.0.rest, 2.0 + of_spring.rest);
    assert_eq!(sum.1, 3.0 + of_length);
}

/// What fails adds nothing.
#[grad(value_and_grad_add)]
fn checked(x: &[f64]) -> Result<f64, String> {
    let mut product = 1.0;
    for v in x {
        if *v < 0.0 {
            return Err(format!("{v} is negative"));
        }
        product *= v.sqrt();
    }
    Ok(product)
}

#[test]
fn what_fails_adds_nothing() {
    let mut sum = [1.0, 2.0];
    let (value, gradient) = checked_value_and_grad(&[4.0, 9.0]).unwrap();
    assert_eq!(checked_value_and_grad_add(&[4.0, 9.0], &mut sum), Ok(value));
    assert_eq!(sum, [1.0 + gradient[0], 2.0 + gradient[1]]);
    let before = sum;
    assert_eq!(
        checked_value_and_grad_add(&[4.0, -9.0], &mut sum),
        Err("-9 is negative".to_owned())
    );
    assert_eq!(sum, before);
}
