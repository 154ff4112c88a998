//! A cotangent of a callee's that is added to a shadow as it comes is added there by the pullback.
//!
//! ```text
//! x̄ = pullback(…) → value;  s += x̄   is   pullback(…) → s      (reassociates)
//! ```
//!
//! A pullback adds to memory: given the shadow itself it needs no array of zeros, which a loop would
//! fill, add to and add up in each of its iterations.

use crate::ir::table::Table;
use crate::ir::{CallForm, Function, Inst, Kind, Place, Region, Target, Ty, ValueId};

/// The function, with shadows lent to pullbacks.
pub(crate) fn lent(mut function: Function) -> Function {
    if !has_pullback(&function.body) {
        return function;
    }
    let mut reads = Table::new();
    count(&function.body, &mut reads);
    let is_array = |value: ValueId| {
        let ty = &function.values[value].ty;
        matches!(ty, Ty::Array(..)) && ty.is_floats() && reads.get(value) == Some(&1)
    };
    let start = function.reverse_from.unwrap_or(function.body.insts.len());
    let gone = lend(&mut function.body, &is_array);
    let earlier = gone.iter().filter(|&&at| at < start).count();
    function.reverse_from = function.reverse_from.map(|start| start - earlier);
    function
}

/// Whether there is one, here or further in.
fn has_pullback(region: &Region) -> bool {
    region.insts.iter().any(|inst| {
        matches!(&inst.kind, Kind::Call(call) if !call.targets().is_empty())
            || inst.kind.regions().iter().any(has_pullback)
    })
}

/// How often each value is read.
fn count(region: &Region, reads: &mut Table<usize>) {
    region.yields.iter().for_each(|&value| reads.count(value, 1));
    for inst in &region.insts {
        inst.kind.visit_operands(&mut |value| reads.count(value, 1));
        inst.kind.regions().iter().for_each(|region| count(region, reads));
    }
}

/// Lends here and further in. Returns the positions of the additions that are gone, the last first.
fn lend(region: &mut Region, is_array: &impl Fn(ValueId) -> bool) -> Vec<usize> {
    for inst in &mut region.insts {
        inst.kind.regions_mut().iter_mut().for_each(|region| {
            lend(region, is_array);
        });
    }
    let mut gone = Vec::new();
    for at in (0..region.insts.len()).rev() {
        let Some((place, value)) = region.insts.get(at).and_then(added) else { continue };
        if !is_array(value) {
            continue;
        }
        let before = region.insts.get_mut(..at).unwrap_or_default();
        // Nothing reads or writes the shadow since, and it was there.
        let call = before.iter_mut().rev().take_while(|inst| !inst.kind.mentions(place.var));
        let call = call.into_iter().find(|inst| inst.results.contains(&value));
        if call.is_some_and(|call| redirect(call, value, place)) {
            region.insts.remove(at);
            gone.push(at);
        }
    }
    gone
}

/// `s += x̄`, of a whole shadow.
fn added(inst: &Inst) -> Option<(Place, ValueId)> {
    let Kind::AddTo(place, value) = &inst.kind else { return None };
    place.path.is_empty().then(|| (place.clone(), *value))
}

/// Has a pullback add to a place what it gave as this result.
fn redirect(inst: &mut Inst, result: ValueId, place: Place) -> bool {
    let Kind::Call(call) = &mut inst.kind else { return false };
    if call.is_tangent() {
        return false;
    }
    let CallForm::Pullback { targets, .. } = &mut call.form else { return false };
    let Some(at) = inst.results.iter().position(|&other| other == result) else { return false };
    let mut values = targets.iter_mut().filter(|target| matches!(target, Target::Value));
    let Some(target) = values.nth(at) else { return false };
    *target = Target::Place(place);
    inst.results.remove(at);
    true
}
