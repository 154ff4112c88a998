//! What only one arm of a branch reads is computed in that arm, where it is needed.
//!
//! Of the reverse sweep only: between two instructions that a transform added, nothing of the
//! user's happens. Reads of memory are repeated there, so that none can panic in either place.

use crate::hash::HashMap;
use crate::ir::{Effect, Function, Inst, Kind, Region, ValueId};

/// The function, with instructions moved into the arms that read them.
pub(crate) fn sunk(mut function: Function) -> Function {
    let start = function.reverse_from.unwrap_or(function.body.insts.len());
    let moved = sink(&mut function.body);
    let earlier = moved.iter().filter(|&&at| at < start).count();
    function.reverse_from = function.reverse_from.map(|start| start - earlier);
    function
}

/// Who reads a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Instructions in one arm: of the branch at this position, the arm with this number.
    Arm(usize, usize),
    /// An instruction of the region, or several of these.
    Any,
}

/// The readers of the values of a region, by what comes after.
#[derive(Default)]
struct Readers {
    of: HashMap<ValueId, Reader>,
}

impl Readers {
    fn note(&mut self, value: ValueId, reader: Reader) {
        let known = self.of.entry(value).or_insert(reader);
        if *known != reader {
            *known = Reader::Any;
        }
    }

    /// Whatever is in a region reads as `reader`.
    fn note_all(&mut self, region: &Region, reader: Reader) {
        region.yields.iter().for_each(|&value| self.note(value, reader));
        for inst in &region.insts {
            inst.kind.visit_operands(&mut |value| self.note(value, reader));
            inst.kind.regions().iter().for_each(|region| self.note_all(region, reader));
        }
    }
}

/// Sinks what can be, here and further in. Returns the positions of what is gone, the last first.
fn sink(region: &mut Region) -> Vec<usize> {
    let has_arms = region.insts.iter().any(is_generated_branch);
    let moves = if has_arms { movable(region) } else { Vec::new() };
    // The last first: those before keep their places, and stand before it in the arm.
    for &(at, branch, arm) in &moves {
        let inst = region.insts.remove(at);
        let shifted =
            branch - 1 - moves.iter().filter(|(other, ..)| at < *other && *other < branch).count();
        let target = region.insts.get_mut(shifted).map(|inst| inst.kind.regions_mut());
        if let Some(target) = target.and_then(|arms| arms.get_mut(arm)) {
            target.insts.insert(0, inst);
        }
    }
    for inst in &mut region.insts {
        inst.kind.regions_mut().iter_mut().for_each(|region| {
            sink(region);
        });
    }
    moves.into_iter().map(|(at, ..)| at).collect()
}

/// What can be sunk, the last first: where it is, the branch and the arm.
fn movable(region: &Region) -> Vec<(usize, usize, usize)> {
    let mut readers = Readers::default();
    region.yields.iter().for_each(|&value| readers.note(value, Reader::Any));
    let mut moves: Vec<(usize, usize, usize)> = Vec::new();
    // Where the next instruction of the user's stands.
    let mut free = region.insts.len();
    for (at, inst) in region.insts.iter().enumerate().rev() {
        let reader = match inst.results.as_slice() {
            [result] if is_movable(inst) => readers.of.get(result).copied(),
            _ => None,
        };
        let arm = match reader {
            Some(Reader::Arm(branch, arm)) if branch < free => Some((branch, arm)),
            _ => None,
        };
        if inst.syntax.is_some() {
            free = at;
        }
        let by = arm.map_or(Reader::Any, |(branch, arm)| Reader::Arm(branch, arm));
        moves.extend(arm.map(|(branch, arm)| (at, branch, arm)));
        inst.kind.visit_operands(&mut |value| readers.note(value, by));
        for (n, inner) in inst.kind.regions().iter().enumerate() {
            let reader = if is_generated_branch(inst) { Reader::Arm(at, n) } else { Reader::Any };
            readers.note_all(inner, reader);
        }
    }
    moves
}

fn is_generated_branch(inst: &Inst) -> bool {
    matches!(inst.kind, Kind::Branch(_)) && inst.syntax.is_none()
}

/// Whether an instruction does nothing but compute what costs something.
fn is_movable(inst: &Inst) -> bool {
    let computes = match &inst.kind {
        Kind::Apply(..)
        | Kind::Scale { .. }
        | Kind::Select { .. }
        | Kind::Index(..)
        | Kind::Slice(..)
        | Kind::Field(..)
        | Kind::Reborrow(_)
        | Kind::Len(_)
        | Kind::Integer(..) => true,
        Kind::Opaque { effect, .. } => *effect != Effect::Any,
        _ => false,
    };
    computes && inst.syntax.is_none()
}
