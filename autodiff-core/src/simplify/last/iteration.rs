//! The one iteration that a reverse loop amounts to.

use quote::ToTokens;

use super::zero::Zeros;
use crate::differentiate::substitute;
use crate::hash::HashMap;
use crate::ir::table::ValueSet;
use crate::ir::{
    Args, Decision, Function, Inst, Kind, Leaves, Loop, Region, Role, Ty, ValueId, VarId,
};
use crate::rules::Op;

/// A reverse loop of which the iterations do nothing but for those in which a condition holds, and
/// these nothing once one of them did.
pub(super) struct Iteration {
    /// Where the primal leaves its records.
    pub(super) tape: VarId,
    condition: Condition,
    /// The carried cotangents before the loop.
    pub(super) init: Vec<ValueId>,
    params: Vec<ValueId>,
    index: ValueId,
    /// The end of the numbers of iterations.
    pub(super) hi: ValueId,
    /// What the records hold besides the condition.
    popped: Vec<ValueId>,
    /// What happens where the condition holds.
    insts: Vec<Inst>,
    /// The carried cotangents after that.
    yields: Vec<ValueId>,
}

/// How the reverse loop knows the condition.
enum Condition {
    /// From the record: at this position.
    Recorded(usize),
    /// By the user's tokens, which are run again.
    Again(String, Vec<ValueId>),
}

impl Iteration {
    /// That of a loop, if it is of this kind.
    pub(super) fn of(of: &Loop, function: &Function, constants: &ValueSet) -> Option<Self> {
        let (index, hi) = super::ends(&of.head)?;
        let extra = of.roles.iter().all(|role| *role == Role::Extra);
        if of.leaves != Leaves::Never || !extra {
            return None;
        }
        let mut pops = of.body.insts.iter().filter(|inst| matches!(inst.kind, Kind::Pop(_)));
        let (Some(pop), None) = (pops.next(), pops.next()) else { return None };
        let Kind::Pop(tape) = pop.kind else { return None };
        let decides = of.body.insts.iter().find_map(|inst| match &inst.kind {
            Kind::Branch(branch) => match branch.decision {
                Decision::If(condition) => Some(condition),
                _ => None,
            },
            _ => None,
        })?;
        let condition = condition(&of.body, decides, &pop.results)?;
        let mut popped = pop.results.clone();
        popped.retain(|&item| item != decides);
        let float = |value: &ValueId| matches!(function.values[*value].ty, Ty::Float(_));
        if !popped.iter().all(float) {
            return None;
        }
        let taken = Taken::of(&of.body, decides, (&of.params, constants))?;
        let states: Vec<ValueId> = of
            .params
            .iter()
            .zip(&taken.yields)
            .filter(|(_, next)| constants.contains(**next))
            .map(|(&param, _)| param)
            .collect();
        let mut zeros = Zeros::of(&states, constants);
        let vanishes = zeros.vanish(&taken.insts);
        let settled = of.params.iter().zip(&taken.yields).all(|(&param, &next)| {
            states.contains(&param) || adds_nothing(&taken.insts, (next, param), &zeros)
        });
        let decided = !taken.insts.iter().any(|inst| reads(inst, decides));
        (vanishes && settled && decided).then(|| Self {
            tape,
            condition,
            init: of.init.clone(),
            params: of.params.clone(),
            index,
            hi,
            popped,
            insts: taken.insts,
            yields: taken.yields,
        })
    }

    /// The condition in the primal, where it leaves this record, and the rest of that.
    pub(super) fn condition(
        &self,
        primal: &Loop,
        items: &[ValueId],
    ) -> Option<(ValueId, Vec<ValueId>)> {
        match &self.condition {
            Condition::Recorded(at) => {
                let mut rest = items.to_vec();
                (*at < rest.len()).then(|| (rest.remove(*at), rest))
            }
            Condition::Again(tokens, reads) => {
                let (index, _) = super::ends(&primal.head)?;
                let there = |read: &ValueId| if *read == self.index { index } else { *read };
                let reads: Vec<ValueId> = reads.iter().map(there).collect();
                let is_it = |inst: &&Inst| match &inst.kind {
                    Kind::Opaque { expr, reads: own, .. } => {
                        *own == reads && expr.to_token_stream().to_string() == *tokens
                    }
                    _ => false,
                };
                let inst = primal.body.insts.iter().find(is_it)?;
                inst.results.first().map(|&condition| (condition, items.to_vec()))
            }
        }
    }

    /// What happens, where the primal noted this: the number of the iteration, and the rest of its
    /// record.
    pub(super) fn at(self, noted: &[ValueId]) -> Region {
        let mut map: HashMap<ValueId, ValueId> =
            self.params.iter().copied().zip(self.init.iter().copied()).collect();
        if let Some((&last, rest)) = noted.split_first() {
            map.insert(self.index, last);
            map.extend(self.popped.iter().copied().zip(rest.iter().copied()));
        }
        let mut insts = self.insts;
        substitute(&mut insts, &map, &HashMap::default());
        let current = |value: ValueId| map.get(&value).copied().unwrap_or(value);
        Region { insts, yields: self.yields.into_iter().map(current).collect() }
    }
}

/// How a body knows what decides.
fn condition(body: &Region, decides: ValueId, popped: &[ValueId]) -> Option<Condition> {
    if let Some(at) = popped.iter().position(|&item| item == decides) {
        return Some(Condition::Recorded(at));
    }
    let inst = body.insts.iter().find(|inst| inst.results.contains(&decides))?;
    match &inst.kind {
        Kind::Opaque { expr, reads, .. } => {
            Some(Condition::Again(expr.to_token_stream().to_string(), reads.clone()))
        }
        _ => None,
    }
}

/// Whether a carried sum goes on with zero added.
fn adds_nothing(insts: &[Inst], (next, param): (ValueId, ValueId), zeros: &Zeros) -> bool {
    if next == param {
        return true;
    }
    let inst = insts.iter().find(|inst| inst.results.contains(&next));
    match inst.map(|inst| &inst.kind) {
        Some(&Kind::Apply(Op::Add, Args::Two([a, b]))) if b == param => zeros.contains(a),
        Some(&Kind::Apply(Op::Add | Op::Sub, Args::Two([a, b]))) => {
            zeros.contains(b) && adds_nothing(insts, (a, param), zeros)
        }
        _ => false,
    }
}

/// Whether an instruction reads a value, here or further in.
fn reads(inst: &Inst, value: ValueId) -> bool {
    let mut inside = inst.kind.regions().iter();
    inst.kind.operands().contains(&value)
        || inside.any(|region| {
            region.yields.contains(&value) || region.insts.iter().any(|inst| reads(inst, value))
        })
}

/// What a body does where a condition holds; where it does not, nothing.
struct Taken {
    insts: Vec<Inst>,
    yields: Vec<ValueId>,
}

impl Taken {
    fn of(
        body: &Region,
        condition: ValueId,
        (params, constants): (&[ValueId], &ValueSet),
    ) -> Option<Self> {
        let mut insts: Vec<Inst> = Vec::new();
        // Where it does not hold.
        let mut zeros = Zeros::of(&[], constants);
        // What a value is where the condition holds, and where it does not.
        let (mut then, mut other) = (HashMap::default(), HashMap::default());
        for inst in &body.insts {
            match &inst.kind {
                Kind::Pop(_) => {}
                Kind::Branch(branch) if matches!(branch.decision, Decision::If(c) if c == condition) =>
                {
                    let [arm, otherwise] = branch.arms.as_slice() else { return None };
                    if !zeros.vanish(&otherwise.insts) {
                        return None;
                    }
                    insts.extend(arm.insts.iter().cloned());
                    for (at, &result) in inst.results.iter().enumerate() {
                        then.insert(result, *arm.yields.get(at)?);
                        other.insert(result, *otherwise.yields.get(at)?);
                        zeros.copy(result, *otherwise.yields.get(at)?);
                    }
                }
                &Kind::Select { cond, yes, no } if cond == condition => {
                    let &[result] = inst.results.as_slice() else { return None };
                    then.insert(result, yes);
                    other.insert(result, no);
                    zeros.copy(result, no);
                }
                // It happens where the condition holds, since it changes nothing elsewhere.
                _ if zeros.vanish(std::slice::from_ref(inst)) => insts.push(inst.clone()),
                _ => return None,
            }
        }
        let unchanged = |(&next, &param): (&ValueId, &ValueId)| {
            let next = other.get(&next).copied().unwrap_or(next);
            adds_nothing(&body.insts, (next, param), &zeros)
        };
        if !body.yields.iter().zip(params).all(unchanged) {
            return None;
        }
        let resolved: HashMap<ValueId, ValueId> =
            then.keys().map(|&value| (value, followed(value, &then))).collect();
        substitute(&mut insts, &resolved, &HashMap::default());
        let yields = body.yields.iter().map(|value| followed(*value, &resolved)).collect();
        Some(Self { insts, yields })
    }
}

/// What a value stands for in the end.
fn followed(mut value: ValueId, map: &HashMap<ValueId, ValueId>) -> ValueId {
    while let Some(&next) = map.get(&value) {
        value = next;
    }
    value
}
