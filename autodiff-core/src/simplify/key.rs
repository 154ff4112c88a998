//! When two instructions compute the same.

use crate::ir::{Args, FloatTy, Kind, Literal, Member, ValueId};
use crate::rules::Op;

/// An operation and its operands: equal keys, equal values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Number(u64),
    Ln2,
    Ln10,
    Integer(String),
    /// The user's tokens, and what they read.
    Tokens(String, Vec<ValueId>),
    Apply(Op, Args),
    Scale(ValueId, ValueId),
    Less(ValueId, ValueId),
    LessEq(ValueId, ValueId),
    Equal(ValueId, ValueId),
    And(ValueId, ValueId),
    Or(ValueId, ValueId),
    Not(ValueId),
    Finite(Vec<ValueId>),
    Select(ValueId, ValueId, ValueId),
    Field(ValueId, Member),
    Index(ValueId, ValueId),
    Cast(ValueId, FloatTyKey),
    Len(ValueId),
    /// Arithmetic on counts.
    Count(u8, ValueId, ValueId),
    /// A value behind this many references.
    Reborrow(ValueId, usize),
}

/// [`FloatTy`] as part of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FloatTyKey {
    F32,
    F64,
    Param(String),
    Inferred,
}

impl Key {
    /// The key of a row of the table, `of` each operand; `a + b` and `b + a` are the same.
    pub(crate) fn row(op: Op, args: impl Into<Args>, of: impl Fn(ValueId) -> ValueId) -> Key {
        let mut args = args.into();
        args.iter_mut().for_each(|arg| *arg = of(*arg));
        if let (Op::Add | Op::Mul, Args::Two([a, b])) = (op, &mut args)
            && b < a
        {
            std::mem::swap(a, b);
        }
        Key::Apply(op, args)
    }

    /// The key of an instruction whose operands are replaced by their representatives; `None` for
    /// what is never shared.
    pub(crate) fn of(kind: &Kind, of: impl Fn(ValueId) -> ValueId) -> Option<Key> {
        Some(match kind {
            Kind::Const(Literal::Number(number)) => Key::Number(number.to_bits()),
            Kind::Const(Literal::Ln2) => Key::Ln2,
            Kind::Const(Literal::Ln10) => Key::Ln10,
            Kind::Apply(op, args) => Key::row(*op, *args, of),
            Kind::Scale { cotangent, partial } => Key::Scale(of(*cotangent), of(*partial)),
            Kind::Less(a, b) => Key::Less(of(*a), of(*b)),
            Kind::LessEq(a, b) => Key::LessEq(of(*a), of(*b)),
            Kind::Equal(a, b) => Key::Equal(of(*a), of(*b)),
            Kind::And(a, b) => Key::And(of(*a), of(*b)),
            Kind::Or(a, b) => Key::Or(of(*a), of(*b)),
            Kind::Not(a) => Key::Not(of(*a)),
            Kind::Finite(all) => Key::Finite(all.iter().map(|&value| of(value)).collect()),
            Kind::Select { cond, yes, no } => Key::Select(of(*cond), of(*yes), of(*no)),
            Kind::Field(a, n) => Key::Field(of(*a), *n),
            Kind::Index(a, index) => Key::Index(of(*a), of(*index)),
            Kind::Cast(a, float) => Key::Cast(of(*a), float_key(float)),
            Kind::Opaque { expr, reads, .. } if reads.is_empty() => match &**expr {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) => {
                    Key::Integer(int.base10_digits().to_owned())
                }
                _ => return None,
            },
            Kind::Opaque { .. }
            | Kind::PatternBound(_)
            | Kind::Bind(_)
            | Kind::Tuple(_)
            | Kind::Struct { .. }
            | Kind::Array(_)
            | Kind::Repeat(_)
            | Kind::Filled(..)
            | Kind::Sum(_)
            | Kind::ZeroOf(_)
            | Kind::Copy(_)
            | Kind::Reborrow(_)
            | Kind::Wrap(_)
            | Kind::Payload(_)
            | Kind::Declare(_)
            | Kind::Call(_)
            | Kind::Branch(_)
            | Kind::Block(_)
            | Kind::Zero { .. }
            | Kind::AddTo(..)
            | Kind::Load(_)
            | Kind::Optional(_)
            | Kind::Loop(_)
            | Kind::Update { .. }
            | Kind::Slice(..)
            | Kind::Define { .. }
            | Kind::Store(..)
            | Kind::Reserve(_)
            | Kind::Take(_)
            | Kind::Edit(..)
            | Kind::Tape(_)
            | Kind::Push(..)
            | Kind::Pop(_)
            | Kind::Keep(_)
            | Kind::Run(_)
            | Kind::Replay(_)
            | Kind::Present(_) => return None,
            Kind::Len(of_what) => Key::Len(of(*of_what)),
            Kind::Integer(op, a, b) => Key::Count(*op as u8, of(*a), of(*b)),
            Kind::Number(n) => Key::Integer(n.to_string()),
        })
    }
}

fn float_key(float: &FloatTy) -> FloatTyKey {
    match float {
        FloatTy::F32 => FloatTyKey::F32,
        FloatTy::F64 => FloatTyKey::F64,
        FloatTy::Inferred => FloatTyKey::Inferred,
        FloatTy::Param(name) => FloatTyKey::Param(name.to_string()),
    }
}
