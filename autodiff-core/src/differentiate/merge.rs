//! Both sweeps of a branch in one: where an iteration is reversed right after it ran, each arm can
//! be reversed at its own end, while its values are there. Nothing is carried from one branch to
//! the other, and the condition is decided once.

use super::branch::{decided_again, substitute};
use super::builder::Builder;
use super::invariant::only_added;
use super::movable::Movable;
use crate::hash::HashMap;
use crate::ir::{Branch, Decision, Effect, Inst, Kind, Region, ValueId};

/// Moves the reverse branches, which stand from `start` on, into the branches that they reverse.
pub(super) fn merge_branches(builder: &mut Builder, insts: &mut Vec<Inst>, start: usize) {
    let mut at = start;
    while at < insts.len() {
        match Move::of(insts, start, at) {
            Some(moved) => moved.apply(builder, insts),
            None => at += 1,
        }
    }
    builder.mark_active(insts.get(start..).unwrap_or_default());
}

/// A reverse branch that can move.
struct Move {
    forward: usize,
    reverse: usize,
    /// What goes before both, which stands between them.
    sources: Vec<usize>,
    /// For each arm, what stands there for the values that the reverse arm reads.
    maps: Vec<HashMap<ValueId, ValueId>>,
}

impl Move {
    fn of(insts: &[Inst], start: usize, reverse: usize) -> Option<Self> {
        let backward = reverse_branch(insts.get(reverse)?)?;
        let reverses = |inst: &Inst| {
            is_same(inst, backward).is_some_and(|branch| branch.arms.len() == backward.arms.len())
        };
        let forward = insts.get(..start)?.iter().position(reverses)?;
        let between = insts.get(forward + 1..reverse)?;
        let (first, last) = (insts.get(forward)?, insts.get(reverse)?);
        let Kind::Branch(branch) = &first.kind else { return None };
        let mut sums = true;
        last.kind.visit_vars(&mut |var| {
            sums &= between.iter().chain([last]).all(|inst| only_added(&inst.kind, var));
        });
        // The effects of a function that is called would come earlier.
        if !sums || last.any(&|inst| matches!(inst.kind, Kind::Call(_))) {
            return None;
        }
        let bound = |value| first.results.contains(&value);
        let movable = Movable { insts: between, bound: &bound, free: &is_pure };
        let mut sources = Vec::new();
        for value in read_by(last) {
            if !bound(value) && !movable.reaches(value, &mut sources) {
                return None;
            }
        }
        let maps = branch.arms.iter().zip(&backward.arms);
        let maps = maps.map(|(arm, reverse)| values_at_end(first, arm, reverse));
        let sources = sources.into_iter().map(|at| forward + 1 + at).collect();
        Some(Self { forward, reverse, sources, maps: maps.collect::<Option<_>>()? })
    }

    fn apply(self, builder: &mut Builder, insts: &mut Vec<Inst>) {
        let Self { forward, reverse, mut sources, maps } = self;
        let last = insts.remove(reverse);
        sources.sort_unstable();
        let early: Vec<Inst> = sources.iter().rev().map(|&at| insts.remove(at)).collect();
        let Kind::Branch(backward) = last.kind else { return };
        if let Some(first) = insts.get_mut(forward)
            && let Kind::Branch(branch) = &mut first.kind
        {
            first.results.extend(last.results);
            branch.roles.extend(backward.roles);
            for ((arm, reverse), map) in branch.arms.iter_mut().zip(backward.arms).zip(maps) {
                let start = arm.insts.len();
                append(arm, reverse, &map);
                merge_branches(builder, &mut arm.insts, start);
            }
            builder.function.mark_active(first);
        }
        for inst in early {
            insts.insert(forward, inst);
        }
    }
}

/// A reverse arm, at the end of the forward one.
fn append(arm: &mut Region, mut reverse: Region, map: &HashMap<ValueId, ValueId>) {
    reverse.insts.retain(|inst| !inst.results.iter().any(|result| map.contains_key(result)));
    substitute(&mut reverse.insts, map, map);
    arm.insts.append(&mut reverse.insts);
    let yielded = reverse.yields.iter().map(|value| map.get(value).copied().unwrap_or(*value));
    arm.yields.extend(yielded);
}

/// A branch that a transform added.
fn reverse_branch(inst: &Inst) -> Option<&Branch> {
    match &inst.kind {
        Kind::Branch(branch) => inst.syntax.is_none().then_some(branch),
        _ => None,
    }
}

/// The branch that an instruction of the user's is, if that takes the same arm.
fn is_same<'i>(inst: &'i Inst, backward: &Branch) -> Option<&'i Branch> {
    let Kind::Branch(branch) = &inst.kind else { return None };
    let same = match (decided_again(inst, branch), &backward.decision) {
        (Decision::If(a), Decision::If(b)) | (Decision::Number(a), Decision::Number(b)) => a == *b,
        _ => false,
    };
    (same && inst.syntax.is_some()).then_some(branch)
}

/// What stands at the end of an arm for the branch's results, and for what is taken out of them.
fn values_at_end(
    first: &Inst,
    arm: &Region,
    reverse: &Region,
) -> Option<HashMap<ValueId, ValueId>> {
    let results = first.results.iter().copied();
    let mut map: HashMap<ValueId, ValueId> = results.zip(arm.yields.iter().copied()).collect();
    for inst in &reverse.insts {
        let (Kind::Present(of), &[result]) = (&inst.kind, inst.results.as_slice()) else {
            continue;
        };
        let Some(&kept) = map.get(of) else { continue };
        let kept = arm.insts.iter().find(|inst| inst.results.contains(&kept))?;
        let Kind::Optional(Some(value)) = kept.kind else { return None };
        map.insert(result, value);
    }
    Some(map)
}

/// Whether an instruction does nothing but compute.
fn is_pure(inst: &Inst) -> bool {
    match &inst.kind {
        Kind::Const(_) | Kind::Number(_) | Kind::Apply(..) | Kind::Scale { .. } => true,
        Kind::Opaque { effect, .. } => *effect == Effect::Pure && inst.syntax.is_none(),
        _ => false,
    }
}

/// All that an instruction reads, also in the regions inside it, from outside of it.
fn read_by(inst: &Inst) -> Vec<ValueId> {
    let mut read = inst.kind.operands();
    for region in inst.kind.regions() {
        read.extend(&region.yields);
        read.extend(region.insts.iter().flat_map(read_by));
    }
    let inside = |value| {
        let mut insts = inst.kind.regions().iter().flat_map(|region| &region.insts);
        insts.any(|inst| inst.defines(value))
    };
    read.retain(|&value| !inside(value));
    read
}
