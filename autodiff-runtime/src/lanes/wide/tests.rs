//! Lanes beside the functions of `std`, on ordinary numbers and on those at the edges.

#![allow(
    clippy::float_cmp,
    clippy::cast_possible_truncation,
    reason = "infinities are compared, and numbers rounded to both widths"
)]

use super::{Lanes, f32x8, f64x4, f64x8};
use crate::batch;

/// How many units in the last place a function may be off.
const UNITS: f64 = 16.0;

/// Numbers of both signs and all sizes, and special ones.
fn numbers() -> Vec<f64> {
    let mut numbers =
        vec![0.0, 0.5, 1.0, 1.5, 2.5, 0.499_999_999_999_999_94, f64::MAX, f64::INFINITY];
    numbers.extend([f64::NAN, f64::MIN_POSITIVE, 5e-324, 1e-310, 700.0, 745.0, 710.0, 1e5, 1e22]);
    numbers.extend((-300..=300).map(|n| 10_f64.powf(f64::from(n) / 50.0) * 1.000_123));
    numbers.extend((-60..=60).map(|n| 10_f64.powi(5 * n)));
    let negative: Vec<f64> = numbers.iter().map(|x| -x).collect();
    numbers.extend(negative);
    numbers
}

fn units(found: f64, expected: f64, epsilon: f64, smallest: f64) -> f64 {
    if found == expected || (found.is_nan() && expected.is_nan()) {
        return 0.0;
    }
    (found - expected).abs() / (expected.abs() * epsilon).max(smallest)
}

/// One lane at an edge must not move the others: each is computed beside ordinary neighbours, too.
macro_rules! compared {
    ($lanes:ident $float:ident: $($name:ident)*; $($two:ident)*) => {{
        let numbers: Vec<$float> = numbers().into_iter().map(|x| x as $float).collect();
        let (epsilon, smallest) = (f64::from($float::EPSILON), f64::from($float::from_bits(1)));
        let off = |found: $float, expected: $float| {
            units(f64::from(found), f64::from(expected), epsilon, smallest)
        };
        $(for &x in &numbers {
            let mixed = $lanes::new(core::array::from_fn(|lane| if lane == 1 { x } else { 0.7 }));
            for (y, x) in Lanes::$name(mixed).to_array().into_iter().zip(mixed.to_array()) {
                let expected = x.$name();
                let off = off(y, expected);
                assert!(off <= UNITS, "{}({x:e}) = {y:e}, not {expected:e}", stringify!($name));
            }
            let y = Lanes::$name($lanes::splat(x)).to_array()[0];
            let off = off(y, x.$name());
            assert!(off <= UNITS, "{}({x:e}) = {y:e}, not {:e}", stringify!($name), x.$name());
        })*
        $(for &a in numbers.iter().step_by(7) {
            for &b in numbers.iter().step_by(3) {
                let y = Lanes::$two($lanes::splat(a), $lanes::splat(b)).to_array()[1];
                let expected = a.$two(b);
                let off = off(y, expected);
                assert!(off <= UNITS, "{}({a:e}, {b:e}) = {y:e}, not {expected:e}", stringify!($two));
            }
        })*
    }};
}

macro_rules! all_compared {
    ($lanes:ident $float:ident) => {
        compared!($lanes $float:
            abs signum recip to_degrees to_radians sqrt cbrt exp exp2 exp_m1 ln ln_1p log2 log10
            sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh
            floor ceil round round_ties_even trunc fract;
            max min copysign hypot atan2 powf log div_euclid rem_euclid)
    };
}

#[test]
fn functions_are_those_of_std() {
    all_compared!(f64x4 f64);
    all_compared!(f64x8 f64);
    all_compared!(f32x8 f32);
}

#[test]
fn what_rounds_once_is_the_same_to_the_last_bit() {
    for x in numbers() {
        let lanes = f64x4::splat(x);
        let pairs = [
            (Lanes::sqrt(lanes), x.sqrt()),
            (Lanes::abs(lanes), x.abs()),
            (Lanes::round(lanes), x.round()),
            (Lanes::round_ties_even(lanes), x.round_ties_even()),
            (Lanes::floor(lanes), x.floor()),
            (Lanes::mul_add(lanes, lanes, -lanes), x.mul_add(x, -x)),
            (lanes % f64x4::splat(0.7), x % 0.7),
            (Lanes::max(lanes, f64x4::splat(0.3)), x.max(0.3)),
            (Lanes::clamp(lanes, f64x4::splat(-0.4), f64x4::splat(0.3)), x.clamp(-0.4, 0.3)),
        ];
        for (number, (found, expected)) in pairs.into_iter().enumerate() {
            let same = found.to_array()[3].to_bits() == expected.to_bits() || expected.is_nan();
            assert!(same, "{number} of {x:e}: {found:?}, not {expected:e}");
        }
        for n in [-3, -1, 0, 1, 2, 5, 10] {
            let (found, expected) = (Lanes::powi(lanes, n).to_array()[0], x.powi(n));
            assert!(units(found, expected, f64::EPSILON, 1e-300) <= UNITS, "{x:e} to the {n}");
        }
    }
}

#[test]
#[should_panic(expected = "clamp from")]
fn bounds_in_the_wrong_order_panic() {
    let _ = Lanes::clamp(f64x4::ONE, f64x4::ONE, f64x4::new([2.0, 2.0, 2.0, 0.5]));
}

#[test]
fn each_lane_decides_for_itself() {
    let x = f64x4::new([-1.0, 0.0, 2.0, f64::NAN]);
    let y = f64x4::select(f64x4::less(x, f64x4::ONE), f64x4::splat(5.0), x);
    assert_eq!(y.to_array()[..3], [5.0, 5.0, 2.0]);
    assert!(y.to_array()[3].is_nan() && !Lanes::is_finite(x));
    let scaled = crate::__private::scale(x, f64x4::splat(f64::INFINITY)).to_array();
    assert_eq!(scaled[..3], [f64::NEG_INFINITY, 0.0, f64::INFINITY]);
}

#[test]
fn columns_of_any_length() {
    for points in 0..20_u8 {
        let x: Vec<f64> = (0..points).map(f64::from).collect();
        let (mut squares, mut roots) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        batch::map([&x], [&mut squares, &mut roots], |[x]: [f64x8; 1]| [x * x, x.sqrt()]);
        assert_eq!(squares, x.iter().map(|x| x * x).collect::<Vec<_>>());
        assert_eq!(roots, x.iter().map(|x| x.sqrt()).collect::<Vec<_>>());
    }
}
