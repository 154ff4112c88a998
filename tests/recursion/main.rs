//! Functions that call themselves, and each other: against finite differences, both modes against
//! each other, second derivatives against differences of first ones, and closed forms.

#![deny(warnings)]
#![allow(
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::cast_precision_loss,
    clippy::manual_is_multiple_of,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "exact arithmetic, and numeric code as people write it"
)]

mod kinds;
mod together;

use approx::assert_relative_eq;
use autodiff::{check, grad};
pub(crate) use autodiff_tests::confirm;

/// A Hessian is symmetric, and the difference of gradients.
#[track_caller]
fn confirm_twice(
    gradient: impl Fn(&[f64]) -> Vec<f64>,
    hessian: impl Fn(&[f64]) -> Vec<Vec<f64>>,
    p: &[f64],
) {
    let found = hessian(p);
    for i in 0..p.len() {
        let at = |h: f64| {
            let mut q = p.to_vec();
            q[i] += h;
            gradient(&q)
        };
        for (j, (more, less)) in at(1e-5).into_iter().zip(at(-1e-5)).enumerate() {
            assert_relative_eq!(found[i][j], found[j][i], max_relative = 1e-11, epsilon = 1e-13);
            assert_relative_eq!(
                found[i][j],
                (more - less) / 2e-5,
                max_relative = 1e-6,
                epsilon = 1e-7
            );
        }
    }
}

#[grad(jvp, order = 2, hessian)]
fn fold(x: &[f64], n: usize) -> f64 {
    if n == 0 { 1.0 } else { (x[n - 1] * fold(x, n - 1)).sin() + x[0] }
}

#[test]
fn a_fold() {
    let p = [0.3, 0.7, -0.4, 1.1];
    for n in 0..=4 {
        confirm(|x| fold(x, n), |x| fold_grad(x, n), |x, v| fold_jvp(x, n, v), &p);
        confirm_twice(|x| fold_grad(x, n), |x| fold_hessian(x, n), &p);
    }
}

#[grad(jvp, order = 2, hessian)]
fn power(x: f64, n: u32) -> f64 {
    if n == 0 {
        1.0
    } else if n % 2 == 0 {
        let root = power(x, n / 2);
        root * root
    } else {
        x * power(x, n - 1)
    }
}

#[test]
fn a_power_by_squaring() {
    let x: f64 = 1.1;
    for n in 1..20 {
        let k = f64::from(n);
        let below = |order: i32| x.powi(i32::try_from(n).unwrap() - order);
        assert_relative_eq!(power_grad(x, n), k * below(1), max_relative = 1e-13);
        assert_relative_eq!(power_jvp(x, n, 2.0).1, 2.0 * k * below(1), max_relative = 1e-13);
        assert_relative_eq!(
            power_hessian(x, n)[0][0],
            k * (k - 1.0) * below(2),
            max_relative = 1e-13
        );
        check::assert_gradient("power", &["x"], |(x,)| power(*x, n), &(x,), &power_grad(x, n));
    }
}

/// The halves of a slice, taken apart in an arm that gives the bound a name.
#[grad(jvp, order = 2, hessian)]
fn halves(x: &[f64]) -> f64 {
    match x.len() {
        0 => 0.0,
        1 => x[0] * x[0],
        n => {
            let (left, right) = (halves(&x[..n / 2]), halves(&x[n / 2..]));
            left * right + left - right.sin()
        }
    }
}

/// The same of values that are not differentiated: no cotangent needs the bounds.
#[grad(wrt(k), jvp)]
fn weighed(x: &[f64], k: f64) -> f64 {
    if x.len() < 2 {
        return k * x.iter().sum::<f64>();
    }
    let middle = x.len() / 3 + 1;
    let rest = weighed(&x[middle..], k * k);
    weighed(&x[..middle - 1], rest * k) + rest
}

#[test]
fn parts_of_a_slice() {
    let p = [0.3, 0.7, -0.4, 1.1, 0.6];
    for n in 0..=5 {
        confirm(halves, halves_grad, halves_jvp, &p[..n]);
        confirm_twice(halves_grad, halves_hessian, &p[..n]);
        let found = weighed_grad(&p[..n], 0.8);
        check::assert_gradient("weighed", &["k"], |(k,)| weighed(&p[..n], *k), &(0.8,), &found);
        assert_relative_eq!(weighed_jvp(&p[..n], 0.8, 1.0).1, found, max_relative = 1e-13);
    }
}

/// A tree over indices: the calls are in a loop, and their pullbacks on its tape.
#[grad(jvp, order = 2, hessian)]
fn tree(x: &[f64], at: usize) -> f64 {
    let mut sum = x[at] * x[at];
    for child in 2 * at + 1..2 * at + 3 {
        if child < x.len() {
            sum += tree(x, child) * x[at] + sum.sin();
        }
    }
    sum
}

#[test]
fn a_tree() {
    let p = [0.3, 0.7, -0.4, 1.1, 0.6, -0.9];
    confirm(|x| tree(x, 0), |x| tree_grad(x, 0), |x, v| tree_jvp(x, 0, v), &p);
    confirm_twice(|x| tree_grad(x, 0), |x| tree_hessian(x, 0), &p);
}

/// Calls in a chain, as many in each as there are elements.
#[grad(jvp)]
fn spread(x: &[f64], n: usize) -> f64 {
    if n == 0 {
        return x[0];
    }
    x.iter().map(|a| a * spread(x, n - 1)).sum()
}

#[test]
fn calls_in_a_chain() {
    confirm(|x| spread(x, 3), |x| spread_grad(x, 3), |x, v| spread_jvp(x, 3, v), &[1.1, 0.5, 0.2]);
}

/// x · (sin x + (x · …)): the two call each other.
#[grad(recursive, jvp, order = 2, hessian)]
fn even(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { x * odd(x, n - 1) }
}

#[grad(recursive, jvp, order = 2)]
fn odd(x: f64, n: usize) -> f64 {
    if n == 0 { 2.0 * x } else { x.sin() + even(x, n - 1) }
}

#[test]
fn mutual_recursion() {
    for n in 0..7 {
        confirm(
            |p| even(p[0], n),
            |p| vec![even_grad(p[0], n)],
            |p, v| even_jvp(p[0], n, v[0]),
            &[0.7],
        );
        confirm_twice(
            |p| vec![even_grad(p[0], n)],
            |p| vec![even_hessian(p[0], n)[0].to_vec()],
            &[0.7],
        );
    }
    // x · (sin x + x · 2x)
    let x: f64 = 0.7;
    assert_relative_eq!(even_grad(x, 3), x.sin() + x * x.cos() + 6.0 * x * x, max_relative = 1e-14);
}

/// A deep one: the pullbacks hold each other, and need no more stack than the function.
#[grad]
fn deep(x: f64, n: u32) -> f64 {
    if n == 0 { x } else { 0.999 * deep(x, n - 1) + 1.0 }
}

#[test]
fn a_deep_recursion() {
    assert_relative_eq!(deep_grad(1.0, 2000), 0.999_f64.powi(2000), max_relative = 1e-12);
}
