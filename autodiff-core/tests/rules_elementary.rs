//! Values and partials of the table against 40-digit references, in `f64` and `f32`.
//!
//! A formula cannot be better than what it reads. So each number may be off by 4 ulp, plus its
//! *conditioning*: Σ |v · ∂p/∂v / p| over what the formula p reads, the arguments and the result
//! y, each taken to be off by one unit of rounding. There is no other tolerance.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use autodiff_core::rules::{Op, Scalar};

/// A line of the file: a function at a point, its value and its partials.
struct Case {
    op: Op,
    args: Vec<f64>,
    value: f64,
    partials: Vec<f64>,
}

fn cases() -> Vec<Case> {
    include_str!("data/elementary.csv").lines().skip(1).map(case).collect()
}

/// The header: function, a, b, c, value, `d_a`, `d_b`, `d_c`; a cell without operand is empty.
fn case(line: &str) -> Case {
    let cells: Vec<&str> = line.split(',').collect();
    let numbers = |from: usize| {
        let given = cells[from..from + 3].iter().filter(|cell| !cell.is_empty());
        given.map(|cell| cell.parse().unwrap()).collect::<Vec<f64>>()
    };
    let op = Op::from_method(cells[0]).or_else(|| (cells[0] == "rem").then_some(Op::Rem)).unwrap();
    Case { op, args: numbers(1), value: cells[4].parse().unwrap(), partials: numbers(5) }
}

/// A float under test; references are `f64`.
trait Float: Scalar {
    const EPSILON: f64;
    fn rounded(x: f64) -> Self;
    fn exact(self) -> f64;
    /// The distance from |x| to the next greater float.
    fn ulp(x: f64) -> f64;
}

impl Float for f64 {
    const EPSILON: f64 = f64::EPSILON;
    fn rounded(x: f64) -> f64 {
        x
    }
    fn exact(self) -> f64 {
        self
    }
    fn ulp(x: f64) -> f64 {
        x.abs().next_up() - x.abs()
    }
}

#[allow(clippy::cast_possible_truncation, reason = "rounding is what is wanted")]
impl Float for f32 {
    const EPSILON: f64 = f32::EPSILON as f64;
    fn rounded(x: f64) -> f32 {
        x as f32
    }
    fn exact(self) -> f64 {
        f64::from(self)
    }
    fn ulp(x: f64) -> f64 {
        let x = (x as f32).abs();
        f64::from(x.next_up()) - f64::from(x)
    }
}

/// Value and partials of `op` in `F`.
fn evaluate<F: Float>(op: Op, args: &[f64]) -> (f64, Vec<f64>) {
    let args: Vec<F> = args.iter().map(|&x| F::rounded(x)).collect();
    let y = F::apply(op, &args);
    let partials = op.partials(&args, &y, &vec![true; args.len()]);
    let partials = partials.into_iter().map(|p| p.map_or(0.0, F::exact)).collect();
    (y.exact(), partials)
}

/// Partial `i`, as its formula gives it for a result that need not belong to the arguments.
fn partial(op: Op, i: usize, args: &[f64], y: f64) -> f64 {
    op.partials(args, &y, &vec![true; args.len()])[i].unwrap_or(0.0)
}

/// |v · p'(v) / p(v)|, by a central difference.
fn sensitivity(v: f64, p: impl Fn(f64) -> f64) -> f64 {
    let step = 1e-6;
    ((p(v * (1.0 + step)) - p(v * (1.0 - step))) / (2.0 * step) / p(v)).abs()
}

/// The conditioning of partial `i`.
fn conditioning(op: Op, i: usize, args: &[f64], y: f64) -> f64 {
    let by_args = (0..args.len()).filter(|&j| !op.inert_operand(j)).map(|j| {
        let at = |v| [&args[..j], &[v], &args[j + 1..]].concat();
        sensitivity(args[j], |v| partial(op, i, &at(v), y))
    });
    by_args.sum::<f64>() + sensitivity(y, |v| partial(op, i, args, v))
}

/// The conditioning of the value.
fn conditioning_of_value(args: &[f64], value: f64, partials: &[f64]) -> f64 {
    args.iter().zip(partials).map(|(x, p)| (x * p / value).abs()).sum()
}

/// The worst error of each function, in ulps.
type Worst = BTreeMap<&'static str, f64>;

fn check<F: Float>(
    op: Op,
    args: &[f64],
    got: f64,
    want: f64,
    conditioning: f64,
    worst: &mut Worst,
) {
    let error = (got - want).abs();
    let allowed =
        if want == 0.0 { 0.0 } else { 4.0 * F::ulp(want) + conditioning * F::EPSILON * want.abs() };
    assert!(error <= allowed, "{op:?} at {args:?}: {got:e} is not {want:e}, by {error:e}");
    let entry = worst.entry(op.name()).or_default();
    *entry = entry.max(error / F::ulp(want));
}

fn check_all<F: Float>(references: impl Iterator<Item = Case>) -> Worst {
    let mut worst = Worst::new();
    for Case { op, args, value, partials } in references {
        let (got_value, got_partials) = evaluate::<F>(op, &args);
        let of_value = conditioning_of_value(&args, value, &partials);
        check::<F>(op, &args, got_value, value, of_value, &mut Worst::new());
        for (i, (&got, &want)) in got_partials.iter().zip(&partials).enumerate() {
            let of_partial = if want == 0.0 { 0.0 } else { conditioning(op, i, &args, value) };
            check::<F>(op, &args, got, want, of_partial, &mut worst);
        }
    }
    worst
}

/// In `f32` a point of the file is rounded, and the reference there is the `f64` formula.
fn single(case: &Case) -> Case {
    let args: Vec<f64> = case.args.iter().map(|&x| f32::rounded(x).exact()).collect();
    let (value, partials) = evaluate::<f64>(case.op, &args);
    Case { op: case.op, args, value, partials }
}

#[test]
fn partials_agree_with_references() {
    let double = check_all::<f64>(cases().into_iter());
    let single = check_all::<f32>(cases().iter().map(single));
    println!("worst partial in ulps: function f64 f32");
    for ((name, double), single) in double.iter().zip(single.values()) {
        println!("{name} {double:.1} {single:.1}");
    }
}

#[test]
fn references_cover_the_table() {
    let covered: Vec<Op> = cases().iter().map(|case| case.op).collect();
    let rest: Vec<&str> = Op::ALL
        .iter()
        .filter(|op| Op::from_method(op.name()).is_some() && !covered.contains(op))
        .map(|op| op.name())
        .collect();
    assert_eq!(rest, ["div_euclid", "clamp", "round", "round_ties_even"]);
}
