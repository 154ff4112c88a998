//! Run-time values of the interpreter, and the arithmetic of their tangents.

use std::collections::BTreeMap;

use super::EvalError;
use crate::ir::{Member, Name};

/// What a value of the IR is at run time. References are the value that they refer to.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A float of any width.
    Float(f64),
    /// An integer of any type.
    Int(i128),
    /// A `bool`.
    Bool(bool),
    /// A tuple of at least one field.
    Tuple(Vec<Value>),
    /// A struct with named fields.
    Struct(BTreeMap<Name, Value>),
    /// An array, a slice or a `Vec`.
    Array(Vec<Value>),
    /// `()`: also the tangent of what is not a float.
    Unit,
    /// What one arm left for its reverse sweep, or what another arm left instead.
    Optional(Option<Box<Value>>),
    /// What iterations left for the reverse sweep, one record each.
    Tape(Vec<Vec<Value>>),
    /// What a variable holds that is not read before it is assigned: zero, whatever its type.
    Default,
    /// What a split hands to its pullback, which runs the function again: the arguments and their
    /// tangents.
    Record(Vec<Value>, Vec<Value>),
    /// A closure that has a name: its text, and the variables where it is written.
    Closure(String, Vec<(String, Vec<Member>, Value)>),
}

impl Value {
    /// The number, if it is a float.
    ///
    /// # Errors
    /// If it is something else.
    pub fn float(&self) -> Result<f64, EvalError> {
        match self {
            Value::Float(x) => Ok(*x),
            Value::Default => Ok(0.0),
            _ => Err(self.is_not("a float")),
        }
    }

    /// The number, if it is an integer.
    ///
    /// # Errors
    /// If it is something else.
    pub fn int(&self) -> Result<i128, EvalError> {
        if let Value::Int(n) = self { Ok(*n) } else { Err(self.is_not("an integer")) }
    }

    /// A struct of these fields, and of those of `base` that are not among them.
    pub(super) fn structure(
        fields: Vec<(Member, Value)>,
        base: Option<Value>,
    ) -> Result<Value, EvalError> {
        let named = matches!(fields.first(), None | Some((Member::Named(_), _)));
        let empty = if named {
            Value::Struct(BTreeMap::new())
        } else {
            Value::Tuple(vec![Value::Unit; fields.len()])
        };
        let mut whole = base.unwrap_or(empty);
        for (member, value) in fields {
            match (&mut whole, member) {
                (Value::Struct(fields), Member::Named(name) | Member::Variant(name)) => {
                    fields.insert(name, value);
                }
                (whole, member) => *whole.field_mut(member)? = value,
            }
        }
        Ok(whole)
    }

    /// The sum of its elements, if it is an array.
    ///
    /// # Errors
    /// If it is something else.
    pub fn sum(&self) -> Result<Value, EvalError> {
        let Value::Array(elements) = self else { return Err(self.is_not("an array")) };
        let Some((first, rest)) = elements.split_first() else { return Ok(Value::Float(0.0)) };
        let mut sum = first.clone();
        rest.iter().try_for_each(|element| sum.add_tangent(element))?;
        Ok(sum)
    }

    /// Its elements, to be changed, if it is an array.
    ///
    /// # Errors
    /// If it is something else.
    pub fn elements_mut(&mut self) -> Result<&mut Vec<Value>, EvalError> {
        let error = self.is_not("an array");
        if let Value::Array(elements) = self { Ok(elements) } else { Err(error) }
    }

    /// The truth value, if it is a `bool`.
    ///
    /// # Errors
    /// If it is something else.
    pub fn bool(&self) -> Result<bool, EvalError> {
        if let Value::Bool(b) = self { Ok(*b) } else { Err(self.is_not("a bool")) }
    }

    /// A field of a tuple or a struct.
    ///
    /// # Errors
    /// If it has no such field.
    pub fn field(&self, member: Member) -> Result<&Value, EvalError> {
        let field = match (self, member) {
            (Value::Tuple(fields), Member::Unnamed(n)) => fields.get(n as usize),
            (Value::Struct(fields), Member::Named(name) | Member::Variant(name)) => {
                fields.get(&name)
            }
            (Value::Default, _) => Some(self),
            _ => None,
        };
        field.ok_or_else(|| self.is_not(&format!("something with a field `{member}`")))
    }

    /// Element `index` of an array.
    ///
    /// # Errors
    /// If it is no array, or the index is out of bounds.
    pub fn element(&self, index: &Value) -> Result<&Value, EvalError> {
        let elements = match self {
            Value::Array(elements) => elements,
            Value::Default => return Ok(self),
            _ => return Err(self.is_not("an array")),
        };
        let n = index.int()?;
        let element = usize::try_from(n).ok().and_then(|n| elements.get(n));
        element.ok_or_else(|| out_of_bounds(n, elements.len()))
    }

    /// A field, to be written.
    pub(super) fn field_mut(&mut self, member: Member) -> Result<&mut Value, EvalError> {
        let error = self.is_not(&format!("something with a field `{member}`"));
        let field = match (self, member) {
            (Value::Tuple(fields), Member::Unnamed(n)) => fields.get_mut(n as usize),
            (Value::Struct(fields), Member::Named(name) | Member::Variant(name)) => {
                fields.get_mut(&name)
            }
            _ => None,
        };
        field.ok_or(error)
    }

    /// Element `index` of an array, to be written.
    pub(super) fn element_mut(&mut self, index: &Value) -> Result<&mut Value, EvalError> {
        let error = self.is_not("an array");
        let Value::Array(elements) = self else {
            return Err(error);
        };
        let n = index.int()?;
        let len = elements.len();
        let element = usize::try_from(n).ok().and_then(|n| elements.get_mut(n));
        element.ok_or_else(|| out_of_bounds(n, len))
    }

    /// The zero tangent at this value.
    #[must_use]
    pub fn zero_tangent(&self) -> Value {
        match self {
            Value::Float(_) => Value::Float(0.0),
            Value::Tuple(fields) => Value::Tuple(fields.iter().map(Value::zero_tangent).collect()),
            Value::Array(elements) => {
                Value::Array(elements.iter().map(Value::zero_tangent).collect())
            }
            Value::Struct(fields) => {
                let zero = |(&name, field): (&Name, &Value)| (name, field.zero_tangent());
                Value::Struct(fields.iter().map(zero).collect())
            }
            Value::Optional(of) => {
                Value::Optional(of.as_ref().map(|value| Box::new(value.zero_tangent())))
            }
            Value::Default => Value::Default,
            Value::Int(_)
            | Value::Bool(_)
            | Value::Unit
            | Value::Tape(_)
            | Value::Record(..)
            | Value::Closure(..) => Value::Unit,
        }
    }

    /// `self *= by`, of a tangent. Times zero is zero, whatever it was.
    #[allow(clippy::float_cmp, reason = "zero is meant exactly")]
    pub(super) fn scale(&mut self, by: f64) {
        match self {
            Value::Float(x) => *x = if by == 0.0 { 0.0 } else { *x * by },
            Value::Tuple(parts) | Value::Array(parts) => {
                parts.iter_mut().for_each(|part| part.scale(by));
            }
            Value::Struct(fields) => fields.values_mut().for_each(|part| part.scale(by)),
            Value::Optional(Some(part)) => part.scale(by),
            Value::Int(_)
            | Value::Bool(_)
            | Value::Unit
            | Value::Optional(None)
            | Value::Default
            | Value::Tape(_)
            | Value::Record(..)
            | Value::Closure(..) => {}
        }
    }

    /// `self += other`, of two tangents at the same value.
    pub(super) fn add_tangent(&mut self, other: &Value) -> Result<(), EvalError> {
        match (&mut *self, other) {
            (Value::Float(sum), Value::Float(x)) => *sum += x,
            (Value::Tuple(sums), Value::Tuple(parts))
            | (Value::Array(sums), Value::Array(parts))
                if sums.len() == parts.len() =>
            {
                for (sum, part) in sums.iter_mut().zip(parts) {
                    sum.add_tangent(part)?;
                }
            }
            (Value::Struct(sums), Value::Struct(parts)) if sums.keys().eq(parts.keys()) => {
                for (sum, part) in sums.values_mut().zip(parts.values()) {
                    sum.add_tangent(part)?;
                }
            }
            (Value::Unit, Value::Unit) | (_, Value::Default) => {}
            (Value::Default, _) => *self = other.clone(),
            _ => {
                let shapes = format!("{self:?} += {other:?}: not two tangents of one shape");
                return Err(EvalError::Broken(shapes));
            }
        }
        Ok(())
    }

    /// The error of a value that is not what an instruction needs.
    pub(super) fn is_not(&self, wanted: &str) -> EvalError {
        EvalError::Broken(format!("{self:?} is not {wanted}"))
    }
}

fn out_of_bounds(index: i128, len: usize) -> EvalError {
    EvalError::Panic(format!("index out of bounds: the len is {len} but the index is {index}"))
}
