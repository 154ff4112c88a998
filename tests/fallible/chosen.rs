//! Borrows, arrays and exits that a branch chooses.

use autodiff::grad;

use crate::{confirmed, numbers};

#[grad(jvp)]
fn borrowed(p: &[f64]) -> f64 {
    let mut a = [p[0], 2.0 * p[1]];
    let mut b = [3.0 * p[0], p[1] * p[1]];
    let mut v = p.to_vec();
    for i in 0..4 {
        let r = if i % 2 == 0 { &mut a } else { &mut b };
        r[i / 2] *= p[0];
        r[0] += r[1] * p[1];
        let part = match i {
            0 => &mut v[..2],
            1 => {
                a[0] += 1.0;
                &mut v[1..3]
            }
            _ => &mut a[..],
        };
        part[1] *= part[0];
        part[0] = p[0] * 0.5;
    }
    let x = if p[0] > 1.0 {
        &mut a[0]
    } else if p[1] > 1.0 {
        &mut b[1]
    } else {
        &mut v[0]
    };
    *x *= p[1];
    *x += 1.0;
    a[0] * b[1] + a[1] * v[0] + b[0] * v[1] * v[2]
}
confirmed!(a_borrow_that_a_branch_chooses: borrowed at numbers(3), [2.0, 0.5, 1.0], [0.5, 0.7, 1.2]);

#[grad(jvp)]
fn late(p: &[f64]) -> f64 {
    let a;
    if p[0] > 1.0 {
        a = [p[0], p[1] * p[0]];
    } else {
        a = [2.0 * p[1], 1.0];
    }
    let mut b;
    if p[1] > 1.0 {
        b = [p[0], a[0]];
    } else {
        b = [a[1], 3.0];
    }
    b[0] *= a[0] * p[1];
    let mut v;
    match p.len() {
        2 => v = p.to_vec(),
        3 => v = vec![p[2]; 4],
        _ => v = Vec::new(),
    }
    v.push(b[0]);
    for x in &mut v {
        *x *= *x;
    }
    let mut s = b[1];
    for x in &v {
        s += x * a[1];
    }
    s
}
confirmed!(arrays_that_are_set_later: late at [2.0, 0.5], [0.5, 2.0], [1.2, 1.3, 0.7], numbers(5));

#[grad(jvp)]
fn arms(p: &[f64]) -> f64 {
    let n = p.len();
    let x = p[0];
    let y = match n {
        1 => x * x,
        2 => x.sin() * p[1],
        7 => panic!("seven"),
        8 => unreachable!("eight"),
        9 => std::process::exit(3),
        10 => todo!(),
        _ => {
            if n > 5 {
                unimplemented!()
            }
            x
        }
    };
    if n == 11 {
        std::process::exit(1);
    }
    let z;
    if n < 5 {
        z = y * x;
    } else {
        panic!("{n} numbers");
    }
    y * z
}
confirmed!(arms_that_never_end: arms at numbers(1), numbers(2), numbers(3));

#[test]
#[should_panic(expected = "seven")]
fn an_arm_panics() {
    let _ = arms_grad(&numbers(7));
}

#[grad(jvp)]
fn references(x: f64, y: f64) -> f64 {
    let mut s = x;
    for _ in 0..3 {
        let t = s * y;
        let q = (&y, &t);
        let next = q.0 * q.1 + x.sin() * *q.0;
        s = next * *q.1;
    }
    s
}

#[test]
fn a_tuple_of_references_is_a_residual() {
    let gradient = references_grad(0.7, 1.2);
    let f = |(x, y): &(f64, f64)| references(*x, *y);
    autodiff::check::assert_gradient("references", &["x", "y"], f, &(0.7, 1.2), &gradient);
    let (_, along) = references_jvp(0.7, 1.2, 1.0, 1.0);
    approx::assert_relative_eq!(along, gradient.0 + gradient.1, max_relative = 1e-12);
}
