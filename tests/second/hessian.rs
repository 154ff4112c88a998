//! Functions of slices with loops, branches, memory and chains.

use autodiff::grad;

use crate::twice;

#[grad(hvp, hessian)]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let t = x[i + 1] - x[i] * x[i];
        sum += 100.0 * t * t + (1.0 - x[i]).powi(2);
    }
    sum
}

/// A product: its factors are taped.
#[grad(hvp, hessian)]
fn product(x: &[f64]) -> f64 {
    let mut p = 1.0;
    for &x in x {
        p *= x.sin() + 2.0;
    }
    p
}

#[grad(hvp, hessian)]
fn branches(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (i, &x) in x.iter().enumerate() {
        sum += if x > 0.0 {
            x * x * x
        } else if i % 2 == 0 {
            x.exp()
        } else {
            x * sum
        };
    }
    sum * sum
}

/// Sweeps in place, with what was written before.
#[grad(hvp, hessian)]
fn in_place(x: &[f64]) -> f64 {
    let mut u = x.to_vec();
    for _ in 0..3 {
        for i in 1..u.len() {
            u[i] = u[i] * 0.5 + u[i - 1] * u[i - 1];
        }
    }
    u[u.len() - 1] * u[0]
}

#[grad(hvp, hessian)]
fn leaves_early(x: &[f64]) -> f64 {
    let mut y = 1.0;
    for (i, &x) in x.iter().enumerate() {
        if i > 2 {
            break;
        }
        y = y * x + x.sqrt() / y;
    }
    y
}

#[grad(hvp, hessian)]
fn newton(x: &[f64]) -> f64 {
    let mut y = x[0];
    while (y * y - x[1]).abs() > 1e-14 {
        y = 0.5 * (y + x[1] / y);
    }
    y * x[0]
}

#[grad(hvp, hessian)]
fn chain(x: &[f64]) -> f64 {
    let mean = x.iter().sum::<f64>() / 4.0;
    x.iter().zip(&x[1..]).map(|(a, b)| (a - mean) * (b - mean).exp()).sum()
}

#[grad(hvp, hessian)]
fn matrix(x: &[f64]) -> f64 {
    let a = [[x[0], x[1]], [x[2], x[3]]];
    let mut b = [[0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..2 {
                b[i][j] += a[i][k] * a[k][j].tanh();
            }
        }
    }
    b[0][0] * b[1][1] - b[0][1] * b[1][0]
}

#[grad(hvp, hessian)]
fn grows(x: &[f64]) -> f64 {
    let mut stack = Vec::new();
    for &x in x {
        stack.push(x * x);
        if let (3, Some(top)) = (stack.len(), stack.last().copied()) {
            stack[0] *= top;
            stack.truncate(2);
        }
    }
    stack[0] * stack[1]
}

/// The square of a sum that is zero: its cotangent is zero, too, but not the tangent of that.
#[grad(hvp, hessian)]
fn at_zero(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for a in x {
        sum += a * a * a;
    }
    let bounded = if sum < 1.0 { sum } else { 0.5 };
    bounded * bounded
}

/// A quotient that is zero, squared: zero wins over a pole, and not over its own tangent.
#[grad(hvp, hessian)]
fn squared_quotient(x: &[f64]) -> f64 {
    let quotient = x[0] / x[1];
    quotient * quotient * x[2]
}

/// A residual that is zero, of a square root and a logarithm.
#[grad(hvp, hessian)]
fn residual(x: &[f64]) -> f64 {
    let apart = x[0].sqrt() - x[1];
    let further = apart / x[2].ln();
    apart * apart + further * further * further
}

/// The element of an index that changes: each column starts from the index that was given.
#[grad(hvp, hessian, wrt(x))]
fn wanders(x: &[f64], mut k: usize) -> f64 {
    let mut a = [0.0; 4];
    for &v in x {
        a[k] = a[k] * v + v * v * v;
        k = (3 * k + 1) % 4;
    }
    a[0] * a[1] + a[2] * a[3] + a[k]
}

#[test]
fn of_an_index_that_changes() {
    let all = crate::Twice {
        gradient: |p| wanders::grad(p, 1),
        product: |p, v| wanders::hvp(p, 1, v),
        hessian: |p| wanders::hessian(p, 1),
    };
    all.confirm(&[0.5, 0.75, 1.25, 0.25, 0.625]);
}

/// A diagonal: where it is read from in each iteration is not known before the loop, also where
/// another variable has the name of its index.
#[grad(hvp, hessian, order = 2)]
fn trace(x: &[f64]) -> f64 {
    let n = 2;
    let mut a = x.to_vec();
    for i in 0..x.len() {
        a[i] *= x[i] * x[0];
    }
    let i = 1;
    let mut sum = a[i];
    for i in 0..n {
        sum += a[i * n + i].ln() * a[i];
    }
    sum
}

#[grad(hvp, hessian)]
fn of_trace(x: &[f64]) -> f64 {
    trace(x) * trace(&[x[1], x[0], x[3], x[2]])
}

/// One that uses up a `Vec`, which its derivative reads.
#[grad(order = 2)]
fn energy(v: Vec<f64>) -> f64 {
    let mut sum = 0.0;
    for i in 0..v.len() {
        sum += v[i] * v[i] * v[0];
    }
    sum
}

#[grad(hvp, hessian)]
fn uses_up(x: &[f64]) -> f64 {
    let mut v = Vec::new();
    for a in x {
        v.push(a.sin());
    }
    let w = v.clone();
    energy(v) * energy(w)
}

twice! {
    of_a_zero_quotient: squared_quotient at [0.0, 2.0, 3.0], [0.5, 0.25, 1.5];
    of_a_zero_residual: residual at [2.25, 1.5, 2.0], [0.5, 0.25, 1.5];
    of_a_trace: trace at [0.5, 1.25, 0.75, 1.5];
    of_traces: of_trace at [0.5, 1.25, 0.75, 1.5];
    of_what_is_used_up: uses_up at [0.5, 0.25, 1.5];
    of_a_zero: at_zero at [1.0, -1.0], [0.5, 0.4, 0.2];
    of_rosenbrock: rosenbrock at [1.2, 0.7, -0.4, 0.9], [1.0, 1.0];
    of_a_product: product at [0.3, 1.1, -0.7], [2.0];
    of_branches: branches at [0.5, -0.3, 0.8, -0.6], [-0.5, -0.4, -0.2];
    of_updates_in_place: in_place at [0.3, 0.8, 0.5, 0.9], [0.7, 0.2];
    of_an_early_end: leaves_early at [0.5, 1.5, 0.75, 2.0, 3.0];
    of_an_iteration: newton at [1.3, 2.0];
    of_a_chain: chain at [0.5, 0.1, 0.7, 0.2];
    of_a_matrix: matrix at [0.5, 0.1, 0.7, 0.2];
    of_a_stack: grows at [0.5, 0.9, 0.7, 1.2];
}

#[grad(hvp, hessian)]
fn array(x: [f64; 3]) -> f64 {
    x[0] * x[1].exp() * x[2] + x[0] * x[0]
}

#[grad(hvp)]
fn by_reference(x: &[f64; 2], scale: f64) -> f64 {
    (x[0] * x[1] * scale).sin()
}

#[grad(hessian, wrt(x))]
fn of_one(x: &[f64; 2], scale: f64) -> f64 {
    (x[0] * x[1] * scale).sin()
}

#[grad(hessian)]
fn of_any_length<const N: usize>(x: [f64; N]) -> f64 {
    let mut product = 1.0;
    for x in x {
        product *= x;
    }
    product
}

#[grad(hessian)]
fn owned(x: Vec<f64>, n: usize) -> f64 {
    let mut u = x;
    u[0] *= u[n];
    u[0] * u[0]
}

#[test]
fn of_arrays() {
    let [x, y, z] = [0.5_f64, 0.25, 2.0];
    let e = y.exp();
    let expected = [[2.0, e * z, e], [e * z, x * e * z, x * e], [e, x * e, 0.0]];
    for (row, expected) in array_hessian([x, y, z]).iter().zip(expected) {
        for (a, b) in row.iter().zip(expected) {
            approx::assert_relative_eq!(*a, b, max_relative = 1e-14);
        }
    }
    let product = array_hvp([x, y, z], [1.0, 2.0, 3.0]);
    approx::assert_relative_eq!(product[1], e * z + 2.0 * x * e * z + 3.0 * x * e);
    let (x_bar_dot, scale_bar_dot) = by_reference_hvp(&[0.5, 0.25], 2.0, &[0.0, 0.0], 1.0);
    let (c, s) = (0.25_f64.cos(), 0.25_f64.sin());
    approx::assert_relative_eq!(scale_bar_dot, -s * 0.125 * 0.125, max_relative = 1e-14);
    approx::assert_relative_eq!(x_bar_dot[0], c * 0.25 - s * 0.125 * 0.5, max_relative = 1e-14);
    assert_eq!(of_one_hessian(&[0.5, 0.25], 2.0)[0][0], -s * 0.5 * 0.5);
    assert_eq!(of_any_length([2.0, 3.0, 5.0]), 30.0);
    assert_eq!(
        of_any_length_hessian([2.0, 3.0, 5.0]),
        [[0.0, 5.0, 3.0], [5.0, 0.0, 2.0], [3.0, 2.0, 0.0]]
    );
    assert_eq!(owned_hessian(vec![2.0, 3.0], 1), [vec![18.0, 24.0], vec![24.0, 8.0]]);
}
