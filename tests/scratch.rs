//! Scratch space that every iteration fills before it reads it, and space that only looks like it.
//!
//! Where an iteration reads what another has left, its reverse has to wait for that of the other.

#![deny(warnings)]
#![allow(
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    clippy::cast_precision_loss,
    reason = "the functions are loops, written in every way that is accepted"
)]

use autodiff::grad;
use autodiff_tests::confirmed;

/// One vector for the terms of each row, filled by a loop over all of it.
#[grad(jvp)]
fn filled(p: &[f64]) -> f64 {
    let n = 3;
    let mut terms = vec![0.0; n];
    let mut turned = [0.0; 3];
    let mut sum = 0.0;
    for row in p.chunks(3) {
        for i in 0..n {
            terms[i] = p[0] * row[i % row.len()];
            turned[i] = terms[i] * terms[i];
        }
        for i in 0..n {
            for j in i + 1..3 {
                turned[j] += terms[i] * p[1];
            }
        }
        for i in 0..3 {
            sum += turned[i].sin() * terms[n - 1 - i];
        }
    }
    sum / 2.0
}

/// The first element keeps what the iteration before has left.
#[grad(jvp)]
fn filled_but_for_one(p: &[f64]) -> f64 {
    let n = 3;
    let mut terms = vec![0.5; n];
    let mut sum = 0.0;
    for row in p.chunks(3) {
        for i in 1..n {
            terms[i] = terms[i - 1] * row[0];
        }
        sum += terms[1] * terms[2];
        terms[0] += p[1];
    }
    sum
}

/// Filled under a condition only.
#[grad(jvp)]
fn filled_sometimes(p: &[f64]) -> f64 {
    let n = 2;
    let mut terms = vec![0.5; n];
    let mut sum = 0.0;
    for x in p {
        for i in 0..n {
            if *x > 0.0 {
                terms[i] = x * p[i];
            }
        }
        sum += terms[0] * terms[1] * x;
    }
    sum
}

/// Filled in both arms, each in its way.
#[grad(jvp)]
fn filled_in_both_arms(p: &[f64]) -> f64 {
    let n = p.len();
    let mut terms = vec![0.0; n];
    let mut sum = 0.0;
    for x in p {
        if *x > 0.0 {
            for i in 0..n {
                terms[i] = x * p[i];
            }
        } else {
            for i in (0..n).rev() {
                terms[i] = x - p[i];
            }
        }
        sum += terms[0] * terms[n - 1].cos();
    }
    sum
}

/// Filled after it is read.
#[grad(jvp)]
fn filled_late(p: &[f64]) -> f64 {
    let n = 2;
    let mut terms = vec![1.0; n];
    let mut sum = 0.0;
    for x in p {
        sum += terms[0] * terms[1] * x;
        for i in 0..n {
            terms[i] = x * p[i];
        }
    }
    sum
}

/// An element is read that this iteration of the inner loop has not written yet.
#[grad(jvp)]
fn read_ahead(p: &[f64]) -> f64 {
    let n = 3;
    let mut terms = vec![1.0; n];
    let mut sum = 0.0;
    for x in p {
        for i in 0..n {
            terms[i] = terms[n - 1 - i] * x;
        }
        sum += terms[0];
    }
    sum
}

/// The last iteration's is read after the loop.
#[grad(jvp)]
fn read_after(p: &[f64]) -> f64 {
    let n = 2;
    let mut terms = vec![1.0; n];
    let mut sum = 0.0;
    for x in p {
        for i in 0..n {
            terms[i] = x * p[i];
        }
        sum += terms[0] * terms[1];
    }
    sum + terms[0] * p[1]
}

/// One vector for two loops; the second also reads what the first has left.
#[grad(jvp)]
fn shared(p: &[f64]) -> f64 {
    let n = 2;
    let mut terms = vec![1.0; n];
    let mut sum = 0.0;
    for x in p {
        for i in 0..n {
            terms[i] = x * p[i];
        }
        sum += terms[0] * terms[1];
    }
    for x in p {
        sum += terms[0] * x;
    }
    sum
}

/// One vector for two loops, each of which fills it.
#[grad(jvp)]
fn shared_and_filled(p: &[f64]) -> f64 {
    let n = 2;
    let mut terms = vec![1.0; n];
    let mut sum = 0.0;
    for x in p {
        for i in 0..n {
            terms[i] = x * p[i];
        }
        sum += terms[0] * terms[1];
    }
    for x in p {
        for i in 0..n {
            terms[i] = x.sin() + p[i];
        }
        sum += terms[0] * terms[1] * x;
    }
    sum
}

/// Added to in the first loop, filled in the second.
#[grad(jvp)]
fn added_to_and_filled(p: &[f64]) -> f64 {
    let n = 2;
    let mut terms = vec![1.0; n];
    let mut sum = 0.0;
    for x in p {
        terms[0] += x * x;
        sum += terms[0];
    }
    for x in p {
        for i in 0..n {
            terms[i] = x * p[i];
        }
        sum += terms[0] * terms[1];
    }
    sum
}

/// The vectors change places: what was filled is not what is read.
#[grad(jvp)]
fn swapped(p: &[f64]) -> f64 {
    let n = 2;
    let (mut old, mut new) = (vec![1.0; n], vec![1.0; n]);
    let mut sum = 0.0;
    for x in p {
        for i in 0..n {
            new[i] = x * p[i];
        }
        sum += new[0] * old[1];
        std::mem::swap(&mut old, &mut new);
    }
    sum
}

/// The loop that fills it may be left early, or does not reach the end.
#[grad(jvp)]
fn filled_in_part(p: &[f64]) -> f64 {
    let n = 3;
    let m = n - 1;
    let mut terms = vec![0.3; n];
    let mut others = vec![0.7; n];
    let mut sum = 0.0;
    for x in p {
        for i in 0..n {
            terms[i] = x * p[1];
            if *x < 0.0 {
                break;
            }
        }
        for i in 0..m {
            others[i] = x * p[0];
        }
        sum += terms[0] * terms[2] * others[2] * others[1];
        others[2] = x.cos();
    }
    sum
}

#[grad(jvp)]
fn smooth_max(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v.exp();
    }
    sum.ln()
}

/// A call reads it.
#[grad(jvp)]
fn called(p: &[f64]) -> f64 {
    let k = p.len() - 1;
    let mut terms = vec![0.0; k];
    let mut sum = 0.0;
    for x in p {
        for c in 0..k {
            let mut square = 0.0;
            for i in 0..2 {
                square += (x - p[c + i]) * p[i];
            }
            terms[c] = 0.5 * square;
        }
        sum += smooth_max(&terms);
    }
    sum
}

/// Neighbours by indices that are chosen, two in one `let`, and that change their names.
#[grad(jvp)]
fn neighbours(p: &[f64]) -> f64 {
    let n = p.len();
    let (a, b) = (0, 1);
    let (a, b) = (b, a);
    let mut sum = 0.0;
    for i in 0..n {
        let (left, right) = (if i == 0 { 0 } else { i - 1 }, if i + 1 == n { i } else { i + 1 });
        let (left, i) = (right, left);
        let mut product = p[a].sin();
        for j in 0..n {
            let (next, i) = (if j + 1 == n { i } else { j + 1 }, left);
            product *= p[next] + p[i] * p[b];
        }
        sum += product * p[left] * p[i];
    }
    sum
}

/// Rows from places that the loop does not reach, and rows that are empty.
#[grad(jvp)]
fn rows_of_a_triangle(p: &[f64]) -> f64 {
    let n = p.len();
    let mut sum = 0.0;
    for i in 0..n {
        let (start, count) = (n - i, i);
        for j in 0..count {
            sum += p[start + j] * p[j] * p[i];
        }
        for j in i..count {
            sum += p[10 * n + j];
        }
        for j in i + 1..n {
            if j + 1 < n {
                sum += p[j + 1] * p[j].cos();
            }
        }
    }
    sum
}

/// Records of counts, flags and numbers, in loops that are left and in loops that are not.
#[grad(jvp)]
fn records(p: &[f64]) -> f64 {
    let mut sum = 0.0;
    let mut at = 0;
    let mut largest = p[0];
    for (i, x) in p.iter().enumerate() {
        if *x > largest {
            largest = *x;
            at = i;
        }
        let mut power = 1.0;
        for y in p.iter().rev().skip(1) {
            power = (power * x).sin() + y;
        }
        for j in (at..p.len()).rev() {
            power = (power + p[j]).cos();
            if power > 0.99 {
                break;
            }
        }
        sum += power * p[at] * largest;
    }
    sum
}

const P: [f64; 5] = [0.4, -0.7, 1.3, 0.2, 0.6];
const Q: [f64; 3] = [1.5, 0.6, -0.3];

confirmed!(memory_filled: filled at P, Q);
confirmed!(memory_filled_but_for_one: filled_but_for_one at P, Q);
confirmed!(memory_filled_sometimes: filled_sometimes at P, Q);
confirmed!(memory_filled_in_both_arms: filled_in_both_arms at P, Q);
confirmed!(memory_filled_late: filled_late at P, Q);
confirmed!(memory_read_ahead: read_ahead at P, Q);
confirmed!(memory_read_after: read_after at P, Q);
confirmed!(memory_shared: shared at P, Q);
confirmed!(memory_shared_and_filled: shared_and_filled at P, Q);
confirmed!(memory_added_to_and_filled: added_to_and_filled at P, Q);
confirmed!(memory_swapped: swapped at P, Q);
confirmed!(memory_filled_in_part: filled_in_part at P, Q);
confirmed!(memory_called: called at P, Q);
confirmed!(memory_neighbours: neighbours at P, Q);
confirmed!(memory_rows_of_a_triangle: rows_of_a_triangle at P, Q);
confirmed!(memory_records: records at P, Q);
