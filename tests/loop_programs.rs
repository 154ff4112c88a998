//! Random programs with loops, exits and memory through rustc: value, side effects and both modes
//! against dual numbers.

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
use oracle::{Dual, close, logged, tick};

type Gradient = (f64, f64, Vec<f64>, [f64; 4]);
type Entry = (
    usize,
    fn(f64, f64, usize, &[f64], &mut [f64; 4]) -> f64,
    fn(f64, f64, usize, &[f64], &mut [f64; 4]) -> (f64, Gradient),
    fn(f64, f64, usize, &[f64], &mut [f64; 4], f64, f64, &[f64], &mut [f64; 4]) -> (f64, f64),
    fn(Dual, Dual, usize, &[Dual], &mut [Dual; 4]) -> Dual,
);

/// What the programs call.
mod plain {
    use autodiff::grad;

    #[grad]
    pub fn nudge(place: &mut f64, by: f64) {
        *place = (*place * by).sin() + by;
    }

    #[grad]
    pub fn spread(from: &[f64], by: f64, to: &mut [f64; 4]) {
        for (t, f) in to.iter_mut().zip(from) {
            *t = 0.5 * *t * by + f.sin();
        }
    }
}

/// The same over dual numbers.
mod dual {
    use super::Dual;

    pub fn nudge(place: &mut Dual, by: Dual) {
        *place = (*place * by).sin() + by;
    }

    pub fn spread(from: &[Dual], by: Dual, to: &mut [Dual; 4]) {
        for (t, f) in to.iter_mut().zip(from) {
            *t = Dual::constant(0.5) * *t * by + f.sin();
        }
    }
}

/// The programs: the generator writes as it comes, so what is only style is allowed.
#[allow(warnings, clippy::all, clippy::pedantic, reason = "random programs are not pretty")]
mod generated {
    use super::*;
    include!(concat!(env!("OUT_DIR"), "/loop_programs.rs"));
}

/// All inputs in one list: x, y, v, w.
fn parts(x: f64, y: f64, v: &[f64], w: &[f64; 4]) -> Vec<f64> {
    [&[x, y], v, w.as_slice()].concat()
}

#[test]
fn random_loops_agree_with_dual_numbers() {
    let points = [
        (0.712, -0.413, 0, [0.314, 1.215, -0.816, 0.1], [0.517, 1.118, -0.3, 0.9]),
        (-1.319, 0.921, 3, [1.722, -0.223, 0.624, -1.2], [-0.625, 0.226, 0.4, 0.15]),
        (0.227, 1.628, 9, [-1.129, 0.431, 0.932, 0.77], [1.333, -0.934, 0.21, -0.6]),
    ];
    let mut failures = Vec::new();
    for (number, primal, both, jvp, dual) in generated::PROGRAMS {
        for (x, y, n, v, w) in &points {
            let (mut after, mut again) = (*w, *w);
            let (value, log) = logged(|| primal(*x, *y, *n, v, &mut after));
            let ((found, gradient), both_log) = logged(|| both(*x, *y, *n, v, &mut again));
            let mut wrong = String::new();
            let mut check = |name: &str, right: bool| {
                if !right && !wrong.contains(name) {
                    wrong = format!("{wrong} {name}");
                }
            };
            check("value", value.to_bits() == found.to_bits());
            check("memory", after.map(f64::to_bits) == again.map(f64::to_bits));
            check("effects", log == both_log);
            let gradient = parts(gradient.0, gradient.1, &gradient.2, &gradient.3);
            for (direction, slope) in gradient.into_iter().enumerate() {
                let unit = |at: usize| f64::from(u8::from(at == direction));
                let seed = |at: usize, re: f64| Dual { re, du: unit(at) };
                let v_dual: Vec<Dual> = (0..4).map(|i| seed(2 + i, v[i])).collect();
                let mut w_dual = [0, 1, 2, 3].map(|i| seed(6 + i, w[i]));
                let expected = dual(seed(0, *x), seed(1, *y), *n, &v_dual, &mut w_dual);
                let v_dot = [unit(2), unit(3), unit(4), unit(5)];
                let mut w_dot = [unit(6), unit(7), unit(8), unit(9)];
                let mut w_after = *w;
                let ((_, forward), jvp_log) = logged(|| {
                    jvp(*x, *y, *n, v, &mut w_after, unit(0), unit(1), &v_dot, &mut w_dot)
                });
                check("gradient", close(slope, expected.du));
                check("jvp", close(forward, expected.du));
                check("effects-of-jvp", jvp_log == log);
                check("memory-of-jvp", w_after.map(f64::to_bits) == after.map(f64::to_bits));
                let same = w_dot.iter().zip(&w_dual).all(|(dot, dual)| close(*dot, dual.du));
                check("exit-tangents", same);
            }
            if !wrong.is_empty() {
                failures.push((number, *n, wrong));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures: {failures:?}", failures.len());
}
