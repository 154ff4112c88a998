//! Running sums: floats that the iterations of a loop only add to. A running sum has the same
//! cotangent in all of them, which is known before the last.

use crate::hash::HashSet;
use crate::ir::{Inst, Kind, Loop, Region, ValueId};
use crate::rules::Op;

/// Whether the iterations of a loop do nothing with the carried value at this position but add to
/// it, or subtract from it.
pub(super) fn is_running(of: &Loop, at: usize) -> bool {
    let mut chain = Chain::default();
    let reached = chain.carried(of, at);
    reached && chain.has_all_uses(&of.body, &|n| n == at)
}

/// What a running sum has been so far.
#[derive(Default)]
struct Chain {
    values: HashSet<ValueId>,
}

impl Chain {
    fn carried(&mut self, of: &Loop, at: usize) -> bool {
        let (Some(&param), Some(&next)) = (of.params.get(at), of.body.yields.get(at)) else {
            return false;
        };
        self.values.insert(param);
        self.reaches(next, param, &of.body.insts)
    }

    /// Whether a value is `from` with something added.
    fn reaches(&mut self, value: ValueId, from: ValueId, insts: &[Inst]) -> bool {
        if value == from {
            return true;
        }
        let place = |inst: &Inst| inst.results.iter().position(|&result| result == value);
        let Some((inst, at)) = insts.iter().find_map(|inst| Some((inst, place(inst)?))) else {
            return false;
        };
        let reached = match &inst.kind {
            Kind::Bind(parts) => parts.get(at).is_some_and(|&part| self.reaches(part, from, insts)),
            Kind::Apply(Op::Add, terms) => terms.iter().any(|&it| self.reaches(it, from, insts)),
            Kind::Apply(Op::Sub, terms) => {
                terms.first().is_some_and(|&it| self.reaches(it, from, insts))
            }
            Kind::Branch(of) => of.arms.iter().all(|arm| self.yields(arm, at, from)),
            Kind::Block(region) => self.yields(region, at, from),
            Kind::Loop(of) => {
                let inner = self.carried(of, at);
                inner && of.init.get(at).is_some_and(|&init| self.reaches(init, from, insts))
            }
            _ => false,
        };
        if reached {
            self.values.insert(value);
        }
        reached
    }

    fn yields(&mut self, region: &Region, at: usize, from: ValueId) -> bool {
        region.yields.get(at).is_some_and(|&value| self.reaches(value, from, &region.insts))
    }

    /// Whether nothing outside of the chain reads any of it: not the instructions of a region, nor
    /// who gets what it yields, but for what is yielded at the positions `carried`.
    fn has_all_uses(&self, region: &Region, carried: &dyn Fn(usize) -> bool) -> bool {
        let mut yields = region.yields.iter().enumerate();
        yields.all(|(at, value)| carried(at) || !self.values.contains(value))
            && region.insts.iter().all(|inst| self.has_use(inst))
    }

    fn has_use(&self, inst: &Inst) -> bool {
        let has = |value: &ValueId| self.values.contains(value);
        let at = |n: usize| inst.results.get(n).is_some_and(has);
        let read = inst.kind.operands().iter().filter(|value| has(value)).count();
        let continued = match &inst.kind {
            Kind::Bind(parts) => parts.iter().enumerate().all(|(n, part)| !has(part) || at(n)),
            Kind::Apply(Op::Add | Op::Sub, _) => read <= 1 && (read == 0 || at(0)),
            Kind::Loop(of) => of.init.iter().enumerate().all(|(n, init)| !has(init) || at(n)),
            // What has no derivative may look at it.
            Kind::Opaque { .. }
            | Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::Branch(_) => true,
            _ => read == 0,
        };
        continued && inst.kind.regions().iter().all(|region| self.has_all_uses(region, &at))
    }
}
