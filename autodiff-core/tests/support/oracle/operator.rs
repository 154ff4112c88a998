//! Operators and casts.

use syn::BinOp;

use super::{Machine, Run, Val, panic, unknown};
use crate::support::dual::{Binary, Num};

impl<T: Num> Machine<'_, T> {
    /// `a op b`, and the new `a` of `a op= b`.
    pub(super) fn operate(&mut self, op: &BinOp, a: &Val<T>, b: &Val<T>) -> Run<T> {
        match (a, b) {
            (Val::Float(x), Val::Float(y)) => {
                let binary = match op {
                    BinOp::Add(_) | BinOp::AddAssign(_) => Binary::Add,
                    BinOp::Sub(_) | BinOp::SubAssign(_) => Binary::Sub,
                    BinOp::Mul(_) | BinOp::MulAssign(_) => Binary::Mul,
                    BinOp::Div(_) | BinOp::DivAssign(_) => Binary::Div,
                    BinOp::Rem(_) | BinOp::RemAssign(_) => Binary::Rem,
                    op => return compare(op, x.value().partial_cmp(&y.value())),
                };
                Ok(self.computed(x.binary(binary, y)))
            }
            (Val::Int(x), Val::Int(y)) => integers(op, *x, *y),
            (Val::Bool(x), Val::Bool(y)) => match op {
                BinOp::And(_) | BinOp::BitAnd(_) | BinOp::BitAndAssign(_) => Ok(Val::Bool(x & y)),
                BinOp::Or(_) | BinOp::BitOr(_) | BinOp::BitOrAssign(_) => Ok(Val::Bool(x | y)),
                BinOp::BitXor(_) | BinOp::BitXorAssign(_) => Ok(Val::Bool(x ^ y)),
                op => compare(op, Some(x.cmp(y))),
            },
            _ => Err(unknown("an operator on these")),
        }
    }

    pub(super) fn equal(&mut self, a: &Val<T>, b: &Val<T>) -> Run<T, bool> {
        match self.operate(&BinOp::Eq(syn::token::EqEq::default()), a, b)? {
            Val::Bool(equal) => Ok(equal),
            _ => Err(unknown("an equality")),
        }
    }
}

fn integers<T>(op: &BinOp, x: i128, y: i128) -> Run<T> {
    let result = match op {
        BinOp::Add(_) | BinOp::AddAssign(_) => Some(x + y),
        BinOp::Sub(_) | BinOp::SubAssign(_) => Some(x - y),
        BinOp::Mul(_) | BinOp::MulAssign(_) => x.checked_mul(y),
        BinOp::Div(_) | BinOp::DivAssign(_) => x.checked_div(y),
        BinOp::Rem(_) | BinOp::RemAssign(_) => x.checked_rem(y),
        BinOp::BitAnd(_) => Some(x & y),
        BinOp::BitOr(_) => Some(x | y),
        BinOp::BitXor(_) => Some(x ^ y),
        op => return compare(op, Some(x.cmp(&y))),
    };
    result.map(Val::Int).ok_or_else(|| panic("integer arithmetic".to_owned()))
}

fn compare<T>(op: &BinOp, order: Option<std::cmp::Ordering>) -> Run<T> {
    Ok(Val::Bool(match op {
        BinOp::Eq(_) => order.is_some_and(std::cmp::Ordering::is_eq),
        BinOp::Ne(_) => !order.is_some_and(std::cmp::Ordering::is_eq),
        BinOp::Lt(_) => order.is_some_and(std::cmp::Ordering::is_lt),
        BinOp::Le(_) => order.is_some_and(std::cmp::Ordering::is_le),
        BinOp::Gt(_) => order.is_some_and(std::cmp::Ordering::is_gt),
        BinOp::Ge(_) => order.is_some_and(std::cmp::Ordering::is_ge),
        _ => return Err(unknown("an operator")),
    }))
}

/// `value as ty`
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a cast is what is asked for"
)]
pub(super) fn cast<T: Num>(value: &Val<T>, ty: &str) -> Run<T> {
    match (value, ty) {
        (Val::Float(x), "f64") => Ok(Val::Float(x.clone())),
        (Val::Int(n), "f64") => Ok(Val::Float(T::from_f64(*n as f64))),
        (Val::Float(x), "i32") => Ok(Val::Int(i128::from(x.value() as i32))),
        (Val::Float(x), "usize") => Ok(Val::Int(x.value() as usize as i128)),
        (Val::Int(n), "i32") => Ok(Val::Int(i128::from(*n as i32))),
        (Val::Int(n), "usize") => Ok(Val::Int(*n as usize as i128)),
        (Val::Bool(b), "i32" | "usize") => Ok(Val::Int(i128::from(*b))),
        _ => Err(unknown(&format!("cast to `{ty}`"))),
    }
}
