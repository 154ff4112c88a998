//! Loops that add to neighbouring elements of an array: what an element is given before its last
//! turn waits in a carried float.
//!
//! ```text
//! for i in lo..hi {                     let mut pending = 0.0;
//!     x̄[i] += a;                        for i in lo..hi {
//!     x̄[i + 1] += b;                        x̄[i] += pending; x̄[i] += a;
//! }                                         pending = b;
//!                                       }
//!                                       if lo < hi { x̄[hi] += pending; }
//! ```
//!
//! So each element is read and written once. Otherwise the compiler behind us stores both elements
//! as a pair, and the next iteration, which reads half of one pair and half of another, waits until
//! both are in memory: that takes six to nine times as long.
//!
//! An element receives the same numbers in the same order; of more than two neighbours, those that
//! wait together are added up first.

mod base;

use std::collections::BTreeMap;

use base::Base;

use super::generated;
use crate::hash::{HashMap, HashSet};
use crate::ir::{
    Active, Bounds, Branch, Decision, Effect, End, Function, Head, Inst, IntOp, Kind, Leaves,
    Literal, Loop, Order, Place, Region, Role, Step, Ty, ValueId, VarId,
};
use crate::rules::Op;

/// More floats than this are not carried: stencils of five points need four.
const MOST_CARRIED: i64 = 4;

/// The function, with such loops rewritten.
pub(crate) fn gathered(mut function: Function) -> Function {
    let mut body = std::mem::take(&mut function.body);
    let start = function.reverse_from;
    let mut pass = Pass { indices: HashMap::default(), function };
    let earlier = pass.region(&mut body, start.unwrap_or(0));
    let mut function = pass.function;
    function.reverse_from = start.map(|start| start + earlier);
    function.body = body;
    function
}

struct Pass {
    function: Function,
    /// What computes indices, of the regions around.
    indices: HashMap<ValueId, Kind>,
}

/// What a loop adds to an array, around its index.
struct Additions {
    var: VarId,
    /// Where the array begins for the loop: `i * n` in `x̄[i * n + j + 1]`.
    base: Base,
    /// The instructions, by how far from there and the index they add.
    by_distance: BTreeMap<i64, Vec<usize>>,
}

/// The numbers of a loop's iterations.
#[derive(Clone, Copy)]
struct Range {
    index: ValueId,
    /// `None` where the first is 0.
    lo: Option<ValueId>,
    hi: ValueId,
    order: Order,
}

impl Range {
    fn of(of: &Loop) -> Option<Self> {
        let runs_through = of.leaves == Leaves::Never && of.checkpoint.is_none();
        match of.head {
            Head::Range { index, lo, hi, end: End::Open, order } if runs_through => {
                Some(Self { index, lo: Some(lo), hi, order })
            }
            Head::Count { number, trips, order } if runs_through => {
                Some(Self { index: number, lo: None, hi: trips, order })
            }
            _ => None,
        }
    }
}

impl Pass {
    /// Rewrites loops here and further in. Returns how many instructions were added before the one
    /// at `start`.
    fn region(&mut self, region: &mut Region, start: usize) -> usize {
        let (mut earlier, mut at) = (0, 0);
        while let Some(inst) = region.insts.get_mut(at) {
            if let (Kind::Opaque { .. } | Kind::Integer(..) | Kind::Number(_), [result]) =
                (&inst.kind, inst.results.as_slice())
            {
                self.indices.insert(*result, inst.kind.clone());
            }
            for inner in inst.kind.regions_mut() {
                self.region(inner, 0);
            }
            let (before, after) = self.gathered(inst);
            if at < start + earlier {
                earlier += before.len() + after.len();
            }
            let (added, rest) = (before.len(), after.len());
            region.insts.splice(at..at, before);
            at += added + 1;
            region.insts.splice(at..at, after);
            at += rest;
        }
        earlier
    }

    /// Rewrites a loop. Gives what stands before it, and after it.
    fn gathered(&mut self, inst: &mut Inst) -> (Vec<Inst>, Vec<Inst>) {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let Kind::Loop(of) = &mut inst.kind else { return (before, after) };
        let Some(range) = Range::of(of) else { return (before, after) };
        let mut closing = Vec::new();
        while let Some(additions) = self.scattered(of, range) {
            let carried = self.carry(of, &additions, range.order, &mut before);
            for (distance, result) in carried {
                inst.results.push(result);
                self.close((&additions, result), (range, distance), &mut closing);
            }
        }
        if !closing.is_empty() {
            after = self.if_run(range, closing);
        }
        (before, after)
    }

    /// An array to which the loop adds in neighbouring places, and nothing else happens: what else
    /// is added to it may be added before or after.
    fn scattered(&self, of: &Loop, range: Range) -> Option<Additions> {
        let insts = &of.body.insts;
        let inside: HashSet<ValueId> =
            insts.iter().flat_map(|inst| &inst.results).chain(&of.params).copied().collect();
        let mut found: Vec<Additions> = Vec::new();
        for (at, inst) in insts.iter().enumerate() {
            let Kind::AddTo(Place { var, path }, _) = &inst.kind else { continue };
            let Some((base, distance)) = self.reached(path, range.index) else { continue };
            let stays = base.reads.iter().all(|read| !inside.contains(read));
            if !stays || !self.holds_floats(*var) || !insts.iter().all(|inst| only_adds(inst, *var))
            {
                continue;
            }
            let known = found.iter().position(|known| known.var == *var && known.base == base);
            let known = known.unwrap_or_else(|| {
                found.push(Additions { var: *var, base, by_distance: BTreeMap::new() });
                found.len() - 1
            });
            if let Some(known) = found.get_mut(known) {
                known.by_distance.entry(distance).or_default().push(at);
            }
        }
        found.into_iter().find(|it| {
            let ends = it.by_distance.keys().next().zip(it.by_distance.keys().next_back());
            ends.is_some_and(|(first, last)| first < last && last - first <= MOST_CARRIED)
        })
    }

    fn holds_floats(&self, var: VarId) -> bool {
        match self.function.vars[var].ty.behind_refs() {
            Ty::Slice(item) | Ty::Vec(item) | Ty::Array(item, _) => matches!(**item, Ty::Float(_)),
            _ => false,
        }
    }

    /// How far from a loop's index, and from what is the same in all iterations, an element is.
    fn reached(&self, path: &[Step], index: ValueId) -> Option<(Base, i64)> {
        match path {
            [Step::Index(at)] => self.distance(*at, index),
            [Step::Range(Bounds { lo: Some(lo), .. }), Step::Index(at)] => {
                let (from, by) = match (self.number(*lo), self.number(*at)) {
                    (Some(from), _) => (self.distance(*at, index)?, from),
                    (_, Some(by)) => (self.distance(*lo, index)?, by),
                    _ => return None,
                };
                Some((from.0, from.1 + by))
            }
            _ => None,
        }
    }

    /// `at − index`, as something that is the same in all iterations and a number.
    fn distance(&self, at: ValueId, index: ValueId) -> Option<(Base, i64)> {
        let near = |by: i64| Some((Base::default(), by));
        if at == index {
            return near(0);
        }
        match self.indices.get(&at)? {
            Kind::Integer(IntOp::Add, a, b) if *a == index => near(self.number(*b)?),
            Kind::Integer(IntOp::Add, a, b) if *b == index => near(self.number(*a)?),
            Kind::Integer(IntOp::Sub, a, b) if *a == index => near(-self.number(*b)?),
            Kind::Opaque { expr, reads, effect } if reads.contains(&index) => {
                if *effect == Effect::Any {
                    return None;
                }
                let home = self.function.values[index].home.as_ref()?;
                Base::of(expr, reads, (&self.function.bindings[home.binding].ident, index))
            }
            _ => None,
        }
    }

    /// The number that a value is.
    fn number(&self, value: ValueId) -> Option<i64> {
        match self.indices.get(&value)? {
            Kind::Number(number) => i64::try_from(*number).ok(),
            Kind::Opaque { expr, .. } => base::literal(expr),
            _ => None,
        }
    }

    /// Carries what is added to elements whose last turn is still to come. Gives the results, with
    /// their distances from the last index.
    fn carry(
        &mut self,
        of: &mut Loop,
        additions: &Additions,
        order: Order,
        before: &mut Vec<Inst>,
    ) -> Vec<(i64, ValueId)> {
        let Additions { var, ref by_distance, .. } = *additions;
        let ends = by_distance.keys().next().zip(by_distance.keys().next_back());
        let Some((&first, &last)) = ends else { return Vec::new() };
        let (now, step) = match order {
            Order::Up => (first, 1),
            Order::Down => (last, -1),
        };
        let waiting: Vec<i64> = (1..=last - first).map(|turns| now + step * turns).collect();
        let params: Vec<ValueId> = waiting.iter().map(|_| self.float(var)).collect();
        let mut results = Vec::new();
        for (n, (&distance, &param)) in waiting.iter().zip(&params).enumerate() {
            let (init, result) = (self.zero(var, before), self.float(var));
            let own = by_distance.get(&distance).into_iter().flatten();
            let own = own.filter_map(|&at| match &of.body.insts.get(at)?.kind {
                Kind::AddTo(_, value) => Some(*value),
                _ => None,
            });
            let parts: Vec<ValueId> = params.get(n + 1).copied().into_iter().chain(own).collect();
            let next = self.sum(&parts, var, &mut of.body.insts);
            of.init.push(init);
            of.params.push(param);
            of.roles.push(Role::Extra);
            of.body.yields.push(next);
            results.push((distance, result));
        }
        take_turn(of, (by_distance, now), params.first().copied());
        results
    }

    /// The sum of floats: zero, where there is none.
    fn sum(&mut self, parts: &[ValueId], var: VarId, insts: &mut Vec<Inst>) -> ValueId {
        let Some((&first, rest)) = parts.split_first() else {
            return self.zero(var, insts);
        };
        rest.iter().fold(first, |sum, &part| {
            let next = self.float(var);
            insts.push(generated(vec![next], Kind::Apply(Op::Add, [sum, part].into())));
            next
        })
    }

    /// `x̄[last + distance] += waiting`
    fn close(
        &mut self,
        (additions, waiting): (&Additions, ValueId),
        (range, distance): (Range, i64),
        closing: &mut Vec<Inst>,
    ) {
        let (from, by) = match range.order {
            Order::Up => (Some(range.hi), distance - 1),
            Order::Down => (range.lo, distance),
        };
        let known = from.map_or(Some(0), |from| self.number(from));
        let (from, by) = known.map_or((from, by), |known| (None, known + by));
        let mut integer = |kind: Kind| {
            let value = self.integer("at");
            closing.push(generated(vec![value], kind));
            value
        };
        let size = usize::try_from(by.unsigned_abs()).unwrap_or_default();
        let index = match from {
            Some(from) if by == 0 => from,
            Some(from) => {
                let by_value = integer(Kind::Number(size));
                let op = if by < 0 { IntOp::Sub } else { IntOp::Add };
                integer(Kind::Integer(op, from, by_value))
            }
            None => integer(Kind::Number(size)),
        };
        let index = match &additions.base.expr {
            Some(base) => {
                let (reads, expr) = (additions.base.reads.clone(), Box::new(base.clone()));
                let base = integer(Kind::Opaque { expr, reads, effect: Effect::MayPanic });
                integer(Kind::Integer(IntOp::Add, base, index))
            }
            None => index,
        };
        let place = Place { var: additions.var, path: vec![Step::Index(index)] };
        closing.push(generated(Vec::new(), Kind::AddTo(place, waiting)));
    }

    /// `if lo < hi { … }`
    fn if_run(&mut self, range: Range, closing: Vec<Inst>) -> Vec<Inst> {
        let first = range.lo.map_or(Some(0), |lo| self.number(lo));
        if let (Some(first), Some(end)) = (first, self.number(range.hi)) {
            return if first < end { closing } else { Vec::new() };
        }
        let mut insts = Vec::new();
        let lo = range.lo.unwrap_or_else(|| {
            let zero = self.integer("zero");
            insts.push(generated(vec![zero], Kind::Number(0)));
            zero
        });
        let runs = self.integer("runs");
        insts.push(generated(vec![runs], Kind::Integer(IntOp::Less, lo, range.hi)));
        let arms = vec![Region { insts: closing, yields: Vec::new() }, Region::default()];
        let branch = Branch { decision: Decision::If(runs), arms, roles: Vec::new() };
        insts.push(generated(Vec::new(), Kind::from(branch)));
        insts
    }

    fn zero(&mut self, var: VarId, insts: &mut Vec<Inst>) -> ValueId {
        let zero = self.float(var);
        self.function.values[zero].active = Active::No;
        insts.push(generated(vec![zero], Kind::Const(Literal::Number(0.0))));
        zero
    }

    /// A float such as the array holds.
    fn float(&mut self, var: VarId) -> ValueId {
        let known = &self.function.vars[var];
        let (ty, hint) = (known.ty.element(), format!("{}_pending", known.hint));
        self.function.new_value(ty, &hint, proc_macro2::Span::call_site(), Active::Yes)
    }

    fn integer(&mut self, hint: &str) -> ValueId {
        self.function.new_value(Ty::Inert, hint, proc_macro2::Span::call_site(), Active::No)
    }
}

/// The element whose turn is the last is given what waits for it; the other additions are gone.
fn take_turn(
    of: &mut Loop,
    (additions, now): (&BTreeMap<i64, Vec<usize>>, i64),
    waiting: Option<ValueId>,
) {
    let turn = additions.get(&now).and_then(|at| at.first()).copied();
    let gone: Vec<usize> = additions
        .iter()
        .filter(|(distance, _)| **distance != now)
        .flat_map(|(_, at)| at.iter().copied())
        .collect();
    let insts = std::mem::take(&mut of.body.insts);
    for (at, inst) in insts.into_iter().enumerate() {
        if gone.contains(&at) {
            continue;
        }
        if let (Kind::AddTo(place, _), Some(waiting)) = (&inst.kind, waiting)
            && Some(at) == turn
        {
            of.body.insts.push(generated(Vec::new(), Kind::AddTo(place.clone(), waiting)));
        }
        of.body.insts.push(inst);
    }
}

/// Whether all that an instruction does to an array, if anything, is to add to it.
fn only_adds(inst: &Inst, var: VarId) -> bool {
    let mut regions = inst.kind.regions().iter().flat_map(|region| &region.insts);
    match &inst.kind {
        Kind::AddTo(..) => true,
        _ if regions.clone().next().is_none() => !inst.kind.mentions(var),
        _ => !inst.kind.mentions(var) || regions.all(|inst| only_adds(inst, var)),
    }
}
