//! Typical functions, before and after.

#![allow(clippy::expect_used, reason = "the sources are written here")]

use quote::ToTokens;
use syn::ItemFn;

use super::structured;

fn function(text: &str) -> ItemFn {
    syn::parse_str(text).expect("a function")
}

/// What becomes of a function, and what should become of it.
#[track_caller]
fn check(header: &str, body: &str, expected: &str) {
    let before = function(&format!("{header} {{ {body} }}"));
    let after = structured(&before.block, &before.sig.output).expect("structured");
    let expected = expected.replace("DEFAULT", "::core::default::Default::default()");
    let expected = function(&format!("{header} {{ {expected} }}"));
    assert_eq!(after.to_token_stream().to_string(), expected.block.to_token_stream().to_string());
}

/// The keywords that are reported.
fn refused(text: &str) -> Vec<&'static str> {
    let before = function(text);
    let exits = structured(&before.block, &before.sig.output).err().unwrap_or_default();
    exits.iter().map(|exit| exit.keyword).collect()
}

#[test]
fn code_without_jumps_is_unchanged() {
    let body =
        "let y = 'a: { x }; for i in 0..3 { if f(i) { g(); } } if y > 1.0 { y } else { panic!() }";
    check("fn f(x: f64) -> f64", body, body);
    let body = "loop { g(); if done { break; } } (|y| y?)(x)";
    check("fn f(x: f64) -> f64", body, body);
}

#[test]
fn a_guard_clause_gets_an_else() {
    check(
        "fn f(x: f64) -> f64",
        "if x < 0.0 { return 0.0; } let y = x * 2.0; if y > 3.0 { return y; } y + 1.0",
        "if x < 0.0 { 0.0 } else { let y = x * 2.0; if y > 3.0 { y } else { y + 1.0 } }",
    );
}

#[test]
fn a_return_at_the_end_is_the_value() {
    check(
        "fn f(x: f64) -> f64",
        "let y = x; return match k { 0 => return y, _ => x } ;",
        "let y = x; match k { 0 => y, _ => x }",
    );
}

#[test]
fn continue_needs_no_flag() {
    check(
        "fn f(v: &[f64]) -> f64",
        "let mut s = 0.0; for &x in v { if x < 0.0 { continue; } s += x; } s",
        "let mut s = 0.0; for &x in v { if x < 0.0 {} else { s += x; } } s",
    );
}

#[test]
fn break_ends_the_body() {
    check(
        "fn f(x: f64) -> f64",
        "let mut y = x; while y < 9.0 { y *= 2.0; if y > 5.0 { break; } y += 1.0; } y",
        "let mut y = x; let mut exit = false;
         while y < 9.0 { y *= 2.0; if y > 5.0 { exit = true; } else { y += 1.0; } if exit { break; } } y",
    );
}

#[test]
fn labels_lead_through_levels() {
    check(
        "fn f(n: usize) -> f64",
        "let mut s = 0.0; 'a: for i in 0..n { for j in 0..n { if i * j > 9 { break 'a; }
         if j > i { continue 'a; } s += 1.0; } s += 0.5; } s",
        "let mut s = 0.0; let mut exit = false;
         for i in 0..n { let mut exit_1 = false;
             for j in 0..n {
                 if i * j > 9 { exit_1 = true; exit = true; } else if j > i { exit_1 = true; }
                 else { s += 1.0; }
                 if exit_1 { break; } }
             if !exit_1 { s += 0.5; }
             if exit { break; } } s",
    );
}

#[test]
fn return_in_nested_loops_has_one_flag() {
    check(
        "fn f(m: &[[f64; 3]]) -> f64",
        "for row in m { for &x in row { if x > 1.0 { return x; } } } 0.0",
        "let mut exit = false; let mut returned: f64 = DEFAULT;
         for row in m { for &x in row { if x > 1.0 { returned = x; exit = true; } if exit { break; } }
             if exit { break; } }
         if exit { returned } else { 0.0 }",
    );
}

#[test]
fn what_follows_moves_into_the_arm_that_goes_on() {
    check(
        "fn f(r: Option<f64>) -> f64",
        "let x: f64 = match r { Some(v) => v, None => return 0.0 }; x * x",
        "match r { Some(v) => { let x: f64 = v; x * x }, None => 0.0 }",
    );
    // Not where a variable of the arm would hide one that is used.
    check(
        "fn f(r: Option<f64>, v: f64) -> f64",
        "let x = match r { Some(v) => v, None => return 0.0 }; x * v",
        "let mut exit = false; let mut returned: f64 = DEFAULT;
         let x = match r { Some(v) => v, None => { returned = 0.0; exit = true; DEFAULT } };
         if exit { returned } else { x * v }",
    );
}

#[test]
fn let_else_is_if_let() {
    check(
        "fn f(r: Option<f64>) -> f64",
        "let Some(x) = r else { g(); return -1.0; }; x * x",
        "if let Some(x) = r { x * x } else { g(); -1.0 }",
    );
}

#[test]
fn labelled_blocks_have_values() {
    check(
        "fn f(x: f64) -> f64",
        "let y = 'a: { if x < 0.0 { break 'a 0.0; } let z = x.sqrt(); if z > 2.0 { break 'a z; } z + 1.0 }; y",
        "let y = { if x < 0.0 { 0.0 } else { let z = x.sqrt(); if z > 2.0 { z } else { z + 1.0 } } }; y",
    );
}

#[test]
fn loops_have_values() {
    check(
        "fn f(x: f64) -> f64",
        "let mut y = x; let r = loop { y *= 2.0; if y > 9.0 { break y; } y += 1.0; }; r + 1.0",
        "let mut y = x; let mut exit = false; let mut broken = DEFAULT;
         loop { y *= 2.0; if y > 9.0 { broken = y; exit = true; } else { y += 1.0; } if exit { break; } }
         let r = broken; r + 1.0",
    );
}

#[test]
fn an_arm_that_may_go_on_sets_a_flag() {
    check(
        "fn f(x: &mut f64)",
        "if a { if b { return; } *x += 1.0; } else { *x += 2.0; } let exit = 1.0; *x *= exit;",
        "let mut exit_1 = false;
         if a { if b { exit_1 = true; } else { *x += 1.0; } } else { *x += 2.0; }
         if !exit_1 { let exit = 1.0; *x *= exit; }",
    );
}

#[test]
fn question_marks_follow_the_return_type() {
    check(
        "fn f(r: Option<f64>) -> Option<f64>",
        "let x = r?; Some(x)",
        "match r { ::core::option::Option::Some(value) => { let x = value; Some(x) },
                   ::core::option::Option::None => ::core::option::Option::None, }",
    );
}

#[test]
fn question_marks_in_the_middle_become_statements() {
    check(
        "fn f(r: Option<f64>, x: f64) -> Option<f64>",
        "Some(x * g(x) * r?)",
        "let kept = x * g(x);
         match r { ::core::option::Option::Some(value) => { let kept_1 = value; Some(kept * kept_1) },
                   ::core::option::Option::None => ::core::option::Option::None, }",
    );
}

#[test]
fn closures_are_functions() {
    check(
        "fn f(x: f64) -> f64",
        "let g = |y: f64| { if y > 1.0 { return y; } y * 2.0 }; g(x)",
        "let g = |y: f64| if y > 1.0 { y } else { y * 2.0 }; g(x)",
    );
}

#[test]
fn jumps_inside_of_expressions_are_reported() {
    assert_eq!(refused("fn f(x: f64) -> f64 { g(x, return x) }"), ["return"]);
    assert_eq!(refused("fn f(x: f64) -> f64 { for i in 0..3 { x + h(break); } x }"), ["break"]);
    assert_eq!(refused("fn f(x: f64) -> f64 { if k(continue) { 1.0 } else { x } }"), ["continue"]);
    assert_eq!(refused("fn f(x: R, c: bool) -> Result<bool, E> { Ok(c && x? > 1.0) }"), ["?"]);
    assert_eq!(refused("fn f(x: R) -> Result<f64, E> { Ok(g(&mut y, x?)) }"), ["?"]);
    assert_eq!(refused("fn f(x: R) -> Result<f64, E> { while x? > 1.0 {} Ok(1.0) }"), ["?"]);
    assert_eq!(refused("fn f(x: R) -> Fallible { let y = x?; y }"), ["?"]);
    assert_eq!(refused("fn f(x: f64) -> f64 { println!(\"{}\", return x); x }"), ["return"]);
    assert_eq!(refused("fn f(x: f64) -> f64 { #[cfg(a)] if c { return x; } x }"), ["return"]);
}
