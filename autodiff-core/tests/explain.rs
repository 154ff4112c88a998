//! What the explanation says of functions that keep, compute again and read where it is.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use proc_macro2::TokenStream;

fn explained(source: &str) -> String {
    autodiff_core::explain(TokenStream::new(), source.parse().unwrap()).unwrap()
}

#[test]
fn sums_keep_nothing() {
    let text = explained(
        "fn dot(a: &[f64], b: &[f64]) -> f64 {
            let mut sum = 0.0;
            for i in 0..a.len() { sum += a[i] * b[i]; }
            sum
        }",
    );
    assert!(text.contains("for i in 0 .. a . len ()"), "{text}");
    assert!(text.contains("each iteration is reversed right after it"), "{text}");
    assert!(!text.contains("taped in each iteration"), "{text}");
}

#[test]
fn recurrences_are_taped() {
    let text = explained(
        "fn logistic(r: f64, n: usize) -> f64 {
            let mut x = 0.5;
            for _ in 0..n { x = r * x * (1.0 - x); }
            x
        }",
    );
    let (_, taped) = text.split_once("taped in each iteration").unwrap();
    assert!(taped.contains("x: what the iteration begins with"), "{text}");
    assert!(text.contains("read where it is: r"), "{text}");
}

#[test]
fn arms_say_what_they_leave() {
    let text = explained(
        "fn f(x: f64) -> f64 {
            let mut y = x;
            for i in 0..3 {
                if i % 2 == 0 { let s = y.sin(); y = s * s; } else { y = y.exp(); }
            }
            y
        }",
    );
    assert!(text.contains("if i % 2 == 0"), "{text}");
    let (_, left) = text.split_once("left by the arm that ran").unwrap();
    assert!(left.contains("s or exp_y") || left.contains("s: "), "{text}");
}

#[test]
fn what_is_not_understood_has_no_explanation() {
    let source = "fn f(x: f64) -> f64 { x.unknown() }";
    assert_eq!(autodiff_core::explain(TokenStream::new(), source.parse().unwrap()), None);
}

#[test]
fn a_dump_is_asked_for() {
    let item: TokenStream = "fn f(x: f64) -> f64 { x.sin() }".parse().unwrap();
    assert_eq!(autodiff_core::dump(TokenStream::new(), item.clone()), None);
    assert!(autodiff_core::dump("dump".parse().unwrap(), item).is_some());
}

#[test]
fn loops_are_named_by_their_heads() {
    let text = explained(
        "fn f(x: &[f64]) -> f64 {
            let mut s = 1.0;
            for (i, v) in x.iter().enumerate() { if (i + 1) % 2 == 0 { s = s.sin() * v; } }
            s
        }",
    );
    assert!(text.contains("for (i , v) in x . iter () . enumerate ()"), "{text}");
    assert!(text.contains("if (i + 1) % 2 == 0"), "{text}");
}
