//! Sums of products of one cotangent with values of the forward sweep: what does not wait for the
//! cotangent is computed first.
//!
//! * k·p + (k·q)·r = k·(p + q·r)  (reassociates)
//!
//! That takes as many operations, also where something else reads k·q too, but two less on the way
//! from one cotangent to the next. A processor does the others meanwhile.

use super::rewrite::Rewriter;
use super::sums::{Factor, Term};
use crate::ir::ValueId;
use crate::rules::Op;

impl Rewriter {
    /// The terms with two of them in one product, if there are such.
    pub(crate) fn early(&self, terms: &[Term]) -> Option<Vec<Term>> {
        let simple: Vec<(usize, ValueId, Term)> = (0..)
            .zip(terms)
            .filter_map(|(at, term)| self.of_cotangent(term).map(|(k, p)| (at, k, p)))
            .collect();
        for (at, term) in terms.iter().enumerate() {
            let ways = self.through_products(term);
            for (with, cotangent, first) in simple.iter().filter(|(with, ..)| *with != at) {
                let same = self.facts.representative(*cotangent);
                let Some((_, second)) = ways.iter().find(|(k, _)| *k == same) else { continue };
                let inner = vec![first.clone(), second.clone()];
                let factors = vec![Factor::Value(*cotangent), Factor::Sum(inner)];
                let mut all = terms.to_vec();
                all.splice(with..=with, [Term { number: 1.0, factors }]);
                all.remove(at);
                return Some(all);
            }
        }
        None
    }

    /// k and p, of a term k·p.
    fn of_cotangent(&self, term: &Term) -> Option<(ValueId, Term)> {
        let [Factor::Value(a), Factor::Value(b)] = term.factors.as_slice() else { return None };
        let (cotangent, other) = match (self.facts.is_generated(*a), self.facts.is_generated(*b)) {
            (true, false) => (*a, *b),
            (false, true) => (*b, *a),
            (true, true) | (false, false) => return None,
        };
        Some((cotangent, Term { number: term.number, factors: vec![Factor::Value(other)] }))
    }

    /// k and q·r, of a term (k·q)·r, in every way.
    fn through_products(&self, term: &Term) -> Vec<(ValueId, Term)> {
        let mut ways = Vec::new();
        let [Factor::Value(a), Factor::Value(b)] = term.factors.as_slice() else { return ways };
        let early = |value: ValueId| !self.facts.is_generated(value);
        for (product, r) in [(*a, *b), (*b, *a)] {
            let Some((Op::Mul, &[x, y])) = self.facts.row(product) else { continue };
            for (k, q) in [(x, y), (y, x)] {
                if early(q) && early(r) {
                    let factors = vec![Factor::Value(q), Factor::Value(r)];
                    let rest = Term { number: term.number, factors };
                    ways.push((self.facts.representative(k), rest));
                }
            }
        }
        ways
    }
}
