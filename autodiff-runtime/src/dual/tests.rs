use super::Dual;
use crate::{Real, Tangent};

/// (f(x + h) − f(x − h)) / 2h
fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-6;
    (f(x + h) - f(x - h)) / (2.0 * h)
}

#[track_caller]
fn agrees(name: &str, dual: Dual, value: f64, slope: f64) {
    assert_eq!(dual.value.to_bits(), value.to_bits(), "{name}");
    assert!((dual.tangent - slope).abs() < 1e-7 * (1.0 + slope.abs()), "{name}: {dual} {slope}");
}

#[cfg(feature = "std")]
#[test]
fn the_slope_of_each_function_is_its_difference_quotient() {
    macro_rules! check {
        ($($name:ident $at:expr;)*) => {$(
            let x: f64 = $at;
            agrees(stringify!($name), Dual::new(x, 1.0).$name(), x.$name(), difference(f64::$name, x));
        )*};
    }
    check! {
        abs -0.7; recip 0.7; to_degrees 0.7; to_radians 0.7; signum 0.7;
        sqrt 0.7; cbrt 0.7; exp 0.7; exp2 0.7; exp_m1 0.7; ln 0.7; ln_1p 0.7; log2 0.7; log10 0.7;
        sin 0.7; cos 0.7; tan 0.7; asin 0.7; acos 0.7; atan 0.7; sinh 0.7; cosh 0.7; tanh 0.7;
        asinh 0.7; acosh 1.7; atanh 0.7; floor 0.7; ceil 0.7; round 0.7; round_ties_even 0.7;
        trunc 0.7; fract 0.7;
    }
}

#[cfg(feature = "std")]
#[test]
fn the_slopes_by_both_operands_are_difference_quotients() {
    macro_rules! check {
        ($($name:literal |$a:ident, $b:ident| $f:expr;)*) => {$(
            let (x, y) = (2.3, 0.7);
            let f = |$a: f64, $b: f64| $f;
            let value = f(x, y);
            let one = { let ($a, $b) = (Dual::new(x, 1.0), Dual::constant(y)); $f };
            agrees($name, one, value, difference(|x| f(x, y), x));
            let other = { let ($a, $b) = (Dual::constant(x), Dual::new(y, 1.0)); $f };
            agrees($name, other, value, difference(|y| f(x, y), y));
        )*};
    }
    check! {
        "+" |a, b| a + b; "-" |a, b| a - b; "*" |a, b| a * b; "/" |a, b| a / b; "%" |a, b| a % b;
        "neg" |a, b| -a * b; "powi" |a, b| a.powi(3) * b.powi(-2); "powf" |a, b| a.powf(b);
        "hypot" |a, b| a.hypot(b); "atan2" |a, b| a.atan2(b); "log" |a, b| a.log(b);
        "max" |a, b| a.max(b); "min" |a, b| a.min(b); "clamp" |a, b| (a * b).clamp(b, a);
        "copysign" |a, b| a.copysign(-b); "mul_add" |a, b| a.mul_add(b, a);
        "rem_euclid" |a, b| (-a).rem_euclid(b); "div_euclid" |a, b| (-a).div_euclid(b);
        "sin_cos" |a, b| a.sin_cos().0 * b.sin_cos().1;
    }
}

#[test]
fn kinks_are_those_of_the_rule_table() {
    let (x, zero) = (Dual::<f64>::new(0.0, 1.0), Dual::constant(0.0));
    assert_eq!(x.abs().tangent.to_bits(), 0.0_f64.to_bits());
    assert_eq!(x.max(zero).tangent.to_bits(), 0.0_f64.to_bits());
    assert_eq!(x.max(Dual::new(0.0, 2.0)).tangent.to_bits(), 1.5_f64.to_bits());
    assert_eq!(x.max(Dual::constant(f64::NAN)).tangent.to_bits(), 1.0_f64.to_bits());
}

#[test]
fn numbers_are_compared_by_value_and_vanish_with_their_derivative() {
    let (x, zero) = (Dual::<f64>::new(0.0, 1.0), Dual::constant(0.0));
    assert!(x == zero && x >= zero);
    assert_eq!(x.partial_cmp(&zero), Some(core::cmp::Ordering::Equal));
    assert!(zero.vanishes() && !x.vanishes());
    let mut sum = Dual::<f64>::new(1.0, 2.0);
    sum.add_assign(&Dual::new(0.5, 1.0));
    sum.scale(2.0);
    assert_eq!((sum.value, sum.tangent), (3.0, 6.0));
}
