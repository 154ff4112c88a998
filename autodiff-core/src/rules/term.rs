//! The notation of the formulas: numbers, operators and conditions over any [`Scalar`].

use std::ops::{Add, BitAnd, Div, Mul, Neg, Sub};

use super::{Const, Op, Scalar};

/// A part of a formula. Unlike a [`Scalar`] it mixes with literals and references: `1.0 + y * y`.
#[derive(Clone)]
pub(super) struct Term<S>(S);

/// A condition in a formula.
#[derive(Clone)]
pub(super) struct Condition<S: Scalar>(S::Bool);

/// The partial of a function that is constant between its jumps: no derivative at all.
pub(super) struct Zero;

/// `if condition { yes } else { no }`.
pub(super) fn when<S: Scalar>(
    condition: Condition<S>,
    yes: impl Into<Term<S>>,
    no: impl Into<Term<S>>,
) -> Term<S> {
    Term(S::select(condition.0, yes.into().0, no.into().0))
}

/// What may stand as a partial in the table.
pub(super) trait IntoPartial<S> {
    /// The partial; `None` is a structural zero.
    fn into_partial(self) -> Option<S>;
}
impl<S: Scalar, T: Into<Term<S>>> IntoPartial<S> for T {
    fn into_partial(self) -> Option<S> {
        Some(self.into().0)
    }
}
impl<S: Scalar> IntoPartial<S> for Zero {
    fn into_partial(self) -> Option<S> {
        None
    }
}

impl<S: Scalar> Term<S> {
    /// A scalar as a part of a formula.
    pub(super) fn of(scalar: &S) -> Self {
        Term(scalar.clone())
    }

    /// Scalars as parts of a formula.
    pub(super) fn all(scalars: &[S]) -> Vec<Self> {
        scalars.iter().map(Self::of).collect()
    }

    /// `self == other`.
    pub(super) fn eq(&self, other: impl Into<Self>) -> Condition<S> {
        Condition(self.0.equal(&other.into().0))
    }

    /// `self < other`.
    pub(super) fn lt(&self, other: impl Into<Self>) -> Condition<S> {
        Condition(self.0.less(&other.into().0))
    }

    /// `self <= other`.
    pub(super) fn le(&self, other: impl Into<Self>) -> Condition<S> {
        Condition(self.0.less_eq(&other.into().0))
    }

    /// `self >= other`.
    pub(super) fn ge(&self, other: impl Into<Self>) -> Condition<S> {
        Condition(other.into().0.less_eq(&self.0))
    }
}

impl<S: Scalar> BitAnd for Condition<S> {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Condition(S::and(self.0, other.0))
    }
}

impl<S: Scalar> From<f64> for Term<S> {
    fn from(literal: f64) -> Self {
        Const::Lit(literal).into()
    }
}
impl<S: Scalar> From<Const> for Term<S> {
    fn from(value: Const) -> Self {
        Term(S::constant(value))
    }
}
impl<S: Scalar> From<&Term<S>> for Term<S> {
    fn from(term: &Term<S>) -> Self {
        term.clone()
    }
}

/// An operator between terms, literals and references to terms, in any mixture.
macro_rules! operator {
    ($($trait:ident $method:ident),+) => {$(
        impl<S: Scalar, R: Into<Term<S>>> $trait<R> for Term<S> {
            type Output = Term<S>;
            fn $method(self, other: R) -> Term<S> {
                Term(self.0.$method(other.into().0))
            }
        }
        impl<S: Scalar, R: Into<Term<S>>> $trait<R> for &Term<S> {
            type Output = Term<S>;
            fn $method(self, other: R) -> Term<S> {
                self.clone().$method(other)
            }
        }
        impl<S: Scalar> $trait<Term<S>> for f64 {
            type Output = Term<S>;
            fn $method(self, other: Term<S>) -> Term<S> {
                Term::from(self).$method(other)
            }
        }
        impl<S: Scalar> $trait<&Term<S>> for f64 {
            type Output = Term<S>;
            fn $method(self, other: &Term<S>) -> Term<S> {
                Term::from(self).$method(other)
            }
        }
    )+};
}
operator!(Add add, Sub sub, Mul mul, Div div);

impl<S: Scalar> Neg for Term<S> {
    type Output = Self;
    fn neg(self) -> Self {
        Term(-self.0)
    }
}
impl<S: Scalar> Neg for &Term<S> {
    type Output = Term<S>;
    fn neg(self) -> Term<S> {
        -self.clone()
    }
}

/// For the table's functions as methods: `x.cos()`.
impl<S: Scalar> Scalar for Term<S> {
    type Bool = S::Bool;

    fn constant(value: Const) -> Self {
        value.into()
    }
    fn apply(op: Op, args: &[Self]) -> Self {
        let args: Vec<S> = args.iter().map(|term| term.0.clone()).collect();
        Term(S::apply(op, &args))
    }
    fn less(&self, other: &Self) -> S::Bool {
        self.0.less(&other.0)
    }
    fn less_eq(&self, other: &Self) -> S::Bool {
        self.0.less_eq(&other.0)
    }
    fn equal(&self, other: &Self) -> S::Bool {
        self.0.equal(&other.0)
    }
    fn and(a: S::Bool, b: S::Bool) -> S::Bool {
        S::and(a, b)
    }
    fn select(condition: S::Bool, yes: Self, no: Self) -> Self {
        Term(S::select(condition, yes.0, no.0))
    }
}

#[cfg(test)]
mod tests {
    use super::Term;

    /// What no row of the table needs today is there for the next one.
    #[test]
    #[allow(clippy::float_cmp, reason = "small integers")]
    fn operators_mix() {
        let (x, y) = (Term(6.0_f64), Term(3.0));
        assert_eq!((-&x).0, -6.0);
        assert_eq!((-x.clone()).0, -6.0);
        assert_eq!(
            [(&x + &y).0, (&x - 2.0).0, (&x * y.clone()).0, (&x / &y).0],
            [9.0, 4.0, 18.0, 2.0]
        );
        assert_eq!(
            [(1.0 + &x).0, (1.0 - &x).0, (2.0 * y.clone()).0, (6.0 / &y).0],
            [7.0, -5.0, 6.0, 2.0]
        );
    }
}
