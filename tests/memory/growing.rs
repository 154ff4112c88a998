//! `Vec`s that grow and shrink.

use autodiff::grad;

use crate::{confirmed, numbers};

#[grad(jvp)]
fn horner(p: &[f64]) -> f64 {
    let x = p[0];
    let mut stack = Vec::new();
    for i in 0..p.len() {
        stack.push(p[i] * x);
    }
    let mut y = 0.0;
    for _ in 0..p.len() {
        y = y * x + stack.pop().unwrap();
    }
    y
}
confirmed!(a_polynomial_from_a_stack: horner at numbers(1), numbers(6));

#[grad(jvp)]
fn grown(p: &[f64]) -> f64 {
    let x = p[0];
    let mut v = Vec::with_capacity(4);
    v.push(1.0);
    v.push(x);
    v.extend_from_slice(p);
    v.extend(p.iter());
    v.resize(9, x * x);
    v.truncate(8);
    v[0] = v[5] * v[1];
    let mut s = 0.0;
    for a in &v {
        s += a * a;
    }
    v.clear();
    v.push(x);
    v.resize(3, s);
    s * v[0] * v[2]
}
confirmed!(every_way_to_grow: grown at numbers(1), numbers(3), numbers(9));

#[grad(jvp)]
fn inert_at_first(p: &[f64]) -> f64 {
    let mut v = Vec::new();
    for _ in 0..3 {
        v.push(0.0);
    }
    for i in 0..3 {
        v[i] = p[i % p.len()];
    }
    v.push(p[0]);
    let mut stack = vec![0.0];
    stack.clear();
    for i in 0..v.len() {
        stack.push(v[i] * v[0]);
        if i > 1 {
            let _ = stack.pop().unwrap();
        }
    }
    stack[0] * stack[1]
}
confirmed!(elements_without_a_derivative_come_first: inert_at_first at numbers(1), numbers(3));

#[grad(jvp)]
fn local(p: &[f64]) -> f64 {
    let x = p[0];
    let mut s = 0.0;
    for i in 0..p.len() {
        let mut w = Vec::new();
        for j in 0..i {
            w.push(p[j] * x);
        }
        let mut u = w.clone();
        for a in &mut u {
            *a *= x;
        }
        w.extend_from_slice(&u);
        for a in w.iter_mut() {
            *a = a.sin();
        }
        while w.len() > 1 {
            let a = w.pop().unwrap();
            w[0] += a * a;
        }
        if !w.is_empty() {
            s += w[0];
        }
    }
    s
}
confirmed!(local_to_an_iteration: local at numbers(1), numbers(5));

#[grad(jvp)]
fn questions(p: &[f64]) -> f64 {
    let mut stack = p.to_vec();
    let mut s = 1.0;
    if let Some(last) = stack.pop() {
        s *= last;
    }
    while let Some(x) = stack.pop() {
        s = s * x + x.sin();
        if s > 2.0 && stack.len() > 1 {
            stack.push(s * 0.5);
            stack.pop().unwrap();
            stack[0] += s * 0.1;
        }
    }
    s
}
confirmed!(what_may_be_empty: questions at numbers(1), numbers(5));

#[grad(jvp)]
fn moved(p: &[f64]) -> f64 {
    let mut v = Vec::new();
    for x in p {
        v.push(x * x);
    }
    let n = v.len();
    let mut w = v;
    w.push(w[0] * w[n - 1]);
    let mut rows = Vec::new();
    for i in 0..2 {
        rows.push(vec![w[i % n], p[0]]);
    }
    rows[0][1] *= rows[1][0];
    w[n] * rows[0][1]
}
confirmed!(moved_into_another: moved at numbers(1), numbers(3));

#[grad(jvp)]
fn pushed_in_arms(p: &[f64]) -> f64 {
    let mut even = Vec::new();
    let mut odd = Vec::new();
    for (i, x) in p.iter().enumerate() {
        if i % 2 == 0 {
            even.push(x * p[0]);
        } else if i % 3 == 0 {
            odd.extend_from_slice(&even);
        } else {
            odd.push(*x);
        }
    }
    let mut s = 0.0;
    for (a, b) in even.iter().zip(&odd) {
        s += a * b;
    }
    for b in odd.iter() {
        s += b * b;
    }
    s
}
confirmed!(arms_grow_different_ones: pushed_in_arms at numbers(1), numbers(8));
