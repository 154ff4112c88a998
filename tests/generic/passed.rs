//! Functions that are passed as parameters: companions take them with their derivatives.

use autodiff::{DiffFn, Dual, Real, grad, rule};

use crate::{check, close, differences, forward};

#[grad]
fn wave(x: f64) -> f64 {
    (3.0 * x).sin() * x
}

#[grad]
fn scaled<T: Real>(x: T, k: T) -> T {
    (x * k).tanh() * k
}

#[rule(y = softplus(x) => [1.0 / (1.0 + (-x).exp())])]
fn softplus(x: f64) -> f64 {
    x.exp().ln_1p()
}

/// Calls in straight code, in a loop, in a condition, and with what has no derivative.
#[grad(jvp, vjp)]
fn trapezoid(f: impl Fn(f64) -> f64, a: f64, b: f64) -> f64 {
    let n = 12;
    let h = (b - a) / n as f64;
    let mut sum = 0.5 * (f(a) + f(b));
    for i in 1..n {
        sum += f(a + h * i as f64);
    }
    if f(1.0) > 100.0 { sum } else { sum * h + f(0.25) }
}

#[test]
fn an_integral_by_its_ends() {
    let f = |[a, b]: [f64; 2]| trapezoid(wave, a, b);
    let (a, b) = trapezoid_grad(wave {}, 0.2, 1.7);
    close([a, b], differences(f, [0.2, 1.7]), 1e-8);
    assert_eq!(trapezoid_value_and_grad(wave {}, 0.2, 1.7).0, f([0.2, 1.7]));
    close([trapezoid_jvp(wave {}, 0.2, 1.7, 1.0, -1.0).1], [a - b], 1e-13);
    let (_, pull) = trapezoid_vjp(wave {}, 0.2, 1.7);
    let (a_bar, b_bar) = pull(2.0);
    close([a_bar, b_bar], [2.0 * a, 2.0 * b], 1e-13);
    // A function with a rule is one as well.
    let (a, b) = trapezoid_grad(softplus {}, 0.2, 1.7);
    close([a, b], differences(|[a, b]| trapezoid(softplus, a, b), [0.2, 1.7]), 1e-8);
}

/// Behind a reference, by a name of its own, with two arguments.
#[grad]
fn descent<F>(f: &F, start: f64, k: f64) -> f64
where
    F: Fn(f64, f64) -> f64,
{
    let mut x = start;
    for _ in 0..4 {
        x -= 0.3 * f(x, k);
    }
    x
}

#[test]
fn a_type_parameter_that_is_a_function() {
    let (start, k) = descent_grad(&scaled {}, 0.8, 0.6);
    let f = |[start, k]: [f64; 2]| descent(&scaled::<f64>, start, k);
    close([start, k], differences(f, [0.8, 0.6]), 1e-9);
    let dual =
        |[start, k]: [Dual; 2]| (0..4).fold(start, |x, _| x - scaled(x, k) * Dual::from_f64(0.3));
    close([start, k], forward(dual, [0.8, 0.6]), 1e-13);
}

/// The parameter's float may be generic, too.
#[grad]
fn applied<T: Real>(f: impl Fn(T, T) -> T, x: T) -> T {
    f(x * x, T::one()) + f(T::one(), x)
}

#[test]
fn a_function_of_a_generic_float() {
    let x = applied_grad(scaled {}, 0.7);
    check([x], |[x]| applied(scaled, x), |[x]| applied(scaled, x), [0.7]);
    close([applied_grad(scaled {}, 0.7_f32)], [x], 1e-6);
}

/// What is called with nothing active needs no derivative: a closure will do.
#[grad]
fn weighted(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(2.0) * x
}

#[test]
fn a_closure_that_needs_no_derivative() {
    assert_eq!(weighted_grad(|x| x + 1.0, 5.0), 3.0);
    assert_eq!(DiffFn::call(&wave {}, (0.5,)), wave(0.5));
}
