//! Loops that only add up, and loops that nearly do: what can be reversed as it runs, and what has
//! to wait. Both modes agree with differences and with each other; memory does not grow.

#![deny(warnings)]
#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::cast_precision_loss,
    reason = "the functions are loops, written in every way that is accepted"
)]

use autodiff::check::assert_gradient;
use autodiff::grad;
use autodiff_tests::confirmed;

/// A mean: its length is asked for after the loop.
#[grad(jvp)]
fn mean(p: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..p.len() - 1 {
        let step = p[i + 1] - p[i] * p[0];
        if step > 0.0 {
            sum += step.exp() * step;
        }
    }
    let n = p.len() as f64;
    sum / n
}

/// What follows is not linear: the cotangent is known only after the loop.
#[grad(jvp)]
fn root(p: &[f64]) -> f64 {
    let mut sum = 0.0;
    for x in p {
        sum += x * x * p[1];
    }
    sum.sqrt() + sum
}

/// Two sums in one loop, with other weights; one of them begins with a parameter.
#[grad(jvp)]
fn weighted(p: &[f64]) -> f64 {
    let n = p.len() as f64;
    let (mut a, mut b) = (p[0], 0.0);
    for (i, x) in p.iter().enumerate() {
        a += x.sin() * i as f64;
        b -= a_term(*x) * p[i / 2];
    }
    3.0 * a - b / (2.0 * n)
}

#[grad(jvp)]
fn a_term(x: f64) -> f64 {
    let mut term = x;
    for _ in 0..3 {
        term = term.sin() * x;
    }
    term
}

/// One sum goes on with what the other has come to: that is no sum.
#[grad(jvp)]
fn prefix(p: &[f64]) -> f64 {
    let (mut before, mut sum) = (0.0, 0.0);
    for x in p {
        before += x * x;
        sum += before * x;
    }
    sum
}

/// Loops inside, which keep their values for the length of an iteration only; jumps out of them.
#[grad(jvp)]
fn nested(p: &[f64]) -> f64 {
    let mut sum = 0.0;
    'rows: for i in 0..p.len() {
        let mut product: f64 = 1.0;
        for j in 0..=i {
            if j == 3 {
                continue 'rows;
            }
            product *= p[j] + product.cos();
            if product > 40.0 {
                break 'rows;
            }
        }
        sum += product;
    }
    2.0 * sum
}

/// The first loop makes what the second reads; the third comes after that has changed.
#[grad(jvp)]
fn several(p: &[f64]) -> f64 {
    let mut squares = vec![0.0; p.len()];
    for (square, x) in squares.iter_mut().zip(p) {
        *square = x * x;
    }
    let mut sum = 0.0;
    for (square, x) in squares.iter().zip(p) {
        sum += square.exp() * x;
    }
    for square in &mut squares {
        *square *= p[0];
    }
    let mut other = 0.0;
    for square in &squares {
        other += square.sin();
    }
    sum * 0.5 + other
}

/// Memory that an iteration leaves for the next.
#[grad(jvp)]
fn filtered(p: &[f64]) -> f64 {
    let mut state = [0.0, 1.0];
    let mut sum = 0.0;
    for x in p {
        state[0] = 0.5 * state[0] + x * state[1];
        state[1] = state[0].cos();
        sum += state[0] * x;
    }
    sum
}

/// `while`, by an index of its own, down from the end.
#[grad(jvp)]
fn downwards(p: &[f64]) -> f64 {
    let mut at = p.len();
    let mut sum = p[0];
    while at > 1 {
        at -= 1;
        let (a, b) = (p[at] * p[at - 1], p[at] - p[0]);
        sum += a.tanh() * b;
    }
    sum * (1.0 / 3.0)
}

/// In a block and in a branch.
#[grad(jvp)]
fn enclosed(p: &[f64]) -> f64 {
    let total: f64 = {
        let k = p.len() / 2;
        p[..k].iter().map(|x| x.exp() * p[k]).sum()
    };
    if p[0] > 0.7 {
        let mut sum = 0.0;
        for x in p {
            sum += x * x * x;
        }
        sum - total
    } else {
        total
    }
}

const P: [f64; 6] = [0.9, -0.4, 1.3, 0.2, -1.1, 0.6];
const Q: [f64; 5] = [0.5, 1.7, 2.5, -0.3, 1.1];

confirmed!(a_mean: mean at P, Q);
confirmed!(a_root: root at [0.9, 0.4, 1.3], Q);
confirmed!(weighted_sums: weighted at P, Q);
confirmed!(a_sum_of_sums: prefix at P, Q);
confirmed!(loops_inside: nested at P, Q, [3.0, 4.0, 5.0, 6.0]);
confirmed!(several_loops: several at P, Q);
confirmed!(memory_in_between: filtered at P, Q);
confirmed!(running_down: downwards at P, Q);
confirmed!(blocks_and_branches: enclosed at P, Q);

/// A row of data that is not differentiated.
#[derive(Debug)]
pub struct Row {
    x: [f64; 2],
    is_right: bool,
}

type Pair = [f64; 2];

/// Data in structs, and in arrays of another name, stays where it is.
#[grad(wrt(w))]
fn odds(w: &[f64; 2], rows: &[Row], pairs: &[Pair]) -> f64 {
    let mut total = 1.0;
    for row in rows {
        let mut z = 0.0;
        for j in 0..2 {
            z += w[j] * row.x[j];
        }
        total *= if row.is_right { z.exp() } else { z };
    }
    for pair in pairs {
        let mut z = 0.0;
        for j in 0..2 {
            z += w[j] * pair[j];
        }
        total += z.exp();
    }
    total
}

#[test]
fn rows_of_data() {
    let rows = [Row { x: [1.0, 2.0], is_right: true }, Row { x: [0.5, -1.0], is_right: false }];
    let (pairs, w) = ([[0.3, 0.2], [-0.5, 1.0]], [0.3, -0.2]);
    let gradient = odds_grad(&w, &rows, &pairs);
    assert_gradient("odds", &["w"], |(w,): &([f64; 2],)| odds(w, &rows, &pairs), &(w,), &gradient);
}

/// Rows of lengths of their own.
#[grad]
fn rows(a: &[Vec<f64>]) -> f64 {
    let mut sum = 0.0;
    for row in a {
        let mut product = a[0][0];
        for x in row {
            product *= x;
        }
        sum += product;
    }
    sum
}

#[test]
fn rows_of_other_lengths() {
    let a = vec![vec![0.5, -1.5, 2.0], vec![0.7], vec![], vec![1.1, 0.4]];
    let (value, gradient) = rows_value_and_grad(&a);
    approx::assert_relative_eq!(value, rows(&a));
    assert_gradient("rows", &["a"], |(a,): &(Vec<Vec<f64>>,)| rows(a), &(a.clone(),), &gradient);
    let mut buffer = vec![vec![7.0; 3], vec![8.0], vec![], vec![9.0; 2]];
    rows_value_and_grad_into(&a, &mut buffer);
    assert_eq!(buffer, gradient);
}

#[grad]
fn square_of_line(x: f64, y: f64, w: [f64; 2]) -> f64 {
    let miss = w[0] * x + w[1] - y;
    miss * miss
}

/// A chain over calls that are given an array by value: its cotangent is read after the chain.
#[grad(jvp)]
fn chain_of_calls(w: [f64; 2], xs: &[f64], ys: &[f64]) -> f64 {
    xs.iter().zip(ys).map(|(x, y)| square_of_line(*x, *y, w)).sum::<f64>()
}

/// The same in a block.
#[grad(jvp)]
fn calls_in_a_block(w: [f64; 2], xs: &[f64], ys: &[f64]) -> f64 {
    let sum = {
        let mut sum = 0.0;
        for i in 0..xs.len() {
            sum += square_of_line(xs[i], ys[i], w);
        }
        sum
    };
    sum.sqrt()
}

#[test]
fn arrays_that_calls_are_given_by_value() {
    type Point = ([f64; 2], Vec<f64>, Vec<f64>);
    let point: Point = ([0.7, -0.3], vec![0.5, -1.5, 2.0], vec![1.0, 0.2, -0.4]);
    let (w, xs, ys) = &point;
    let names = ["w", "xs", "ys"];
    let gradient = chain_of_calls_grad(*w, xs, ys);
    assert_gradient(
        "chain",
        &names,
        |(w, x, y): &Point| chain_of_calls(*w, x, y),
        &point,
        &gradient,
    );
    let (_, dot) = chain_of_calls_jvp(*w, xs, ys, [1.0, 0.0], &[0.0; 3], &[0.0; 3]);
    approx::assert_relative_eq!(dot, gradient.0[0], max_relative = 1e-12);
    let gradient = calls_in_a_block_grad(*w, xs, ys);
    assert_gradient(
        "block",
        &names,
        |(w, x, y): &Point| calls_in_a_block(*w, x, y),
        &point,
        &gradient,
    );
    let (_, dot) = calls_in_a_block_jvp(*w, xs, ys, [1.0, 0.0], &[0.0; 3], &[0.0; 3]);
    approx::assert_relative_eq!(dot, gradient.0[0], max_relative = 1e-12);
}

/// Parts of a tuple by names that the function gives to something else.
#[grad]
fn hidden(x: &[(f64, f64)]) -> f64 {
    let pair = &x[0];
    let (p, q) = pair;
    let r = p * q;
    let p = r.sin();
    p * r
}

#[test]
fn a_hidden_part_of_a_pair() {
    let r: f64 = 1.5 * 0.4;
    let gradient = hidden_grad(&[(1.5, 0.4)]);
    let (p, q) = gradient[0];
    approx::assert_relative_eq!(p, 0.4 * (r.sin() + r * r.cos()), max_relative = 1e-15);
    approx::assert_relative_eq!(q, 1.5 * (r.sin() + r * r.cos()), max_relative = 1e-15);
}
