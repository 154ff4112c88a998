//! Derivatives in both modes, before and after simplification, against differences.

mod harness;

use harness::{check, gradient_text};

#[test]
fn straight_line() {
    check("fn f(x: f64, y: f64) -> f64 { x * y + x.sin() }", &[2.0, 3.0]);
    check("fn f(x: f64, y: f64) -> f64 { let a = x / y; let b = (a - y).exp(); b * a - x.sqrt() }", &[0.7, 1.3]);
    check("fn f(x: f64) -> f64 { let mut t = x; t += x * t; t = -t * t; t / 3.0 + 2.0 / t }", &[0.7]);
    check("fn f(x: f64) -> f64 { x.powi(3) + x.powi(-2) - x.powi(1) + x.powi(0) + x.powi(2) }", &[0.7]);
    check("fn f(x: f64, n: i32) -> f64 { x.powi(n) }", &[0.7, 3.0]);
    check("fn f(x: f64, y: f64) -> f64 { x.powf(y).max(y * 2.0).min(10.0 * x).hypot(1.0) }", &[0.7, 0.4]);
    check("fn f(x: &f64, y: &f64) -> f64 { *x * *y + x.sin() }", &[0.7, 0.4]);
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
fn the_gradient_of_the_first_example() {
    let text = gradient_text("fn f(x: f64, y: f64) -> f64 { x * y + x.sin() }");
    println!("{text}");
}
