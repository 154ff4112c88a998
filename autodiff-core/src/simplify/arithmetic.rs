//! The rewrites of `+ - * /`: constants are folded, signs move outwards until they end in a
//! subtraction, constants move to the left.

use super::key::Key;
use super::rewrite::Rewriter;
use super::sums::is_one;
use crate::ir::ValueId;
use crate::rules::Op;

impl Rewriter {
    pub(crate) fn neg(&mut self, a: ValueId, like: ValueId) -> Option<ValueId> {
        // −c  (exact)
        if let Some(number) = self.facts.number(a) {
            return Some(self.constant(-number, like));
        }
        if let Some((Op::Add | Op::Sub, _)) = self.facts.row(a)
            && let Some(sum) = self.sum_of(vec![(-1.0, a)], like)
        {
            return Some(sum);
        }
        match self.facts.row(a)? {
            // −(−x) = x  (exact)
            (Op::Neg, &[x]) => Some(x),
            // −(x − y) = y − x  (sign of zero)
            (Op::Sub, &[x, y]) if self.facts.is_read_once(a) => {
                Some(self.operation(Op::Sub, [y, x], like))
            }
            _ => None,
        }
    }

    pub(crate) fn add(&mut self, a: ValueId, b: ValueId, like: ValueId) -> Option<ValueId> {
        match (self.facts.number(a), self.facts.number(b)) {
            // c + d  (exact)
            (Some(c), Some(d)) => return Some(self.constant(c + d, like)),
            // 0 + x = x  (sign of zero)
            (Some(0.0), _) => return Some(b),
            (_, Some(0.0)) => return Some(a),
            _ => {}
        }
        // x + x = 2x  (exact)
        if self.facts.representative(a) == self.facts.representative(b) {
            let two = self.constant(2.0, like);
            return Some(self.operation(Op::Mul, [two, a], like));
        }
        if let Some(sum) = self.sum(Op::Add, (a, b), like) {
            return Some(sum);
        }
        // a + (−x) = a − x  (exact)
        for (kept, negated) in [(a, b), (b, a)] {
            if let Some(x) = self.facts.negated(negated) {
                return Some(self.operation(Op::Sub, [kept, x], like));
            }
        }
        None
    }

    pub(crate) fn sub(&mut self, a: ValueId, b: ValueId, like: ValueId) -> Option<ValueId> {
        match (self.facts.number(a), self.facts.number(b)) {
            // c − d  (exact)
            (Some(c), Some(d)) => return Some(self.constant(c - d, like)),
            // x − 0 = x  (exact)
            (_, Some(0.0)) => return Some(a),
            // 0 − x = −x  (sign of zero)
            (Some(0.0), _) => return Some(self.operation(Op::Neg, [b], like)),
            _ => {}
        }
        if let Some(sum) = self.sum(Op::Sub, (a, b), like) {
            return Some(sum);
        }
        // a − (−x) = a + x  (exact)
        if let Some(x) = self.facts.negated(b) {
            return Some(self.operation(Op::Add, [a, x], like));
        }
        // (−x) − b = −(x + b)  (sign of zero)
        if let Some(x) = self.facts.negated(a) {
            let sum = self.operation(Op::Add, [x, b], like);
            return Some(self.operation(Op::Neg, [sum], like));
        }
        None
    }

    pub(crate) fn mul(&mut self, a: ValueId, b: ValueId, like: ValueId) -> Option<ValueId> {
        match (self.facts.number(a), self.facts.number(b)) {
            // c · d  (exact, as a number of the program)
            (Some(c), Some(d)) => return Some(self.constant(c * d, like)),
            // 0 · x = 0  (what is constant does not depend on x, whatever x is)
            (Some(0.0), _) => return Some(a),
            (_, Some(0.0)) => return Some(b),
            // x · c = c · x  (exact)
            (None, Some(_)) => return Some(self.operation(Op::Mul, [b, a], like)),
            (Some(c), None) => return self.mul_constant(c, b, like),
            (None, None) => {}
        }
        for (x, other) in [(a, b), (b, a)] {
            // (−x) · b = −(x · b)  (exact)
            if let Some(x) = self.facts.negated(x) {
                let product = self.operation(Op::Mul, [x, other], like);
                return Some(self.operation(Op::Neg, [product], like));
            }
        }
        for (inner, other) in [(b, a), (a, b)] {
            if !self.facts.is_read_once(inner) {
                continue;
            }
            match self.facts.row(inner) {
                // d · (1 / x) = d / x  (reassociates)
                Some((Op::Div, &[one, x])) if self.facts.number(one) == Some(1.0) => {
                    return Some(self.operation(Op::Div, [other, x], like));
                }
                // d · (c · x) = c · (d · x)  (reassociates)
                Some((Op::Mul, &[c, x])) if self.facts.number(c).is_some() => {
                    let product = self.operation(Op::Mul, [other, x], like);
                    return Some(self.operation(Op::Mul, [c, product], like));
                }
                _ => {}
            }
        }
        self.shared_product(a, b, like)
    }

    fn mul_constant(&mut self, c: f64, b: ValueId, like: ValueId) -> Option<ValueId> {
        // 1 · x = x  (exact)
        if is_one(c) {
            return Some(b);
        }
        // −c · x = −(c · x)  (exact)
        let negated = self.facts.negated(b);
        if c < 0.0 || negated.is_some() {
            let constant = self.constant(c.abs(), like);
            let x = negated.unwrap_or(b);
            let product = self.operation(Op::Mul, [constant, x], like);
            let negative = (c < 0.0) != negated.is_some();
            return Some(if negative { self.operation(Op::Neg, [product], like) } else { product });
        }
        let (op, d, x) = match self.facts.row(b)? {
            // c · (d · x) = (c d) · x  (reassociates)
            (Op::Mul, &[d, x]) => (Op::Mul, d, x),
            // c · (d / x) = (c d) / x  (reassociates)
            (Op::Div, &[d, x]) if self.facts.is_read_once(b) => (Op::Div, d, x),
            _ => return None,
        };
        let product = self.constant(c * self.facts.number(d)?, like);
        Some(self.operation(op, [product, x], like))
    }

    pub(crate) fn div(&mut self, a: ValueId, b: ValueId, like: ValueId) -> Option<ValueId> {
        match (self.facts.number(a), self.facts.number(b)) {
            // c / d  (exact, as a number of the program)
            (Some(c), Some(d)) => return Some(self.constant(c / d, like)),
            // 0 / x = 0  (what is constant does not depend on x, whatever x is)
            // x / 1 = x  (exact)
            (Some(0.0), _) | (_, Some(1.0)) => return Some(a),
            _ => {}
        }
        // (−x) / b = −(x / b)  (exact)
        if let Some(x) = self.facts.negated(a) {
            let quotient = self.operation(Op::Div, [x, b], like);
            return Some(self.operation(Op::Neg, [quotient], like));
        }
        // a / b = a · (1 / b), where others need 1 / b too  (reassociates)
        if self.facts.number(a) == Some(1.0) {
            return None;
        }
        let one = self.known_number(1.0)?;
        let key = Key::row(Op::Div, [one, b], |value| self.facts.representative(value));
        let inverse = self.facts.known(&key)?;
        if self.facts.is_read_once(inverse) {
            return None;
        }
        Some(self.operation(Op::Mul, [a, inverse], like))
    }
}
