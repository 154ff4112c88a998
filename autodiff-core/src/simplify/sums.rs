//! Sums of products, the form of every cotangent: like terms and common factors.
//!
//! A sum is taken apart into terms, each a number times factors, down to what something else
//! reads too; it is put together again where that saves a product.
//!
//! * k·p + l·p = (k + l)·p  (reassociates)
//! * d·p + d·q = d·(p + q)  (reassociates)

use std::collections::{BTreeMap, BTreeSet};

use super::rewrite::Rewriter;
use super::within::Within;
use crate::ir::{Kind, Literal, ValueId};
use crate::rules::Op;

/// A product: a number times factors.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    pub(crate) number: f64,
    pub(crate) factors: Vec<Factor>,
}

/// A factor of a term.
#[derive(Clone, Debug)]
pub(crate) enum Factor {
    Value(ValueId),
    Sum(Vec<Term>),
}

/// A term, and the same down to what is no product, if that is known.
type Expanded = (Term, Option<(f64, Vec<ValueId>)>);

/// Products of more factors are not looked into: `t = t * t` would have 2ⁿ.
const MOST_FACTORS: usize = 12;

impl Rewriter {
    /// The sum `a ± b` with like terms collected and common factors in front, if there are any.
    pub(crate) fn sum(
        &mut self,
        op: Op,
        (a, b): (ValueId, ValueId),
        like: ValueId,
    ) -> Option<ValueId> {
        let sign = if op == Op::Sub { -1.0 } else { 1.0 };
        self.sum_of(vec![(sign, b), (1.0, a)], like)
    }

    /// The same for a sum of parts with signs, the first of them last.
    pub(crate) fn sum_of(&mut self, parts: Vec<(f64, ValueId)>, like: ValueId) -> Option<ValueId> {
        if self.is_part_of_sum(like) {
            return None;
        }
        let within = self.within(&parts);
        let terms = self.terms(parts, &within);
        let count = terms.len();
        if count < 2 {
            return None;
        }
        let collected = self.collected(terms);
        let fewer = collected.len() < count;
        let any = self.common(&collected, First::MostShared).is_some();
        let terms = if any { self.cheapest(collected) } else { collected };
        let better = (fewer || any) && cost(&terms) < within.cost + 1;
        let chosen = if better {
            Some(terms)
        } else {
            self.early(&terms).filter(|early| cost(early) <= within.cost + 1)
        };
        chosen.map(|terms| self.without_sums(|this| this.build_sum(terms, like)))
    }

    /// With common factors in front, chosen in the way that leaves fewest operations.
    fn cheapest(&self, terms: Vec<Term>) -> Vec<Term> {
        let shared = self.factored(terms.clone(), First::MostShared);
        let simple = self.factored(terms, First::Simple);
        if cost(&simple) < cost(&shared) { simple } else { shared }
    }

    /// Flattens a sum, through what nothing else reads.
    fn terms(&self, mut open: Vec<(f64, ValueId)>, within: &Within) -> Vec<Term> {
        let mut terms = Vec::new();
        while let Some((sign, value)) = open.pop() {
            match self.inside(value, within) {
                Some((Op::Add, &[a, b])) => open.extend([(sign, b), (sign, a)]),
                Some((Op::Sub, &[a, b])) => open.extend([(-sign, b), (sign, a)]),
                Some((Op::Neg, &[a])) => open.push((-sign, a)),
                _ => terms.push(self.term(sign, value, within)),
            }
        }
        terms
    }

    /// The product that a value is, through what nothing else reads.
    fn term(&self, sign: f64, value: ValueId, within: &Within) -> Term {
        let mut term = Term { number: sign, factors: Vec::new() };
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match self.inside(value, within) {
                _ if self.facts.number(value).is_some() => {
                    term.number *= self.facts.number(value).unwrap_or(1.0);
                }
                Some((Op::Mul, &[a, b])) => open.extend([b, a]),
                Some((Op::Neg, &[a])) => {
                    term.number = -term.number;
                    open.push(a);
                }
                _ => term.factors.push(Factor::Value(value)),
            }
        }
        term
    }

    /// A row of the table that computes a value which nothing outside the sum reads.
    fn inside(&self, value: ValueId, within: &Within) -> Option<(Op, &[ValueId])> {
        within.contains(value).then(|| self.facts.row(value)).flatten()
    }

    /// The same product down to what is no product: also through what others read.
    fn expanded(&self, term: &Term) -> Option<(f64, Vec<ValueId>)> {
        let (mut number, mut factors) = (term.number, Vec::new());
        let mut open = Vec::new();
        for factor in &term.factors {
            match factor {
                Factor::Value(value) => open.push(*value),
                Factor::Sum(_) => return None,
            }
        }
        while let Some(value) = open.pop() {
            if factors.len() + open.len() > MOST_FACTORS {
                return None;
            }
            match (self.facts.definition(value), self.facts.row(value)) {
                (Some(Kind::Const(Literal::Number(constant))), _) => number *= constant,
                (_, Some((Op::Mul, &[a, b]))) => open.extend([b, a]),
                (_, Some((Op::Neg, &[a]))) => {
                    number = -number;
                    open.push(a);
                }
                _ => factors.push(self.facts.representative(value)),
            }
        }
        factors.sort_unstable();
        Some((number, factors))
    }

    /// k·p + l·p = (k + l)·p  (reassociates)
    fn collected(&self, terms: Vec<Term>) -> Vec<Term> {
        let mut groups: Vec<Vec<Expanded>> = Vec::new();
        for term in terms {
            let expanded = self.expanded(&term);
            let factors = expanded.as_ref().map(|(_, factors)| factors);
            let alike = |group: &&mut Vec<Expanded>| {
                let first = group.first().and_then(|(_, expanded)| expanded.as_ref());
                factors.is_some() && first.map(|(_, factors)| factors) == factors
            };
            match groups.iter_mut().find(alike) {
                Some(group) => group.push((term, expanded)),
                None => groups.push(vec![(term, expanded)]),
            }
        }
        groups.into_iter().filter_map(merged).collect()
    }

    /// d·p + d·q = d·(p + q)  (reassociates)
    fn factored(&self, mut terms: Vec<Term>, prefer: First) -> Vec<Term> {
        while let Some(common) = self.common(&terms, prefer) {
            let (mut inner, mut rest, mut first) = (Vec::new(), Vec::new(), None);
            for term in terms {
                match self.divided(&term, common) {
                    Some((quotient, factor)) => {
                        first.get_or_insert((rest.len(), factor));
                        inner.push(quotient);
                    }
                    None => rest.push(term),
                }
            }
            let inner = self.factored(inner, prefer);
            let (place, factor) = first.unwrap_or_default();
            rest.insert(place, common.times(factor, inner));
            terms = rest;
        }
        terms
    }

    /// The factor that most terms share, if two do.
    fn common(&self, terms: &[Term], prefer: First) -> Option<Common> {
        let mut counts: BTreeMap<Common, (usize, usize)> = BTreeMap::new();
        let mut powers: BTreeSet<Common> = BTreeSet::new();
        for (at, term) in terms.iter().enumerate().filter(|(_, term)| term.is_product()) {
            let mut found: Vec<Common> = Vec::new();
            for factor in &term.factors {
                if let Factor::Value(value) = factor {
                    found.push(Common::Value(self.facts.representative(*value)));
                }
            }
            found.sort_unstable();
            powers.extend(
                found.iter().zip(found.iter().skip(1)).filter(|(a, b)| a == b).map(|it| *it.0),
            );
            found.dedup();
            if !is_one(term.number.abs()) && !term.factors.is_empty() {
                found.push(Common::Number(term.number.abs().to_bits()));
            }
            for common in found {
                counts.entry(common).or_insert((0, at)).0 += 1;
            }
        }
        let shared = counts.into_iter().filter(|(_, (count, _))| *count > 1);
        let preferred = |common: &Common| match prefer {
            First::Simple => !powers.contains(common),
            First::MostShared => false,
        };
        shared
            .max_by_key(|(it, (count, first))| (preferred(it), *count, usize::MAX - first))
            .map(|(it, _)| it)
    }

    /// A term without one factor, and that factor, if it is a product with it.
    fn divided(&self, term: &Term, by: Common) -> Option<(Term, Option<ValueId>)> {
        if !term.is_product() {
            return None;
        }
        let mut quotient = term.clone();
        match by {
            Common::Number(bits) => {
                let fits = term.number.abs().to_bits() == bits && !term.factors.is_empty();
                quotient.number = term.number.signum();
                fits.then_some((quotient, None))
            }
            Common::Value(wanted) => {
                let is_wanted = |factor: &Factor| match factor {
                    Factor::Value(value) => self.facts.representative(*value) == wanted,
                    Factor::Sum(_) => false,
                };
                let at = term.factors.iter().position(is_wanted)?;
                match quotient.factors.remove(at) {
                    Factor::Value(value) => Some((quotient, Some(value))),
                    Factor::Sum(_) => None,
                }
            }
        }
    }

    /// Instructions for a sum: what is added first, then what is subtracted.
    fn build_sum(&mut self, terms: Vec<Term>, like: ValueId) -> ValueId {
        let (plus, minus): (Vec<Term>, Vec<Term>) =
            terms.into_iter().partition(|term| term.number >= 0.0);
        let mut sum = None;
        let negative = plus.is_empty();
        for (op, term) in plus
            .into_iter()
            .map(|term| (Op::Add, term))
            .chain(minus.into_iter().map(|term| (Op::Sub, term.absolute())))
        {
            let op = if negative { Op::Add } else { op };
            let value = self.build_product(term, like);
            sum = Some(match sum {
                Some(sum) => self.operation(op, [sum, value], like),
                None => value,
            });
        }
        match sum {
            None => self.constant(0.0, like),
            Some(sum) if negative => self.operation(Op::Neg, [sum], like),
            Some(sum) => sum,
        }
    }

    fn build_product(&mut self, term: Term, like: ValueId) -> ValueId {
        let mut factors: Vec<ValueId> = Vec::new();
        for factor in term.factors {
            factors.push(match factor {
                Factor::Value(value) => value,
                Factor::Sum(terms) => self.build_sum(terms, like),
            });
        }
        self.share(&mut factors);
        let mut product = None;
        for &factor in &factors {
            product = Some(match product {
                Some(product) => self.operation(Op::Mul, [product, factor], like),
                None => factor,
            });
        }
        let number = term.number;
        match product {
            None => self.constant(number, like),
            Some(product) if is_one(number) => product,
            Some(product) => {
                let constant = self.constant(number, like);
                self.operation(Op::Mul, [constant, product], like)
            }
        }
    }
}

impl Term {
    /// Whether it costs a product.
    fn is_product(&self) -> bool {
        self.cost() > 0
    }

    /// How many products it takes.
    fn cost(&self) -> usize {
        let number = usize::from(!is_one(self.number.abs()));
        (self.factors.len() + number).saturating_sub(1)
    }

    /// How many operations it takes, those in sums included.
    fn whole_cost(&self) -> usize {
        let inner = self.factors.iter().map(|factor| match factor {
            Factor::Value(_) => 0,
            Factor::Sum(terms) => cost(terms),
        });
        self.cost() + inner.sum::<usize>()
    }

    fn absolute(self) -> Self {
        Term { number: self.number.abs(), ..self }
    }
}

/// How many operations a sum takes.
fn cost(terms: &[Term]) -> usize {
    let products: usize = terms.iter().map(Term::whole_cost).sum();
    products + terms.len().saturating_sub(1)
}

/// Which of several common factors is put in front of the others.
#[derive(Clone, Copy)]
enum First {
    /// The one that most terms have.
    MostShared,
    /// One that no term has twice: d · (p + z · (q + …)) rather than z · (d · q + …).
    Simple,
}

/// Whether a factor can be left out.
#[allow(clippy::float_cmp, reason = "only a product with exactly 1 is no product")]
pub(crate) fn is_one(number: f64) -> bool {
    number == 1.0
}

/// One term for several that differ by a number only: in the form that costs least.
fn merged(group: Vec<Expanded>) -> Option<Term> {
    if group.len() == 1 {
        return group.into_iter().next().map(|(term, _)| term);
    }
    let total: f64 = group.iter().filter_map(|(_, expanded)| expanded.as_ref()).map(|e| e.0).sum();
    if total == 0.0 {
        return None;
    }
    let mut forms: Vec<Term> = Vec::new();
    for (term, expanded) in &group {
        if let Some((number, _)) = expanded {
            let number = total * (term.number / number);
            forms.push(Term { number, factors: term.factors.clone() });
        }
    }
    if let Some((_, Some((_, factors)))) = group.into_iter().next() {
        let factors = factors.into_iter().map(Factor::Value).collect();
        forms.push(Term { number: total, factors });
    }
    forms.into_iter().min_by_key(Term::cost)
}

/// A factor that several terms have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Common {
    /// The value that it is a copy of.
    Value(ValueId),
    /// A number, by its bits.
    Number(u64),
}

impl Common {
    /// The product with a sum; `factor` is how it is read. If all of the sum is subtracted, the
    /// product is.
    fn times(self, factor: Option<ValueId>, mut inner: Vec<Term>) -> Term {
        let sign = if inner.iter().all(|term| term.number < 0.0) { -1.0 } else { 1.0 };
        for term in &mut inner {
            term.number *= sign;
        }
        let sum = Factor::Sum(inner);
        match self {
            Common::Value(value) => {
                let factor = Factor::Value(factor.unwrap_or(value));
                Term { number: sign, factors: vec![factor, sum] }
            }
            Common::Number(bits) => {
                Term { number: sign * f64::from_bits(bits), factors: vec![sum] }
            }
        }
    }
}
