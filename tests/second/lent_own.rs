//! Products with Hessians, and Hessians, of functions that themselves have `&mut` parameters: with
//! respect to the values on entry.

#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    reason = "the functions are written in every way that is accepted"
)]

use autodiff::grad;

use crate::{difference, twice};

/// What it changes is scratch memory: its contents on entry are no variables.
#[grad(hvp, hessian, wrt(x))]
fn in_scratch(x: &[f64], scratch: &mut [f64]) -> f64 {
    for i in 0..x.len() {
        scratch[i] = x[i] * x[i] + scratch[i].sin();
    }
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += scratch[i] * x[x.len() - 1 - i];
    }
    sum
}

/// Second derivatives with respect to what is changed.
#[grad(hvp, hessian)]
fn swept(x: &mut [f64]) -> f64 {
    for i in 1..x.len() {
        x[i] *= x[i - 1] + 0.5 * x[i];
    }
    x.iter().map(|x| x.sin()).sum()
}

#[grad(order = 2)]
fn scaled(x: f64, y: f64) -> f64 {
    x * y.sin()
}

/// A call whose argument is overwritten.
#[grad(hvp, hessian)]
fn of_floats(x: &mut f64, y: &f64, z: f64) -> f64 {
    *x = scaled(*x, *y + z);
    *x * *y * z
}

#[grad(hvp, hessian)]
fn of_an_array(x: &mut [f64; 3]) -> f64 {
    x[0] = x[1] * x[2] + x[0].exp();
    x[1] *= x[0];
    x[0] * x[1] + x[2] * x[2]
}

/// It may fail, and then there is nothing.
#[grad(hvp, hessian)]
fn of_a_stack(x: &mut Vec<f64>) -> Option<f64> {
    let last = x.pop()?;
    let first = *x.first()?;
    x.push(last * last * first);
    x.push(last * first);
    Some(x.iter().map(|x| x * x).sum())
}

fn scratch_of(x: &[f64]) -> Vec<f64> {
    (0..x.len()).map(|i| 0.25 * x.len() as f64 - 0.1 * i as f64).collect()
}

/// The functions as those of a slice alone.
macro_rules! alone {
    ($($name:ident: $gradient:expr, $product:expr, $hessian:expr;)*) => {$(
        mod $name {
            pub(super) fn grad(x: &[f64]) -> Vec<f64> {
                $gradient(x)
            }
            pub(super) fn hvp(x: &[f64], v: &[f64]) -> Vec<f64> {
                $product(x, v)
            }
            pub(super) fn hessian(x: &[f64]) -> Vec<Vec<f64>> {
                $hessian(x)
            }
        }
    )*};
}

alone! {
    with_scratch:
        |x| super::in_scratch_grad(x, &mut super::scratch_of(x)),
        |x, v| super::in_scratch_hvp(x, &mut super::scratch_of(x), v),
        |x| super::in_scratch_hessian(x, &mut super::scratch_of(x));
    with_sweep:
        |x: &[f64]| super::swept_grad(&mut x.to_vec()),
        |x: &[f64], v: &[f64]| super::swept_hvp(&mut x.to_vec(), &mut v.to_vec()),
        |x: &[f64]| super::swept_hessian(&mut x.to_vec());
    with_floats:
        |x: &[f64]| {
            let (a, b, c) = super::of_floats_grad(&mut { x[0] }, &x[1], x[2]);
            vec![a, b, c]
        },
        |x: &[f64], v: &[f64]| {
            let (a, b, c) =
                super::of_floats_hvp(&mut { x[0] }, &x[1], x[2], &mut { v[0] }, &v[1], v[2]);
            vec![a, b, c]
        },
        |x: &[f64]| super::of_floats_hessian(&mut { x[0] }, &x[1], x[2]).map(Vec::from).to_vec();
    with_an_array:
        |x: &[f64]| super::of_an_array_grad(&mut [x[0], x[1], x[2]]).to_vec(),
        |x: &[f64], v: &[f64]| {
            super::of_an_array_hvp(&mut [x[0], x[1], x[2]], &mut [v[0], v[1], v[2]]).to_vec()
        },
        |x: &[f64]| super::of_an_array_hessian(&mut [x[0], x[1], x[2]]).map(Vec::from).to_vec();
    with_a_stack:
        |x: &[f64]| super::of_a_stack_grad(&mut x.to_vec()).unwrap_or_default(),
        |x: &[f64], v: &[f64]| {
            super::of_a_stack_hvp(&mut x.to_vec(), &mut v.to_vec()).unwrap_or_default()
        },
        |x: &[f64]| super::of_a_stack_hessian(&mut x.to_vec()).unwrap_or_default();
}

twice! {
    scratch_memory: with_scratch at [0.5, 0.8, -0.3], [1.5];
    what_is_changed: with_sweep at [0.5, 0.8, -0.3, 1.1], [0.7];
    single_floats: with_floats at [0.5, 0.8, -0.3];
    arrays: with_an_array at [0.5, 0.8, -0.3];
    what_grows: with_a_stack at [0.5, 0.8, -0.3], [1.5, -0.25];
}

/// On return the memory is as the primal leaves it, whatever the number of sweeps; so are
/// directions, which become the tangents of that.
#[test]
fn memory_on_return() {
    let x = [0.5, 0.8, -0.3];
    let mut expected = scratch_of(&x);
    in_scratch(&x, &mut expected);
    let mut scratch = scratch_of(&x);
    let _ = in_scratch_hessian(&x, &mut scratch);
    assert_eq!(scratch, expected);
    let mut scratch = scratch_of(&x);
    let _ = in_scratch_hvp(&x, &mut scratch, &[1.0, 0.0, 0.0]);
    assert_eq!(scratch, expected);

    let (mut expected, mut found) = (x, x);
    swept(&mut expected);
    let _ = swept_hessian(&mut found);
    assert_eq!(found, expected);
    let (mut found, mut dot) = (x, [1.0, -0.5, 0.25]);
    let _ = swept_hvp(&mut found, &mut dot);
    assert_eq!(found, expected);
    let after = |x: &[f64]| {
        let mut x = x.to_vec();
        swept(&mut x);
        x
    };
    for (dot, difference) in dot.iter().zip(difference(after, &x, &[1.0, -0.5, 0.25])) {
        approx::assert_relative_eq!(*dot, difference, max_relative = 1e-7, epsilon = 1e-9);
    }
}

/// Without an element there is no direction, and all that is seen happens once.
#[test]
fn without_elements() {
    assert!(swept_hessian(&mut []).is_empty());
    assert_eq!(of_a_stack_hessian(&mut Vec::new()), None);
    let mut one = vec![2.0];
    assert_eq!(of_a_stack_hessian(&mut one), None);
    assert!(one.is_empty());
}
