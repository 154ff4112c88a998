//! The derivative at every kink and singular point, in `f64` and `f32`: the table of the contract.

use autodiff_core::rules::{Op, Scalar};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// The partials of `op` at `args` in `F`, as `f64`; 0 for a structural zero and what is inactive.
fn partials_in<F: Scalar>(
    op: Op,
    args: &[f64],
    active: &[bool],
    from: fn(f64) -> F,
    to: fn(F) -> f64,
) -> Vec<f64> {
    let args: Vec<F> = args.iter().map(|&x| from(x)).collect();
    let partials = op.partials(&args, &F::apply(op, &args), active);
    partials.into_iter().map(|p| p.map_or(0.0, to)).collect()
}

/// Asserts the partials in both floats. NaN stands for NaN.
#[track_caller]
#[allow(clippy::cast_possible_truncation, reason = "the points are exact in both floats")]
fn check(op: Op, args: &[f64], active: &[bool], want: &[f64]) {
    let double = partials_in::<f64>(op, args, active, |x| x, |x| x);
    let single = partials_in::<f32>(op, args, active, |x| x as f32, f64::from);
    for got in [double, single] {
        let same = got.iter().zip(want).all(|(g, w)| g.equal(w) || (g.is_nan() && w.is_nan()));
        assert!(same && got.len() == want.len(), "{op:?} at {args:?}: {got:?}, not {want:?}");
    }
}

/// As [`check`] with every operand differentiated.
#[track_caller]
fn check_all(op: Op, args: &[f64], want: &[f64]) {
    check(op, args, &vec![true; args.len()], want);
}

#[test]
fn abs_at_zero() {
    check_all(Op::Abs, &[0.0], &[0.0]);
    check_all(Op::Abs, &[-0.0], &[0.0]);
    check_all(Op::Abs, &[-2.0], &[-1.0]);
    check_all(Op::Abs, &[NAN], &[NAN]);
}

#[test]
fn max_and_min_share_a_tie() {
    for op in [Op::Max, Op::Min] {
        check_all(op, &[2.0, 2.0], &[0.5, 0.5]);
        check_all(op, &[0.0, -0.0], &[0.5, 0.5]);
        check_all(op, &[-0.0, 0.0], &[0.5, 0.5]);
        check_all(op, &[INF, INF], &[0.5, 0.5]);
    }
    check_all(Op::Max, &[3.0, 2.0], &[1.0, 0.0]);
    check_all(Op::Max, &[2.0, 3.0], &[0.0, 1.0]);
    check_all(Op::Min, &[3.0, 2.0], &[0.0, 1.0]);
    check_all(Op::Min, &[2.0, 3.0], &[1.0, 0.0]);
}

#[test]
fn a_bound_that_is_not_differentiated_takes_the_tie() {
    for op in [Op::Max, Op::Min] {
        for zero in [0.0, -0.0] {
            check(op, &[zero, 0.0], &[true, false], &[0.0, 0.0]);
            check(op, &[0.0, zero], &[false, true], &[0.0, 0.0]);
        }
    }
    check(Op::Max, &[1.0, 0.0], &[true, false], &[1.0, 0.0]);
    check(Op::Max, &[-1.0, 0.0], &[true, false], &[0.0, 0.0]);
    check(Op::Min, &[0.0, -1.0], &[false, true], &[0.0, 1.0]);
}

#[test]
fn max_and_min_follow_the_operand_returned() {
    for op in [Op::Max, Op::Min] {
        check_all(op, &[2.0, NAN], &[1.0, 0.0]);
        check_all(op, &[NAN, 2.0], &[0.0, 1.0]);
        check_all(op, &[NAN, NAN], &[1.0, 0.0]);
        for (args, first) in [([2.0, NAN], 1.0), ([NAN, 2.0], 0.0), ([NAN, NAN], 1.0)] {
            check(op, &args, &[true, false], &[first, 0.0]);
            check(op, &args, &[false, true], &[0.0, 1.0 - first]);
        }
    }
}

/// The rule of the contract: `clamp` is `max` with `lo`, then `min` with `hi`.
fn clamp_by_two(x: f64, lo: f64, hi: f64, active: [bool; 3]) -> Vec<f64> {
    let m = x.max(lo);
    let bound = Op::Max.partials(&[x, lo], &m, &[active[0], active[1]]);
    let capped = Op::Min.partials(&[m, hi], &m.min(hi), &[active[0] || active[1], active[2]]);
    let [x, lo] = [0, 1].map(|i| bound.get(i).copied().flatten().unwrap_or(0.0));
    let [m, hi] = [0, 1].map(|i| capped.get(i).copied().flatten().unwrap_or(0.0));
    vec![m * x, m * lo, hi]
}

#[test]
fn clamp_is_max_then_min() {
    let points = [-1.0, -0.0, 0.0, 0.5, 1.0, 2.0, INF, -INF];
    let bounds = [(0.0, 1.0), (-1.0, 0.0), (0.5, 0.5), (1.0, 1.0), (-INF, INF)];
    for active in (0..8).map(|mask| [1, 2, 4].map(|bit| mask & bit != 0)) {
        for (x, (lo, hi)) in points.iter().flat_map(|&x| bounds.map(|b| (x, b))) {
            check(Op::Clamp, &[x, lo, hi], &active, &clamp_by_two(x, lo, hi, active));
        }
    }
}

#[test]
fn clamp_at_its_ends() {
    let alone = [true, false, false];
    for (x, slope) in [(-0.5, 0.0), (0.0, 0.0), (0.5, 1.0), (1.0, 0.0), (1.5, 0.0)] {
        check(Op::Clamp, &[x, 0.0, 1.0], &alone, &[slope, 0.0, 0.0]);
    }
    check_all(Op::Clamp, &[0.0, 0.0, 1.0], &[0.5, 0.5, 0.0]);
    check_all(Op::Clamp, &[1.0, 0.0, 1.0], &[0.5, 0.0, 0.5]);
    check_all(Op::Clamp, &[1.0, 1.0, 1.0], &[0.25, 0.25, 0.5]);
    // `clamp` returns a NaN that it is given, so all goes there.
    check_all(Op::Clamp, &[NAN, 0.0, 1.0], &[1.0, 0.0, 0.0]);
    check(Op::Clamp, &[NAN, 0.0, 1.0], &alone, &[1.0, 0.0, 0.0]);
}

#[test]
fn roots_at_zero() {
    check_all(Op::Sqrt, &[0.0], &[INF]);
    check_all(Op::Cbrt, &[0.0], &[INF]);
    check_all(Op::Cbrt, &[-0.0], &[INF]);
    check_all(Op::Sqrt, &[-1.0], &[NAN]);
}

#[test]
fn norms_at_the_origin() {
    for (a, b) in [(0.0, 0.0), (-0.0, 0.0), (0.0, -0.0), (-0.0, -0.0)] {
        check_all(Op::Hypot, &[a, b], &[0.0, 0.0]);
        check_all(Op::Atan2, &[a, b], &[0.0, 0.0]);
    }
    check_all(Op::Hypot, &[0.0, -4.0], &[0.0, -1.0]);
    check_all(Op::Atan2, &[0.0, 2.0], &[0.5, 0.0]);
    check_all(Op::Atan2, &[2.0, 0.0], &[0.0, -0.5]);
}

#[test]
fn powers() {
    for x in [0.0, -0.0, 2.0, INF, NAN] {
        check_all(Op::Powi, &[x, 0.0], &[0.0, 0.0]);
        check(Op::Powf, &[x, 0.0], &[true, false], &[0.0, 0.0]);
    }
    for (n, slope) in [(1.0, 1.0), (2.0, 0.0), (3.0, 0.0)] {
        check_all(Op::Powi, &[0.0, n], &[slope, 0.0]);
    }
    check_all(Op::Powi, &[-2.0, 3.0], &[12.0, 0.0]);
    check_all(Op::Powi, &[-2.0, -2.0], &[0.25, 0.0]);
    check_all(Op::Powi, &[0.0, -1.0], &[-INF, 0.0]);
    check_all(Op::Powi, &[2.0, f64::from(i32::MIN)], &[-0.0, 0.0]);
}

#[test]
fn powf_in_the_base_at_zero() {
    for x in [0.0, -0.0] {
        for (p, slope) in [(2.5, 0.0), (1.0, 1.0), (0.0, 0.0), (0.5, INF), (-0.5, -INF)] {
            check(Op::Powf, &[x, p], &[true, false], &[slope, 0.0]);
        }
    }
    check(Op::Powf, &[-2.0, 3.0], &[true, false], &[12.0, 0.0]);
}

#[test]
fn powf_in_the_exponent() {
    for p in [0.0, 0.5, 1.0, 2.5] {
        check(Op::Powf, &[0.0, p], &[false, true], &[0.0, 0.0]);
    }
    check(Op::Powf, &[0.0, -1.0], &[false, true], &[0.0, -INF]);
    check(Op::Powf, &[1.0, 3.0], &[false, true], &[0.0, 0.0]);
    check_all(Op::Powf, &[-2.0, 3.0], &[12.0, NAN]);
}

#[test]
fn remainders() {
    check_all(Op::Rem, &[7.5, 2.0], &[1.0, -3.0]);
    check_all(Op::Rem, &[-7.5, 2.0], &[1.0, 3.0]);
    check_all(Op::Rem, &[1.0, INF], &[1.0, 0.0]);
    check_all(Op::RemEuclid, &[-7.5, 2.0], &[1.0, 4.0]);
    check_all(Op::RemEuclid, &[-7.5, -2.0], &[1.0, -4.0]);
    // 0.1 is a little more than a tenth, so it goes into 1 nine times; 1.0 / 0.1 says ten.
    let partials = Op::Rem.partials(&[1.0, 0.1], &(1.0 % 0.1), &[true, true]);
    assert_eq!(partials, [Some(1.0), Some(-9.0)]);
}

#[test]
fn signs_and_steps() {
    for (a, b, slope) in [(2.0, 3.0, 1.0), (2.0, -3.0, -1.0), (-2.0, 3.0, -1.0), (-2.0, -3.0, 1.0)]
    {
        check_all(Op::Copysign, &[a, b], &[slope, 0.0]);
    }
    check_all(Op::Copysign, &[0.0, -0.0], &[-1.0, 0.0]);
    check_all(Op::Copysign, &[2.0, NAN.copysign(-1.0)], &[-1.0, 0.0]);
    check_all(Op::Fract, &[2.0], &[1.0]);
    for op in [Op::Floor, Op::Ceil, Op::Round, Op::RoundTiesEven, Op::Trunc, Op::Signum] {
        for x in [-1.5, 0.0, 2.0, INF, NAN] {
            check_all(op, &[x], &[0.0]);
        }
    }
}

#[test]
fn ends_of_domains() {
    check_all(Op::Asin, &[1.0], &[INF]);
    check_all(Op::Asin, &[-1.0], &[INF]);
    check_all(Op::Acos, &[1.0], &[-INF]);
    check_all(Op::Acos, &[-1.0], &[-INF]);
    check_all(Op::Acosh, &[1.0], &[INF]);
    check_all(Op::Atanh, &[1.0], &[INF]);
    check_all(Op::Atanh, &[-1.0], &[INF]);
    for op in [Op::Ln, Op::Log2, Op::Log10] {
        check_all(op, &[0.0], &[INF]);
    }
    check_all(Op::Ln1p, &[-1.0], &[INF]);
    check_all(Op::Recip, &[0.0], &[-INF]);
    check_all(Op::Div, &[1.0, 0.0], &[INF, -INF]);
    for op in [Op::Asin, Op::Acos, Op::Acosh] {
        check_all(op, &[-2.0], &[NAN]);
    }
}
