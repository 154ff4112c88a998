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
            for (with, cotangent, first) in simple.iter().filter(|(with, ..)| *with != at) {
                let Some(second) = self.through_product(term, *cotangent) else { continue };
                let inner = vec![first.clone(), second];
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

    /// q·r, of a term (k·q)·r.
    fn through_product(&self, term: &Term, cotangent: ValueId) -> Option<Term> {
        let [Factor::Value(a), Factor::Value(b)] = term.factors.as_slice() else { return None };
        let early = |value: ValueId| !self.facts.is_generated(value);
        for (product, r) in [(*a, *b), (*b, *a)] {
            let Some((Op::Mul, &[x, y])) = self.facts.row(product) else { continue };
            for (k, q) in [(x, y), (y, x)] {
                let same = self.facts.representative(k) == self.facts.representative(cotangent);
                if same && early(q) && early(r) {
                    let factors = vec![Factor::Value(q), Factor::Value(r)];
                    return Some(Term { number: term.number, factors });
                }
            }
        }
        None
    }
}
