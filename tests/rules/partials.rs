//! `rule(y = f(x) => [partial])`

use std::cell::Cell;

use approx::assert_relative_eq;
use autodiff::{grad, rule};

use crate::confirm;

#[rule(y = softplus(x) => [1.0 / (1.0 + (-x).exp())], test(x = 0.4), order = 2, hessian)]
fn softplus(x: f64) -> f64 {
    x.exp().ln_1p()
}

/// Not the derivatives of its body: whoever has these numbers has them from the rule.
#[rule(y = marked(a, n, b) => [100.0 * b, 1000.0 * y * f64::from(n)], order = 2)]
fn marked(a: f64, n: i32, b: f64) -> f64 {
    a + b + f64::from(n)
}

#[test]
fn the_partials_are_the_derivative() {
    assert_eq!(marked_grad(2.0, 1, 3.0), (300.0, 6000.0));
    assert_eq!(marked_value_and_grad(2.0, 1, 3.0), (6.0, (300.0, 6000.0)));
    assert_eq!(marked::grad(2.0, 1, 3.0), (300.0, 6000.0));
    assert_eq!(marked_jvp(2.0, 1, 3.0, 1.0, 0.5), (6.0, 3300.0));
    let (y, pull) = marked_vjp(2.0, 1, 3.0);
    assert_eq!((y, pull(2.0)), (6.0, (600.0, 12000.0)));
}

#[test]
fn a_right_rule_agrees_with_its_body() {
    for x in [-2.0, 0.3, 1.5] {
        confirm(
            |p| softplus(p[0]),
            |p| vec![softplus_grad(p[0])],
            |p, v| softplus_jvp(p[0], v[0]),
            &[x],
        );
        let s = 1.0 / (1.0 + (-x).exp());
        assert_relative_eq!(softplus_hessian(x)[0][0], s * (1.0 - s), max_relative = 1e-14);
    }
}

/// In a loop, an arm, a chain and a closure, with a part of a slice and an array.
#[grad(jvp, order = 2, hessian)]
fn everywhere(p: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..p.len() {
        sum += softplus(p[i] * p[i - 1]);
        if sum > 1.0 {
            sum *= softplus(-p[i]);
        }
    }
    let twice = |z: f64| softplus(softplus(z));
    let [a, b] = [p[0], p[1]];
    let chained: f64 = p.iter().map(|&x| softplus(x)).filter(|y| *y > 0.5).sum();
    sum + chained * twice(a) + twice(b)
}

#[test]
fn a_rule_is_known_wherever_calls_are() {
    for p in [[0.5, -0.3, 0.8, 1.1], [1.5, 0.9, -1.2, 0.1]] {
        confirm(everywhere, everywhere_grad, everywhere_jvp, &p);
        let hessian = everywhere_hessian(&p);
        for i in 0..4 {
            let along = |h: f64| {
                let mut q = p;
                q[i] += h;
                everywhere_grad(&q)
            };
            for (j, (more, less)) in along(1e-5).into_iter().zip(along(-1e-5)).enumerate() {
                assert_relative_eq!(hessian[i][j], (more - less) / 2e-5, epsilon = 1e-7);
                assert_relative_eq!(hessian[i][j], hessian[j][i], max_relative = 1e-12);
            }
        }
    }
}

#[grad(hvp)]
fn of_marked(a: f64, b: f64) -> f64 {
    a * marked(a, 2, b)
}

/// ∇f = (y + 100 a b, 2000 a y) with y = a + b + 2; the tangent of y is that of the rule:
/// ẏ = 100 b ȧ + 2000 y ḃ.
#[test]
fn second_derivatives_are_of_the_rule_too() {
    let (a, b, a_dot, b_dot) = (2.0, 3.0, 0.5, 0.25);
    let y = a + b + 2.0;
    let y_dot = 100.0 * b * a_dot + 2000.0 * y * b_dot;
    let (a_bar, b_bar) = of_marked_hvp(a, b, a_dot, b_dot);
    assert_relative_eq!(a_bar, y_dot + 100.0 * (a_dot * b + a * b_dot), max_relative = 1e-14);
    assert_relative_eq!(b_bar, 2000.0 * (a_dot * y + a * y_dot), max_relative = 1e-14);
}

/// Its gradient inside a function that is differentiated.
#[grad]
fn slope(x: f64) -> f64 {
    softplus_grad(x) * x
}

#[test]
fn the_gradient_of_a_rule_is_differentiated() {
    let x: f64 = 0.7;
    let s = 1.0 / (1.0 + (-x).exp());
    assert_relative_eq!(slope_grad(x), s + x * s * (1.0 - s), max_relative = 1e-14);
}

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

#[rule(y = counted(x) => [3.0])]
fn counted(x: f64) -> f64 {
    RUNS.set(RUNS.get() + 1);
    x
}

#[grad(jvp)]
fn of_counted(x: f64) -> f64 {
    counted(x) * counted(2.0 * x)
}

/// Not even where no partial reads the value: effects are the primal's.
#[test]
fn the_body_runs_once_a_call() {
    let runs = |f: &dyn Fn()| {
        RUNS.set(0);
        f();
        RUNS.get()
    };
    assert_eq!(runs(&|| assert_eq!(counted_grad(1.0), 3.0)), 1);
    assert_eq!(runs(&|| assert_eq!(counted_jvp(1.0, 1.0), (1.0, 3.0))), 1);
    assert_eq!(runs(&|| assert_eq!(of_counted_grad(1.0), 3.0 * 2.0 + 1.0 * 6.0)), 2);
    assert_eq!(runs(&|| assert_eq!(of_counted_jvp(1.0, 1.0), (2.0, 12.0))), 2);
}

/// An infinite partial meets a cotangent that is zero.
#[rule(y = root(x) => [0.5 / y])]
fn root(x: f64) -> f64 {
    x.sqrt()
}

#[grad(jvp)]
fn unused_root(x: f64, z: f64) -> f64 {
    let r = root(x);
    if z > 0.0 { z } else { r }
}

#[grad(jvp)]
fn nothing_of_root(x: f64, z: f64) -> f64 {
    root(x) * 0.0 + z
}

#[test]
fn a_zero_cotangent_stays_zero() {
    assert_eq!(root_grad(0.0), f64::INFINITY);
    assert_eq!(unused_root_grad(0.0, 1.0), (0.0, 1.0));
    assert_eq!(nothing_of_root_grad(0.0, 1.0), (0.0, 1.0));
    assert_eq!(nothing_of_root_jvp(0.0, 1.0, 0.0, 1.0), (1.0, 1.0));
}

#[rule(y = scaled(x, k, name) => [if name.is_empty() { 1.0 } else { *k }], constant(k))]
fn scaled(x: &f64, k: &f64, name: &str) -> f64 {
    if name.is_empty() { *x } else { x * k }
}

#[grad(jvp)]
fn of_scaled(x: f64) -> f64 {
    scaled(&(x * x), &7.0, "seven")
}

#[rule(y = narrow(x) => [y * 2.0])]
fn narrow(x: f32) -> f32 {
    (2.0 * x).exp()
}

#[test]
fn references_constants_texts_and_narrow_floats() {
    assert_eq!(scaled_grad(&2.0, &5.0, "k"), 5.0);
    assert_eq!(scaled_jvp(&2.0, &5.0, "", &3.0), (2.0, 3.0));
    assert_eq!(of_scaled_grad(2.0), 28.0);
    assert_eq!(of_scaled_jvp(2.0, 1.0), (28.0, 28.0));
    assert_eq!(narrow_grad(0.0), 2.0_f32);
}

mod elsewhere {
    /// Not that of its body.
    #[autodiff::rule(y = r#gen(x, y_bar) => [y_bar, 11.0 * x])]
    pub(crate) fn r#gen(x: f64, y_bar: f64) -> f64 {
        x * y_bar
    }
}
use elsewhere::r#gen as renamed;

#[grad(jvp)]
fn of_renamed(x: f64) -> f64 {
    renamed(x, 2.0 * x)
}

#[test]
fn a_rule_travels_with_its_function() {
    assert_eq!(of_renamed_grad(1.5), 3.0 + 2.0 * 16.5);
    assert_eq!(of_renamed_jvp(1.5, 1.0), (4.5, 36.0));
}

#[rule(y = bent(x, k) => [k * y, x * y], order = 4, hvp)]
fn bent(x: f64, k: f64) -> f64 {
    (k * x).exp()
}

#[grad(order = 3)]
fn bent_slope(x: f64, k: f64) -> f64 {
    bent_grad(x, k).0
}

#[grad(order = 2)]
fn curvature(x: f64, k: f64) -> f64 {
    bent_slope_grad(x, k).0 + bent_hvp(x, k, 1.0, 0.0).0
}

/// The derivatives of exp(k x) by x are its products with powers of k.
#[test]
fn of_higher_order() {
    let (x, k) = (0.5_f64, 1.5_f64);
    let y = (k * x).exp();
    assert_relative_eq!(curvature(x, k), 2.0 * k * k * y, max_relative = 1e-14);
    let (by_x, by_k) = curvature_grad(x, k);
    assert_relative_eq!(by_x, 2.0 * k.powi(3) * y, max_relative = 1e-14);
    assert_relative_eq!(by_k, 2.0 * (2.0 + k * x) * k * y, max_relative = 1e-14);
    assert_relative_eq!(third(x, k), 2.0 * k.powi(4) * y, max_relative = 1e-14);
}

fn third(x: f64, k: f64) -> f64 {
    second_slope_grad(x, k).0
}

#[grad]
fn second_slope(x: f64, k: f64) -> f64 {
    curvature_grad(x, k).0
}
