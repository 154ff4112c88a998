//! The reverse of a branch: only the arm taken contributes.

use std::collections::{BTreeMap, BTreeSet};

use super::cotangent::{Frame, Reverse, Slot};
use super::memory::{Arm, Class, Plan, Repeats, definitions, plan};
use crate::hash::HashMap;
use crate::ir::{Active, Branch, Decision, Inst, Kind, Literal, Region, Role, Ty, ValueId};
use crate::rules::Op;

impl Reverse<'_> {
    /// y = if c { f(v) } else { g(v) }: v̄ += if c { ȳ · ∂f/∂v } else { ȳ · ∂g/∂v }
    ///
    /// Returns the forward branch. A branch none of whose results has a cotangent stays as it is.
    pub(crate) fn branch(&mut self, inst: &Inst, branch: &Branch) -> Inst {
        let mut seeds = Vec::new();
        for (at, &result) in inst.results.iter().enumerate() {
            if self.is_active(result)
                && self.origins.cell(result).is_none()
                && let Some(cotangent) = self.take(result)
            {
                seeds.push((at, cotangent));
            }
        }
        // An only float gets a seed of its own, so that it can be 1 or the cotangent.
        let mut outer_seed = None;
        if let [(at, cotangent)] = seeds.as_mut_slice()
            && let Some(&result) = inst.results.get(*at)
            && self.origins.is_scalar(result)
        {
            let (ty, hint) = (self.builder.ty(result), self.builder.bar(result));
            let active = self.builder.function.values[*cotangent].active;
            let seed = self.builder.fresh(ty, &hint, active);
            outer_seed = Some((seed, *cotangent));
            *cotangent = seed;
        }
        let touches = branch.arms.iter().any(|arm| self.touches(&arm.insts));
        if seeds.is_empty() && !touches {
            return inst.clone();
        }
        let arms: Vec<Arm> = branch.arms.iter().map(|arm| self.arm(arm, &seeds)).collect();
        self.builder.span = inst.span;
        let slots: BTreeSet<Slot> = arms.iter().flat_map(|arm| arm.sums.keys().cloned()).collect();
        let all_floats = outer_seed.is_some() && slots.iter().all(|slot| self.is_float(slot));
        let both = Both { inst, branch, arms, slots: slots.into_iter().collect() };
        let repeats = if self.loops > 0 { Repeats::Yes } else { Repeats::No };
        match (plan(&both.arms, seeds.len(), all_floats, repeats), outer_seed) {
            (Plan::Preaccumulate, Some((seed, cotangent))) => {
                self.preaccumulated(both, seed, cotangent)
            }
            (Plan::Reverse | Plan::Carry | Plan::Preaccumulate, _) => {
                self.reversed(both, outer_seed)
            }
        }
    }

    /// Both sweeps of an arm.
    fn arm(&mut self, arm: &Region, seeds: &[(usize, ValueId)]) -> Arm {
        self.frames.push(Frame::default());
        self.builder.open();
        for &(at, cotangent) in seeds {
            if let Some(&value) = arm.yields.get(at) {
                self.add(value, cotangent);
            }
        }
        let forward = self.insts(&arm.insts);
        let slots: Vec<Slot> =
            self.frames.last().map_or_else(Vec::new, |frame| frame.sums.keys().cloned().collect());
        let mut sums = BTreeMap::new();
        for slot in slots {
            if let Some(sum) = self.take_sum(&slot) {
                sums.insert(slot, sum);
            }
        }
        let frame = self.frames.pop().unwrap_or_default();
        let mut reverse = self.declarations(&frame);
        reverse.extend(self.builder.close());
        Arm::analyse(&self.origins, (forward, reverse), sums)
    }

    /// The forward branch yields the local partials; v̄ += ȳ · ∂y/∂v
    fn preaccumulated(&mut self, both: Both<'_>, seed: ValueId, cotangent: ValueId) -> Inst {
        let singular = both.arms.iter().any(Arm::is_singular);
        let Both { inst, branch, arms, slots } = both;
        let mut forward = Vec::new();
        for (arm, primal) in arms.into_iter().zip(&branch.arms) {
            self.builder.open();
            let one = self.builder.number(1.0);
            let map = [(seed, one)].into_iter().collect();
            self.append_all(arm.reverse, &map);
            let mut yields = primal.yields.clone();
            yields.extend(self.arm_sums(&slots, &arm.sums, &map));
            let mut insts = arm.forward;
            insts.extend(self.builder.close());
            forward.push(Region { insts, yields });
        }
        let mut results = inst.results.clone();
        let mut roles = branch.roles.clone();
        let y = self.seeded_name(seed);
        for slot in slots {
            let (ty, hint) = (self.slot_ty(&slot), self.hint(&slot));
            let name = format!("d{y}_d{}", self.slot_name(&slot));
            let active = self.builder.function.yielded(&forward, results.len());
            let partial = self.builder.fresh(ty.clone(), &name, active);
            results.push(partial);
            roles.push(Role::Extra);
            let kind = if singular {
                Kind::Scale { cotangent, partial }
            } else {
                Kind::Apply(Op::Mul, [cotangent, partial].into())
            };
            let contribution = self.builder.push(ty, &hint, kind);
            self.push(slot, contribution);
        }
        let branch = Branch { arms: forward, roles, decision: branch.decision.clone() };
        Inst { results, kind: Kind::from(branch), ..inst.clone() }
    }

    /// The name of the result that a seed is the cotangent of.
    fn seeded_name(&self, seed: ValueId) -> String {
        let hint = &self.builder.function.values[seed].hint;
        hint.strip_suffix("_bar").unwrap_or(hint).to_owned()
    }

    /// A second branch runs the reverse sweep of the arm; the first yields what that reads.
    fn reversed(&mut self, both: Both<'_>, outer_seed: Option<(ValueId, ValueId)>) -> Inst {
        let carried = self.carried(&both.arms);
        let Both { inst, branch, arms, slots } = both;
        let effects = arms.iter().any(Arm::adds_outside);
        let (mut forward, mut reverse) = (Vec::new(), Vec::new());
        for (at, (arm, primal)) in arms.into_iter().zip(&branch.arms).enumerate() {
            forward.push(self.carrying(&arm, &primal.yields, at, &carried));
            let mut map: HashMap<ValueId, ValueId> = outer_seed.into_iter().collect();
            self.builder.open();
            self.receive(&arm, at, &carried, &mut map);
            self.append_all(arm.reverse, &map);
            let yields = self.arm_sums(&slots, &arm.sums, &map);
            reverse.push(Region { insts: self.builder.close(), yields });
        }
        if effects || !slots.is_empty() {
            let decision = decided_again(inst, branch);
            self.second_branch(decision, reverse, slots);
        }
        let mut results = inst.results.clone();
        let mut roles = branch.roles.clone();
        results.extend(carried.iter().map(|carried| carried.result));
        roles.extend(carried.iter().map(|_| Role::Extra));
        let branch = Branch { arms: forward, roles, decision: branch.decision.clone() };
        Inst { results, kind: Kind::from(branch), ..inst.clone() }
    }

    fn second_branch(&mut self, decision: Decision, arms: Vec<Region>, slots: Vec<Slot>) {
        let mut results = Vec::new();
        for slot in &slots {
            let (ty, hint) = (self.slot_ty(slot), self.hint(slot));
            let active = self.builder.function.yielded(&arms, results.len());
            results.push(self.builder.fresh(ty, &hint, active));
        }
        let roles = slots.iter().map(|_| Role::Extra).collect();
        let branch = Branch { decision, arms, roles };
        self.builder.generate(results.clone(), Kind::from(branch));
        for (slot, result) in slots.into_iter().zip(results) {
            self.push(slot, result);
        }
    }

    /// One value per slot: what the arm contributes, or zero.
    fn arm_sums(
        &mut self,
        slots: &[Slot],
        sums: &BTreeMap<Slot, ValueId>,
        map: &HashMap<ValueId, ValueId>,
    ) -> Vec<ValueId> {
        let mut yields = Vec::new();
        for slot in slots {
            yields.push(match sums.get(slot) {
                Some(sum) => map.get(sum).copied().unwrap_or(*sum),
                None if self.is_float(slot) => {
                    let zero = Kind::Const(Literal::Number(0.0));
                    self.builder.push(self.slot_ty(slot), "zero", zero)
                }
                None => self.builder.zero(slot.root, &self.hint(slot)),
            });
        }
        yields
    }

    /// Appends instructions that read other values now. Tokens of the user's read them under the
    /// names that they know.
    pub(crate) fn append_all(&mut self, mut insts: Vec<Inst>, map: &HashMap<ValueId, ValueId>) {
        let mut named = HashMap::default();
        for read in read_by_tokens(&insts) {
            if let (Some(&again), false) = (map.get(&read), named.contains_key(&read)) {
                named.insert(read, self.homed(read, again));
            }
        }
        substitute(&mut insts, map, &named);
        self.builder.mark_active(&insts);
        for inst in insts {
            self.builder.append(inst);
        }
    }

    /// What the arms yield for the reverse sweep, one item per result. Arms share the result for
    /// residuals of one class, since only one of them runs.
    fn carried(&mut self, arms: &[Arm]) -> Vec<Carried> {
        let mut all: Vec<Carried> = Vec::new();
        for (at, arm) in arms.iter().enumerate() {
            let mut next = 0;
            for (value, class) in arm.carried() {
                let optional = matches!(self.builder.function.values[value].ty, Ty::Option(_));
                let scalar = !optional && self.origins.is_scalar(value);
                let class = if scalar { Class::Float } else { class };
                let free = (next..all.len()).find(|&n| {
                    all.get(n).is_some_and(|it| it.class == class && class != Class::Other)
                });
                next = free.unwrap_or(all.len()) + 1;
                match free.and_then(|n| all.get_mut(n)) {
                    Some(shared) => {
                        shared.values.insert(at, value);
                        if self.builder.name(value) != self.builder.name(shared.result) {
                            self.builder.rename(shared.result, "saved");
                        }
                    }
                    None => all.push(self.new_carried(value, class, at)),
                }
            }
        }
        all
    }

    fn new_carried(&mut self, value: ValueId, class: Class, at: usize) -> Carried {
        let ty = if class == Class::Other { Ty::Unknown } else { self.builder.ty(value) };
        let hint = self.builder.name(value);
        let result = self.builder.fresh(ty, &hint, self.builder.function.values[value].active);
        Carried { class, result, values: BTreeMap::from([(at, value)]) }
    }

    /// The forward arm, which yields its residuals too.
    fn carrying(
        &mut self,
        arm: &Arm,
        primal_yields: &[ValueId],
        at: usize,
        carried: &[Carried],
    ) -> Region {
        self.builder.open();
        let mut yields = primal_yields.to_vec();
        for item in carried {
            let value = item.values.get(&at).copied();
            yields.push(match (item.class, value) {
                (Class::Other, value) => {
                    let hint = self.builder.function.values[item.result].hint.clone();
                    self.builder.push(Ty::Unknown, &hint, Kind::Optional(value))
                }
                (_, Some(value)) => value,
                (Class::Float, None) => self.builder.number(0.0),
                (Class::Integer, None) => self.builder.index(0),
                (Class::Bool, None) => {
                    let span = self.builder.span;
                    let lit = syn::Lit::Bool(syn::LitBool::new(false, span));
                    self.builder.literal(lit, "condition")
                }
            });
            if let (Some(value), result) = (value, item.result) {
                // Shared by several: active if one of them is.
                let active = self.builder.function.values[value].active;
                if active == Active::Yes {
                    self.builder.function.values[result].active = active;
                }
            }
        }
        let mut insts = arm.forward.clone();
        insts.extend(self.builder.close());
        Region { insts, yields }
    }

    /// At the start of a reverse arm: the residuals, carried or computed again.
    fn receive(
        &mut self,
        arm: &Arm,
        at: usize,
        carried: &[Carried],
        map: &mut HashMap<ValueId, ValueId>,
    ) {
        for item in carried {
            let Some(&value) = item.values.get(&at) else { continue };
            let received = if item.class == Class::Other {
                let (ty, hint) = (self.builder.ty(value), self.builder.name(value));
                self.builder.push(ty, &hint, Kind::Present(item.result))
            } else {
                item.result
            };
            map.insert(value, received);
        }
        let definitions = definitions(&arm.forward);
        for (value, _) in &arm.residuals {
            if arm.recomputed.contains(value) {
                self.recompute(*value, &definitions, map);
            }
        }
    }

    /// Computes a value of the forward arm again, from what is visible outside.
    pub(crate) fn recompute(
        &mut self,
        value: ValueId,
        definitions: &HashMap<ValueId, &Inst>,
        map: &mut HashMap<ValueId, ValueId>,
    ) -> ValueId {
        if let Some(&known) = map.get(&value) {
            return known;
        }
        let Some(inst) = definitions.get(&value) else { return value };
        let at = inst.results.iter().position(|&result| result == value);
        if let Kind::Bind(parts) = &inst.kind
            && let Some(&part) = at.and_then(|at| parts.get(at))
        {
            let copy = self.recompute(part, definitions, map);
            if definitions.get(&part).is_some_and(|inst| matches!(inst.kind, Kind::Opaque { .. })) {
                let name = self.builder.name(value);
                self.builder.rename(copy, &name);
            }
            map.insert(value, copy);
            return copy;
        }
        let mut kind = inst.kind.clone();
        let operands = kind.operands();
        let is_length = matches!(kind, Kind::Len(_));
        let mut again = Vec::new();
        for &operand in &operands {
            again.push(if is_length {
                self.measured_again(operand, definitions, map)
            } else {
                self.recompute(operand, definitions, map)
            });
        }
        if let Kind::Opaque { .. } = kind {
            for (&read, again) in operands.iter().zip(&mut again) {
                *again = self.homed(read, *again);
            }
        }
        let mut operands = again.into_iter();
        kind.map_operands(&mut |old| operands.next().unwrap_or(old));
        let known = &self.builder.function.values[value];
        let (ty, hint) = (known.ty.clone(), known.hint.clone());
        let copy = self.builder.push(ty, &hint, kind);
        map.insert(value, copy);
        copy
    }
}

impl Reverse<'_> {
    /// What a length is asked of again: any version of a variable that keeps its length.
    fn measured_again(
        &mut self,
        of: ValueId,
        definitions: &HashMap<ValueId, &Inst>,
        map: &mut HashMap<ValueId, ValueId>,
    ) -> ValueId {
        if let Some(root) = self.origins.one_length(of) {
            let outside = (!definitions.contains_key(&root)).then_some(root);
            if let Some(known) = map.get(&root).copied().or(outside) {
                return known;
            }
        }
        let Some(inst) = definitions.get(&of) else { return of };
        let mut kind = inst.kind.clone();
        match &mut kind {
            Kind::Index(whole, index) => {
                *whole = self.measured_again(*whole, definitions, map);
                *index = self.recompute(*index, definitions, map);
            }
            Kind::Field(whole, _) | Kind::Reborrow(whole) => {
                *whole = self.measured_again(*whole, definitions, map);
            }
            _ => return self.recompute(of, definitions, map),
        }
        let known = &self.builder.function.values[of];
        let (ty, hint) = (known.ty.clone(), known.hint.clone());
        self.builder.push(ty, &hint, kind)
    }

    /// A value that tokens read by the name of another: it has that name too.
    fn homed(&mut self, read: ValueId, again: ValueId) -> ValueId {
        let home = self.builder.function.values[read].home.clone();
        if read == again || self.builder.function.values[again].home == home {
            return again;
        }
        let (ty, hint) = (self.builder.ty(again), self.builder.name(again));
        let named = self.builder.push(ty, &hint, Kind::Reborrow(again));
        self.builder.function.values[named].home = home;
        named
    }
}

/// The same arm again: by the same condition, or by the number that the first branch gave.
pub(super) fn decided_again(inst: &Inst, branch: &Branch) -> Decision {
    match &branch.decision {
        Decision::If(cond) => Decision::If(*cond),
        Decision::Number(number) => Decision::Number(*number),
        Decision::User { .. } => {
            let at = branch.roles.iter().position(|role| *role == Role::ArmNumber);
            let number = at.and_then(|at| inst.results.get(at));
            number.map_or_else(|| branch.decision.clone(), |&n| Decision::Number(n))
        }
    }
}

/// A branch of which both sweeps of the arms are made.
struct Both<'a> {
    inst: &'a Inst,
    branch: &'a Branch,
    arms: Vec<Arm>,
    slots: Vec<Slot>,
}

/// A result of the forward branch that the reverse branch reads.
struct Carried {
    class: Class,
    result: ValueId,
    /// The residual that it stands for, by arm.
    values: BTreeMap<usize, ValueId>,
}

/// What tokens in these instructions, and in the regions inside them, read.
fn read_by_tokens(insts: &[Inst]) -> Vec<ValueId> {
    let inside = |inst: &Inst| match &inst.kind {
        Kind::Opaque { reads, .. } => reads.clone(),
        kind => kind.regions().iter().flat_map(|region| read_by_tokens(&region.insts)).collect(),
    };
    insts.iter().flat_map(inside).collect()
}

/// Replaces operands in instructions and in the regions inside them, those of tokens by `named`.
pub(crate) fn substitute(
    insts: &mut [Inst],
    map: &HashMap<ValueId, ValueId>,
    named: &HashMap<ValueId, ValueId>,
) {
    let of = |value: ValueId| map.get(&value).copied().unwrap_or(value);
    for inst in insts {
        let tokens = matches!(inst.kind, Kind::Opaque { .. });
        inst.kind.map_operands(&mut |value| {
            let again = tokens.then(|| named.get(&value).copied()).flatten();
            again.unwrap_or_else(|| of(value))
        });
        for region in inst.kind.regions_mut() {
            region.yields.iter_mut().for_each(|value| *value = of(*value));
            substitute(&mut region.insts, map, named);
        }
    }
}
