//! Running sums through loops inside loops, and branches in them: reversed as they run where the
//! cotangent is known, and where it only seems to be, not.

#![deny(warnings)]
#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "the functions are loops over indices"
)]

use autodiff::grad;
use autodiff_tests::confirmed;

/// Nothing is written: all pairs, each reversed right after it.
#[grad(jvp)]
fn pairs(p: &[f64]) -> f64 {
    let mut energy = p[0];
    for i in 0..p.len() {
        for j in 0..i {
            let d = p[i] - p[j];
            energy += p[1] / (1.0 + d * d);
        }
        energy -= p[i].sin();
    }
    energy
}

/// The loop around goes on with a product, so that it waits; that inside need not.
#[grad(jvp)]
fn beside_a_product(p: &[f64]) -> f64 {
    let (mut sum, mut product) = (0.0, 1.0_f64);
    for i in 0..p.len() {
        for x in p {
            sum += (x * p[i]).cos();
        }
        product *= p[i] + product.sin();
    }
    product - 2.0 * sum
}

/// The weight of the sum inside is known before it, or only after it.
#[grad(jvp)]
fn weights(p: &[f64]) -> f64 {
    let (mut before, mut after) = (0.0, 0.0);
    for w in p {
        let (mut first, mut second) = (0.0_f64, 0.0_f64);
        for x in p {
            first += (x * w).sin();
        }
        for x in p {
            second += (x - w).powi(3);
        }
        before += w * first;
        after += second * second;
    }
    before + after
}

/// A sum that is looked at, which changes nothing, and one that is used.
#[grad(jvp)]
fn looked_at(p: &[f64]) -> f64 {
    let (mut bounded, mut used) = (0.0, 0.0);
    for i in 0..p.len() {
        for x in p {
            if bounded < 2.5 {
                bounded += x * x * p[i];
            }
            used += used * x * 0.1 + p[i];
        }
    }
    bounded + used
}

/// What is added up inside is memory that the loop around writes.
#[grad(jvp)]
fn rows(p: &[f64]) -> f64 {
    let mut row = vec![0.0; p.len()];
    let mut sum = 0.0;
    for i in 0..p.len() {
        for j in 0..p.len() {
            row[j] = row[j] * 0.5 + p[i] * p[j];
        }
        for r in &row {
            sum += r.sin() * p[i];
        }
    }
    sum
}

/// Arms within arms; a name that an arm gives to something else.
#[grad(jvp)]
fn arms(p: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..p.len() {
        let (a, b) = (p[i], p[i - 1]);
        if a > b {
            let b = a * b;
            if b > 0.3 {
                let a = b.exp();
                sum += a * b;
            } else {
                sum -= b.sin();
            }
        }
        sum += match i % 3 {
            0 => a * b,
            1 => {
                let product = a.tanh() * b;
                product * product
            }
            _ => b,
        };
    }
    sum
}

/// What an arm keeps has no zero: a `Vec`, and what a call leaves.
#[grad(jvp)]
fn kept(p: &[f64]) -> f64 {
    let mut sum = 0.0;
    for x in p {
        if *x > 0.55 {
            let scaled: Vec<f64> = p.iter().map(|y| y * x).collect();
            for (s, y) in scaled.iter().zip(p) {
                sum += s.sin() * y;
            }
        } else {
            sum += bump(*x) * p[0];
        }
    }
    sum
}

#[grad(jvp)]
fn bump(x: f64) -> f64 {
    (x * x).exp() * x
}

/// Left from inside, the second arm after the first.
#[grad(jvp)]
fn left(p: &[f64]) -> f64 {
    let mut sum = 0.0;
    'all: for x in p {
        for y in p {
            if x * y < -0.8 {
                break 'all;
            }
            if y > x {
                sum += (x * y).exp();
                continue;
            }
            sum += x / (y * y + 1.0);
        }
    }
    sum * 3.0
}

/// A loop in an arm, whose sums are all that the arm contributes.
#[grad(jvp)]
fn in_an_arm(p: &[f64]) -> f64 {
    let (mut a, mut b) = (p[0], p[1] * p[2]);
    let x = p[2].sin();
    if p[3] > 0.3 {
        b *= a;
    } else {
        for i in 1..3 {
            a += (p[i] * 0.5 - x).cos();
        }
    }
    a + b
}

const P: [f64; 6] = [0.9, -0.4, 1.3, 0.2, -1.1, 0.6];
const Q: [f64; 5] = [0.5, 1.7, 2.5, -0.3, 1.1];

confirmed!(all_pairs: pairs at P, Q);
confirmed!(a_product_beside: beside_a_product at P, Q);
confirmed!(weighted_sums: weights at P, Q);
confirmed!(sums_that_are_looked_at: looked_at at P, Q);
confirmed!(rows_that_change: rows at P, Q);
confirmed!(arms_within_arms: arms at P, Q, [0.1, 0.9, 0.4, 2.0, 2.1]);
confirmed!(what_arms_keep: kept at P, Q);
confirmed!(left_from_inside: left at P, Q);
confirmed!(loops_in_arms: in_an_arm at P, Q);
