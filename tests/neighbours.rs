//! Loops that add to neighbouring elements of a gradient: what waits for an element is carried to
//! its last turn. And loops that look like them and must not be changed.

#![deny(warnings)]
#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::identity_op,
    reason = "the functions are loops over indices, written in every way that is accepted"
)]

use autodiff::{Real, grad};
use autodiff_tests::{confirmed, numbers};

#[grad(jvp)]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let t = x[i + 1] - x[i] * x[i];
        sum += 100.0 * t * t + (1.0 - x[i]) * (1.0 - x[i]);
    }
    sum
}
confirmed!(to_the_next: rosenbrock at numbers(1), numbers(2), numbers(9));

#[grad(jvp)]
fn to_the_one_before(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        sum += (x[i].exp() + x[i - 1].exp()).ln() * x[i];
    }
    sum
}
confirmed!(before: to_the_one_before at numbers(1), numbers(2), numbers(9));

#[grad(jvp)]
fn downwards(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in (1..x.len() - 1).rev() {
        sum += (x[i - 1] * x[1 + i]).sin() * x[i];
    }
    sum
}
confirmed!(from_the_end: downwards at numbers(2), numbers(3), numbers(9));

/// Five points, of which one is left out, and one counts twice.
#[grad(jvp)]
fn five_points(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 2..x.len() - 2 {
        let slope = x[i - 2] - 8.0 * x[i - 1] + x[i + 2] / x[i + 2].cosh();
        sum += slope * slope * slope;
    }
    sum
}
confirmed!(stencils: five_points at numbers(4), numbers(5), numbers(12));

/// Too far apart to be carried.
#[grad(jvp)]
fn far(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 7 {
        sum += (x[i] * x[i + 7]).sin();
    }
    sum
}
confirmed!(far_apart: far at numbers(7), numbers(12));

#[grad(jvp)]
fn windowed(x: &[f64]) -> f64 {
    x.windows(3).map(|w| (w[2] - 2.0 * w[1] * w[0]).powi(2)).sum()
}
confirmed!(windows: windowed at numbers(2), numbers(3), numbers(9));

#[grad(jvp)]
fn zipped(x: &[f64]) -> f64 {
    x.iter().zip(&x[1..]).map(|(a, b)| (b - a * a).powi(2)).sum()
}
confirmed!(with_itself: zipped at numbers(1), numbers(2), numbers(9));

/// The rows of a grid: neighbours in a row, and in the rows beside, which are added to as well.
#[grad(jvp)]
fn grid(u: &[f64]) -> f64 {
    let n = 4;
    let mut sum = 0.0;
    for i in 1..n - 1 {
        for j in 1..n - 1 {
            let d = u[i * n + j - 1] + u[i * n + j + 1] + u[(i - 1) * n + j] + u[(i + 1) * n + j]
                - 4.0 * u[i * n + j];
            sum += d * d * u[i * n + j];
        }
    }
    sum
}
confirmed!(rows: grid at numbers(16));

/// The index moves by more than one.
#[grad(jvp)]
fn diagonal(u: &[f64]) -> f64 {
    let n = 4;
    let mut sum = 0.0;
    for i in 0..n - 1 {
        sum += (u[i * n + i] * u[i * n + i + 1]).sin() * u[2 * i + 1];
    }
    sum
}
confirmed!(diagonals: diagonal at numbers(16));

#[grad(jvp)]
fn by_two(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in (0..x.len() - 1).step_by(2) {
        sum += (x[i] * x[i + 1]).sin();
    }
    sum
}
confirmed!(steps: by_two at numbers(2), numbers(7), numbers(8));

/// Written in place: each element is read after the one before has changed.
#[grad(jvp)]
fn swept(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    for _ in 0..3 {
        for i in 1..u.len() {
            u[i] -= 0.3 * u[i - 1] * u[i];
        }
        for i in 0..u.len() - 1 {
            u[i] = (u[i] + u[i + 1]).sin();
        }
    }
    u.iter().map(|u| u * u).sum()
}
confirmed!(in_place: swept at numbers(1), numbers(2), numbers(6));

/// Only some iterations add to the neighbour.
#[grad(jvp)]
fn sometimes(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += x[i] * x[i];
        if x[i] > 1.0 {
            sum += x[i + 1] * x[i + 1] * x[i];
        }
    }
    sum
}
confirmed!(in_a_branch: sometimes at numbers(1), numbers(9));

/// The loop is left early, after some element.
#[grad(jvp)]
fn left(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += (x[i] * x[i + 1]).sin();
        if sum > 2.0 {
            break;
        }
    }
    sum
}
confirmed!(with_an_exit: left at numbers(1), numbers(9));

/// Several loops, one after another, that all run before the value is known; it may be none.
#[grad]
fn in_turn(x: &[f64]) -> Result<f64, usize> {
    let (mut first, mut second, mut third) = (0.0, 0.0, 0.0);
    for i in 0..x.len() - 1 {
        first += (x[i] * x[i + 1]).sin();
    }
    for i in 1..x.len() {
        second += (x[i] - x[i - 1]).powi(3);
    }
    for i in 1..x.len() - 1 {
        third += x[i - 1] * x[i] * x[i + 1];
    }
    if first > 1e6 {
        return Err(x.len());
    }
    Ok(first + second * 2.0 - third)
}

#[test]
fn several_loops() {
    let x = numbers(7);
    let gradient = in_turn_grad(&x).unwrap_or_default();
    let value = |(x,): &(Vec<f64>,)| in_turn(x).unwrap_or(f64::NAN);
    autodiff::check::assert_gradient("in_turn", &["x"], value, &(x,), &gradient);
}

/// Bounds that are numbers, and one loop that never runs.
#[allow(clippy::reversed_empty_ranges, reason = "that is what is tested")]
#[grad]
fn of_an_array(x: [f64; 5]) -> f64 {
    let mut sum = 0.0;
    for i in 0..4 {
        sum += x[i] * x[i + 1] * x[i + 1];
    }
    for i in 3..2 {
        sum += x[i] * x[i + 1];
    }
    sum
}

#[test]
fn arrays() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0];
    // x₁² , then 2 x₀ x₁ + x₂², …
    approx::assert_relative_eq!(
        of_an_array_grad(x).as_slice(),
        [4.0, 13.0, 28.0, 49.0, 40.0].as_slice()
    );
}

#[grad(jvp)]
fn generic<T: Real>(x: &[T]) -> T {
    let mut sum = T::zero();
    for i in 0..x.len() - 1 {
        let t = x[i + 1] - x[i] * x[i];
        sum += t * t;
    }
    sum
}

#[test]
fn types_with_a_name() {
    let (x, narrow) = ([0.5, -1.0, 2.0], [0.5_f32, -1.0, 2.0]);
    // t = (-1.25, 1): (-4 x₀ t₀, 2 t₀ - 4 x₁ t₁, 2 t₁)
    assert_eq!(generic_grad(&x), [2.5, 1.5, 2.0]);
    assert_eq!(generic_grad(&narrow), [2.5, 1.5, 2.0]);
}

/// What is added to may be memory of the caller's, or nothing at all.
#[grad(vjp, value_and_grad_into, value_and_grad_add)]
fn weighted(x: &[f64], w: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += w[i] * (x[i] - x[i + 1]).powi(2);
    }
    sum.sqrt()
}

#[grad(wrt(w))]
fn only_weights(x: &[f64], w: &[f64]) -> f64 {
    2.0 * weighted(x, w)
}

#[test]
fn buffers_and_pullbacks() {
    let (x, w) = (numbers(6), numbers(5));
    let (value, (x_bar, w_bar)) = weighted_value_and_grad(&x, &w);
    let (_, pull) = weighted_vjp(&x, &w);
    let (x_pulled, w_pulled) = pull(1.0);
    let mut into = (vec![7.0; 6], vec![7.0; 5]);
    let mut add = (vec![1.0; 6], vec![1.0; 5]);
    let values = [
        weighted_value_and_grad_into(&x, &w, &mut into.0, &mut into.1),
        weighted_value_and_grad_add(&x, &w, &mut add.0, &mut add.1),
    ];
    assert_eq!(values.map(f64::to_bits), [value.to_bits(); 2]);
    let close = |a: &[f64], b: &[f64], by: f64| {
        for (a, b) in a.iter().zip(b) {
            approx::assert_relative_eq!(*a, b + by, max_relative = 1e-14, epsilon = 1e-15);
        }
    };
    close(&x_pulled, &x_bar, 0.0);
    close(&w_pulled, &w_bar, 0.0);
    close(&into.0, &x_bar, 0.0);
    close(&into.1, &w_bar, 0.0);
    close(&add.0, &x_bar, 1.0);
    close(&add.1, &w_bar, 1.0);
    let doubled: Vec<f64> = w_bar.iter().map(|w| 2.0 * w).collect();
    close(&only_weights_grad(&x, &w), &doubled, 0.0);
}
