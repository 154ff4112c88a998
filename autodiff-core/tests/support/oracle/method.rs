//! Methods and the functions of `f64` that are called by path.

use super::{Machine, Run, Val, unknown};
use crate::support::dual::{Binary, Num, Unary};

impl<T: Num> Machine<'_, T> {
    pub(super) fn method(&mut self, name: &str, of: &Val<T>, args: &[Val<T>]) -> Run<T> {
        match (of, name, args) {
            (Val::Float(x), "is_nan", []) => Ok(Val::Bool(x.value().is_nan())),
            (Val::Float(x), "is_finite", []) => Ok(Val::Bool(x.value().is_finite())),
            (Val::Float(x), ..) => self.float_method(name, x, args),
            (Val::Int(n), "abs", []) => Ok(Val::Int(n.abs())),
            (Val::Int(n), "pow", [Val::Int(e)]) => {
                let power = u32::try_from(*e).ok().and_then(|e| n.checked_pow(e));
                power.map(Val::Int).ok_or_else(|| unknown("a large power"))
            }
            (Val::Int(n), "min", [Val::Int(m)]) => Ok(Val::Int(*n.min(m))),
            (Val::Int(n), "max", [Val::Int(m)]) => Ok(Val::Int(*n.max(m))),
            (Val::Int(n), "rem_euclid", [Val::Int(m)]) => Ok(Val::Int(n.rem_euclid(*m))),
            (Val::Array(elements), "len", []) => {
                Ok(Val::Int(i128::try_from(elements.len()).unwrap_or(i128::MAX)))
            }
            (Val::Array(_) | Val::Tuple(_), "clone" | "to_vec", []) => Ok(of.clone()),
            (Val::Array(_) | Val::Items(_) | Val::Range(..), ..) => {
                self.items_method(name, of, args)
            }
            _ => Err(unknown(&format!("method `{name}`"))),
        }
    }

    fn float_method(&mut self, name: &str, x: &T, args: &[Val<T>]) -> Run<T> {
        let result = match (name, args) {
            ("clone", []) => x.clone(),
            ("sin_cos", []) => {
                let (sin, cos) = (x.unary(Unary::Sin), x.unary(Unary::Cos));
                return Ok(Val::Tuple(vec![self.computed(sin), self.computed(cos)]));
            }
            ("powi", [Val::Int(n)]) => x.powi(i32::try_from(*n).unwrap_or(0)),
            ("mul_add", [Val::Float(a), Val::Float(b)]) => x.mul_add(a, b),
            ("clamp", [Val::Float(low), Val::Float(high)]) => {
                x.binary(Binary::Max, low).binary(Binary::Min, high)
            }
            (_, []) => match unary(name) {
                Some(f) => x.unary(f),
                None => return Err(unknown(&format!("method `{name}`"))),
            },
            (_, [Val::Float(y)]) => match binary(name) {
                Some(f) => x.binary(f, y),
                None => return Err(unknown(&format!("method `{name}`"))),
            },
            _ => return Err(unknown(&format!("method `{name}`"))),
        };
        Ok(self.computed(result))
    }
}

fn unary(name: &str) -> Option<Unary> {
    Some(match name {
        "recip" => Unary::Recip,
        "sin" => Unary::Sin,
        "cos" => Unary::Cos,
        "tan" => Unary::Tan,
        "asin" => Unary::Asin,
        "acos" => Unary::Acos,
        "atan" => Unary::Atan,
        "sinh" => Unary::Sinh,
        "cosh" => Unary::Cosh,
        "tanh" => Unary::Tanh,
        "asinh" => Unary::Asinh,
        "acosh" => Unary::Acosh,
        "atanh" => Unary::Atanh,
        "exp" => Unary::Exp,
        "exp2" => Unary::Exp2,
        "exp_m1" => Unary::ExpM1,
        "ln" => Unary::Ln,
        "ln_1p" => Unary::Ln1p,
        "log2" => Unary::Log2,
        "log10" => Unary::Log10,
        "sqrt" => Unary::Sqrt,
        "cbrt" => Unary::Cbrt,
        "abs" => Unary::Abs,
        "signum" => Unary::Signum,
        "floor" => Unary::Floor,
        "ceil" => Unary::Ceil,
        "round" => Unary::Round,
        "round_ties_even" => Unary::RoundTiesEven,
        "trunc" => Unary::Trunc,
        "fract" => Unary::Fract,
        "to_degrees" => Unary::ToDegrees,
        "to_radians" => Unary::ToRadians,
        _ => return None,
    })
}

fn binary(name: &str) -> Option<Binary> {
    Some(match name {
        "powf" => Binary::Powf,
        "hypot" => Binary::Hypot,
        "atan2" => Binary::Atan2,
        "max" => Binary::Max,
        "min" => Binary::Min,
        "copysign" => Binary::Copysign,
        "rem_euclid" => Binary::RemEuclid,
        "div_euclid" => Binary::DivEuclid,
        "log" => Binary::Log,
        _ => return None,
    })
}
