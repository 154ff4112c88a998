//! Arrays as a whole: made, filled, copied, permuted, exchanged.

use std::mem;

use autodiff::grad;

use crate::{confirmed, numbers};

#[grad(jvp)]
fn made(p: &[f64]) -> f64 {
    let x = p[0];
    let mut v = vec![x * p[1]; p.len()];
    let w = vec![x, x * p[2], 3.0];
    let u = vec![p[1]; 4];
    v[1] *= w[1];
    let rows = vec![vec![x, p[1]], vec![w[2] * x]];
    v[0] * v[1] * w[0] + u[2] * u[3] * rows[0][1] * rows[1][0]
}
confirmed!(a_vec_of_active_values: made at numbers(5));

#[grad(jvp)]
fn later(p: &[f64]) -> f64 {
    const N: usize = 3;
    let n = p.len();
    let mut v = vec![0.0; n];
    let mut a = [0.0; N];
    let mut m = [[0.0; 3]; 2];
    let mut rows = vec![vec![0.0; n]; 2];
    for i in 0..n {
        v[i] = p[i] * p[i];
        a[i % N] += v[i] * p[0];
        m[i % 2][i % 3] += a[i % N].sin();
        rows[i % 2][n - 1 - i] = v[i] * m[i % 2][0];
    }
    let mut s = 0.0;
    for row in &rows {
        for x in row {
            s += x * x;
        }
    }
    s + m[0][0] * m[1][1] + v.iter().zip(&a).len() as f64
}
confirmed!(zeros_become_active: later at numbers(1), numbers(7));

#[grad(jvp)]
fn small<const N: usize>(p: &[f64; N]) -> f64 {
    let mut a = [p[0]; N];
    for i in 1..N {
        a[i] = a[i - 1] * p[i];
    }
    let mut b = [0.0; N];
    b.copy_from_slice(&a);
    b.reverse();
    let mut c = b;
    c[0] *= a[1];
    a = c;
    a[0] * b[0] + a[1]
}

#[test]
fn arrays_of_a_length_that_is_a_parameter() {
    let p = [0.7, 1.2, 0.4];
    let gradient = small_grad(&p);
    let f = |(p,): &([f64; 3],)| small(p);
    autodiff::check::assert_gradient("small", &["p"], f, &(p,), &gradient);
    let (_, along) = small_jvp(&p, &[1.0, 2.0, 3.0]);
    let product = gradient[0] + 2.0 * gradient[1] + 3.0 * gradient[2];
    approx::assert_relative_eq!(along, product, max_relative = 1e-12);
}

#[grad(jvp)]
fn filled(p: &[f64]) -> f64 {
    let mut a = [p[0], p[1], p[2], p[3]];
    let mut b = p.to_vec();
    for i in 0..3 {
        b[i + 1] *= a[i];
        a.fill(b[i] * p[0]);
        a[i] += p[i];
        b[..2].copy_from_slice(&a[1..3]);
        if i == 1 {
            b[2..].fill(0.5);
            b[2] = b[0] * b[1];
        }
    }
    let mut m = [[0.0; 2]; 3];
    m.fill([b[0], b[1] * b[3]]);
    m[1].clone_from_slice(&b[2..4]);
    m[0][0] * m[1][1] + m[2][1] * m[1][0] + a[3]
}
confirmed!(filled_and_copied_into: filled at numbers(4));

#[grad(jvp)]
fn copied(p: &[f64]) -> f64 {
    let mut a = p.to_vec();
    let b = a.clone();
    a[0] = b[0] * b[1];
    let c = a;
    let mut d = c.clone();
    d[1] = c[0] * d[1];
    let mut e = d[1..].to_vec();
    e[0] *= e[1];
    d = e.clone();
    d[1] *= b[2];
    d[0] * d[1] * c[2]
}
confirmed!(copies_are_apart: copied at numbers(3), numbers(6));

#[grad(jvp)]
fn swapped(p: &[f64]) -> f64 {
    let mut m = vec![vec![p[0], p[1] * p[0]], vec![p[2], p[3], p[0]], vec![p[1]]];
    let mut a = [[p[0], p[1]], [p[2], p[3] * p[3]]];
    for k in 0..3 {
        m.swap(k, (k + 1) % 3);
        let last = m[k].len() - 1;
        m[k].swap(0, last);
        a.swap(k % 2, 1);
        a[k % 2].swap(0, 1);
        m[0][0] *= a[1][0];
    }
    m[1].reverse();
    m.reverse();
    m[0][0] * m[1][0] + m[2][0] * a[0][1]
}
confirmed!(rows_and_elements_are_swapped: swapped at numbers(4));

#[grad(jvp)]
fn exchanged(p: &[f64]) -> f64 {
    let mut a = vec![0.0; p.len()];
    let mut b = p.to_vec();
    for _ in 0..3 {
        for j in 0..b.len() {
            a[j] = b[j] * p[0];
        }
        mem::swap(&mut a, &mut b);
    }
    let old = mem::replace(&mut b, vec![p[0], p[1], p[2]]);
    let (mut s, mut t) = (b[0] * p[1], p[2]);
    mem::swap(&mut s, &mut t);
    mem::swap(&mut a[0], &mut b[1]);
    let gone = mem::take(&mut a);
    a = vec![gone[0] * s, t];
    a[1] *= b[1];
    old[0] * a[1] + s * gone[1] + a[0] * b[1]
}
confirmed!(memory_is_exchanged: exchanged at numbers(3), numbers(4));

#[grad(jvp)]
fn tuples(p: &[f64]) -> f64 {
    let mut a = [p[0], p[1]];
    let mut b = [p[2], p[0] * p[1]];
    for k in 0..3 {
        a[0] *= b[1];
        (a, b) = (b, a);
        (a[0], b[1]) = (b[1], a[0]);
        if k == 1 {
            let t = (a[0], a[1] * p[0]);
            a[0] = p[2] * 3.0;
            a[1] += t.0 * a[0] * t.1;
        }
    }
    let t = a;
    a = b;
    b = t;
    a[0] * b[0] + b[1] * a[1]
}
confirmed!(tuples_swap: tuples at numbers(3));

#[grad(jvp)]
fn replaced(p: &[f64]) -> f64 {
    let x = p[0];
    let mut v = vec![0.0; 2];
    v[0] = x;
    let mut s = v[0] * x;
    for k in 1..4 {
        v = vec![x * s; k];
        v[k - 1] *= p[k % p.len()];
        s += v[k - 1] * v[0];
    }
    v = p.to_vec();
    v[0] *= s;
    v[0]
}
confirmed!(a_vec_of_another_length: replaced at numbers(1), numbers(4));

#[grad(jvp)]
fn nested(p: &[f64]) -> f64 {
    let mut u = (p[0], (p[1], p[2]), [p[1], p[0]]);
    for x in p {
        u.1.0 *= x;
        u.1.1 += u.1.0 * u.0;
        u.0 -= 0.1 * u.1.1;
        u.2[1] *= u.1.0;
    }
    u.0 * u.1.0 + u.1.1 * u.2[0] * u.2[1]
}
confirmed!(tuples_in_tuples: nested at numbers(3), numbers(4));
