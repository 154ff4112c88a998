//! Dynamic programming: tables that are filled in order.

use autodiff::grad;

use crate::{confirmed, numbers};

fn cost(a: f64, b: f64) -> f64 {
    (a - b) * (a - b)
}

#[grad(jvp, vjp)]
fn soft_min(a: f64, b: f64, c: f64, gamma: f64) -> f64 {
    let low = a.min(b).min(c);
    let sum = (-(a - low) / gamma).exp() + (-(b - low) / gamma).exp() + (-(c - low) / gamma).exp();
    low - gamma * sum.ln()
}

/// Soft dynamic time warping of the two halves.
#[grad(jvp)]
fn soft_dtw(p: &[f64]) -> f64 {
    let n = p.len() / 2;
    let mut r = vec![vec![1e3; n + 1]; n + 1];
    r[0][0] = 0.0;
    for i in 1..=n {
        for j in 1..=n {
            let d = p[i - 1] - p[n + j - 1];
            r[i][j] = d * d + soft_min(r[i - 1][j], r[i][j - 1], r[i - 1][j - 1], 0.3);
        }
    }
    r[n][n]
}
confirmed!(soft_time_warping: soft_dtw at numbers(6), numbers(10));

/// The hard one, in two rows.
#[grad(jvp)]
fn dtw(p: &[f64]) -> f64 {
    let n = p.len() / 2;
    let mut before: Vec<f64> = vec![1e3; n + 1];
    let mut now: Vec<f64> = vec![1e3; n + 1];
    before[0] = 0.0;
    for i in 1..=n {
        now[0] = 1e3;
        for j in 1..=n {
            let d = p[i - 1] - p[n + j - 1];
            now[j] = d * d + before[j].min(now[j - 1]).min(before[j - 1]);
        }
        std::mem::swap(&mut before, &mut now);
    }
    before[n]
}
confirmed!(time_warping: dtw at numbers(6), numbers(11));

/// The most likely path of a chain with two states, as the sum of its scores.
#[grad(jvp)]
fn viterbi(p: &[f64]) -> f64 {
    let stay = [p[0].ln(), p[1].ln()];
    let go = [(p[0] * 0.4).ln(), (p[1] * 0.3).ln()];
    let mut score = [0.0, -0.1];
    let mut from: Vec<[usize; 2]> = Vec::new();
    for x in &p[2..] {
        let mut next = [0.0; 2];
        let mut back = [0, 0];
        for s in 0..2 {
            let kept = score[s] + stay[s];
            let moved = score[1 - s] + go[1 - s];
            let d = x - s as f64;
            if kept >= moved {
                next[s] = kept - d * d;
                back[s] = s;
            } else {
                next[s] = moved - d * d;
                back[s] = 1 - s;
            }
        }
        score = next;
        from.push(back);
    }
    let mut state = usize::from(score[1] > score[0]);
    let best = score[state];
    let mut total = best;
    for back in from.iter().rev() {
        total += 0.1 * state as f64 * p[0];
        state = back[state];
    }
    total
}
confirmed!(a_most_likely_path: viterbi at numbers(7), [0.9, 0.8, 0.1, 0.9, 1.1, 0.2, 0.0]);

/// The forward algorithm of the same chain, in logarithms.
#[grad(jvp)]
fn evidence(p: &[f64]) -> f64 {
    let mut a = [p[0], p[1]];
    let mut log = 0.0;
    for x in &p[2..] {
        let (k, m) = (a[0] * 0.7 + a[1] * 0.2, a[0] * 0.3 + a[1] * 0.8);
        a[0] = k * (-x * x).exp();
        a[1] = m * (-cost_of(*x)).exp();
        let sum = a[0] + a[1];
        log += sum.ln();
        a[0] /= sum;
        a[1] /= sum;
    }
    log
}
confirmed!(the_evidence_of_a_chain: evidence at numbers(6));

#[grad(jvp, vjp)]
fn cost_of(x: f64) -> f64 {
    (x - 1.0) * (x - 1.0)
}

#[test]
fn the_cost_is_the_same() {
    assert_eq!(cost(0.25, 1.0).to_bits(), cost_of(0.25).to_bits());
}

/// LU with pivoting, in place: a determinant and a solution.
#[grad(jvp)]
fn pivoted(p: &[f64]) -> f64 {
    let n = 3;
    let mut a = p[..9].to_vec();
    let mut b = [1.0, p[9], 2.0];
    let mut det = 1.0;
    for k in 0..n {
        let mut best = k;
        for i in k + 1..n {
            if a[i * n + k].abs() > a[best * n + k].abs() {
                best = i;
            }
        }
        if best != k {
            for j in 0..n {
                a.swap(k * n + j, best * n + j);
            }
            b.swap(k, best);
            det = -det;
        }
        det *= a[k * n + k];
        for i in k + 1..n {
            let factor = a[i * n + k] / a[k * n + k];
            for j in k..n {
                a[i * n + j] -= factor * a[k * n + j];
            }
            b[i] -= factor * b[k];
        }
    }
    for i in (0..n).rev() {
        for j in i + 1..n {
            b[i] -= a[i * n + j] * b[j];
        }
        b[i] /= a[i * n + i];
    }
    det + b[0] * b[1] + b[2]
}
confirmed!(elimination_with_pivots: pivoted at [0.1, 2.0, 1.0, 3.0, 0.4, -1.0, 1.0, 1.0, 2.5, 0.3]);
