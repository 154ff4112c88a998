//! The reverse of a loop: the same iterations, the last first.
//!
//! A carried value x → x′ of the loop has a carried cotangent x̄′ → x̄ in the reverse loop. What an
//! iteration contributes to values from outside is summed up in further carried values. The
//! residuals of an iteration are computed again where that is cheap ([`super::memory`]); the others
//! are left on a tape, one record for each iteration, and taken from it in reverse.

use super::cotangent::{Frame, Reverse, Slot};
use super::fuse::Iteration;
use super::invariant::{Once, Vanishing};
use super::running::is_running;
use super::tape::Around;
use crate::hash::{HashMap, HashSet};
use crate::ir::{
    Active, End, Head, Inst, IntOp, Kind, Leaves, Literal, Loop, Order, Place, Region, Role, Row,
    Ty, ValueId, Var, VarId,
};
use crate::rules::Op;

/// A carried value of the reverse loop.
pub(super) struct Bar {
    pub(super) init: ValueId,
    pub(super) param: ValueId,
    pub(super) next: ValueId,
    /// Whose cotangent it is.
    pub(super) of: Whose,
}

/// What a carried cotangent is added to after the loop.
pub(super) enum Whose {
    /// A carried value of the primal loop, by its values before the loop and after it.
    Carried { before: ValueId, after: ValueId },
    /// A value from outside.
    Outer(Slot),
    /// A float of a shadow, to which every iteration adds.
    Same(Once),
}

impl Reverse<'_> {
    /// Returns the forward loop, and what stands before it.
    pub(crate) fn repeat(&mut self, inst: &Inst, of: &Loop) -> Vec<Inst> {
        let mut seeds: Vec<Option<ValueId>> = Vec::new();
        for &result in &inst.results {
            let own = self.is_active(result) && self.origins.cell(result).is_none();
            seeds.push(if own { self.take(result) } else { None });
        }
        let touches = self.touches(&of.body.insts);
        if !touches && seeds.iter().all(Option::is_none) {
            return vec![inst.clone()];
        }
        let wanted = self.wanted(of, &seeds);
        let sums = self.running_sums(of, &seeds);
        self.open_shadows(&of.body.insts);
        self.frames.push(Frame::default());
        self.builder.open();
        let params = self.seed_iteration(of, &wanted, &sums);
        self.loops += 1;
        let mut forward = self.insts(&of.body.insts);
        self.loops -= 1;
        self.builder.span = inst.span;
        let mut bars = self.carried_bars((inst, of), &params, &seeds);
        let measured: Vec<Inst> = of.params.iter().filter_map(|&it| self.measured(it)).collect();
        forward.splice(0..0, measured);
        let (outer, summed) = self.outer_sums();
        let frame = self.frames.pop().unwrap_or_default();
        let mut reverse = self.declarations(&frame);
        reverse.extend(self.builder.close());
        bars.extend(outer);
        let iteration = Iteration { forward, reverse, bars, summed };
        let insts = match self.fused((inst, of), iteration, &sums) {
            Ok(both) => both,
            Err(iteration) if of.checkpoint.is_some() => self.replayed((inst, of), iteration),
            Err(iteration) => self.apart(inst, of, iteration, &seeds),
        };
        for (init, seed) in of.init.iter().zip(sums) {
            seed.into_iter().for_each(|seed| self.add(*init, seed));
        }
        insts
    }

    /// The cotangents of the carried values that iterations only add to: the same in all of them.
    fn running_sums(&self, of: &Loop, seeds: &[Option<ValueId>]) -> Vec<Option<ValueId>> {
        let is_float = |at: usize| of.params.get(at).is_some_and(|&it| self.origins.is_scalar(it));
        let running = |(at, &seed): (usize, &Option<ValueId>)| {
            seed.filter(|_| is_float(at) && is_running(of, at))
        };
        seeds.iter().enumerate().map(running).collect()
    }

    /// The forward loop, and what stands before it; the reverse loop is appended.
    fn apart(
        &mut self,
        inst: &Inst,
        of: &Loop,
        iteration: Iteration,
        seeds: &[Option<ValueId>],
    ) -> Vec<Inst> {
        let Iteration { mut forward, reverse, mut bars, summed } = iteration;
        self.initial(&mut bars);
        let (mut forward_loop, before, head) = self.counted(inst, of, &mut forward);
        let mut around = Around { before, after: Vec::new() };
        let sweeps = (&mut forward, reverse);
        let (body, row) = self.reverse_body((inst, of), sweeps, &mut bars, (&head, &mut around));
        if let Kind::Loop(of) = &mut forward_loop.kind {
            of.body.insts = forward;
            of.row = row;
        }
        let vanishing = self.vanishing(seeds, &body);
        self.reverse_loop((head.made, row), body, bars, summed, vanishing);
        let mut insts = around.before;
        insts.push(forward_loop);
        insts.extend(around.after);
        insts
    }

    /// The cotangents of the carried values at the end of an iteration, where they are wanted and
    /// not known.
    fn seed_iteration(
        &mut self,
        of: &Loop,
        wanted: &[bool],
        sums: &[Option<ValueId>],
    ) -> Vec<Option<ValueId>> {
        let mut params = Vec::new();
        let carried = of.params.iter().zip(&of.body.yields);
        for ((&param, &next), (&wanted, &sum)) in carried.zip(wanted.iter().zip(sums)) {
            if let Some(seed) = sum {
                self.add(next, seed);
            }
            params.push((wanted && sum.is_none()).then(|| {
                let (ty, hint) = (self.builder.ty(param), self.builder.bar(param));
                let bar = self.builder.fresh(ty, &hint, Active::Yes);
                self.add(next, bar);
                bar
            }));
        }
        params
    }

    /// The cotangents of the carried values at the start of an iteration.
    fn carried_bars(
        &mut self,
        (inst, of): (&Inst, &Loop),
        params: &[Option<ValueId>],
        seeds: &[Option<ValueId>],
    ) -> Vec<Bar> {
        let mut bars = Vec::new();
        for (at, (&carried, &param)) in of.params.iter().zip(params).enumerate() {
            let Some(param) = param else {
                // Of a running sum: what it started from.
                if self.origins.cell(carried).is_none() {
                    self.take(carried);
                }
                continue;
            };
            let hint = self.builder.bar(carried);
            let next = match self.take(carried) {
                Some(next) => next,
                None => self.builder.zero(carried, &hint),
            };
            let Some(&before) = of.init.get(at) else { continue };
            let init = seeds.get(at).copied().flatten().unwrap_or(param);
            let after = inst.results.get(at).copied().unwrap_or(before);
            bars.push(Bar { init, param, next, of: Whose::Carried { before, after } });
        }
        bars
    }

    /// Sums of what an iteration contributes to floats from outside; aggregates are added to in
    /// memory.
    fn outer_sums(&mut self) -> (Vec<Bar>, Vec<(Slot, VarId)>) {
        let slots: Vec<Slot> =
            self.frames.last().map_or_else(Vec::new, |frame| frame.sums.keys().cloned().collect());
        let (mut bars, mut summed) = (Vec::new(), Vec::new());
        for slot in slots {
            let Some(sum) = self.take_sum(&slot) else { continue };
            debug_assert!(
                self.origins.depth(slot.root) < self.frames.len(),
                "a cotangent of %{} is left over in its loop:\n{}",
                slot.root.index(),
                self.primal
            );
            let (ty, hint) = (self.slot_ty(&slot), self.hint(&slot));
            if self.is_float(&slot) {
                let param = self.builder.fresh(ty.clone(), &hint, Active::Yes);
                let next = self.builder.apply(Op::Add, [param, sum], (&ty, &hint));
                bars.push(Bar { init: param, param, next, of: Whose::Outer(slot) });
            } else {
                let var = self.builder.function.vars.push(Var { ty, hint });
                let place = Place { var, path: Vec::new() };
                self.builder.generate(Vec::new(), Kind::AddTo(place, sum));
                summed.push((slot, var));
            }
        }
        (bars, summed)
    }

    /// What the carried cotangents are before the reverse loop: zero, or what there is already.
    pub(super) fn initial(&mut self, bars: &mut [Bar]) {
        for bar in bars {
            if bar.init != bar.param {
                continue;
            }
            let known = match &bar.of {
                Whose::Outer(slot) => self.take_sum(slot),
                Whose::Carried { .. } | Whose::Same(_) => None,
            };
            bar.init = known.unwrap_or_else(|| self.nothing(bar));
        }
    }

    /// Zero, in the shape of a carried cotangent.
    pub(super) fn nothing(&mut self, bar: &Bar) -> ValueId {
        let hint = self.builder.function.values[bar.param].hint.clone();
        let ty = self.builder.ty(bar.param);
        if super::builder::is_static(&ty) {
            return self.builder.static_zero(&ty, &hint);
        }
        let like = match &bar.of {
            // Of the variant that the last iteration has left.
            Whose::Carried { after, .. } if self.may_change_variant(&ty) => *after,
            Whose::Carried { before, .. } => *before,
            Whose::Outer(slot) => slot.root,
            // A float: its zero is static.
            Whose::Same(_) => bar.param,
        };
        self.builder.zero(like, &hint)
    }

    /// The head of the reverse loop. Where the number of iterations is not known beforehand, the
    /// forward loop counts them.
    fn counted(
        &mut self,
        inst: &Inst,
        of: &Loop,
        forward: &mut Vec<Inst>,
    ) -> (Inst, Vec<Inst>, ReverseHead) {
        let stays = of.leaves == Leaves::Never;
        let named = |this: &mut Self, of: ValueId| {
            let hint = this.builder.name(of);
            let fresh = this.builder.fresh(Ty::Inert, &hint, Active::No);
            // It has the user's name, so that the user's tokens can read it.
            let home = this.builder.function.values[of].home.clone();
            this.builder.function.values[fresh].home = home;
            fresh
        };
        match of.head {
            Head::Range { index, lo, hi, end, order } if stays => {
                let fresh = named(self, index);
                let order = order.reversed();
                let made = Head::Range { index: fresh, lo, hi, end, order };
                (inst.clone(), Vec::new(), ReverseHead { made, index: Some((index, fresh)) })
            }
            Head::Count { number, trips, order } if stays => {
                let fresh = named(self, number);
                let made = Head::Count { number: fresh, trips, order: order.reversed() };
                (inst.clone(), Vec::new(), ReverseHead { made, index: Some((number, fresh)) })
            }
            Head::Range { index, lo, hi, end: End::Open, order }
                if self.builder.function.values[index].home.is_some() =>
            {
                // Where it was left, no iteration has been: that bounds the reverse loop.
                let (init, hint) = match order {
                    Order::Up => (lo, "stop"),
                    Order::Down => (hi, "start"),
                };
                let (counting, bound) = self.carrying_one(inst, of, init, hint, |this, _| {
                    this.builder.open();
                    let next = match order {
                        Order::Down => index,
                        Order::Up => {
                            let one = this.builder.push(Ty::Inert, "one", Kind::Number(1));
                            let next = Kind::Integer(IntOp::Add, index, one);
                            this.builder.push(Ty::Inert, "stop", next)
                        }
                    };
                    forward.extend(this.builder.close());
                    next
                });
                let fresh = named(self, index);
                let (lo, hi) = match order {
                    Order::Up => (lo, bound),
                    Order::Down => (bound, hi),
                };
                let order = order.reversed();
                let made = Head::Range { index: fresh, lo, hi, end: End::Open, order };
                (counting, Vec::new(), ReverseHead { made, index: Some((index, fresh)) })
            }
            Head::Range { .. }
            | Head::Count { .. }
            | Head::Items { .. }
            | Head::While { .. }
            | Head::Endless => {
                let (counting, before, trips) = self.counting(inst, of, forward);
                let (Head::Count { number, order: Order::Up, .. } | Head::Items { number, .. }) =
                    of.head
                else {
                    let fresh = self.builder.fresh(Ty::Inert, "iteration", Active::No);
                    let made = Head::Count { number: fresh, trips, order: Order::Down };
                    return (counting, before, ReverseHead { made, index: None });
                };
                let fresh = named(self, number);
                let made = Head::Count { number: fresh, trips, order: Order::Down };
                (counting, before, ReverseHead { made, index: Some((number, fresh)) })
            }
        }
    }

    /// The loop that counts its iterations, what stands before it, and their number.
    fn counting(
        &mut self,
        inst: &Inst,
        of: &Loop,
        forward: &mut Vec<Inst>,
    ) -> (Inst, Vec<Inst>, ValueId) {
        self.builder.open();
        let zero = self.builder.push(Ty::Inert, "zero", Kind::Number(0));
        let before = self.builder.close();
        let (counting, trips) = self.carrying_one(inst, of, zero, "trips", |this, param| {
            this.builder.open();
            let one = this.builder.push(Ty::Inert, "one", Kind::Number(1));
            let count = Kind::Integer(IntOp::Add, param, one);
            let next = this.builder.push(Ty::Inert, "trips", count);
            forward.extend(this.builder.close());
            next
        });
        (counting, before, trips)
    }

    /// The loop with one more carried integer, and what that is after it.
    fn carrying_one(
        &mut self,
        inst: &Inst,
        of: &Loop,
        init: ValueId,
        hint: &str,
        next: impl FnOnce(&mut Self, ValueId) -> ValueId,
    ) -> (Inst, ValueId) {
        let param = self.builder.fresh(Ty::Inert, hint, Active::No);
        let result = self.builder.fresh(Ty::Inert, hint, Active::No);
        let next = next(self, param);
        let mut of = of.clone();
        let at = of.params.len();
        of.init.push(init);
        of.params.push(param);
        of.roles.push(Role::Extra);
        of.body.yields.insert(at, next);
        let mut results = inst.results.clone();
        results.push(result);
        (Inst { results, kind: Kind::Loop(Box::new(of)), ..inst.clone() }, result)
    }

    /// What every iteration adds to the same float of a shadow is carried as a sum instead.
    pub(super) fn sum_up(
        &mut self,
        body: &mut Region,
        bars: &mut Vec<Bar>,
        (head, carried): (&Head, &[ValueId]),
    ) {
        let Some(runs) = self.ends(head) else { return };
        let bound = head.defined().iter().chain(carried).copied();
        let params: HashSet<ValueId> = bars.iter().map(|bar| bar.param).chain(bound).collect();
        for (value, once) in self.added_once(body, &params, runs) {
            let ty = self.builder.ty(value);
            let hint = self.builder.function.vars[once.place.var].hint.clone();
            let init = self.builder.push(ty.clone(), &hint, Kind::Const(Literal::Number(0.0)));
            let param = self.builder.fresh(ty.clone(), &hint, Active::Yes);
            self.builder.open();
            let next = self.builder.apply(Op::Add, [param, value], (&ty, &hint));
            body.insts.extend(self.builder.close());
            body.yields.push(next);
            bars.push(Bar { init, param, next, of: Whose::Same(once) });
        }
    }

    fn reverse_loop(
        &mut self,
        (head, row): (Head, Option<Row>),
        body: Region,
        bars: Vec<Bar>,
        summed: Vec<(Slot, VarId)>,
        vanishing: Option<Vanishing>,
    ) {
        self.zero_sums(&summed);
        let (mut results, mut targets) = (Vec::new(), Vec::new());
        let (mut init, mut params) = (Vec::new(), Vec::new());
        for bar in bars {
            let known = self.builder.function.values[bar.param].clone();
            results.push(self.builder.fresh(known.ty, &known.hint, Active::Yes));
            init.push(bar.init);
            params.push(bar.param);
            targets.push(bar.of);
        }
        let roles = results.iter().map(|_| Role::Extra).collect();
        let leaves = Leaves::Never;
        let (reads, borrows, checkpoint) = (Vec::new(), Vec::new(), None);
        let of = Loop { head, init, params, roles, body, leaves, reads, borrows, row, checkpoint };
        match vanishing.filter(|_| summed.is_empty()) {
            Some(when) => self.in_one_arm(when, of, &results),
            None => self.builder.generate(results.clone(), Kind::Loop(Box::new(of))),
        }
        self.after_loop(targets.into_iter().zip(results));
        self.add_sums(summed);
    }

    /// Adds what a loop has carried to what that is the cotangent of.
    pub(super) fn after_loop(&mut self, carried: impl Iterator<Item = (Whose, ValueId)>) {
        let mut sums = Vec::new();
        for (target, result) in carried {
            match target {
                Whose::Carried { before, .. } => self.add(before, result),
                Whose::Outer(slot) => self.push(slot, result),
                Whose::Same(once) => sums.push((once, result)),
            }
        }
        self.add_once(sums);
    }

    /// Declares the aggregates that a loop sums up.
    pub(super) fn zero_sums(&mut self, summed: &[(Slot, VarId)]) {
        for (slot, var) in summed {
            self.builder.generate(Vec::new(), Kind::Zero { var: *var, like: slot.root, len: None });
        }
    }

    /// Adds the aggregates that a loop has summed up.
    pub(super) fn add_sums(&mut self, summed: Vec<(Slot, VarId)>) {
        for (slot, var) in summed {
            let (ty, hint) = (self.slot_ty(&slot), self.hint(&slot));
            let sum = self.builder.load(var, Vec::new(), ty, &hint);
            self.push(slot, sum);
        }
    }

    /// Which carried values have a cotangent in some iteration: those from which a seeded one, or
    /// something written to memory, is computed.
    fn wanted(&self, of: &Loop, seeds: &[Option<ValueId>]) -> Vec<bool> {
        let mut sources: HashMap<ValueId, Vec<ValueId>> = HashMap::default();
        let mut stack = Vec::new();
        self.dependencies(&of.body.insts, &mut sources, &mut stack);
        let mut wanted: Vec<bool> = seeds.iter().map(Option::is_some).collect();
        let seeded = of.body.yields.iter().zip(&wanted).filter(|(_, wanted)| **wanted);
        stack.extend(seeded.map(|(&value, _)| value));
        let mut reached = HashSet::default();
        while let Some(value) = stack.pop() {
            if !self.is_active(value) || !reached.insert(value) {
                continue;
            }
            if let Some(at) = of.params.iter().position(|&param| param == value)
                && let Some(slot) = wanted.get_mut(at)
            {
                let owned = self.origins.cell(value).is_none();
                if owned && !*slot {
                    *slot = true;
                    stack.extend(of.body.yields.get(at));
                }
            }
            stack.extend(sources.get(&value).into_iter().flatten());
        }
        wanted
    }

    /// What each value is computed from; what is written to memory goes to `written`.
    fn dependencies(
        &self,
        insts: &[Inst],
        sources: &mut HashMap<ValueId, Vec<ValueId>>,
        written: &mut Vec<ValueId>,
    ) {
        for inst in insts {
            let mut of = inst.kind.operands();
            for region in inst.kind.regions() {
                self.dependencies(&region.insts, sources, written);
                of.extend(&region.yields);
            }
            if let Kind::Loop(inner) = &inst.kind {
                for (&param, (&init, &next)) in
                    inner.params.iter().zip(inner.init.iter().zip(&inner.body.yields))
                {
                    sources.entry(param).or_default().extend([init, next]);
                }
            }
            let memory = inst.results.iter().any(|&result| self.is_memory(result));
            if memory || matches!(inst.kind, Kind::AddTo(..) | Kind::Store(..) | Kind::Call(_)) {
                written.extend(&of);
            }
            for &result in &inst.results {
                sources.entry(result).or_default().extend(&of);
            }
        }
    }

    /// Whether a value is a version of a variable that is updated in place.
    fn is_memory(&self, value: ValueId) -> bool {
        self.origins.cell(value).is_some_and(|cell| cell.active)
    }

    /// Whether instructions read or write memory that has a cotangent.
    pub(crate) fn touches(&self, insts: &[Inst]) -> bool {
        let memory = |value: ValueId| {
            let root = self.origins.origin(value).root;
            self.is_memory(value) || self.is_memory(root)
        };
        insts.iter().any(|inst| {
            let place = matches!(inst.kind, Kind::AddTo(..) | Kind::Store(..) | Kind::Load(_));
            place
                || inst.results.iter().any(|&result| memory(result))
                || inst.kind.operands().into_iter().any(memory)
                || inst.kind.regions().iter().any(|region| self.touches(&region.insts))
        })
    }

    /// The shadows of what an earlier iteration may have read exist before the first is reversed.
    pub(crate) fn open_shadows(&mut self, insts: &[Inst]) {
        for inst in insts {
            let values = inst.kind.operands().into_iter().chain(inst.results.iter().copied());
            for value in values.collect::<Vec<_>>() {
                let root = self.origins.origin(value).root;
                if let Some(cell) = self.origins.cell(root)
                    && cell.active
                    && cell.depth < self.frames.len()
                {
                    self.shadow(cell.root);
                }
            }
            let regions: Vec<Region> = inst.kind.regions().to_vec();
            regions.iter().for_each(|region| self.open_shadows(&region.insts));
        }
    }
}

/// The head of a reverse loop, and what stands for the index of the forward one.
pub(crate) struct ReverseHead {
    pub(super) made: Head,
    pub(super) index: Option<(ValueId, ValueId)>,
}
