//! Derivatives in both modes, before and after simplification, against differences.

#![allow(clippy::indexing_slicing, clippy::float_cmp, reason = "a zero is exactly zero")]

mod harness;

use harness::{Case, check, check_with, gradient, gradient_at};

#[test]
fn straight_line() {
    check("fn f(x: f64, y: f64) -> f64 { x * y + x.sin() }", &[2.0, 3.0]);
    check(
        "fn f(x: f64, y: f64) -> f64 { let a = x / y; let b = (a - y).exp(); b * a - x.sqrt() }",
        &[0.7, 1.3],
    );
    check(
        "fn f(x: f64) -> f64 { let mut t = x; t += x * t; t = -t * t; t / 3.0 + 2.0 / t }",
        &[0.7],
    );
    check(
        "fn f(x: f64) -> f64 { x.powi(3) + x.powi(-2) - x.powi(1) + x.powi(0) + x.powi(2) }",
        &[0.7],
    );
    check("fn f(x: f64, n: i32) -> f64 { x.powi(n) }", &[0.7, 3.0]);
    check(
        "fn f(x: f64, y: f64) -> f64 { x.powf(y).max(y * 2.0).min(10.0 * x).hypot(1.0) }",
        &[0.7, 0.4],
    );
    check("fn f(x: &f64, y: &f64) -> f64 { *x * *y + x.sin() }", &[0.7, 0.4]);
    check("fn f(x: f64, y: f64) -> f64 { x.mul(y).add(x.neg().sub(y).div(y)) }", &[0.7, 0.4]);
    check("fn f(x: f64, y: f64) -> f64 { let (s, c) = x.sin_cos(); s * c + y * c }", &[0.7, 0.4]);
}

#[test]
fn branches() {
    let relu = "fn f(x: f64, y: f64) -> f64 { let a = x * y; if a > 0.0 { a } else { 0.0 } }";
    check(relu, &[2.0, 3.0]);
    check(relu, &[-2.0, 3.0]);
    let heavy = "fn f(x: f64, y: f64) -> f64 {
        let z = x.abs();
        let e = (-0.5 * z * z).exp();
        let t = if z < 1.0 { let u = (z * 2.0 + y) * z; let v = u * z + 3.0; e * u / v } else { e / (z + 1.0 / (z + y)) };
        if x > 0.0 { 1.0 - t } else { t }
    }";
    for x in [0.5, -0.4, 2.0, -3.0] {
        check(heavy, &[x, 0.8]);
    }
    let two = "fn f(x: f64, y: f64) -> f64 {
        let (mut a, mut b) = (x, y);
        if x > y { let s = (x * y).sin(); a = s * s * x; b = s.exp() * y; } else { let c = x.cos(); a = c * y * c; }
        a * b
    }";
    check(two, &[0.5, 0.2]);
    check(two, &[0.2, 0.5]);
    let chain = "fn f(x: f64, n: usize) -> f64 {
        let mut y = x * x;
        match n { 0 => y = y * x, 1 => { let t = y.sin(); y = t * t; } 2 if x > 0.0 => { y += x; } _ => {} }
        y * x
    }";
    for n in [0.0, 1.0, 2.0, 3.0] {
        check(chain, &[0.8, n]);
    }
    let nested = "fn f(x: f64, y: f64) -> f64 {
        let a = if x > 0.0 {
            let p = x * y;
            if y > 0.0 { let q = p.exp(); q * p * x } else if y < -1.0 { p.sin() * p } else { p / x }
        } else { let w = y.cos(); w * w };
        a * a
    }";
    for (x, y) in [(0.5, 0.4), (0.5, -0.4), (0.5, -1.4), (-0.3, 0.6)] {
        check(nested, &[x, y]);
    }
}

#[test]
fn aggregates() {
    check(
        "fn f(a: [f64; 3]) -> f64 { let [x, y, z] = a; x * y + z.sin() * a[1] }",
        &[0.3, 0.7, 1.1],
    );
    check("fn f(a: &[f64; 3]) -> f64 { let [x, y, _] = a; x * y + a[0] }", &[0.3, 0.7, 1.1]);
    check(
        "fn f(t: (f64, [f64; 2]), n: usize) -> f64 { let (a, b) = t; a * b[n] + t.1[0] }",
        &[0.3, 0.7, 1.1, 1.0],
    );
    check(
        "fn f(m: &[[f64; 2]; 2]) -> f64 { let [a, b] = m; a[0] * b[1] - a[1] * b[0] }",
        &[0.3, 0.7, 1.1, 0.2],
    );
    check(
        "fn f(m: &[[f64; 2]; 2], i: usize) -> f64 { let r = &m[i]; r[0] * r[1] * m[0][1] }",
        &[0.3, 0.7, 1.1, 0.2, 1.0],
    );
    check(
        "fn f(x: &[f64], i: usize) -> f64 { x[i] * x[0] + x[3].exp() }",
        &[0.3, 0.7, 1.1, 0.2, 1.0],
    );
    check(
        "fn f(x: &Vec<f64>) -> f64 { if x[0] > 0.0 { x[0] * x[1] } else { let t = x[2].sin(); t * t * x[1] } }",
        &[0.3, 0.7, 1.1, 0.2],
    );
    check(
        "fn f(x: &Vec<f64>, i: usize) -> f64 { if x[0] < 0.0 { x[0] * x[1] } else { let k = i + 1; let t = x[k].sin(); t * t * x[1] } }",
        &[0.3, 0.7, 1.1, 0.2, 1.0],
    );
    check(
        "fn f(x: f64, i: usize) -> f64 { let a = [x, x * x, 2.0]; let b = [x; 3]; a[i] * a[1] * b[i] + b[0] }",
        &[0.3, 1.0],
    );
    check(
        "fn f(x: f64, y: f64) -> f64 { let p = if x > y { (x, y * x) } else { (y, x) }; p.0 * p.1 }",
        &[0.3, 0.2],
    );
    check(
        "fn f(x: f64, y: f64) -> f64 { let mut p = (x, y); p.0 = p.1 * p.0; p.0 * p.1 }",
        &[0.3, 0.2],
    );
    check(
        "fn f(a: [f64; 2], b: [f64; 2], c: f64) -> f64 { let p = if c > 0.0 { a } else { b }; p[0] * p[1] * c }",
        &[0.3, 0.2, 0.6, 0.9, 0.4],
    );
}

#[test]
fn calls() {
    let others = [
        "fn square(x: f64) -> f64 { x * x }",
        "fn scaled(x: f64, n: usize) -> f64 { x * n as f64 }",
        "fn dot(a: &[f64], b: &[f64]) -> f64 { a[0] * b[0] + a[1] * b[1] }",
        "fn pair(x: f64) -> (f64, f64) { (x * x, x.sin()) }",
        "fn product(p: (f64, f64)) -> f64 { p.0 * p.1 }",
        "fn norm(p: [f64; 2]) -> f64 { p[0].hypot(p[1]) }",
    ];
    let go = |source: &str, numbers: &[f64]| {
        check_with(&Case { source, others: &others }, numbers);
    };
    go("fn f(x: f64) -> f64 { square(x) * x + square(square(x)) }", &[0.7]);
    go("fn f(x: f64, n: usize) -> f64 { scaled(x * x, n).sin() }", &[0.7, 3.0]);
    go("fn f(a: &[f64], x: f64) -> f64 { dot(a, a) * x }", &[0.3, 0.7, 1.1, 0.2, 2.0]);
    go("fn f(x: f64) -> f64 { let p = pair(x); p.0 * p.1 }", &[0.7]);
    go("fn f(x: f64) -> f64 { let (a, b) = pair(x); a * b * x }", &[0.7]);
    go("fn f(x: f64) -> f64 { product(pair(x)) + product(pair(2.0 * x)) }", &[0.7]);
    go("fn f(x: f64) -> f64 { let p = pair(x); product(p) * product(p) }", &[0.7]);
    go("fn f(p: (f64, f64)) -> f64 { product(p) * product(p) * p.0 }", &[0.7, 0.3]);
    go("fn f(p: [f64; 2]) -> f64 { norm(p) * p[1] }", &[0.7, 0.3]);
    go(
        "fn f(x: f64, y: f64) -> f64 { let t = x * y; if t > 0.0 { square(t.sin()) } else { x } }",
        &[0.7, 0.3],
    );
    go(
        "fn f(a: &[f64], x: f64) -> f64 { if x > 0.0 { dot(a, a) * x } else { dot(a, a) } }",
        &[0.3, 0.7, 1.1, 0.2, 2.0],
    );
    let two = "fn f(x: f64, y: f64) -> f64 {
        let (mut a, mut b) = (x, y);
        if x > y { let s = square(x * y); a = s * s * x; b = square(s); } else { a = y.cos() * a; }
        a * b
    }";
    go(two, &[0.5, 0.2]);
    go(two, &[0.2, 0.5]);
}

#[test]
fn a_zero_cotangent_stays_zero() {
    let at = |source, x| gradient_at(source, x);
    assert_eq!(at("fn f(x: f64, y: f64) -> f64 { y * x.sqrt() }", &[0.0, 0.0]), [0.0, 0.0]);
    assert_eq!(at("fn f(x: f64, y: f64) -> f64 { y * (1.0 / x) }", &[0.0, 0.0])[0], 0.0);
    assert_eq!(at("fn f(x: f64) -> f64 { x.sqrt() }", &[0.0]), [f64::INFINITY]);
    let arm = "fn f(x: f64, y: f64) -> f64 {
        let t = if x < 1.0 { let r = x.sqrt(); r * r.sin() + r } else { x };
        y * t
    }";
    assert_eq!(at(arm, &[0.0, 0.0]), [0.0, 0.0]);
}

#[test]
fn what_can_panic_stays() {
    let source = "fn f(x: f64, a: &[f64], n: usize) -> f64 {
        let unread = a[n] * 2.0; let other = x.exp(); assert!(n < 5); x * 2.0
    }";
    let text = gradient(source).to_string();
    assert!(text.contains("assert") && text.contains("index"), "{text}");
    assert!(!text.contains("exp"), "{text}");
}
