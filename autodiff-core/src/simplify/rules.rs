//! The rewrites, each under its equation, by instruction.
//!
//! *exact*: the same bits. *sign of zero*: the same but for the sign of a zero.
//! *reassociates*: the same up to rounding; only derivatives are rewritten so.

use super::Guards;
use super::rewrite::Rewriter;
use crate::ir::{Kind, ValueId};
use crate::rules::Op;

impl Rewriter {
    /// What an instruction simplifies to, if anything.
    pub(crate) fn rule(&mut self, kind: &Kind, like: ValueId) -> Option<ValueId> {
        match kind {
            Kind::Apply(op, args) => match (op, &**args) {
                (Op::Neg, &[a]) => self.neg(a, like),
                (Op::Add, &[a, b]) => self.add(a, b, like),
                (Op::Sub, &[a, b]) => self.sub(a, b, like),
                (Op::Mul, &[a, b]) => self.mul(a, b, like),
                (Op::Div, &[a, b]) => self.div(a, b, like),
                (Op::Powi, &[x, n]) => self.powi(x, n, like),
                // float(n) = n  (exact)
                (Op::FromInt, &[n]) => {
                    let number = f64::from(self.facts.integer(n)?);
                    Some(self.constant(number, like))
                }
                // n − 1  (exact)
                (Op::Decrement, &[n]) => {
                    let less = self.facts.integer(n)?.saturating_sub(1);
                    Some(self.integer_constant(less, like))
                }
                _ => None,
            },
            &Kind::Scale { cotangent, partial } => self.scale(cotangent, partial, like),
            &Kind::Select { cond, yes, no } => self.select(cond, yes, no),
            // (a, b).0 = a  (exact)
            Kind::Field(of, n) => match self.facts.definition(*of)? {
                Kind::Tuple(parts) => parts.get(n.position()?).copied(),
                _ => None,
            },
            // [a, b][0] = a  (exact)
            Kind::Index(of, index) => match self.facts.definition(*of)? {
                Kind::Array(parts) => {
                    let at = usize::try_from(self.facts.integer(*index)?).ok()?;
                    parts.get(at).copied()
                }
                _ => None,
            },
            Kind::Const(_)
            | Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Finite(_)
            | Kind::Opaque { .. }
            | Kind::PatternBound(_)
            | Kind::Bind(_)
            | Kind::Tuple(_)
            | Kind::Struct { .. }
            | Kind::Array(_)
            | Kind::Repeat(_)
            | Kind::Filled(..)
            | Kind::Sum(_)
            | Kind::Loop(_)
            | Kind::Update { .. }
            | Kind::Slice(..)
            | Kind::Len(_)
            | Kind::ZeroOf(_)
            | Kind::Copy(_)
            | Kind::Integer(..)
            | Kind::Number(_)
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
            | Kind::Reborrow(_)
            | Kind::Wrap(_)
            | Kind::Payload(_)
            | Kind::Cast(..)
            | Kind::Declare(_)
            | Kind::Call(_)
            | Kind::Branch(_)
            | Kind::Block(_)
            | Kind::Zero { .. }
            | Kind::AddTo(..)
            | Kind::Load(_)
            | Kind::Optional(_)
            | Kind::Present(_) => None,
        }
    }

    fn powi(&mut self, x: ValueId, n: ValueId, like: ValueId) -> Option<ValueId> {
        match self.facts.integer(n)? {
            // x⁰ = 1  (exact)
            0 => Some(self.constant(1.0, like)),
            // x¹ = x  (exact)
            1 => Some(x),
            // x² = x · x  (exact)
            2 => Some(self.operation(Op::Mul, [x, x], like)),
            _ => None,
        }
    }

    fn select(&mut self, cond: ValueId, yes: ValueId, no: ValueId) -> Option<ValueId> {
        // if c { x } else { x } = x  (exact)
        if self.facts.representative(yes) == self.facts.representative(no) {
            return Some(yes);
        }
        // if 2 == 0 { x } else { y } = y  (exact)
        let number = |value| self.facts.number(value);
        let holds = match *self.facts.definition(cond)? {
            Kind::Less(a, b) => number(a)? < number(b)?,
            Kind::LessEq(a, b) => number(a)? <= number(b)?,
            #[allow(clippy::float_cmp, reason = "this is the comparison of the formula itself")]
            Kind::Equal(a, b) => number(a)? == number(b)?,
            _ => return None,
        };
        Some(if holds { yes } else { no })
    }

    fn scale(&mut self, cotangent: ValueId, partial: ValueId, like: ValueId) -> Option<ValueId> {
        // 0 ⊗ p = 0  (exact)
        if self.facts.number(cotangent) == Some(0.0) {
            return Some(cotangent);
        }
        // (−c) ⊗ p = −(c ⊗ p) = c ⊗ (−p)  (exact)
        let (c, p) = (self.facts.negated(cotangent), self.facts.negated(partial));
        if c.is_some() || p.is_some() {
            let (cotangent, partial) = (c.unwrap_or(cotangent), p.unwrap_or(partial));
            let scaled = self.scaled(cotangent, partial, like);
            let both = c.is_some() && p.is_some();
            return Some(if both { scaled } else { self.operation(Op::Neg, [scaled], like) });
        }
        // c ⊗ p = c · p, where c is never zero or p is finite  (sign of zero)
        let finite = self.facts.number(partial).is_some_and(f64::is_finite);
        let guarded = !finite && !self.facts.is_nonzero(cotangent);
        // c ⊗ (a · (1 / b)) = (c ⊗ (1 / b)) ⊗ a, which others need too  (reassociates)
        if let Some((inverse, factor)) = self.quotient(partial) {
            let quotient = self.scaled(cotangent, inverse, like);
            return Some(self.times(quotient, factor, guarded, like));
        }
        // c ⊗ (a / b) = (if c = 0 { 0 } else { c / b }) ⊗ a  (reassociates)
        if let Some((Op::Div, &[a, b])) = self.facts.row(partial)
            && self.facts.is_generated(partial)
            && (!guarded || self.guards == Guards::Branches)
        {
            let one = self.facts.number(a) == Some(1.0);
            let quotient = self.quotient_of(cotangent, b, guarded, like);
            return Some(if one { quotient } else { self.times(quotient, a, guarded, like) });
        }
        (!guarded).then(|| self.operation(Op::Mul, [cotangent, partial], like))
    }

    fn times(&mut self, a: ValueId, b: ValueId, guarded: bool, like: ValueId) -> ValueId {
        if guarded { self.scaled(a, b, like) } else { self.operation(Op::Mul, [a, b], like) }
    }

    /// 1 / b and a, if a value is a · (1 / b).
    fn quotient(&self, value: ValueId) -> Option<(ValueId, ValueId)> {
        let Some((Op::Mul, &[a, b])) = self.facts.row(value) else { return None };
        if !self.facts.is_generated(value) {
            return None;
        }
        [(a, b), (b, a)].into_iter().find(|&(inverse, _)| self.facts.is_inverse(inverse))
    }

    fn scaled(&mut self, cotangent: ValueId, partial: ValueId, like: ValueId) -> ValueId {
        let part = self.like(like);
        self.simplest(Kind::Scale { cotangent, partial }, part)
    }

    /// `c / b`, and if it is guarded `if c == 0.0 { 0.0 } else { c / b }`.
    fn quotient_of(&mut self, c: ValueId, b: ValueId, guarded: bool, like: ValueId) -> ValueId {
        let quotient = self.operation(Op::Div, [c, b], like);
        if !guarded {
            return quotient;
        }
        let zero = self.constant(0.0, like);
        let cond = self.is_equal(c, zero, like);
        let part = self.like(like);
        self.simplest(Kind::Select { cond, yes: zero, no: quotient }, part)
    }
}

/// The integer that an expression is, where it is a literal.
pub(crate) fn integer(expr: &syn::Expr) -> Option<i32> {
    match expr {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) => int.base10_parse().ok(),
        syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr, .. }) => {
            integer(expr).map(|n| -n)
        }
        syn::Expr::Paren(inner) => integer(&inner.expr),
        syn::Expr::Group(inner) => integer(&inner.expr),
        _ => None,
    }
}
