//! What the rest of the compiler relies on: names, arity, NaN, and what is not evaluated.
#![allow(clippy::indexing_slicing, reason = "a test may panic")]

use std::cell::RefCell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use autodiff_core::rules::{Const, Functions, Op, Scalar, markdown};

#[test]
fn methods_are_found_by_name() {
    let of_no_method = [Op::FromInt, Op::Decrement];
    for &op in Op::ALL {
        let is_method = op.operator().is_none() && !of_no_method.contains(&op);
        assert_eq!(Op::from_method(op.name()), is_method.then_some(op));
    }
    assert_eq!(Op::from_method("mul_add"), Some(Op::MulAdd));
    assert_eq!(Op::from_method("sin_cos"), None);
    assert_eq!(Op::from_method("add"), None);
}

#[test]
fn operators_have_symbols() {
    let symbols: Vec<_> = Op::ALL.iter().filter_map(|op| op.operator()).collect();
    assert_eq!(symbols, ["-", "+", "-", "*", "/", "%"]);
}

#[test]
fn singular_rows_are_those_of_the_contract() {
    let singular: Vec<_> =
        Op::ALL.iter().filter(|op| op.is_singular()).map(|op| op.name()).collect();
    let contract = [
        "div", "recip", "asin", "acos", "atan2", "acosh", "atanh", "ln", "ln_1p", "log2", "log10",
        "log", "sqrt", "cbrt", "hypot", "powi", "powf",
    ];
    assert_eq!(singular, contract);
}

#[test]
fn only_integers_are_inert() {
    for &op in Op::ALL {
        let inert: Vec<usize> = (0..op.arity()).filter(|&i| op.inert_operand(i)).collect();
        match op {
            Op::Powi => assert_eq!(inert, [1]),
            Op::FromInt | Op::Decrement => assert_eq!(inert, [0]),
            _ => assert!(inert.is_empty()),
        }
        assert!(!op.inert_operand(op.arity()));
        assert_eq!(op.domain().len(), op.arity());
    }
}

#[test]
fn every_function_is_documented() {
    let page = markdown();
    assert!(page.contains("| `-a` | `-1.0` |  | -3 … 3 |\n"), "{page}");
    assert!(page.contains("| `x.tan()` | `1.0 + y * y` |  | -1.4 … 1.4 |\n"), "{page}");
    assert!(page.contains("where `l = b.ln()` | yes |"), "{page}");
    for op in Op::ALL.iter().filter(|op| Op::from_method(op.name()).is_some()) {
        assert!(page.contains(&format!(".{}(", op.name())), "{op:?} in {page}");
    }
    assert!(!page.contains("| `n."), "internal rows are not for the user");
}

/// A NaN operand must not turn into a finite derivative of a function that is not constant.
#[test]
fn nan_stays_nan() {
    let constant = [Op::Neg, Op::Add, Op::Sub, Op::ToDegrees, Op::ToRadians, Op::Fract];
    let of_the_operand_returned = [Op::Max, Op::Min, Op::Clamp];
    let by_b_only = [Op::Rem, Op::RemEuclid, Op::Mul, Op::MulAdd, Op::Div];
    let apart = [&constant[..], &of_the_operand_returned, &by_b_only].concat();
    for &op in Op::ALL.iter().filter(|op| !apart.contains(op)) {
        // The last operand is not NaN where it is an exponent or a sign.
        let mut args = vec![f64::NAN; op.arity()];
        if matches!(op, Op::Powi | Op::Copysign) {
            args[1] = 2.0;
        }
        let y = f64::apply(op, &args);
        for partial in op.partials(&args, &y, &vec![true; op.arity()]).into_iter().flatten() {
            assert!(partial.is_nan(), "{op:?}: {partial}");
        }
    }
    for op in by_b_only {
        let mut args = vec![1.0; op.arity()];
        args[1] = f64::NAN;
        let partials = op.partials(&args, &f64::apply(op, &args), &[true, true, false]);
        assert!(partials.into_iter().flatten().any(f64::is_nan), "{op:?}");
    }
}

thread_local! {
    /// The functions and operators applied to `Traced` numbers since last asked.
    static APPLIED: RefCell<Vec<Op>> = const { RefCell::new(Vec::new()) };
}

/// A float that records what is computed with it.
#[derive(Clone, Copy)]
struct Traced(f64);

impl Scalar for Traced {
    type Bool = bool;
    fn constant(value: Const) -> Self {
        Traced(f64::constant(value))
    }
    fn apply(op: Op, args: &[Self]) -> Self {
        APPLIED.with_borrow_mut(|applied| applied.push(op));
        let args: Vec<f64> = args.iter().map(|arg| arg.0).collect();
        Traced(f64::apply(op, &args))
    }
    fn less(&self, other: &Self) -> bool {
        self.0 < other.0
    }
    fn less_eq(&self, other: &Self) -> bool {
        self.0 <= other.0
    }
    fn equal(&self, other: &Self) -> bool {
        self.0.equal(&other.0)
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
        impl $trait for Traced {
            type Output = Traced;
            fn $method(self, other: Traced) -> Traced {
                Traced::apply(Op::$trait, &[self, other])
            }
        }
    )+};
}
operator!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Traced {
    type Output = Traced;
    fn neg(self) -> Traced {
        Traced::apply(Op::Neg, &[self])
    }
}

/// What the partials of `op` compute when these operands are active.
fn computed(op: Op, active: &[bool]) -> Vec<Op> {
    let args: Vec<Traced> =
        op.domain().iter().map(|(low, high)| Traced(low.midpoint(*high))).collect();
    let y = Traced::apply(op, &args);
    APPLIED.take();
    let partials = op.partials(&args, &y, active);
    assert_eq!(partials.len(), op.arity());
    for (partial, active) in partials.iter().zip(active) {
        assert!(*active || partial.is_none(), "{op:?}");
    }
    APPLIED.take()
}

#[test]
fn inactive_operands_are_not_evaluated() {
    assert!(!computed(Op::Powf, &[true, false]).contains(&Op::Ln));
    assert!(!computed(Op::Powf, &[false, true]).contains(&Op::Powf));
    for &op in Op::ALL {
        assert_eq!(computed(op, &vec![false; op.arity()]), [], "{op:?}");
    }
}

#[test]
fn results_are_reused() {
    for op in [Op::Exp, Op::ExpM1, Op::Tan, Op::Tanh, Op::Sqrt, Op::Cbrt, Op::Hypot, Op::Recip] {
        let arithmetic = [Op::Neg, Op::Add, Op::Sub, Op::Mul, Op::Div];
        let computed = computed(op, &vec![true; op.arity()]);
        assert!(computed.iter().all(|op| arithmetic.contains(op)), "{op:?}: {computed:?}");
    }
}

#[test]
fn formulas_can_be_written_over_any_scalar() {
    fn sigmoid<S: Scalar>(x: &S) -> S {
        let one = S::constant(Const::Lit(1.0));
        one.clone() / (one + (-x.clone()).exp())
    }
    assert!(sigmoid(&0.0_f64).equal(&0.5));
    assert!(sigmoid(&0.0_f32).equal(&0.5));
}
