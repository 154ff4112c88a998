//! Which values a graph shows: those that results depend on.

use crate::hash::HashSet;
use crate::ir::{Decision, Function, Kind, Region, ValueId};

/// The values that the results depend on, conditions of branches included.
pub(super) fn needed(function: &Function) -> HashSet<ValueId> {
    let mut found = HashSet::default();
    found.extend(function.body.yields.iter().copied());
    // A loop's variable may be needed in the next iteration only: until nothing is new.
    loop {
        let before = found.len();
        mark(&function.body, &mut found);
        if found.len() == before {
            return found;
        }
    }
}

fn mark(region: &Region, found: &mut HashSet<ValueId>) {
    for inst in region.insts.iter().rev() {
        if !inst.results.iter().any(|result| found.contains(result)) {
            continue;
        }
        match &inst.kind {
            Kind::Branch(branch) => {
                if let Decision::If(condition) = branch.decision {
                    found.insert(condition);
                }
                branch.arms.iter().for_each(|arm| ends(&inst.results, arm, found));
            }
            Kind::Block(body) => ends(&inst.results, body, found),
            Kind::Loop(of) => {
                for (at, init) in of.init.iter().enumerate() {
                    let (param, result) = (of.params.get(at), inst.results.get(at));
                    if param.into_iter().chain(result).any(|value| found.contains(value)) {
                        found.insert(*init);
                        found.extend(of.body.yields.get(at).copied());
                        found.extend(param.copied());
                    }
                }
                mark(&of.body, found);
            }
            // Which element is read is no question of derivatives.
            Kind::Index(of, _) => {
                found.insert(*of);
            }
            kind => kind.visit_operands(&mut |operand| {
                found.insert(operand);
            }),
        }
    }
}

/// What an arm yields for the results that are needed.
fn ends(results: &[ValueId], arm: &Region, found: &mut HashSet<ValueId>) {
    for (result, value) in results.iter().zip(&arm.yields) {
        if found.contains(result) {
            found.insert(*value);
        }
    }
    mark(arm, found);
}
