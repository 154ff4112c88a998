//! Random programs through rustc: value, side effects and both modes against dual numbers.

#![deny(warnings)]
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    clippy::indexing_slicing,
    reason = "an oracle for one test"
)]

mod oracle;

use autodiff::grad;
use oracle::{Dual, close, logged, pick, tick};

type Gradient = (f64, f64, [f64; 3], (f64, f64));
type Arguments<T> = (T, T, i32, [T; 3], (T, T));
type Pushforward =
    fn(f64, f64, i32, &[f64; 3], (f64, f64), f64, f64, &[f64; 3], (f64, f64)) -> (f64, f64);
type Entry = (
    usize,
    fn(f64, f64, i32, &[f64; 3], (f64, f64)) -> f64,
    fn(f64, f64, i32, &[f64; 3], (f64, f64)) -> Gradient,
    fn(f64, f64, i32, &[f64; 3], (f64, f64)) -> (f64, Gradient),
    Pushforward,
    fn(Dual, Dual, i32, &[Dual; 3], (Dual, Dual)) -> Dual,
);

/// The programs: the generator writes as it comes, so what is only style is allowed.
#[allow(warnings, clippy::all, clippy::pedantic, reason = "random programs are not pretty")]
mod generated {
    use super::*;
    include!(concat!(env!("OUT_DIR"), "/programs.rs"));
}

fn seeded((x, y, n, v, p): &Arguments<f64>, direction: usize) -> Arguments<Dual> {
    let at = |position: usize, re: f64| Dual { re, du: f64::from(u8::from(position == direction)) };
    let v = [at(2, v[0]), at(3, v[1]), at(4, v[2])];
    (at(0, *x), at(1, *y), *n, v, (at(5, p.0), at(6, p.1)))
}

#[test]
fn random_programs_agree_with_dual_numbers() {
    let points: [Arguments<f64>; 4] = [
        (0.712, -0.413, 0, [0.314, 1.215, -0.816], (0.517, 1.118)),
        (-1.319, 0.921, 1, [1.722, -0.223, 0.624], (-0.625, 0.226)),
        (0.227, 1.628, 2, [-1.129, 0.431, 0.932], (1.333, -0.934)),
        (1.935, 0.136, 7, [0.837, 0.538, 1.439], (0.441, 0.342)),
    ];
    let mut failures = Vec::new();
    for (number, primal, grad, both, jvp, dual) in generated::PROGRAMS {
        for point @ (x, y, n, v, p) in &points {
            let (value, log) = logged(|| primal(*x, *y, *n, v, *p));
            let ((again, gradient), both_log) = logged(|| both(*x, *y, *n, v, *p));
            let (alone, grad_log) = logged(|| grad(*x, *y, *n, v, *p));
            let parts = |g: Gradient| [g.0, g.1, g.2[0], g.2[1], g.2[2], g.3.0, g.3.1];
            let mut wrong = String::new();
            let mut check = |name: &str, right: bool| {
                if !right && !wrong.contains(name) {
                    wrong = format!("{wrong} {name}");
                }
            };
            check("value", value.to_bits() == again.to_bits());
            check("effects", log == both_log && log == grad_log);
            for (direction, (a, b)) in parts(gradient).into_iter().zip(parts(alone)).enumerate() {
                let d = seeded(point, direction);
                let expected = dual(d.0, d.1, d.2, &d.3, d.4);
                let unit = |position: usize| f64::from(u8::from(position == direction));
                let v_dot = [unit(2), unit(3), unit(4)];
                let ((_, forward), jvp_log) =
                    logged(|| jvp(*x, *y, *n, v, *p, unit(0), unit(1), &v_dot, (unit(5), unit(6))));
                check("value_and_grad", close(a, expected.du));
                check("grad", close(b, expected.du));
                check("jvp", close(forward, expected.du));
                check("effects-of-jvp", jvp_log == log);
            }
            if !wrong.is_empty() {
                failures.push((number, *n, wrong));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures: {failures:?}", failures.len());
}
