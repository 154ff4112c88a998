//! The rewrites, each under its equation.
//!
//! *exact*: the same bits. *sign of zero*: the same but for the sign of a zero.
//! *reassociates*: the same up to rounding; only derivatives are rewritten so.

use super::key::Key;
use super::rewrite::Rewriter;
use crate::ir::{Kind, ValueId};
use crate::rules::Op;

impl Rewriter {
    /// What an instruction simplifies to, if anything.
    pub(crate) fn rule(&mut self, kind: &Kind, like: ValueId) -> Option<ValueId> {
        match kind {
            Kind::Apply(op, args) => match (op, args.as_slice()) {
                (Op::Neg, &[a]) => self.neg(a, like),
                (Op::Add, &[a, b]) => self.add(a, b, like),
                (Op::Sub, &[a, b]) => self.sub(a, b, like),
                (Op::Mul, &[a, b]) => self.mul(a, b, like),
                (Op::Div, &[a, b]) => self.div(a, b, like),
                (Op::Powi, &[x, n]) => self.powi(x, n, like),
                // float(n) = n  (exact)
                (Op::FromInt, &[n]) => {
                    let number = f64::from(self.integer(n)?);
                    Some(self.constant(number, like))
                }
                // n − 1  (exact)
                (Op::Decrement, &[n]) => {
                    let less = self.integer(n)?.saturating_sub(1);
                    Some(self.integer_constant(less, like))
                }
                _ => None,
            },
            &Kind::Scale { cotangent, partial } => self.scale(cotangent, partial, like),
            &Kind::Select { cond, yes, no } => self.select(cond, yes, no),
            _ => None,
        }
    }

    fn neg(&mut self, a: ValueId, like: ValueId) -> Option<ValueId> {
        // −c = (−c)  (exact)
        if let Some(number) = self.number(a) {
            return Some(self.constant(-number, like));
        }
        match self.apply(a)? {
            // −(−x) = x  (exact)
            (Op::Neg, args) => args.first().copied(),
            // −(a − b) = b − a  (sign of zero)
            (Op::Sub, args) if self.is_read_once(a) => match *args.as_slice() {
                [x, y] => Some(self.operation(Op::Sub, vec![y, x], like)),
                _ => None,
            },
            _ => None,
        }
    }

    fn add(&mut self, a: ValueId, b: ValueId, like: ValueId) -> Option<ValueId> {
        match (self.number(a), self.number(b)) {
            // c + d  (exact)
            (Some(c), Some(d)) => return Some(self.constant(c + d, like)),
            // 0 + x = x  (sign of zero)
            (Some(0.0), _) => return Some(b),
            (_, Some(0.0)) => return Some(a),
            _ => {}
        }
        // x + x = 2x  (exact)
        if self.representative(a) == self.representative(b) {
            let two = self.constant(2.0, like);
            return Some(self.operation(Op::Mul, vec![two, a], like));
        }
        // a + (−x) = a − x  (exact)
        if let Some(x) = self.negated(b) {
            return Some(self.operation(Op::Sub, vec![a, x], like));
        }
        if let Some(x) = self.negated(a) {
            return Some(self.operation(Op::Sub, vec![b, x], like));
        }
        self.factor(Op::Add, a, b, like)
    }

    fn sub(&mut self, a: ValueId, b: ValueId, like: ValueId) -> Option<ValueId> {
        match (self.number(a), self.number(b)) {
            // c − d  (exact)
            (Some(c), Some(d)) => return Some(self.constant(c - d, like)),
            // x − 0 = x  (exact)
            (_, Some(0.0)) => return Some(a),
            // 0 − x = −x  (sign of zero)
            (Some(0.0), _) => return Some(self.operation(Op::Neg, vec![b], like)),
            _ => {}
        }
        // a − (−x) = a + x  (exact)
        if let Some(x) = self.negated(b) {
            return Some(self.operation(Op::Add, vec![a, x], like));
        }
        // (−x) − b = −(x + b)  (sign of zero)
        if let Some(x) = self.negated(a) {
            let sum = self.operation(Op::Add, vec![x, b], like);
            return Some(self.operation(Op::Neg, vec![sum], like));
        }
        self.factor(Op::Sub, a, b, like)
    }

    /// d·p ± d·q = d·(p ± q)  (reassociates)
    fn factor(&mut self, op: Op, a: ValueId, b: ValueId, like: ValueId) -> Option<ValueId> {
        if !self.is_read_once(a) || !self.is_read_once(b) {
            return None;
        }
        let ((Op::Mul, left), (Op::Mul, right)) = (self.apply(a)?, self.apply(b)?) else {
            return None;
        };
        let (&[p, q], &[r, s]) = (left.as_slice(), right.as_slice()) else { return None };
        for (shared, first, other, second) in [(p, q, r, s), (p, q, s, r), (q, p, r, s), (q, p, s, r)]
        {
            if self.representative(shared) == self.representative(other) {
                let sum = self.operation(op, vec![first, second], like);
                return Some(self.operation(Op::Mul, vec![shared, sum], like));
            }
        }
        None
    }

    fn mul(&mut self, a: ValueId, b: ValueId, like: ValueId) -> Option<ValueId> {
        if let (Some(c), Some(d)) = (self.number(a), self.number(b)) {
            // c · d  (exact: the constants are numbers of the source and of the rules)
            return Some(self.constant(c * d, like));
        }
        // A constant stands on the left.
        if self.number(b).is_some() {
            return Some(self.operation(Op::Mul, vec![b, a], like));
        }
        if let Some(c) = self.number(a) {
            return self.mul_constant(c, b, like);
        }
        // (−x) · b = −(x · b)  (exact)
        for (x, other) in [(a, b), (b, a)] {
            if let Some(x) = self.negated(x) {
                let product = self.operation(Op::Mul, vec![x, other], like);
                return Some(self.operation(Op::Neg, vec![product], like));
            }
        }
        // d · (1 / b) = d / b  (reassociates)
        for (inverse, other) in [(b, a), (a, b)] {
            if self.is_read_once(inverse)
                && let (Op::Div, args) = self.apply(inverse).unwrap_or((Op::Neg, Vec::new()))
                && let &[one, divisor] = args.as_slice()
                && self.number(one) == Some(1.0)
            {
                return Some(self.operation(Op::Div, vec![other, divisor], like));
            }
        }
        // x · (c · y) = c · (x · y)  (reassociates)
        for (scaled, other) in [(b, a), (a, b)] {
            if self.is_read_once(scaled)
                && let (Op::Mul, args) = self.apply(scaled).unwrap_or((Op::Neg, Vec::new()))
                && let &[c, inner] = args.as_slice()
                && self.number(c).is_some()
            {
                let product = self.operation(Op::Mul, vec![other, inner], like);
                return Some(self.operation(Op::Mul, vec![c, product], like));
            }
        }
        None
    }

    fn mul_constant(&mut self, c: f64, b: ValueId, like: ValueId) -> Option<ValueId> {
        // 1 · x = x  (exact)
        if c == 1.0 {
            return Some(b);
        }
        // −c · x = −(c · x)  (exact)
        if c < 0.0 {
            let positive = self.constant(-c, like);
            let product = self.operation(Op::Mul, vec![positive, b], like);
            return Some(self.operation(Op::Neg, vec![product], like));
        }
        if let Some(x) = self.negated(b) {
            let constant = self.constant(c, like);
            let product = self.operation(Op::Mul, vec![constant, x], like);
            return Some(self.operation(Op::Neg, vec![product], like));
        }
        if !self.is_read_once(b) {
            return None;
        }
        match self.apply(b)? {
            // c · (d · x) = (c d) · x  (reassociates)
            (Op::Mul, args) => match *args.as_slice() {
                [d, x] => {
                    let product = self.constant(c * self.number(d)?, like);
                    Some(self.operation(Op::Mul, vec![product, x], like))
                }
                _ => None,
            },
            // c · (d / x) = (c d) / x  (reassociates)
            (Op::Div, args) => match *args.as_slice() {
                [d, x] => {
                    let product = self.constant(c * self.number(d)?, like);
                    Some(self.operation(Op::Div, vec![product, x], like))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn div(&mut self, a: ValueId, b: ValueId, like: ValueId) -> Option<ValueId> {
        // x / 1 = x  (exact)
        if self.number(b) == Some(1.0) {
            return Some(a);
        }
        // (−x) / b = −(x / b)  (exact)
        if let Some(x) = self.negated(a) {
            let quotient = self.operation(Op::Div, vec![x, b], like);
            return Some(self.operation(Op::Neg, vec![quotient], like));
        }
        if self.number(a) == Some(1.0) {
            return None;
        }
        // a / b = a · (1 / b), where 1 / b is needed anyway  (reassociates)
        let one = self.known_number(1.0)?;
        let inverse = self.known(&Key::Apply(Op::Div, vec![one, self.representative(b)]))?;
        Some(self.operation(Op::Mul, vec![a, inverse], like))
    }

    fn powi(&mut self, x: ValueId, n: ValueId, like: ValueId) -> Option<ValueId> {
        match self.integer(n)? {
            // x⁰ = 1  (exact)
            0 => Some(self.constant(1.0, like)),
            // x¹ = x  (exact)
            1 => Some(x),
            // x² = x · x  (exact)
            2 => Some(self.operation(Op::Mul, vec![x, x], like)),
            _ => None,
        }
    }

    fn scale(&mut self, cotangent: ValueId, partial: ValueId, like: ValueId) -> Option<ValueId> {
        // A cotangent that is never zero, or a partial that is always finite: a plain product.
        let never_zero = self.number(cotangent).is_some_and(|c| c != 0.0);
        let finite = self.number(partial).is_some_and(f64::is_finite);
        if never_zero || finite {
            return Some(self.operation(Op::Mul, vec![cotangent, partial], like));
        }
        // (−c) ⊗ p = −(c ⊗ p) = c ⊗ (−p)  (exact)
        let (c, p) = (self.negated(cotangent), self.negated(partial));
        if c.is_none() && p.is_none() {
            return None;
        }
        let part = self.like(like);
        let kind = Kind::Scale { cotangent: c.unwrap_or(cotangent), partial: p.unwrap_or(partial) };
        let scaled = self.simplest(&kind, part);
        if c.is_some() && p.is_some() {
            return Some(scaled);
        }
        Some(self.operation(Op::Neg, vec![scaled], like))
    }

    fn select(&mut self, cond: ValueId, yes: ValueId, no: ValueId) -> Option<ValueId> {
        if self.representative(yes) == self.representative(no) {
            return Some(yes);
        }
        let holds = match self.definition(cond)? {
            &Kind::Less(a, b) => self.number(a)? < self.number(b)?,
            &Kind::LessEq(a, b) => self.number(a)? <= self.number(b)?,
            #[allow(clippy::float_cmp, reason = "this is the comparison of the formula itself")]
            &Kind::Equal(a, b) => self.number(a)? == self.number(b)?,
            _ => return None,
        };
        Some(if holds { yes } else { no })
    }

    /// A row of the table that computes a value.
    fn apply(&self, value: ValueId) -> Option<(Op, Vec<ValueId>)> {
        match self.definition(value)? {
            Kind::Apply(op, args) => Some((*op, args.clone())),
            _ => None,
        }
    }

    /// `x`, if the value is −x.
    fn negated(&self, value: ValueId) -> Option<ValueId> {
        match self.apply(value)? {
            (Op::Neg, args) if self.number(*args.first()?).is_none() => args.first().copied(),
            _ => None,
        }
    }
}

/// An integer literal, decremented ones folded.
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
