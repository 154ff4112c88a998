//! The shapes of the companions of functions that may fail.

use autodiff::grad;

#[grad(jvp, vjp, test(x = 2.0, n = 3))]
fn power(x: f64, n: i32) -> Option<f64> {
    let n = n.checked_add(1)?;
    Some(x.powi(n))
}

#[test]
fn an_option_in_every_companion() {
    assert_eq!(power_grad(2.0, 1), Some(4.0));
    assert_eq!(power_value_and_grad(2.0, 1), Some((4.0, 4.0)));
    assert_eq!(power_jvp(2.0, 1, 0.5), Some((4.0, 2.0)));
    let (value, pullback) = power_vjp(2.0, 1).unwrap();
    assert_eq!((value, pullback(3.0)), (4.0, 12.0));
    assert_eq!(power::grad(2.0, i32::MAX), None);
    assert!(power_vjp(2.0, i32::MAX).is_none());
}

#[grad(jvp, vjp)]
fn scaled(x: &[f64], by: f64, most: usize) -> Result<f64, usize> {
    if x.len() > most {
        return Err(x.len());
    }
    let mut s = 0.0;
    for v in x {
        s += v * by;
    }
    Ok(s)
}

#[test]
fn buffers_are_zero_on_failure() {
    let (mut x_bar, mut by_bar) = ([7.0; 2], 7.0);
    assert_eq!(scaled_value_and_grad_into(&[1.0, 2.0], 3.0, 2, &mut x_bar, &mut by_bar), Ok(9.0));
    assert_eq!((x_bar, by_bar), ([3.0, 3.0], 3.0));
    assert_eq!(scaled_value_and_grad_into(&[1.0, 2.0], 3.0, 1, &mut x_bar, &mut by_bar), Err(2));
    assert_eq!((x_bar, by_bar), ([0.0, 0.0], 0.0));
    assert_eq!(scaled_grad(&[1.0, 2.0], 3.0, 2), Ok((vec![3.0, 3.0], 3.0)));
}

#[grad(jvp, vjp)]
fn pair(x: f64, y: f64) -> Result<(f64, [f64; 2]), String> {
    if x < y {
        return Err("order".to_owned());
    }
    Ok((x * y, [x - y, y * y]))
}

#[grad(jvp, vjp)]
fn uses_pair(x: f64, y: f64) -> Result<f64, String> {
    let (a, [b, c]) = pair(x, y)?;
    let second = pair(a, b)?;
    Ok(a * b + c * second.0 + second.1[1])
}

#[test]
fn a_tuple_is_returned() {
    let (value, pullback) = pair_vjp(3.0, 2.0).unwrap();
    assert_eq!(value, (6.0, [1.0, 4.0]));
    assert_eq!(pullback((1.0, [10.0, 100.0])), (2.0 + 10.0, 3.0 - 10.0 + 400.0));
    assert_eq!(pair_jvp(3.0, 2.0, 1.0, 0.0), Ok(((6.0, [1.0, 4.0]), (2.0, [1.0, 0.0]))));
    assert_eq!(pair_jvp(1.0, 2.0, 1.0, 0.0), Err("order".to_owned()));
    let gradient = uses_pair_grad(3.0, 2.0).unwrap();
    let f = |(x, y): &(f64, f64)| uses_pair(*x, *y).unwrap();
    autodiff::check::assert_gradient("uses_pair", &["x", "y"], f, &(3.0, 2.0), &gradient);
    let (_, along) = uses_pair_jvp(3.0, 2.0, 1.0, 1.0).unwrap();
    approx::assert_relative_eq!(along, gradient.0 + gradient.1, max_relative = 1e-12);
    assert_eq!(uses_pair_grad(1.0, 2.0), Err("order".to_owned()));
}

#[grad(jvp, vjp)]
fn step(u: &mut [f64], k: f64) -> Result<f64, String> {
    let mut norm = 0.0;
    for x in u.iter_mut() {
        *x *= k;
        norm += *x * *x;
    }
    if norm > 100.0 {
        return Err("diverged".to_owned());
    }
    Ok(norm)
}

#[grad(jvp)]
fn steps(u0: &[f64], k: f64) -> Result<f64, String> {
    let mut u = u0.to_vec();
    let mut total = 0.0;
    for _ in 0..3 {
        total += step(&mut u, k)?;
    }
    Ok(total + u[0])
}

#[test]
fn memory_is_changed_by_what_may_fail() {
    let (mut u, mut u_bar, mut k_bar) = ([1.0, 2.0], [1.0, 0.0], 0.0);
    assert_eq!(step_vjp(&mut u, 2.0, 1.0, &mut u_bar, &mut k_bar), Ok(20.0));
    assert_eq!((u, u_bar, k_bar), ([2.0, 4.0], [10.0, 16.0], 21.0));
    let gradient = steps_grad(&[0.5, 0.7], 1.1).unwrap();
    let f = |(u, k): &(Vec<f64>, f64)| steps(u, *k).unwrap();
    let at = (vec![0.5, 0.7], 1.1);
    autodiff::check::assert_gradient("steps", &["u0", "k"], f, &at, &gradient);
    let (_, along) = steps_jvp(&[0.5, 0.7], 1.1, &[1.0, 1.0], 1.0).unwrap();
    let sum = gradient.0.iter().sum::<f64>() + gradient.1;
    approx::assert_relative_eq!(along, sum, max_relative = 1e-12);
    assert_eq!(steps_grad(&[5.0, 0.7], 4.0), Err("diverged".to_owned()));
}
