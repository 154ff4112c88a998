//! Products that are there already, as parts of others.

use super::key::Key;
use super::rewrite::Rewriter;
use crate::ir::ValueId;
use crate::rules::Op;

/// Products of more factors are not looked into.
const MOST_FACTORS: usize = 8;

impl Rewriter {
    /// (d · a) · b = d · (a · b), where others need a · b too  (reassociates)
    pub(crate) fn shared_product(
        &mut self,
        a: ValueId,
        b: ValueId,
        like: ValueId,
    ) -> Option<ValueId> {
        let (mut factors, mut open) = (Vec::new(), vec![b, a]);
        while let Some(value) = open.pop() {
            match self.facts.row(value) {
                Some((Op::Mul, &[a, b])) if !self.stays(value) => open.extend([b, a]),
                _ => factors.push(value),
            }
        }
        if !(3..=MOST_FACTORS).contains(&factors.len()) {
            return None;
        }
        let before = factors.len();
        self.share(&mut factors);
        if factors.len() == before {
            return None;
        }
        let (first, rest) = factors.split_first()?;
        let product = |product, &factor: &ValueId| self.operation(Op::Mul, [product, factor], like);
        Some(rest.iter().fold(*first, product))
    }

    /// Puts a product that is there already in the place of its factors.
    pub(crate) fn share(&self, factors: &mut Vec<ValueId>) {
        while let Some((i, j, product)) = self.known_product(factors) {
            factors.remove(j);
            if let Some(factor) = factors.get_mut(i) {
                *factor = product;
            }
        }
    }

    fn known_product(&self, factors: &[ValueId]) -> Option<(usize, usize, ValueId)> {
        for (i, &a) in factors.iter().enumerate() {
            for (j, &b) in factors.iter().enumerate().skip(i + 1) {
                let of = |value| self.facts.representative(value);
                let key = Key::row(Op::Mul, [a, b], of);
                let known = self.facts.known(&key);
                if let Some(product) = known.filter(|&product| self.stays(product)) {
                    return Some((i, j, self.operand(product)));
                }
            }
        }
        None
    }

    /// Whether a value is computed whatever becomes of the one that is being looked at.
    fn stays(&self, value: ValueId) -> bool {
        !self.facts.is_generated(value) || !self.facts.is_read_once(value)
    }
}
