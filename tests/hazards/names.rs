//! Variables of the user's that have the names that the compiler would choose.

use autodiff::grad;

#[grad(jvp, vjp, value_and_grad_into)]
fn like_ours(x: f64, x_bar: f64, value: f64) -> f64 {
    let t0 = x * x_bar;
    let grad = t0 * value;
    let shadow = [grad, t0];
    let record = shadow[0] * shadow[1];
    let pull = inner_pull(record, x);
    let y_bar = pull * t0;
    let product = y_bar + grad;
    let x_dot = product * x;
    x_dot + record
}

#[grad(order = 3)]
fn inner_pull(value_1: f64, y_bar: f64) -> f64 {
    value_1 + y_bar
}

#[test]
fn names_of_the_compilers() {
    let (x, x_bar, value) = (2.0, 3.0, 5.0);
    // With t = x·b and g = t·v: x(t(gt + x) + g) + gt = x²b·(x²b²·v·b… written out below.
    let t = x * x_bar;
    let expected = x * (t * (t * t * value + x) + t * value) + t * t * value;
    let (y, gradient) = like_ours_value_and_grad(x, x_bar, value);
    assert_eq!((y, like_ours(x, x_bar, value)), (expected, expected));
    // d/dx, d/db, d/dv of v·x⁴b³ + x³b + v·x²b + v·x²b².
    let expected = (
        4.0 * 5.0 * 8.0 * 27.0 + 3.0 * 4.0 * 3.0 + 2.0 * 5.0 * 2.0 * 3.0 + 2.0 * 5.0 * 2.0 * 9.0,
        3.0 * 5.0 * 16.0 * 9.0 + 8.0 + 5.0 * 4.0 + 2.0 * 5.0 * 4.0 * 3.0,
        16.0 * 27.0 + 4.0 * 3.0 + 4.0 * 9.0,
    );
    assert_eq!(gradient, expected);
    assert_eq!(like_ours_vjp(x, x_bar, value).1(1.0), expected);
    assert_eq!(like_ours_jvp(x, x_bar, value, 0.0, 0.0, 1.0), (y, expected.2));
    let mut into = (9.0, 9.0, 9.0);
    let (first, second, third) = (&mut into.0, &mut into.1, &mut into.2);
    assert_eq!(like_ours_value_and_grad_into(x, x_bar, value, first, second, third), y);
    assert_eq!(into, expected);
}

#[grad(jvp, vjp)]
#[allow(clippy::duplicate_underscore_argument, reason = "the subject")]
fn twins(x: f64, _x: f64, x_: f64, argument: f64) -> f64 {
    2.0 * x + x_ + f64::from(argument > 0.0)
}

#[test]
fn parameters_that_differ_in_underscores() {
    assert_eq!(twins_value_and_grad(1.0, 2.0, 3.0, 4.0), (6.0, (2.0, 0.0, 1.0, 0.0)));
    assert_eq!(twins::grad(1.0, 2.0, 3.0, 4.0), (2.0, 0.0, 1.0, 0.0));
    assert_eq!(twins_jvp(1.0, 2.0, 3.0, 4.0, 1.0, 1.0, 1.0, 1.0), (6.0, 3.0));
}

#[grad(jvp, vjp, value_and_grad_into, test(r#type = 2.0, r#in = 3.0))]
fn r#match(r#type: f64, r#in: f64) -> f64 {
    let r#loop = r#type * r#in;
    assert!(r#loop < 100.0, "{type} times {in}");
    let mut r#mut = r#loop * r#loop;
    r#mut += r#type;
    r#mut * r#in
}

#[grad(wrt(r#type))]
fn calls_raw(r#type: f64) -> f64 {
    let r#struct = r#match(r#type, 2.0);
    3.0 * r#struct
}

#[test]
fn raw_identifiers() {
    let (x, y) = (2.0, 3.0);
    // x²y³ + xy
    let expected = (2.0 * x * 27.0 + y, x * x * 3.0 * 9.0 + x);
    assert_eq!(match_value_and_grad(x, y), (4.0 * 27.0 + 6.0, expected));
    assert_eq!(r#match::grad(x, y), expected);
    assert_eq!(match_vjp(x, y).1(1.0), expected);
    assert_eq!(match_jvp(x, y, 1.0, 0.0), (114.0, expected.0));
    assert_eq!(calls_raw_grad(x), 3.0 * match_grad(x, 2.0).0);
}

/// Nothing of the prelude is in scope, and what is has other meanings.
#[allow(dead_code, reason = "what is hidden is there to be hidden")]
mod hidden_prelude {
    use autodiff::grad;

    pub(super) enum Maybe {
        Some,
        None,
    }
    #[allow(unused_imports, reason = "a module of the name of a type")]
    use ::std::f64;
    #[allow(unused_imports, reason = "they are there to be hidden")]
    use Maybe::{None, Some};
    pub(super) struct Option;
    pub(super) struct Vec;
    pub(super) struct Box;
    pub(super) mod core {}
    pub(super) mod std {}
    pub(super) mod autodiff_runtime {}

    #[grad]
    pub(super) fn weighted(x: &[f64], w: [f64; 2], scale: f64) -> f64 {
        scale * (x[0] * w[0] + x[1] * w[1])
    }

    #[grad(jvp, vjp)]
    pub(super) fn looped(x: &[f64], n: usize) -> f64 {
        let mut y = 1.0;
        for i in 0..n {
            y = y * y * x[i];
        }
        y
    }

    #[grad(jvp, vjp)]
    pub(super) fn twice(x: &[f64], w: [f64; 2]) -> f64 {
        weighted(x, w, 2.0) * weighted(x, w, 1.0)
    }
}

#[test]
fn a_hidden_prelude() {
    use hidden_prelude::{looped_grad, looped_jvp, looped_vjp};
    use hidden_prelude::{twice, twice_jvp, twice_value_and_grad, twice_vjp};
    // x₀⁴x₁²x₂
    assert_eq!(looped_grad(&[2.0, 3.0, 5.0], 3), vec![1440.0, 480.0, 144.0]);
    assert_eq!(looped_vjp(&[2.0, 3.0, 5.0], 3).1(1.0), vec![1440.0, 480.0, 144.0]);
    assert_eq!(looped_jvp(&[2.0, 3.0, 5.0], 3, &[0.0, 1.0, 0.0]), (720.0, 480.0));
    let (x, w) = ([1.0, 2.0], [3.0, 4.0]);
    assert_eq!(twice(&x, w), 242.0);
    let gradient = (vec![44.0 * 3.0, 44.0 * 4.0], [44.0, 88.0]);
    assert_eq!(twice_value_and_grad(&x, w), (242.0, gradient.clone()));
    assert_eq!(twice_vjp(&x, w).1(1.0), gradient);
    assert_eq!(twice_jvp(&x, w, &[1.0, 0.0], [0.0, 1.0]), (242.0, 132.0 + 88.0));
}

#[grad(jvp, vjp)]
fn inferred(x: f64, flag: bool) -> f64 {
    let three = 3;
    let (n, _) = (if flag { 4 } else { three }, 0_u8);
    let scale = 1e1;
    x.powi(n) * scale + x.powi(three - 1)
}

#[test]
fn integers_whose_type_only_their_use_tells() {
    assert_eq!(inferred_value_and_grad(2.0, false), (84.0, 124.0));
    assert_eq!(inferred_grad(2.0, true), 324.0);
    assert_eq!(inferred_jvp(2.0, true, 0.5), (164.0, 162.0));
    assert_eq!(inferred_vjp(2.0, false).1(0.5), 62.0);
}

#[grad(jvp, vjp)]
fn parts_of_a_call(x: f64) -> f64 {
    let (y, n): (f64, i32) = with_exponent(x);
    y.powi(n) + f64::from(n)
}

#[grad]
fn with_exponent(x: f64) -> (f64, i32) {
    let (sin, _) = f64::from(positive(x > 0.0) - 1).sin_cos();
    (x * x + sin, positive(x.clone() > 0.0).clone())
}

fn positive(is: bool) -> i32 {
    if is { 2 } else { 1 }
}

#[test]
fn an_integer_from_a_differentiated_call() {
    let sin = 1.0_f64.sin();
    let value = (4.0 + sin) * (4.0 + sin) + 2.0;
    assert_eq!(parts_of_a_call_value_and_grad(2.0), (value, 8.0 * (4.0 + sin)));
    assert_eq!(parts_of_a_call_jvp(-3.0, 1.0), (10.0, -6.0));
}
