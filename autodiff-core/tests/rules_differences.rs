//! First and second derivatives of every row against finite differences, at random points.
#![allow(clippy::indexing_slicing, reason = "a test may panic")]

use std::ops::{Add, Div, Mul, Neg, Sub};

use autodiff_core::rules::{Const, Op, Scalar};

const POINTS: u64 = 200;

/// Uniform in the interval (splitmix64).
fn uniform(state: &mut u64, (low, high): (f64, f64)) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let bits = u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or(0);
    low + (high - low) * f64::from(bits) / f64::from(u32::MAX)
}

/// A random point of the row's domain; integers are integral.
fn sample(op: Op, state: &mut u64) -> Vec<f64> {
    let draw = |(i, interval): (usize, &(f64, f64))| {
        let x = uniform(state, *interval);
        if op.inert_operand(i) { x.round() } else { x }
    };
    op.domain().iter().enumerate().map(draw).collect()
}

/// The derivative of `f` at `x`, and a bound of its error: extrapolated central differences,
/// which are off by much less than two steps differ, or by 7/3 of that across a jump; and rounding.
fn difference(x: f64, f: impl Fn(f64) -> f64) -> (f64, f64) {
    let central = |h: f64| (f(x + h) - f(x - h)) / (2.0 * h);
    let h = 2e-4;
    let (coarse, fine) = (central(h), central(h / 2.0));
    let rounding = 16.0 * f64::EPSILON * (f(x).abs() + x.abs() + 1.0) / h;
    ((4.0 * fine - coarse) / 3.0, 3.0 * (coarse - fine).abs() + rounding)
}

/// How often a difference is too coarse to say anything: it crosses a jump or a kink.
#[derive(Default)]
struct Tally {
    all: u32,
    coarse: u32,
}

impl Tally {
    fn compare(&mut self, got: f64, (want, error): (f64, f64), what: &str) {
        assert!((got - want).abs() <= error, "{what}: {got} is not {want} ± {error:e}");
        self.all += 1;
        self.coarse += u32::from(error > 1e-4 * (1.0 + want.abs()));
    }
}

/// `args` with `v` for operand `j`.
fn with(args: &[f64], j: usize, v: f64) -> Vec<f64> {
    let mut args = args.to_vec();
    args[j] = v;
    args
}

fn partial<S: Scalar>(op: Op, i: usize, args: &[S]) -> Option<S> {
    let y = S::apply(op, args);
    op.partials(args, &y, &vec![true; args.len()])[i].clone()
}

#[test]
fn partials_are_slopes() {
    for &op in Op::ALL {
        let (mut state, mut tally) = (7, Tally::default());
        for _ in 0..POINTS {
            let args = sample(op, &mut state);
            for i in (0..op.arity()).filter(|&i| !op.inert_operand(i)) {
                let slope = difference(args[i], |x| f64::apply(op, &with(&args, i, x)));
                let got = partial(op, i, &args).unwrap_or(0.0);
                tally.compare(got, slope, &format!("∂{op:?}/∂{i} at {args:?}"));
            }
        }
        assert!(tally.coarse * 20 <= tally.all, "{op:?}: {} are coarse", tally.coarse);
    }
}

/// A number and its derivative, by the table.
#[derive(Clone, Copy)]
struct Dual {
    value: f64,
    dot: f64,
}

impl Scalar for Dual {
    type Bool = bool;
    fn constant(value: Const) -> Self {
        Dual { value: f64::constant(value), dot: 0.0 }
    }
    fn apply(op: Op, args: &[Self]) -> Self {
        let values: Vec<f64> = args.iter().map(|arg| arg.value).collect();
        let active: Vec<bool> = args.iter().map(|arg| arg.dot != 0.0).collect();
        let value = f64::apply(op, &values);
        let partials = op.partials(&values, &value, &active);
        let dot = partials.iter().zip(args).map(|(p, arg)| p.map_or(0.0, |p| p * arg.dot)).sum();
        Dual { value, dot }
    }
    fn less(&self, other: &Self) -> bool {
        self.value < other.value
    }
    fn less_eq(&self, other: &Self) -> bool {
        self.value <= other.value
    }
    fn equal(&self, other: &Self) -> bool {
        self.value.equal(&other.value)
    }
    fn and(a: bool, b: bool) -> bool {
        a && b
    }
    fn select(condition: bool, yes: Self, no: Self) -> Self {
        if condition { yes } else { no }
    }
}

macro_rules! operator {
    ($($trait:ident $method:ident),+) => {$(
        impl $trait for Dual {
            type Output = Dual;
            fn $method(self, other: Dual) -> Dual {
                Dual::apply(Op::$trait, &[self, other])
            }
        }
    )+};
}
operator!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Dual {
    type Output = Dual;
    fn neg(self) -> Dual {
        Dual::apply(Op::Neg, &[self])
    }
}

/// ∂/∂j of partial `i`, by the table.
fn second(op: Op, i: usize, j: usize, args: &[f64]) -> f64 {
    let dual = |(k, &value): (usize, &f64)| Dual { value, dot: f64::from(u8::from(k == j)) };
    let args: Vec<Dual> = args.iter().enumerate().map(dual).collect();
    partial(op, i, &args).map_or(0.0, |p| p.dot)
}

#[test]
fn partials_of_partials_are_slopes_of_partials() {
    for &op in Op::ALL {
        let (mut state, mut tally) = (11, Tally::default());
        let active = |&j: &usize| !op.inert_operand(j);
        for _ in 0..POINTS {
            let args = sample(op, &mut state);
            for (i, j) in (0..op.arity()).flat_map(|i| (0..op.arity()).map(move |j| (i, j))) {
                if !(active(&i) && active(&j)) {
                    continue;
                }
                let slope =
                    difference(args[j], |x| partial(op, i, &with(&args, j, x)).unwrap_or(0.0));
                let got = second(op, i, j, &args);
                tally.compare(got, slope, &format!("∂²{op:?}/∂{i}∂{j} at {args:?}"));
            }
        }
        assert!(tally.coarse * 20 <= tally.all, "{op:?}: {} are coarse", tally.coarse);
    }
}
