//! Second derivatives through functions that lend what they were lent, lend two things at once, or
//! run in a loop that is reversed as it runs.

use autodiff::grad;

use crate::twice_and_inline;

twice_and_inline! {
    calls_that_call: of_outer as of_outer_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    two_at_once: of_two as of_two_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
    sums_of_runs: of_runs as of_runs_inline at [0.5, 0.8, -0.3], [1.5, -0.25, 0.7];
}

/// Changes what comes in `du`.
#[grad(order = 2)]
fn rhs(u: &[f64], k: f64, du: &mut [f64]) {
    for i in 0..du.len() {
        du[i] = u[i].sin() * k - 0.25 * du[i] * u[0];
    }
}

#[grad(order = 2)]
fn relax(u: &mut [f64], dt: f64) -> f64 {
    let mut change = 0.0;
    for i in 1..u.len() {
        let step = dt * (u[i - 1] * u[i] - u[i]);
        u[i] += step;
        change += step * step;
    }
    change
}

/// Lends what it was lent.
#[grad(order = 2)]
fn outer(u: &mut [f64], k: f64) -> f64 {
    let mut sum = relax(u, k);
    for _ in 0..2 {
        sum *= relax(&mut u[1..], sum) + k;
    }
    let first = u[0];
    rhs(&[k, first, sum], first, u);
    sum
}

#[grad(hvp, hessian)]
fn of_outer(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut sum = 0.0;
    for i in 0..2 {
        sum += outer(&mut u, x[i] * 0.5);
    }
    sum * u[0] + u[1] * u[2]
}

#[grad(hvp, hessian)]
fn of_outer_inline(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    let mut total = 0.0;
    for i in 0..2 {
        let k = x[i] * 0.5;
        let mut sum = 0.0;
        for i in 1..3 {
            let step = k * (u[i - 1] * u[i] - u[i]);
            u[i] += step;
            sum += step * step;
        }
        for _ in 0..2 {
            let step = sum * (u[1] * u[2] - u[2]);
            u[2] += step;
            sum *= step * step + k;
        }
        let first = u[0];
        let by = [k, first, sum];
        for i in 0..3 {
            u[i] = by[i].sin() * first - 0.25 * u[i] * k;
        }
        total += sum;
    }
    total * u[0] + u[1] * u[2]
}

#[grad(order = 2)]
fn mix(a: &mut [f64], k: f64, b: &mut [f64]) {
    for i in 0..a.len() {
        let of_a = a[i];
        a[i] = of_a * b[i] + k;
        b[i] = of_a * k - b[i];
    }
}

#[grad(hvp, hessian)]
fn of_two(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    let mut b = [1.0; 3];
    for i in 0..3 {
        mix(&mut a, x[i], &mut b);
    }
    let mut sum = 0.0;
    for i in 0..3 {
        sum += a[i] * b[2 - i];
    }
    sum
}

#[grad(hvp, hessian)]
fn of_two_inline(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    let mut b = [1.0; 3];
    for n in 0..3 {
        for i in 0..3 {
            let of_a = a[i];
            a[i] = of_a * b[i] + x[n];
            b[i] = of_a * x[n] - b[i];
        }
    }
    let mut sum = 0.0;
    for i in 0..3 {
        sum += a[i] * b[2 - i];
    }
    sum
}

/// Each iteration has memory of its own, and adds to a sum: it is reversed as it runs.
#[grad(hvp, hessian)]
fn of_runs(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    let mut scratch = vec![0.0; 3];
    for n in 0..3 {
        let mut u = [x[0] * f64::from(n), x[1], x[2]];
        for _ in 0..2 {
            relax(&mut u, x[1]);
            scratch.fill(0.5);
            rhs(&u, x[0], &mut scratch);
        }
        sum += u[2] * u[1] * scratch[0];
    }
    sum
}

#[grad(hvp, hessian)]
fn of_runs_inline(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for n in 0..3 {
        let mut u = [x[0] * f64::from(n), x[1], x[2]];
        let mut first = 0.0;
        for _ in 0..2 {
            for i in 1..3 {
                u[i] += x[1] * (u[i - 1] * u[i] - u[i]);
            }
            first = u[0].sin() * x[0] - 0.125 * u[0];
        }
        sum += u[2] * u[1] * first;
    }
    sum
}
