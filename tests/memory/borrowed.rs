//! Parts that are borrowed mutably.

use autodiff::grad;

use crate::{confirmed, numbers};

#[grad(jvp)]
fn references(p: &[f64]) -> f64 {
    let x = p[0];
    let mut t = x * p[1];
    let old = t;
    let r = &mut t;
    *r += x;
    *r *= p[1];
    let q = &mut *r;
    *q = *q * *q;
    *r += 1.0;
    t * x * old
}
confirmed!(references_to_a_float: references at numbers(2));

#[grad(jvp)]
fn rows(p: &[f64]) -> f64 {
    let n = 3;
    let mut m = vec![vec![0.0; n]; n];
    for row in m.iter_mut() {
        for (x, y) in row.iter_mut().zip(p) {
            *x = y * y;
            *x *= 2.0;
        }
        row[0] *= row[1];
    }
    for i in 0..n {
        let row = &mut m[i];
        row[1] = row[0] * p[i];
        let first = &mut row[0];
        *first += p[0];
    }
    for row in &mut m {
        for x in row {
            *x = x.sin();
        }
    }
    let mut s = 0.0;
    for row in m.iter() {
        for x in row.iter() {
            s += x * x;
        }
    }
    s
}
confirmed!(rows_of_a_matrix: rows at numbers(3), numbers(4));

#[grad(jvp)]
fn chunks(p: &[f64]) -> f64 {
    let mut a = p.to_vec();
    for chunk in a.chunks_mut(2) {
        chunk[0] *= p[0];
        let last = chunk.len() - 1;
        chunk[last] += chunk[0];
    }
    for chunk in a.chunks_exact_mut(3) {
        chunk[1] = chunk[0] * chunk[2];
        chunk.swap(0, 1);
    }
    for (i, x) in a.iter_mut().enumerate() {
        *x *= p[i];
    }
    let mut s = 0.0;
    for x in &a {
        s += x * x;
    }
    s
}
confirmed!(chunks_of_an_array: chunks at numbers(2), numbers(7));

#[grad(jvp)]
fn split(p: &[f64]) -> f64 {
    let mut a = p.to_vec();
    let k = a.len() / 2;
    let (l, r) = a.split_at_mut(k);
    for i in 0..l.len() {
        l[i] *= r[i];
        r[i] += l[i] * p[0];
    }
    l[0] = r[k - 1];
    for (x, y) in l.iter_mut().zip(r.iter_mut()) {
        *x += *y * 2.0;
        *y = x.sin();
    }
    let (first, rest) = r.split_at_mut(1);
    first[0] *= rest[0];
    rest.fill(p[1]);
    *a.last_mut().unwrap() *= a[0];
    *a.first_mut().unwrap() = p[1] * a[1];
    let mut s = 0.0;
    for x in &a {
        s += x * x;
    }
    s
}
confirmed!(halves_and_ends: split at numbers(4), numbers(7));

#[grad(jvp)]
fn empty(p: &[f64]) -> f64 {
    let mut a = p[1..].to_vec();
    let mut b = vec![p[0]; a.len()];
    for (x, y) in a.iter_mut().zip(&b) {
        *x *= y;
    }
    b.copy_from_slice(&a);
    b.fill(p[0]);
    b.reverse();
    a.extend_from_slice(&b);
    a.truncate(3);
    for row in a.chunks_mut(2) {
        for x in row {
            *x *= p[0];
        }
    }
    let mut s = p[0];
    while let Some(x) = a.pop() {
        s += x;
    }
    s
}
confirmed!(nothing_in_it: empty at numbers(1), numbers(2), numbers(4));

/// Without a derivative, but it changes what it is given.
fn change(x: f64, a: &mut [f64]) -> f64 {
    a[1] += x;
    a[0] * x
}

#[grad(jvp)]
fn changed_by_the_way(p: &[f64]) -> f64 {
    let mut a = vec![0.5_f64; 4];
    a[2] = 3.0;
    let y = p[0].sin() * a[1];
    let d = change(2.0, &mut a);
    let z = if change(1.0, &mut a) > 0.1 { p[1] * a[1] } else { p[1] };
    y * p[0] + d * p[0] + z * a[1] * p[1]
}
confirmed!(memory_that_a_call_changes: changed_by_the_way at numbers(2));
