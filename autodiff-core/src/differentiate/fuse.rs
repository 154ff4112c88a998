//! Loops that only add up are reversed as they run: each iteration right after itself, while its
//! values are there, so that none of them goes onto a tape.
//!
//! For a sum over data points, the cotangent of every term is that of the sum. Where this is known
//! before the loop (the gradient of a mean: 1/n), and where an iteration does nothing to shadows
//! from outside but add to them, the order of the reverse iterations is free.

use super::Seed;
use super::cotangent::{Frame, Reverse, Slot, Zeroed};
use super::invariant::only_added;
use super::memory::has_items;
use super::merge::merge_branches;
use super::private::{is_private, is_version};
use super::repeat::{Bar, Whose};
use crate::hash::{HashMap, HashSet};
use crate::ir::table::ValueSet;
use crate::ir::{Active, Effect, Inst, Kind, Loop, Region, Role, ValueId, VarId};

/// Both sweeps of an iteration, made, not yet placed.
pub(crate) struct Iteration {
    pub(crate) forward: Vec<Inst>,
    pub(crate) reverse: Vec<Inst>,
    /// The cotangents that it carries, and the sums that it adds to.
    pub(crate) bars: Vec<Bar>,
    pub(crate) summed: Vec<(Slot, VarId)>,
}

impl Reverse<'_> {
    /// The forward loop with the reverse of each iteration at its end, and what stands before it.
    /// Gives the iteration back where that would not do. `sums` are the cotangents of the running
    /// sums.
    pub(crate) fn fused(
        &mut self,
        (inst, of): (&Inst, &Loop),
        iteration: Iteration,
        sums: &[Option<ValueId>],
    ) -> Result<Vec<Inst>, Iteration> {
        let carries = iteration.bars.iter().any(|bar| matches!(bar.of, Whose::Carried { .. }));
        if carries || self.seeded == Seed::Parameter {
            return Err(iteration);
        }
        let (mut later, passed) = self.defined_later(of);
        let Some(shadows) = self.shadows_used(of, &iteration, &later) else {
            return Err(iteration);
        };
        later.retain(|value, _| !passed.contains(value));
        if !sums.iter().flatten().all(|&seed| self.is_early(seed, &later)) {
            return Err(iteration);
        }
        self.hoist(shadows);
        self.builder.open();
        let (mut map, mut early) = (HashMap::default(), HashMap::default());
        let later = later.iter().map(|(&value, inst)| (value, inst)).collect();
        for &seed in sums.iter().flatten() {
            let again = self.recompute(seed, &later, &mut early);
            map.insert(seed, again);
        }
        self.zero_sums(&iteration.summed);
        let before = self.builder.close();
        Ok(self.run_both((inst, of), iteration, (before, &map)))
    }

    /// The loop that runs both sweeps of an iteration, after `before`.
    fn run_both(
        &mut self,
        (inst, of): (&Inst, &Loop),
        iteration: Iteration,
        (mut before, map): (Vec<Inst>, &HashMap<ValueId, ValueId>),
    ) -> Vec<Inst> {
        let Iteration { mut forward, reverse, bars: mut sums, summed } = iteration;
        self.builder.open();
        for bar in &mut sums {
            bar.init = self.nothing(bar);
        }
        self.builder.open();
        self.append_all(reverse, map);
        let yields = sums.iter().map(|bar| map.get(&bar.next).copied().unwrap_or(bar.next));
        let yields = yields.collect();
        let start = forward.len();
        forward.extend(self.builder.close());
        merge_branches(&mut self.builder, &mut forward, start);
        let mut body = Region { insts: forward, yields };
        self.sum_up(&mut body, &mut sums, (&of.head, &of.params));
        before.extend(self.builder.close());
        let mut both = of.clone();
        both.body.insts = body.insts;
        let mut results = inst.results.clone();
        let at = both.params.len();
        let mut ended = Vec::new();
        for (n, (bar, next)) in sums.into_iter().zip(body.yields).enumerate() {
            let known = self.builder.function.values[bar.param].clone();
            let result = self.builder.fresh(known.ty, &known.hint, Active::Yes);
            both.init.push(bar.init);
            both.params.push(bar.param);
            both.roles.push(Role::Extra);
            // The flag that ends the loop stays the last.
            both.body.yields.insert(at + n, next);
            results.push(result);
            ended.push((bar.of, result));
        }
        self.after_loop(ended.into_iter());
        self.add_sums(summed);
        before.push(Inst { results, kind: Kind::Loop(Box::new(both)), ..inst.clone() });
        before
    }

    /// The shadows from outside that the reverse of an iteration uses, if all that happens to
    /// them, there and in what is reversed already, is that something is added; or if it leaves
    /// them as it finds them: zero, as those of memory that is private to each iteration, which
    /// come with what that memory is before the loop.
    ///
    /// In a loop that is inside another, or in an arm, only those of what nothing is written to:
    /// the other sweep of what is around it may run later.
    fn shadows_used(
        &self,
        of: &Loop,
        iteration: &Iteration,
        later: &HashMap<ValueId, Inst>,
    ) -> Option<Vec<(VarId, Option<ValueId>)>> {
        let Iteration { reverse, summed, .. } = iteration;
        let inside = self.loops > 0 || self.frames.len() > 1;
        let shapes = summed.iter().all(|(slot, _)| self.is_early(slot.root, later));
        if !shapes || inside && !(summed.is_empty() && self.adds_to_constant(reverse)) {
            return None;
        }
        let outside = self.frames.first().into_iter().flat_map(|frame| &frame.zeros);
        let mut found = Vec::new();
        for &(var, like, _) in outside.chain(&self.hoisted) {
            if reverse.iter().any(|inst| inst.kind.mentions(var)) {
                let shares = self.private.contains(&var);
                let mut insts = reverse.iter().chain(self.builder.so_far());
                let added = !shares && insts.all(|inst| only_added(&inst.kind, var));
                let before = self.private_memory(of, var);
                let fits = added && self.is_early(like, later)
                    || before.is_some_and(|before| self.is_early(before, later));
                if !fits {
                    return None;
                }
                found.push((var, before));
            }
        }
        Some(found)
    }

    /// Whether the shadows that instructions use are those of the function's, of what is never
    /// written to.
    fn adds_to_constant(&self, reverse: &[Inst]) -> bool {
        let uses = |var: VarId| reverse.iter().any(|inst| inst.kind.mentions(var));
        let inner = self.frames.iter().skip(1).flat_map(|frame| &frame.zeros);
        let written =
            |(&root, &var): (&ValueId, &VarId)| self.origins.cell(root).is_some() && uses(var);
        let of_vars = self.shadows_of_vars.values().copied();
        !inner.map(|&(var, ..)| var).chain(of_vars).any(uses) && !self.shadows.iter().any(written)
    }

    /// What the memory with this shadow is before the loop, if it is private to each iteration
    /// and its shadow is zero after the last.
    fn private_memory(&self, of: &Loop, var: VarId) -> Option<ValueId> {
        let added_to = self.hoisted.iter().any(|(hoisted, ..)| *hoisted == var);
        if added_to && !self.private.contains(&var) {
            return None;
        }
        let (&root, _) = self.shadows.iter().find(|(_, shadow)| **shadow == var)?;
        let unread = !self.builder.so_far().any(|inst| inst.kind.mentions(var));
        if !unread || !is_private(&self.origins, of, root) {
            return None;
        }
        let at = of.params.iter().position(|&param| is_version(&self.origins, param, root))?;
        of.init.get(at).copied()
    }

    /// These shadows are to be there before the reverse sweep begins.
    fn hoist(&mut self, shadows: Vec<(VarId, Option<ValueId>)>) {
        for (var, before) in shadows {
            self.private.extend(before.map(|_| var));
            let Some(frame) = self.frames.first_mut() else { return };
            let is_it = |(known, ..): &Zeroed| *known == var;
            let Some(mut shadow) =
                taken(&mut frame.zeros, is_it).or_else(|| taken(&mut self.hoisted, is_it))
            else {
                continue;
            };
            if let Some(before) = before {
                shadow = (var, before, None);
            }
            self.hoisted.push(shadow);
        }
    }

    /// Declares hoisted shadows before what uses them first.
    pub(crate) fn with_hoisted(&mut self, forward: Vec<Inst>) -> Vec<Inst> {
        let mut waiting = std::mem::take(&mut self.hoisted);
        let mut insts = Vec::new();
        for inst in forward {
            let (now, later) = waiting.into_iter().partition(|&(var, ..)| inst.kind.mentions(var));
            waiting = later;
            insts.extend(self.declarations(&Frame { zeros: now, ..Frame::default() }));
            insts.push(inst);
        }
        // Those that the forward sweep does not add to after all.
        self.hoisted = waiting;
        insts
    }

    /// What a block adds up of values from outside is read outside, too: it is declared before.
    pub(crate) fn without_shadows(&mut self, insts: Vec<Inst>) -> Vec<Inst> {
        let mut own = ValueSet::new();
        insts.iter().for_each(|inst| own.mark_all(&inst.results));
        let is_outer = |inst: &Inst| match inst.kind {
            Kind::Zero { like, len, .. } => {
                inst.syntax.is_none()
                    && ![Some(like), len].into_iter().flatten().any(|value| own.contains(value))
            }
            _ => false,
        };
        let (shadows, insts) = insts.into_iter().partition(is_outer);
        self.before.extend::<Vec<Inst>>(shadows);
        insts
    }

    /// What is not there yet when the instruction at the top level of the body begins that is
    /// being reversed, where shadows are declared: by the instruction that defines it. And what of
    /// that is there when the loop begins.
    fn defined_later(&self, of: &Loop) -> (HashMap<ValueId, Inst>, HashSet<ValueId>) {
        let (mut later, mut passed) = (HashMap::default(), HashSet::default());
        let primal = self.primal.body.insts.get(self.at..).unwrap_or_default();
        collect(primal, &mut later);
        collect(self.builder.so_far(), &mut later);
        primal.first().into_iter().for_each(|around| pass(around, of, &mut passed));
        (later, passed)
    }

    /// Whether a value is there before a loop, or can be computed there.
    fn is_early(&self, value: ValueId, later: &HashMap<ValueId, Inst>) -> bool {
        let Some(inst) = later.get(&value) else {
            // What a transform added to the forward sweep may be anywhere.
            return value.index() < self.primal.values.len();
        };
        let pure = match &inst.kind {
            Kind::Opaque { effect, .. } => {
                *effect == Effect::Pure && !has_items(&self.primal.body.insts)
            }
            Kind::Const(_)
            | Kind::Number(_)
            | Kind::Apply(..)
            | Kind::Scale { .. }
            | Kind::Cast(..)
            | Kind::Reborrow(_)
            | Kind::Bind(_) => true,
            _ => false,
        };
        let results = inst.results.len() == 1;
        pure && results && inst.kind.operands().into_iter().all(|it| self.is_early(it, later))
    }
}

/// What all instructions define, also those in blocks, arms and loops.
fn collect<'i>(insts: impl IntoIterator<Item = &'i Inst>, found: &mut HashMap<ValueId, Inst>) {
    for inst in insts {
        found.extend(inst.results.iter().map(|&result| (result, inst.clone())));
        inst.kind.regions().iter().for_each(|region| collect(&region.insts, found));
    }
}

/// What the instructions inside `around` define before the loop `of`, which is one of them.
fn pass(around: &Inst, of: &Loop, found: &mut HashSet<ValueId>) {
    let is_it =
        |inst: &Inst| matches!(&inst.kind, Kind::Loop(it) if std::ptr::eq(&raw const **it, of));
    for region in around.kind.regions() {
        let Some(at) = region.insts.iter().position(|inst| inst.any(&is_it)) else { continue };
        let (before, rest) = region.insts.split_at(at);
        found.extend(before.iter().flat_map(|inst| &inst.results));
        rest.first().into_iter().for_each(|around| pass(around, of, found));
    }
}

/// The first that is so, if there is one, which the list loses.
fn taken<T>(list: &mut Vec<T>, is_it: impl Fn(&T) -> bool) -> Option<T> {
    list.iter().position(is_it).map(|at| list.remove(at))
}
