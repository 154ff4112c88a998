//! Forms of source that mean the same, and must be printed so that they still do.

use autodiff::grad;

#[grad(jvp, vjp)]
fn without_semicolons(x: f64, n: i32) -> f64 {
    let mut y = x;
    let mut i = 0;
    while i < n {
        y = y * x;
        i += 1
    }
    for k in 0..n {
        y *= x;
        assert!(k < n, "{k} of {n}")
    }
    if n > 2 {
        y = y * y;
        noted(n)
    } else {
        noted(0)
    }
    y
}

fn noted(n: i32) {
    assert!(n >= 0, "{n}");
}

#[test]
fn a_last_statement_may_lack_its_semicolon() {
    // x⁵, and x¹⁴ for n = 3.
    assert_eq!(without_semicolons_value_and_grad(2.0, 2), (32.0, 80.0));
    assert_eq!(without_semicolons_grad(2.0, 3), 14.0 * 8192.0);
    assert_eq!(without_semicolons_jvp(2.0, 3, 0.5), (16384.0, 7.0 * 8192.0));
    assert_eq!(without_semicolons_vjp(2.0, 2).1(0.5), 40.0);
}

#[grad(jvp, vjp)]
fn chained(x: f64, kind: u8) -> f64 {
    let scale = if kind == 0 {
        x * x
    } else if x > 1.0 {
        2.0 * x
    } else if kind == 3 {
        panic!("kind {kind}")
    } else {
        match kind {
            1 => x,
            2 if x < 0.0 => -x,
            _ => 1.0,
        }
    };
    (if x < 0.0 { 3.0 } else { scale }) * (scale - { x })
}

#[test]
fn branches_in_branches() {
    for (x, kind, value, slope) in [
        (2.0, 0, 4.0 * 2.0, 4.0 * 2.0 + 4.0 * 3.0),
        (2.0, 1, 4.0 * 2.0, 2.0 * 2.0 + 4.0),
        (0.5, 1, 0.0, 0.0),
        (0.5, 2, 0.5, -1.0),
        (-2.0, 2, 3.0 * 4.0, 3.0 * -2.0),
        (-2.0, 0, 3.0 * 6.0, 3.0 * -5.0),
    ] {
        assert_eq!(chained_value_and_grad(x, kind), (value, slope), "at {x}, {kind}");
        assert_eq!(chained_grad(x, kind), slope, "at {x}, {kind}");
        assert_eq!(chained_jvp(x, kind, 0.5), (value, 0.5 * slope), "at {x}, {kind}");
        assert_eq!(chained_vjp(x, kind).1(2.0), 2.0 * slope, "at {x}, {kind}");
    }
}

#[grad(jvp, vjp)]
fn overwritten_by_constants(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = 2.0;
    }
    y * x
}

#[test]
fn a_loop_that_overwrites_with_a_constant() {
    assert_eq!(overwritten_by_constants_value_and_grad(3.0, 0), (9.0, 6.0));
    assert_eq!(overwritten_by_constants_value_and_grad(3.0, 2), (6.0, 2.0));
    assert_eq!(overwritten_by_constants_jvp(3.0, 2, 1.0), (6.0, 2.0));
}
