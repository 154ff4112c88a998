//! Forward mode through branches, blocks and loops: what they yield, they yield with its tangents.

use super::Forward;
use crate::hash::HashSet;
use crate::ir::{Branch, Inst, Kind, Leaves, Loop, Region, Role, Target, ValueId, VarId};

impl Forward<'_> {
    /// The tangents of the carried values are carried too.
    pub(super) fn repeat(&mut self, inst: &Inst, of: &Loop) {
        let (mut of, own) = (of.clone(), of);
        let mut results = inst.results.clone();
        let ends = own.body.yields.iter().zip(&inst.results);
        let carried: Vec<_> = own
            .params
            .iter()
            .zip(&own.init)
            .zip(ends)
            .map(|((&param, &init), (&next, &last))| Carried { param, init, next, last })
            .filter(|it| self.builder.function.is_active(it.param))
            .filter(|it| self.origins.cell(it.param).is_none())
            .collect();
        self.in_each_lane(|this| {
            written(&own.body.insts, &mut this.touched);
            for it in &carried {
                of.init.push(this.tangent_or_zero(it.init));
                of.params.push(this.fresh_tangent(it.param));
                of.roles.push(Role::Extra);
            }
        });
        self.flush();
        let mut insts = self.region(&own.body, &of.params);
        let mut next = Vec::new();
        self.builder.open();
        self.in_each_lane(|this| {
            next.extend(carried.iter().map(|it| this.tangent_or_zero(it.next)));
        });
        insts.extend(self.builder.close());
        let flag = (of.leaves == Leaves::Flag).then(|| of.body.yields.pop()).flatten();
        of.body.yields.extend(next);
        of.body.yields.extend(flag);
        of.body.insts = insts;
        self.in_each_lane(|this| {
            results.extend(carried.iter().map(|it| this.fresh_tangent(it.last)));
        });
        self.keep(Inst { results, kind: Kind::Loop(Box::new(of)), ..inst.clone() });
    }

    /// A block always runs, so what is in it stays visible.
    pub(super) fn block(&mut self, inst: &Inst, region: &Region) {
        self.flush();
        self.in_each_lane(|this| {
            region.yields.iter().for_each(|&value| this.reserve_beyond(value, region));
        });
        let insts = self.region(region, &[]);
        self.in_each_lane(|this| this.copies(&inst.results, &region.yields));
        let kind = Kind::Block(Region { insts, yields: region.yields.clone() });
        self.keep(Inst { kind, ..inst.clone() });
    }

    pub(super) fn region(&mut self, region: &Region, versions: &[ValueId]) -> Vec<Inst> {
        self.done.push(Vec::new());
        self.builder.open();
        self.in_each_lane(|this| this.retain(versions));
        self.insts(&region.insts);
        self.flush();
        self.builder.close();
        self.done.pop().unwrap_or_default()
    }

    /// The arms yield the tangents of their results too.
    pub(super) fn branch(&mut self, inst: &Inst, branch: &Branch) {
        self.flush();
        let mut arms: Vec<Region> = Vec::new();
        for arm in &branch.arms {
            arms.push(Region { insts: self.region(arm, &[]), yields: arm.yields.clone() });
        }
        let mut results = inst.results.clone();
        let mut roles = branch.roles.clone();
        self.in_each_lane(|this| {
            for (at, &result) in inst.results.iter().enumerate() {
                let yielded: Vec<ValueId> =
                    branch.arms.iter().filter_map(|arm| arm.yields.get(at).copied()).collect();
                let in_place = this.origins.cell(result).is_some();
                if in_place || !yielded.iter().any(|&value| this.has_tangent(value)) {
                    continue;
                }
                for (arm, value) in arms.iter_mut().zip(yielded) {
                    this.yield_tangent(arm, value);
                }
                results.push(this.fresh_tangent(result));
                roles.push(Role::Extra);
            }
        });
        let branch = Branch { arms, roles, decision: branch.decision.clone() };
        self.keep(Inst { results, kind: Kind::from(branch), ..inst.clone() });
    }

    /// At the end of an arm, the tangent of what it yields.
    pub(super) fn yield_tangent(&mut self, arm: &mut Region, value: ValueId) {
        self.builder.open();
        let dot = if arm.insts.iter().any(crate::lower::diverges) {
            // It never gets there, and what it would yield has no type.
            self.builder.number(0.0)
        } else {
            self.tangent_or_zero(value)
        };
        arm.insts.extend(self.builder.close());
        arm.yields.push(dot);
    }
}

/// A value that a loop carries: before it, in each iteration, at its end, and after the loop.
struct Carried {
    param: ValueId,
    init: ValueId,
    next: ValueId,
    last: ValueId,
}

/// The variables that instructions write.
fn written(insts: &[Inst], found: &mut HashSet<VarId>) {
    for inst in insts {
        if let Kind::AddTo(place, _) | Kind::Store(place, _) | Kind::Edit(place, _) = &inst.kind {
            found.insert(place.var);
        }
        if let Kind::Call(call) = &inst.kind {
            for target in call.targets() {
                if let Target::Place(place) | Target::Exchange(place) = target {
                    found.insert(place.var);
                }
            }
            found.extend(call.dot_places.iter().map(|place| place.var));
        }
        inst.kind.regions().iter().for_each(|region| written(&region.insts, found));
    }
}
