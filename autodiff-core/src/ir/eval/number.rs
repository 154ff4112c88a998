//! Numbers: operators, casts, and the methods of floats and integers.

use syn::BinOp;

use super::{EvalError, Value};
use crate::rules::{Op, Scalar};

/// A row of the rule table.
pub(super) fn apply(op: Op, args: &[Value]) -> Result<Value, EvalError> {
    if let Some(result) = int_apply(op, args) {
        return result;
    }
    let args = args.iter().map(as_float).collect::<Result<Vec<f64>, EvalError>>()?;
    Ok(Value::Float(f64::apply(op, &args)))
}

/// In the user's tokens, what has no derivative may be of integers.
fn int_apply(op: Op, args: &[Value]) -> Option<Result<Value, EvalError>> {
    let result = match (op, args) {
        (Op::Neg, [Value::Int(n)]) => n.checked_neg(),
        (Op::Add, [Value::Int(n), Value::Int(m)]) => n.checked_add(*m),
        (Op::Sub, [Value::Int(n), Value::Int(m)]) => n.checked_sub(*m),
        (Op::Mul, [Value::Int(n), Value::Int(m)]) => n.checked_mul(*m),
        (Op::Div, [Value::Int(n), Value::Int(m)]) => n.checked_div(*m),
        (Op::Rem, [Value::Int(n), Value::Int(m)]) => n.checked_rem(*m),
        (
            Op::Abs | Op::Signum | Op::Min | Op::Max | Op::Clamp | Op::RemEuclid | Op::DivEuclid,
            [Value::Int(n), rest @ ..],
        ) => return Some(int_method(op.name(), *n, rest)),
        _ => return None,
    };
    Some(result.map(Value::Int).ok_or_else(|| EvalError::Panic("integer arithmetic".to_owned())))
}

/// An operand of the rule table: an exponent is an integer.
#[allow(clippy::cast_precision_loss, reason = "exponents and counts are small")]
fn as_float(value: &Value) -> Result<f64, EvalError> {
    match value {
        Value::Float(x) => Ok(*x),
        Value::Int(n) => Ok(*n as f64),
        Value::Default => Ok(0.0),
        Value::Bool(_)
        | Value::Tuple(_)
        | Value::Struct(_)
        | Value::Array(_)
        | Value::Unit
        | Value::Optional(_)
        | Value::Tape(_)
        | Value::Record(..)
        | Value::Closure(..) => Err(value.is_not("a number")),
    }
}

/// An integer that counts something.
pub(super) fn len(value: &Value) -> Result<usize, EvalError> {
    usize::try_from(value.int()?).map_err(|_| value.is_not("a length"))
}

/// A count as a value.
pub(super) fn int(count: usize) -> Value {
    Value::Int(i128::try_from(count).unwrap_or(i128::MAX))
}

/// `a < b`.
pub(super) fn less(a: &Value, b: &Value) -> Result<bool, EvalError> {
    Ok(order(a, b)?.is_some_and(std::cmp::Ordering::is_lt))
}

/// `a <= b`.
pub(super) fn less_eq(a: &Value, b: &Value) -> Result<bool, EvalError> {
    Ok(order(a, b)?.is_some_and(std::cmp::Ordering::is_le))
}

fn order(a: &Value, b: &Value) -> Result<Option<std::cmp::Ordering>, EvalError> {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => Ok(a.partial_cmp(b)),
        (Value::Int(a), Value::Int(b)) => Ok(Some(a.cmp(b))),
        (Value::Bool(a), Value::Bool(b)) => Ok(Some(a.cmp(b))),
        (Value::Tuple(a), Value::Tuple(b)) | (Value::Array(a), Value::Array(b)) => {
            for (a, b) in a.iter().zip(b) {
                let first = order(a, b)?;
                if first != Some(std::cmp::Ordering::Equal) {
                    return Ok(first);
                }
            }
            Ok(Some(a.len().cmp(&b.len())))
        }
        _ => Err(EvalError::Broken(format!("{a:?} and {b:?} have no order"))),
    }
}

/// `a op b`; for `a op= b` the new value of `a`. Both sides are evaluated already.
pub(super) fn binary(op: &BinOp, a: &Value, b: &Value) -> Result<Value, EvalError> {
    match op {
        BinOp::Eq(_) => return Ok(Value::Bool(a == b)),
        BinOp::Ne(_) => return Ok(Value::Bool(a != b)),
        BinOp::Lt(_) => return less(a, b).map(Value::Bool),
        BinOp::Le(_) => return less_eq(a, b).map(Value::Bool),
        BinOp::Gt(_) => return less(b, a).map(Value::Bool),
        BinOp::Ge(_) => return less_eq(b, a).map(Value::Bool),
        _ => {}
    }
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => float_binary(op, *a, *b).map(Value::Float),
        (Value::Int(a), Value::Int(b)) => int_binary(op, *a, *b).map(Value::Int),
        (Value::Bool(a), Value::Bool(b)) => bool_binary(op, *a, *b).map(Value::Bool),
        _ => Err(EvalError::Broken(format!("an operator on {a:?} and {b:?}"))),
    }
}

fn float_binary(op: &BinOp, a: f64, b: f64) -> Result<f64, EvalError> {
    Ok(match op {
        BinOp::Add(_) | BinOp::AddAssign(_) => a + b,
        BinOp::Sub(_) | BinOp::SubAssign(_) => a - b,
        BinOp::Mul(_) | BinOp::MulAssign(_) => a * b,
        BinOp::Div(_) | BinOp::DivAssign(_) => a / b,
        BinOp::Rem(_) | BinOp::RemAssign(_) => a % b,
        _ => return Err(unknown("operator on floats")),
    })
}

fn bool_binary(op: &BinOp, a: bool, b: bool) -> Result<bool, EvalError> {
    Ok(match op {
        BinOp::And(_) | BinOp::BitAnd(_) | BinOp::BitAndAssign(_) => a & b,
        BinOp::Or(_) | BinOp::BitOr(_) | BinOp::BitOrAssign(_) => a | b,
        BinOp::BitXor(_) | BinOp::BitXorAssign(_) => a ^ b,
        _ => return Err(unknown("operator on bools")),
    })
}

fn int_binary(op: &BinOp, a: i128, b: i128) -> Result<i128, EvalError> {
    let shift = || u32::try_from(b).ok();
    let result = match op {
        BinOp::Add(_) | BinOp::AddAssign(_) => a.checked_add(b),
        BinOp::Sub(_) | BinOp::SubAssign(_) => a.checked_sub(b),
        BinOp::Mul(_) | BinOp::MulAssign(_) => a.checked_mul(b),
        BinOp::Div(_) | BinOp::DivAssign(_) => a.checked_div(b),
        BinOp::Rem(_) | BinOp::RemAssign(_) => a.checked_rem(b),
        BinOp::BitAnd(_) | BinOp::BitAndAssign(_) => Some(a & b),
        BinOp::BitOr(_) | BinOp::BitOrAssign(_) => Some(a | b),
        BinOp::BitXor(_) | BinOp::BitXorAssign(_) => Some(a ^ b),
        BinOp::Shl(_) | BinOp::ShlAssign(_) => shift().and_then(|b| a.checked_shl(b)),
        BinOp::Shr(_) | BinOp::ShrAssign(_) => shift().and_then(|b| a.checked_shr(b)),
        _ => return Err(unknown("operator on integers")),
    };
    result.ok_or_else(|| EvalError::Panic("integer arithmetic".to_owned()))
}

/// `value as ty`.
pub(super) fn cast(value: &Value, ty: &str) -> Result<Value, EvalError> {
    match value {
        Value::Float(x) => cast_float(*x, ty),
        Value::Int(n) => cast_int(*n, ty),
        Value::Bool(b) => cast_int(i128::from(*b), ty),
        Value::Tuple(_)
        | Value::Struct(_)
        | Value::Array(_)
        | Value::Unit
        | Value::Optional(_)
        | Value::Tape(_)
        | Value::Default
        | Value::Record(..)
        | Value::Closure(..) => Err(value.is_not("castable")),
    }
}

/// A number cast by way of each type that `as` can name.
macro_rules! cast_to {
    ($number:expr, $ty:expr, $($name:ident)+) => {
        match $ty {
            $(stringify!($name) => Ok(Value::Int($number as $name as i128)),)+
            ty => Err(unknown(&format!("cast to `{ty}`"))),
        }
    };
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::cast_lossless,
    reason = "`as` is what is evaluated"
)]
fn cast_float(x: f64, ty: &str) -> Result<Value, EvalError> {
    match ty {
        "f64" => Ok(Value::Float(x)),
        "f32" => Ok(Value::Float(f64::from(x as f32))),
        _ => cast_to!(x, ty, i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize),
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_lossless,
    clippy::unnecessary_cast,
    reason = "`as` is what is evaluated"
)]
fn cast_int(n: i128, ty: &str) -> Result<Value, EvalError> {
    match ty {
        "f64" => Ok(Value::Float(n as f64)),
        "f32" => Ok(Value::Float(f64::from(n as f32))),
        _ => cast_to!(n, ty, i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize),
    }
}

/// `receiver.name(args)`, of a number or an array.
pub(super) fn method(name: &str, receiver: &Value, args: &[Value]) -> Result<Value, EvalError> {
    match (receiver, name, args) {
        (_, "clone" | "to_owned" | "as_slice" | "into" | "to_vec" | "as_ref", []) => {
            Ok(receiver.clone())
        }
        (Value::Array(elements), "len", []) => Ok(int(elements.len())),
        (Value::Array(elements), "is_empty", []) => Ok(Value::Bool(elements.is_empty())),
        (Value::Float(x), ..) => float_method(name, *x, args),
        (Value::Int(n), ..) => int_method(name, *n, args),
        _ => Err(unknown(&format!("method `{name}` of {receiver:?}"))),
    }
}

fn float_method(name: &str, x: f64, args: &[Value]) -> Result<Value, EvalError> {
    match name {
        "total_cmp" | "partial_cmp" => {
            let [Value::Float(y)] = args else { return Err(unknown(name)) };
            let order = if name == "total_cmp" { Some(x.total_cmp(y)) } else { x.partial_cmp(y) };
            return order.map(super::chain::compared).ok_or_else(|| unknown(name));
        }
        "is_nan" => return Ok(Value::Bool(x.is_nan())),
        "is_finite" => return Ok(Value::Bool(x.is_finite())),
        "is_infinite" => return Ok(Value::Bool(x.is_infinite())),
        "is_sign_negative" => return Ok(Value::Bool(x.is_sign_negative())),
        "is_sign_positive" => return Ok(Value::Bool(x.is_sign_positive())),
        "sin_cos" => {
            return Ok(Value::Tuple(vec![Value::Float(x.sin()), Value::Float(x.cos())]));
        }
        _ => {}
    }
    let known = Op::from_method(name).filter(|op| op.arity() == args.len() + 1);
    let op = known.ok_or_else(|| unknown(&format!("float method `{name}`")))?;
    let mut operands = vec![x];
    for arg in args {
        operands.push(as_float(arg)?);
    }
    Ok(Value::Float(f64::apply(op, &operands)))
}

fn int_method(name: &str, n: i128, args: &[Value]) -> Result<Value, EvalError> {
    let args = args.iter().map(Value::int).collect::<Result<Vec<i128>, EvalError>>()?;
    let result = match (name, args.as_slice()) {
        // A comparison is such a number.
        ("is_gt", []) => return Ok(Value::Bool(n > 0)),
        ("abs", []) => n.checked_abs(),
        ("signum", []) => Some(n.signum()),
        ("pow", [e]) => u32::try_from(*e).ok().and_then(|e| n.checked_pow(e)),
        ("min", [m]) => Some(n.min(*m)),
        ("max", [m]) => Some(n.max(*m)),
        ("clamp", [low, high]) if low <= high => Some(n.clamp(*low, *high)),
        ("rem_euclid", [m]) => n.checked_rem_euclid(*m),
        ("div_euclid", [m]) => n.checked_div_euclid(*m),
        ("abs_diff", [m]) => Some((n - m).abs()),
        _ => return Err(unknown(&format!("integer method `{name}`"))),
    };
    result.map(Value::Int).ok_or_else(|| EvalError::Panic(format!("integer method `{name}`")))
}

fn unknown(what: &str) -> EvalError {
    EvalError::Unsupported(what.to_owned())
}
