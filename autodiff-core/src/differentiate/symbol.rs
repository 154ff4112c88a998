//! Formulas of the rule table as trees of handles, from which instructions are made.

use std::ops::{Add, Div, Mul, Neg, Sub};
use std::rc::Rc;

use crate::ir::{Literal, ValueId};
use crate::rules::{Const, Op, Scalar};

/// A formula over values of the IR. A part that is shared is shared by its handle.
#[derive(Clone)]
pub(crate) struct Symbol(Rc<Node>);

/// What a formula is.
pub(crate) enum Node {
    /// A value that is there already.
    Value(ValueId),
    /// A constant.
    Const(Literal),
    /// A row of the table.
    Apply(Op, Vec<Symbol>),
    /// `a < b`.
    Less(Symbol, Symbol),
    /// `a <= b`.
    LessEq(Symbol, Symbol),
    /// `a == b`.
    Equal(Symbol, Symbol),
    /// `a && b`.
    And(Symbol, Symbol),
    /// `if condition { yes } else { no }`.
    Select(Symbol, Symbol, Symbol),
}

impl Symbol {
    fn of(node: Node) -> Self {
        Self(Rc::new(node))
    }

    /// A value as a formula.
    pub(crate) fn value(value: ValueId) -> Self {
        Self::of(Node::Value(value))
    }

    /// What it is.
    pub(crate) fn node(&self) -> &Node {
        &self.0
    }

    /// The same for handles of the same part.
    pub(crate) fn key(&self) -> *const Node {
        Rc::as_ptr(&self.0)
    }

    /// Its number, where it is a numeric constant.
    pub(crate) fn number(&self) -> Option<f64> {
        match self.node() {
            Node::Const(Literal::Number(number)) => Some(*number),
            Node::Const(Literal::Ln2 | Literal::Ln10)
            | Node::Value(_)
            | Node::Apply(..)
            | Node::Less(..)
            | Node::LessEq(..)
            | Node::Equal(..)
            | Node::And(..)
            | Node::Select(..) => None,
        }
    }
}

/// A binary operator as a row of the table.
macro_rules! operator {
    ($($trait:ident $method:ident),+) => {$(
        impl $trait for Symbol {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Self::apply(Op::$trait, &[self, other])
            }
        }
    )+};
}
operator!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Symbol {
    type Output = Self;
    fn neg(self) -> Self {
        match self.number() {
            Some(number) => Self::constant(Const::Lit(-number)),
            None => Self::apply(Op::Neg, &[self]),
        }
    }
}

impl Scalar for Symbol {
    type Bool = Symbol;

    fn constant(value: Const) -> Self {
        Self::of(Node::Const(match value {
            Const::Lit(number) => Literal::Number(number),
            Const::Ln2 => Literal::Ln2,
            Const::Ln10 => Literal::Ln10,
        }))
    }
    fn apply(op: Op, args: &[Self]) -> Self {
        Self::of(Node::Apply(op, args.to_vec()))
    }
    fn less(&self, other: &Self) -> Symbol {
        Self::of(Node::Less(self.clone(), other.clone()))
    }
    fn less_eq(&self, other: &Self) -> Symbol {
        Self::of(Node::LessEq(self.clone(), other.clone()))
    }
    fn equal(&self, other: &Self) -> Symbol {
        Self::of(Node::Equal(self.clone(), other.clone()))
    }
    fn and(a: Symbol, b: Symbol) -> Symbol {
        Self::of(Node::And(a, b))
    }
    fn select(condition: Symbol, yes: Self, no: Self) -> Self {
        Self::of(Node::Select(condition, yes, no))
    }
}
