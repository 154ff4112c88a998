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

#[grad(jvp, vjp)]
fn conditions_further_in(x: f64, y: f64) -> f64 {
    let v = (-1.0, -1.0);
    let s = -1.0;
    let mut a = x * y;
    if x > 1.0 {
        let v = (x * x, x + y);
        let inner = (x * y, v.1);
        if a > 2.0 {
            if v.1 > 4.0 {
                a -= x * x;
            }
            if inner.0 > 2.0 {
                a = a * x;
            }
        }
    }
    a * y + v.1 * s
}

/// The reverse sweep decides by the variables that the arms had, not by those that they hid.
#[test]
fn an_arm_decides_by_its_own_variables() {
    assert_eq!(conditions_further_in_value_and_grad(0.5, 2.0), (3.0, (4.0, 2.0)));
    // (xy − x²)·x·y
    assert_eq!(conditions_further_in_value_and_grad(2.0, 3.0), (13.0, (0.0, 16.0)));
    // x²y·y
    assert_eq!(conditions_further_in_value_and_grad(1.5, 2.0), (10.0, (12.0, 9.0)));
    assert_eq!(conditions_further_in_vjp(2.0, 3.0).1(0.5), (0.0, 8.0));
    assert_eq!(conditions_further_in_jvp(1.5, 2.0, 1.0, 0.0), (10.0, 12.0));
}

#[grad(jvp, vjp)]
fn decided_by_parts(x: f64, w: &[f64], i: usize) -> f64 {
    let mut a = x * 0.5;
    if x > 0.25 {
        let parts = (x * x, 2.0 * x);
        if a > 0.5 {
            if parts.1 > 3.0 {
                a -= w[i] * w[i];
            }
        }
    }
    a
}

#[test]
fn an_arm_decides_by_parts_of_a_tuple() {
    assert_eq!(decided_by_parts_value_and_grad(2.0, &[3.0], 0), (-8.0, (0.5, vec![-6.0])));
    assert_eq!(decided_by_parts_grad(1.25, &[3.0], 0), (0.5, vec![0.0]));
    assert_eq!(decided_by_parts_vjp(2.0, &[3.0], 0).1(2.0), (1.0, vec![-12.0]));
    assert_eq!(decided_by_parts_jvp(2.0, &[3.0], 0, 0.0, &[1.0]), (-8.0, -6.0));
}

/// A function all of whose parts are fragments, each in a group without delimiters.
macro_rules! in_fragments {
    ($visibility:vis fn $name:ident($($parameter:ident: $ty:ty),*) -> $result:ty $body:block) => {
        #[grad(jvp, vjp)]
        $visibility fn $name($($parameter: $ty),*) -> $result $body
    };
}

in_fragments! {
    fn written_in_fragments(u: &mut [f64], k: f64, n: usize) -> f64 {
        let mut total = 0.0;
        for _ in 0..n {
            for x in u.iter_mut() {
                *x -= k * *x * *x;
            }
            total += u[0] * u[1];
        }
        total
    }
}

#[grad(jvp, vjp)]
fn written_in_full(u: &mut [f64], k: f64, n: usize) -> f64 {
    let mut total = 0.0;
    for _ in 0..n {
        for x in u.iter_mut() {
            *x -= k * *x * *x;
        }
        total += u[0] * u[1];
    }
    total
}

#[test]
fn fragments_are_what_they_stand_for() {
    for n in 0..4 {
        let (mut u, mut v) = ([0.4, 0.9], [0.4, 0.9]);
        let fragments = written_in_fragments_value_and_grad(&mut u, 0.3, n);
        assert_eq!(fragments, written_in_full_value_and_grad(&mut v, 0.3, n));
        assert_eq!(u, v);
    }
}

macro_rules! bump {
    ($k:ident) => {
        $k += 1
    };
}

/// The index changes in the tokens of a macro, after it has been read.
#[grad(jvp)]
fn walked(w: &[f64], n: usize) -> f64 {
    let mut k = 0;
    let mut product = 1.0;
    for i in 0..n {
        product *= w[k];
        if i % 2 == 0 {
            bump!(k);
        }
    }
    product
}

#[test]
fn what_a_macro_changes_is_changed() {
    // w₀ w₁² w₂² w₃
    let w = [2.0, 3.0, 5.0, 7.0];
    let value = 2.0 * 9.0 * 25.0 * 7.0;
    let gradient = [value / 2.0, 2.0 * value / 3.0, 2.0 * value / 5.0, value / 7.0];
    assert_eq!(walked_value_and_grad(&w, 6), (value, gradient.to_vec()));
    for (at, slope) in gradient.into_iter().enumerate() {
        let mut w_dot = [0.0; 4];
        w_dot[at] = 1.0;
        assert_eq!(walked_jvp(&w, 6, &w_dot), (value, slope));
    }
}

/// What is wrapped is built in a block of the arm.
#[grad(jvp)]
fn wrapped(x: &[f64], a: f64) -> Option<Vec<f64>> {
    if a > 0.0 {
        Some({
            let mut scaled = Vec::new();
            for x in x {
                scaled.push(x * a);
            }
            scaled
        })
    } else {
        None
    }
}

#[test]
fn a_block_in_the_value_of_an_arm() {
    let (value, dot) = wrapped_jvp(&[1.0, 2.0], 3.0, &[0.5, 0.0], 10.0).unwrap_or_default();
    assert_eq!((value, dot), (vec![3.0, 6.0], vec![11.5, 20.0]));
    assert_eq!(wrapped_jvp(&[1.0, 2.0], -3.0, &[0.5, 0.0], 10.0), None);
}
