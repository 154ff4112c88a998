//! The user's tokens without a derivative as formulas: conditions, exponents, constants.
//!
//! What this does not read is shown as it is written. Integer arithmetic is among that: a formula
//! is of floats, where 3 / 2 is something else.

use syn::{BinOp, Expr, Lit, UnOp};

use autodiff_runtime::graph::Formula;

use super::term::Term;
use crate::rules::{Op, Scalar};

/// What a part of an expression is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Float,
    /// An `f32`: compared, but not computed with, as `f64` would round otherwise.
    Single,
    Integer,
    Condition,
}

/// A part of an expression, and what it is.
pub(super) type Read = (Term, Sort);

/// An expression as a formula; `leaf` says what a variable,
/// or a part of one, stands for. `None` where it is not read.
pub(super) fn read(expr: &Expr, leaf: &mut dyn FnMut(&Expr) -> Option<Read>) -> Option<Read> {
    match expr {
        Expr::Lit(literal) => constant(&literal.lit),
        Expr::Paren(paren) => read(&paren.expr, leaf),
        Expr::Group(group) => read(&group.expr, leaf),
        Expr::Reference(reference) => read(&reference.expr, leaf),
        Expr::Path(path) if path.path.get_ident().is_none() => known(&path.path),
        Expr::Path(_) | Expr::Index(_) | Expr::Field(_) => leaf(expr),
        Expr::Unary(unary) => {
            let (of, sort) = read(&unary.expr, leaf)?;
            match (&unary.op, sort) {
                (UnOp::Deref(_), sort) => Some((of, sort)),
                (UnOp::Neg(_), Sort::Float | Sort::Integer) => {
                    Some((Term::apply(Op::Neg, &[of]), sort))
                }
                (UnOp::Not(_), Sort::Condition) => Some((Term::not(&of), sort)),
                _ => None,
            }
        }
        Expr::Binary(binary) => {
            let (a, left) = read(&binary.left, leaf)?;
            let (b, right) = read(&binary.right, leaf)?;
            match (left, right) {
                (Sort::Single, Sort::Float) => operation(&binary.op, (a, rounded(b)?), left),
                (Sort::Float, Sort::Single) => operation(&binary.op, (rounded(a)?, b), right),
                _ if left == right => operation(&binary.op, (a, b), left),
                _ => None,
            }
        }
        Expr::Cast(cast) => {
            let (of, sort) = read(&cast.expr, leaf)?;
            let is_f64 = matches!(&*cast.ty, syn::Type::Path(ty) if ty.path.is_ident("f64"));
            (is_f64 && sort != Sort::Condition).then_some((of, Sort::Float))
        }
        Expr::MethodCall(call) => {
            let op = Op::from_method(&call.method.to_string())?;
            let mut args = Vec::new();
            for (at, arg) in std::iter::once(&*call.receiver).chain(&call.args).enumerate() {
                let (arg, sort) = read(arg, leaf)?;
                let wanted = if op.inert_operand(at) { Sort::Integer } else { Sort::Float };
                args.push((sort == wanted).then_some(arg)?);
            }
            (args.len() == op.arity()).then(|| (Term::apply(op, &args), Sort::Float))
        }
        _ => None,
    }
}

/// A literal beside an `f32` is one.
#[allow(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
fn rounded(term: Term) -> Option<Term> {
    let Formula::Number(number) = term.0 else { return None };
    Some(Term::number(f64::from(number as f32)))
}

fn operation(op: &BinOp, (a, b): (Term, Term), sort: Sort) -> Option<Read> {
    let condition = |term| Some((term, Sort::Condition));
    match (op, sort) {
        (BinOp::Add(_), Sort::Float) => Some((a + b, sort)),
        (BinOp::Sub(_), Sort::Float) => Some((a - b, sort)),
        (BinOp::Mul(_), Sort::Float) => Some((a * b, sort)),
        (BinOp::Div(_), Sort::Float) => Some((a / b, sort)),
        (BinOp::Rem(_), Sort::Float) => Some((Term::apply(Op::Rem, &[a, b]), sort)),
        (BinOp::And(_), Sort::Condition) => condition(Term::and(a, b)),
        (BinOp::Or(_), Sort::Condition) => condition(Term::or(&a, &b)),
        (BinOp::Lt(_), Sort::Float | Sort::Single | Sort::Integer) => condition(a.less(&b)),
        (BinOp::Le(_), Sort::Float | Sort::Single | Sort::Integer) => condition(a.less_eq(&b)),
        (BinOp::Gt(_), Sort::Float | Sort::Single | Sort::Integer) => condition(b.less(&a)),
        (BinOp::Ge(_), Sort::Float | Sort::Single | Sort::Integer) => condition(b.less_eq(&a)),
        (BinOp::Eq(_), Sort::Float | Sort::Single | Sort::Integer) => condition(a.equal(&b)),
        (BinOp::Ne(_), Sort::Float | Sort::Single | Sort::Integer) => {
            condition(Term::not(&a.equal(&b)))
        }
        _ => None,
    }
}

/// A literal. One of `f32` is rounded as such.
fn constant(literal: &Lit) -> Option<Read> {
    match literal {
        Lit::Float(float) if float.suffix() == "f32" => {
            Some((Term::number(f64::from(float.base10_parse::<f32>().ok()?)), Sort::Float))
        }
        Lit::Float(float) => Some((Term::number(float.base10_parse().ok()?), Sort::Float)),
        Lit::Int(int) if matches!(int.suffix(), "f32" | "f64") => {
            Some((Term::number(int.base10_parse().ok()?), Sort::Float))
        }
        Lit::Int(int) => {
            let number: u32 = int.base10_parse().ok()?;
            Some((Term::number(f64::from(number)), Sort::Integer))
        }
        Lit::Bool(bool) => Some((Term::number(f64::from(u8::from(bool.value))), Sort::Condition)),
        _ => None,
    }
}

/// A constant of std's by its path, which nobody else has: `f64::consts::PI`, `f64::EPSILON`.
fn known(path: &syn::Path) -> Option<Read> {
    use std::f64::consts;
    let names: Vec<String> =
        path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let number = match names.as_slice() {
        [.., "f64", "consts", name] => match *name {
            "PI" => consts::PI,
            "TAU" => consts::TAU,
            "E" => consts::E,
            "LN_2" => consts::LN_2,
            "LN_10" => consts::LN_10,
            "SQRT_2" => consts::SQRT_2,
            "FRAC_PI_2" => consts::FRAC_PI_2,
            "FRAC_PI_4" => consts::FRAC_PI_4,
            "FRAC_1_SQRT_2" => consts::FRAC_1_SQRT_2,
            _ => return None,
        },
        ["f64", "EPSILON"] => f64::EPSILON,
        ["f64", "INFINITY"] => f64::INFINITY,
        ["f64", "NEG_INFINITY"] => f64::NEG_INFINITY,
        ["f64", "MAX"] => f64::MAX,
        ["f64", "MIN_POSITIVE"] => f64::MIN_POSITIVE,
        _ => return None,
    };
    Some((Term::number(number), Sort::Float))
}
