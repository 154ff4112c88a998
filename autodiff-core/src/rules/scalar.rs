//! What a formula of the table can be evaluated on: floats, duals, or handles that build IR.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::Op;

/// A number as the formulas see it.
///
/// These few operations are all that a formula uses, so whoever implements them gets every
/// partial. All are evaluated eagerly, both sides of [`select`](Scalar::select) included.
pub trait Scalar:
    Clone
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The result of a comparison.
    type Bool: Clone;

    /// A constant.
    fn constant(value: Const) -> Self;

    /// Any function of the table, with as many arguments as its [arity](Op::arity).
    fn apply(op: Op, args: &[Self]) -> Self;

    /// `self < other`.
    fn less(&self, other: &Self) -> Self::Bool;

    /// `self <= other`.
    fn less_eq(&self, other: &Self) -> Self::Bool;

    /// `self == other`.
    fn equal(&self, other: &Self) -> Self::Bool;

    /// `a && b`.
    fn and(a: Self::Bool, b: Self::Bool) -> Self::Bool;

    /// `if condition { yes } else { no }`; its derivative is that of the side taken.
    fn select(condition: Self::Bool, yes: Self, no: Self) -> Self;
}

/// A constant of a formula.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Const {
    /// A number.
    Lit(f64),
    /// ln 2.
    Ln2,
    /// ln 10.
    Ln10,
}
