//! A panic of the primal is the same panic in the companions, and comes in the same order.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use autodiff::grad;

/// The message of the panic, or nothing.
fn message<T>(run: impl FnOnce() -> T) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(run)).err()?;
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()))
}

/// Asserts that every companion panics as the primal does, with a message that contains a text.
macro_rules! same_panic {
    ($text:literal, $primal:expr, $($companion:expr),* $(,)?) => {
        let expected = message(|| $primal);
        assert!(expected.as_deref().is_some_and(|text| text.contains($text)), "{expected:?}");
        $(assert_eq!(message(|| $companion), expected, stringify!($companion));)*
    };
}

#[grad(jvp, vjp)]
fn indexes(x: &[f64], i: usize, j: usize) -> f64 {
    let unused = x[i];
    let _ = unused;
    2.0 * x[j] + x[0]
}

#[test]
fn indices_out_of_bounds_in_order() {
    let x = [1.0, 2.0];
    let dot = [1.0, 0.0];
    same_panic!(
        "the index is 7",
        indexes(&x, 7, 9),
        indexes_grad(&x, 7, 9),
        indexes_value_and_grad(&x, 7, 9),
        indexes_value_and_grad_into(&x, 7, 9, &mut [0.0; 2]),
        indexes_jvp(&x, 7, 9, &dot),
        indexes_vjp(&x, 7, 9).0,
    );
    same_panic!(
        "the index is 9",
        indexes(&x, 0, 9),
        indexes_grad(&x, 0, 9),
        indexes_value_and_grad(&x, 0, 9),
        indexes_jvp(&x, 0, 9, &dot),
        indexes_vjp(&x, 0, 9).0,
    );
}

#[grad(constant(calls), jvp, vjp)]
fn operands(x: f64, n: usize, calls: &Cell<i32>) -> f64 {
    x * counted(n, calls) + x.powi(if n > 3 { panic!("second: {x}") } else { 2 })
}

fn counted(n: usize, calls: &Cell<i32>) -> f64 {
    calls.set(calls.get() + 1);
    assert!(n != 4, "first");
    2.0
}

#[test]
fn operands_panic_from_left_to_right() {
    let calls = Cell::new(0);
    same_panic!(
        "first",
        operands(1.0, 4, &calls),
        operands_grad(1.0, 4, &calls),
        operands_value_and_grad(1.0, 4, &calls),
        operands_jvp(1.0, 4, &calls, 1.0),
        operands_vjp(1.0, 4, &calls).0,
    );
    same_panic!(
        "second: 1",
        operands(1.0, 5, &calls),
        operands_grad(1.0, 5, &calls),
        operands_value_and_grad(1.0, 5, &calls),
        operands_jvp(1.0, 5, &calls, 1.0),
        operands_vjp(1.0, 5, &calls).0,
    );
    assert_eq!(calls.get(), 10);
}

#[grad(jvp, vjp)]
fn integers(x: f64, n: i32, d: i32) -> f64 {
    let quotient = n / d;
    let sum = n.checked_add(d);
    assert!(sum.is_some(), "n + d fits");
    x.powi(quotient)
}

#[test]
fn integer_arithmetic() {
    same_panic!(
        "divide by zero",
        integers(1.0, 1, 0),
        integers_grad(1.0, 1, 0),
        integers_value_and_grad(1.0, 1, 0),
        integers_jvp(1.0, 1, 0, 1.0),
        integers_vjp(1.0, 1, 0).0,
    );
    same_panic!(
        "n + d fits",
        integers(1.0, i32::MAX, 1),
        integers_grad(1.0, i32::MAX, 1),
        integers_value_and_grad(1.0, i32::MAX, 1),
        integers_jvp(1.0, i32::MAX, 1, 1.0),
        integers_vjp(1.0, i32::MAX, 1).0,
    );
}

#[grad(jvp, vjp)]
fn messages(x: f64, low: f64, high: f64) -> f64 {
    let y = x.clamp(low, high);
    assert!(y < 3.0, "{y} is too much, {x:.2}");
    if y > 2.0 {
        unreachable!("y = {y}, high = {high}");
    }
    y * y
}

#[grad(jvp, vjp)]
fn calls(x: f64, high: f64) -> f64 {
    let doubled = 2.0 * x;
    doubled + messages(doubled, 0.0, high)
}

#[test]
fn messages_are_formatted_from_the_same_values() {
    for (text, x, low, high) in [
        ("min > max", 1.0, 2.0, 1.0),
        ("4 is too much, 7.00", 7.0, 0.0, 4.0),
        ("y = 2.5, high = 4", 2.5, 0.0, 4.0),
    ] {
        let expected = message(|| messages(x, low, high));
        assert!(expected.as_deref().is_some_and(|found| found.contains(text)), "{expected:?}");
        assert_eq!(message(|| messages_grad(x, low, high)), expected);
        assert_eq!(message(|| messages_value_and_grad(x, low, high)), expected);
        assert_eq!(message(|| messages_jvp(x, low, high, 1.0, 0.0, 0.0)), expected);
        assert_eq!(message(|| messages_vjp(x, low, high).0), expected);
    }
    same_panic!(
        "y = 2.5, high = 3",
        calls(1.25, 3.0),
        calls_grad(1.25, 3.0),
        calls_value_and_grad(1.25, 3.0),
        calls_jvp(1.25, 3.0, 1.0, 0.0),
        calls_vjp(1.25, 3.0).0,
    );
    assert_eq!(messages_grad(1.0, 0.0, 3.0), (2.0, 0.0, 0.0));
}

#[grad(jvp)]
fn never(x: f64) -> f64 {
    let y = x * x;
    assert!(y > 0.0, "{y}");
    todo!("later")
}

#[grad(jvp)]
fn never_either(x: f64) -> f64 {
    let y = x * x;
    unimplemented!("for {y}");
}

#[test]
fn bodies_without_a_value() {
    same_panic!(
        "later",
        never(2.0),
        never_grad(2.0),
        never_value_and_grad(2.0),
        never_jvp(2.0, 1.0)
    );
    same_panic!(
        "for 4",
        never_either(2.0),
        never_either_grad(2.0),
        never_either_value_and_grad(2.0),
        never_either_jvp(2.0, 1.0),
    );
}
