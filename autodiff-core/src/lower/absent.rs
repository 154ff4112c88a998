//! Which values are an `Option` or a `Result`, where only their use tells: both ways along copies.

use crate::ir::{Function, Inst, Kind, Region, Ty, ValueId};

/// Spreads what is known of `Option`s to the values that are copies of each other.
pub(super) fn spread(function: &mut Function) {
    let mut pairs = Vec::new();
    find(&function.body, &mut pairs);
    loop {
        let mut changed = false;
        for &(a, b) in &pairs {
            for (from, to) in [(a, b), (b, a)] {
                let known = function.values[from].ty.clone();
                if matches!(known, Ty::Option(_)) && matches!(function.values[to].ty, Ty::Unknown) {
                    function.values[to].ty = known;
                    changed = true;
                }
            }
        }
        if !changed {
            return;
        }
    }
}

/// The values that are of one type.
fn find(region: &Region, pairs: &mut Vec<(ValueId, ValueId)>) {
    for inst in &region.insts {
        copies(inst, pairs);
        inst.kind.regions().iter().for_each(|inner| find(inner, pairs));
    }
}

fn copies(inst: &Inst, pairs: &mut Vec<(ValueId, ValueId)>) {
    let results = inst.results.iter().copied();
    match &inst.kind {
        Kind::Bind(values) => pairs.extend(results.zip(values.iter().copied())),
        Kind::Reborrow(of) => pairs.extend(results.zip([*of])),
        Kind::Block(_) | Kind::Branch(_) => {
            for inner in inst.kind.regions() {
                pairs.extend(inst.results.iter().copied().zip(inner.yields.iter().copied()));
            }
        }
        Kind::Loop(of) => {
            pairs.extend(of.params.iter().copied().zip(of.init.iter().copied()));
            pairs.extend(of.params.iter().copied().zip(of.body.yields.iter().copied()));
            pairs.extend(results.zip(of.params.iter().copied()));
        }
        _ => {}
    }
}
