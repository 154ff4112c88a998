//! Loops that keep the last value for which a condition held: of their reverse one iteration is
//! left. And loops that look like them and must run backwards.

#![deny(warnings)]
#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::cast_precision_loss,
    reason = "the functions are loops, written in every way that is accepted"
)]

use approx::assert_relative_eq;
use autodiff::check::assert_gradient;
use autodiff::grad;

/// The gradient agrees with differences, the tangent with the gradient; the Hessian times each unit
/// vector agrees with differences of the gradient.
macro_rules! agree {
    ($f:ident, $x:expr, $($companion:ident),*) => {
        let x: &[f64] = &$x;
        agree!(@ $f, x, $($companion),*);
    };
    (@ $f:ident, $x:ident, $grad:ident, $jvp:ident, $hvp:ident) => {
        let gradient = $grad($x);
        assert_gradient(stringify!($f), &["x"], |(x,): &(Vec<f64>,)| $f(x), &($x.to_vec(),), &gradient);
        for n in 0..$x.len() {
            let mut unit = vec![0.0; $x.len()];
            unit[n] = 1.0;
            let (value, dot) = $jvp($x, &unit);
            assert_eq!(value.to_bits(), $f($x).to_bits());
            assert_relative_eq!(dot, gradient[n], max_relative = 1e-12, epsilon = 1e-14);
            let moved = |by: f64| {
                let mut x = $x.to_vec();
                x[n] += by;
                $grad(&x)
            };
            let (ahead, behind) = (moved(1e-5), moved(-1e-5));
            let product = $hvp($x, &unit);
            for m in 0..$x.len() {
                let difference = (ahead[m] - behind[m]) / 2e-5;
                assert_relative_eq!(product[m], difference, max_relative = 1e-6, epsilon = 1e-7);
            }
        }
    };
}

const X: [f64; 7] = [0.3, -1.1, 1.9, 0.2, 1.7, -0.6, 0.9];

/// The largest, and what comes of it.
#[grad(jvp, hvp)]
fn largest(x: &[f64]) -> f64 {
    let mut largest = x[0];
    for &v in x {
        if v > largest {
            largest = v;
        }
    }
    largest * largest + largest.sin()
}

/// What is kept is computed: its partial is kept with it.
#[grad(jvp, hvp)]
fn computed(x: &[f64]) -> f64 {
    let mut kept = 1.0;
    for i in 1..x.len() - 1 {
        if x[i] > 0.5 {
            kept = x[i].sin() * x[i + 1].exp();
        }
    }
    kept * kept
}

/// Two variables at once; the loop does not begin at zero.
#[grad(jvp, hvp)]
fn pair(x: &[f64]) -> f64 {
    let (mut best, mut beside) = (f64::INFINITY, 0.0);
    for i in 2..x.len() {
        let distance = (x[i] - x[0]) * (x[i] - x[1]);
        if distance < best {
            best = distance;
            beside = x[i] * x[i - 1];
        }
    }
    best * beside + best
}

/// The nearest of each point, with an inner loop in the iteration that is kept.
#[grad(jvp, hvp)]
fn nearest(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    let points: [f64; 6] = [0.1, 0.9, 1.2, -0.4, -0.7, 0.8];
    for p in points.chunks_exact(2) {
        let mut nearest = f64::INFINITY;
        for c in x.chunks_exact(2) {
            let mut distance = 0.0;
            for (a, b) in p.iter().zip(c) {
                distance += (a - b) * (a - b) * (b * b + 1.0);
            }
            if distance < nearest {
                nearest = distance;
            }
        }
        sum += nearest.sqrt();
    }
    sum
}

/// Maxima of windows, in a product: the reverse of one runs where that of the product does.
#[grad(jvp, hvp)]
fn pooled(x: &[f64]) -> f64 {
    let mut product = 1.0;
    for start in 0..x.len() - 2 {
        let mut top = x[start] * x[start];
        for k in 1..3 {
            let v = x[start + k] * x[start + k];
            if v > top {
                top = v;
            }
        }
        product *= top + 0.1;
    }
    product
}

/// The condition never holds, or the loop never runs: what was there before is kept.
#[grad(jvp, hvp)]
fn never(x: &[f64]) -> f64 {
    let mut kept = x[0] * x[1];
    for &v in x {
        if v > 1e3 {
            kept = v * v;
        }
    }
    for i in 5..x.len() - 2 {
        if x[i] > -1e3 {
            kept = x[i] * 2.0;
        }
    }
    kept * x[2]
}

/// The second largest: what is overwritten goes on elsewhere, so the loop runs backwards.
#[grad(jvp, hvp)]
fn second(x: &[f64]) -> f64 {
    let (mut first, mut second) = (-10.0, -20.0);
    for &v in x {
        if v * v > first {
            second = first;
            first = v * v;
        }
    }
    first * second
}

/// What a kept value is made of is itself kept: each iteration that changes it counts.
#[grad(jvp, hvp)]
fn compound(x: &[f64]) -> f64 {
    let mut kept = 1.0;
    for &v in x {
        if v > 0.25 {
            kept = kept * v + v;
        }
    }
    kept
}

/// Something else happens in every iteration.
#[grad(jvp, hvp)]
fn beside(x: &[f64]) -> f64 {
    let (mut kept, mut product) = (0.0, 1.0);
    for &v in x {
        if v > 0.25 {
            kept = v * v;
        }
        product *= v + 2.0;
    }
    kept * product
}

/// Each time, something is added besides.
#[grad(jvp, hvp)]
fn added(x: &[f64]) -> f64 {
    let (mut kept, mut sum) = (0.0, 0.0);
    for &v in x {
        if v > 0.25 {
            kept = v * v;
            sum += v.sin() * x[0];
        }
    }
    kept * sum
}

#[test]
fn one_iteration_is_left() {
    agree!(largest, X, largest_grad, largest_jvp, largest_hvp);
    agree!(computed, X, computed_grad, computed_jvp, computed_hvp);
    agree!(pair, X, pair_grad, pair_jvp, pair_hvp);
    agree!(nearest, X[..6], nearest_grad, nearest_jvp, nearest_hvp);
    agree!(never, X, never_grad, never_jvp, never_hvp);
}

#[test]
fn all_iterations_are_left() {
    agree!(pooled, X, pooled_grad, pooled_jvp, pooled_hvp);
    agree!(second, X, second_grad, second_jvp, second_hvp);
    agree!(compound, X, compound_grad, compound_jvp, compound_hvp);
    agree!(beside, X, beside_grad, beside_jvp, beside_hvp);
    agree!(added, X, added_grad, added_jvp, added_hvp);
}
