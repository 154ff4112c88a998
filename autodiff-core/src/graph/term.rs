//! The rule table's partials as formulas over operands.

use std::ops::{Add, Div, Mul, Neg, Sub};

use autodiff_runtime::graph::Formula;

use crate::rules::{Const, Op, Scalar};

/// A formula that the rule table is evaluated on. What is known is computed at once, where that is
/// exact: `powi(a, 2)` has the partial `2 * a`.
#[derive(Clone, Debug)]
pub(super) struct Term(pub(super) Formula);

impl Term {
    pub(super) fn number(number: f64) -> Self {
        Self(Formula::Number(number))
    }

    fn call(name: &str, args: &[Term]) -> Self {
        Self(Formula::Call(name.to_owned(), args.iter().map(|arg| arg.0.clone()).collect()))
    }

    fn known(&self) -> Option<f64> {
        if let Formula::Number(number) = self.0 { Some(number) } else { None }
    }

    fn truth(condition: bool) -> Self {
        Self::number(f64::from(u8::from(condition)))
    }

    /// `not condition`
    pub(super) fn not(condition: &Self) -> Self {
        Self::call("not", std::slice::from_ref(condition))
    }

    /// `a || b`
    pub(super) fn or(a: &Self, b: &Self) -> Self {
        Self::call("or", &[a.clone(), b.clone()])
    }
}

#[allow(clippy::float_cmp, reason = "only what is exactly so is left out")]
impl Scalar for Term {
    type Bool = Term;

    fn constant(value: Const) -> Self {
        Self::number(match value {
            Const::Lit(number) => number,
            Const::Ln2 => std::f64::consts::LN_2,
            Const::Ln10 => std::f64::consts::LN_10,
        })
    }

    fn apply(op: Op, args: &[Self]) -> Self {
        let known: Vec<Option<f64>> = args.iter().map(Self::known).collect();
        match (op, args, known.as_slice()) {
            // An exponent as a float, and the one below it.
            (Op::FromInt, [n], _) => n.clone(),
            (Op::Decrement, [n], [None]) => Self::call("sub", &[n.clone(), Self::number(1.0)]),
            (Op::Decrement, [_], [Some(n)]) => Self::number((n - 1.0).max(f64::from(i32::MIN))),
            (Op::Neg, [_], [Some(x)]) => Self::number(-x),
            (Op::Mul, [_, b], [Some(1.0), _]) => b.clone(),
            (Op::Mul, [a, _], [_, Some(1.0)]) => a.clone(),
            (Op::Powi, [x, _], [_, Some(1.0)]) => x.clone(),
            (Op::Powi, [_, _], [_, Some(0.0)]) => Self::number(1.0),
            _ => Self::call(op.name(), args),
        }
    }

    fn less(&self, other: &Self) -> Self {
        match (self.known(), other.known()) {
            (Some(a), Some(b)) => Self::truth(a < b),
            _ => Self::call("lt", &[self.clone(), other.clone()]),
        }
    }

    fn less_eq(&self, other: &Self) -> Self {
        match (self.known(), other.known()) {
            (Some(a), Some(b)) => Self::truth(a <= b),
            _ => Self::call("le", &[self.clone(), other.clone()]),
        }
    }

    fn equal(&self, other: &Self) -> Self {
        match (self.known(), other.known()) {
            (Some(a), Some(b)) => Self::truth(a == b),
            _ => Self::call("eq", &[self.clone(), other.clone()]),
        }
    }

    fn and(a: Self, b: Self) -> Self {
        match (a.known(), b.known()) {
            (Some(0.0), _) | (_, Some(0.0)) => Self::truth(false),
            (Some(_), _) => b,
            (_, Some(_)) => a,
            (None, None) => Self::call("and", &[a, b]),
        }
    }

    fn select(condition: Self, yes: Self, no: Self) -> Self {
        match condition.known() {
            Some(0.0) => no,
            Some(_) => yes,
            None => Self::call("when", &[condition, yes, no]),
        }
    }
}

/// A binary operator as a row of the table.
macro_rules! operator {
    ($($trait:ident $method:ident),+) => {$(
        impl $trait for Term {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Self::apply(Op::$trait, &[self, other])
            }
        }
    )+};
}
operator!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Term {
    type Output = Self;
    fn neg(self) -> Self {
        Self::apply(Op::Neg, &[self])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::{Formula, Op, Scalar, Term};

    /// Every row: the value and the partials of the table are those of the formulas, as they are
    /// printed and read again.
    #[test]
    fn formulas_are_the_table() {
        for &op in Op::ALL {
            let arity = op.arity();
            let operands: Vec<Term> = (0..arity).map(|at| Term(Formula::Operand(at))).collect();
            let active: Vec<bool> = (0..arity).map(|at| !op.inert_operand(at)).collect();
            let value = Term::apply(op, &operands);
            let partials = op.partials(&operands, &Term(Formula::Value), &active);
            for sample in 0..7 {
                let at = f64::from(sample) / 6.0;
                let point: Vec<f64> = op
                    .domain()
                    .iter()
                    .enumerate()
                    .map(|(i, (low, high))| {
                        let x = low + (high - low) * if i == 0 { at } else { 1.0 - at };
                        if op.inert_operand(i) { x.round() } else { x }
                    })
                    .collect();
                let expected = f64::apply(op, &point);
                let same = |formula: &Term, expected: f64| {
                    let text = formula.0.to_string();
                    let read = Formula::parse(&text).unwrap();
                    let value = read.eval(&point, f64::apply(op, &point)).unwrap();
                    assert_eq!(value.to_bits(), expected.to_bits(), "{op:?}: {text} at {point:?}");
                };
                same(&value, expected);
                let rates = op.partials(&point, &expected, &active);
                assert_eq!(rates.len(), partials.len());
                for (formula, rate) in partials.iter().zip(rates) {
                    assert_eq!(formula.is_some(), rate.is_some(), "{op:?}");
                    formula.iter().zip(rate).for_each(|(formula, rate)| same(formula, rate));
                }
            }
        }
    }

    #[test]
    fn known_exponents_are_put_in() {
        let x = Term(Formula::Operand(0));
        let partial = |n: f64| {
            let partials = Op::Powi.partials(
                &[x.clone(), Term::number(n)],
                &Term(Formula::Value),
                &[true, false],
            );
            partials.first().cloned().flatten().unwrap().0.to_string()
        };
        assert_eq!(partial(2.0), "2 * a");
        assert_eq!(partial(3.0), "3 * powi(a, 2)");
        assert_eq!(partial(1.0), "1");
        assert_eq!(partial(0.0), "0");
    }
}
