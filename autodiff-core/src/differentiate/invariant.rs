//! What an iteration need not keep: integers that count along, and what is the same in all of
//! them. It is known outside of the loop; the reverse loop reads it there, or adds to it there once.

use super::cotangent::Reverse;
use super::movable::Movable;
use super::repeat::ReverseHead;
use crate::hash::{HashMap, HashSet};
use crate::ir::{
    Branch, CallForm, Decision, End, Head, Inst, IntOp, Kind, Literal, Loop, Order, Place, Region,
    Role, Step, Target, Ty, ValueId, VarId,
};

/// An index that grows by the same number in every iteration: `at += 1`.
pub(crate) struct Counter {
    /// It at the start of an iteration, and at the end.
    param: ValueId,
    next: ValueId,
    /// It before the loop.
    init: ValueId,
    by: usize,
}

impl Counter {
    /// What an iteration knows of it.
    pub(crate) fn values(&self) -> [ValueId; 2] {
        [self.param, self.next]
    }
}

/// A cotangent that every iteration adds to the same place.
pub(crate) struct Once {
    pub(crate) place: Place,
    /// The indices of the place, which are computed in the iteration.
    pub(crate) indices: Vec<Inst>,
    /// The condition that there is an iteration.
    pub(crate) runs: (ValueId, ValueId),
}

/// The arm of a branch in which a loop runs, of how many.
pub(crate) struct Vanishing {
    decision: Decision,
    arm: usize,
    arms: usize,
}

impl Reverse<'_> {
    /// The carried integers of a loop that are known from the number of the iteration. They are
    /// indices, as is that: both are `usize`.
    pub(crate) fn counters(
        &self,
        of: &Loop,
        definitions: &HashMap<ValueId, &Inst>,
        head: &ReverseHead,
    ) -> Vec<Counter> {
        let from_zero = match &of.head {
            Head::Range { index, order: Order::Up, .. } => self.is_index(*index),
            Head::Count { order: Order::Up, .. } | Head::Items { .. } => true,
            Head::Range { .. } | Head::Count { .. } | Head::While { .. } | Head::Endless => false,
        };
        let mut counters = Vec::new();
        if !from_zero || head.index.is_none() {
            return counters;
        }
        for (&param, (&init, &next)) in of.params.iter().zip(of.init.iter().zip(&of.body.yields)) {
            let step = definitions.get(&next).and_then(|inst| step_of(inst, param));
            if let Some(by) = step.filter(|_| self.is_index(param)) {
                counters.push(Counter { param, next, init, by });
            }
        }
        counters
    }

    /// The same integers in the reverse iteration.
    pub(crate) fn counted_again(
        &mut self,
        counters: &[Counter],
        head: &ReverseHead,
        map: &mut HashMap<ValueId, ValueId>,
    ) {
        for counter in counters {
            let number = match &head.made {
                Head::Range { index, lo, .. } if self.is_zero(*lo) => *index,
                Head::Range { index, lo, .. } => {
                    self.builder.push(Ty::Inert, "number", Kind::Integer(IntOp::Sub, *index, *lo))
                }
                Head::Count { number, .. } => *number,
                Head::Items { .. } | Head::While { .. } | Head::Endless => continue,
            };
            let by = self.builder.push(Ty::Inert, "step", Kind::Number(counter.by));
            let way = if counter.by == 1 {
                number
            } else {
                self.builder.push(Ty::Inert, "number", Kind::Integer(IntOp::Mul, number, by))
            };
            let hint = self.builder.name(counter.param);
            let now = Kind::Integer(IntOp::Add, counter.init, way);
            let now = self.builder.push(Ty::Inert, &hint, now);
            let next = self.builder.push(Ty::Inert, &hint, Kind::Integer(IntOp::Add, now, by));
            map.insert(counter.param, now);
            map.insert(counter.next, next);
        }
    }

    /// Whether a variable is used as an index somewhere, so that it is a `usize`.
    fn is_index(&self, value: ValueId) -> bool {
        let home = |value: ValueId| self.builder.function.values[value].home.clone();
        let wanted = home(value);
        let same = |other: ValueId| other == value || wanted.is_some() && home(other) == wanted;
        indexes(&self.primal.body, &same)
    }

    fn is_zero(&self, value: ValueId) -> bool {
        let definition = self.origins.definition(value).map(|it| &it.inst.kind);
        match definition {
            Some(Kind::Number(0)) => true,
            Some(Kind::Opaque { expr, .. }) => {
                matches!(&**expr, syn::Expr::Lit(lit) if is_literal(&lit.lit, 0))
            }
            _ => false,
        }
    }

    /// The ends of the range that a loop runs over, if it says that there is an iteration:
    /// `lo < hi`.
    pub(crate) fn ends(&mut self, head: &Head) -> Option<(ValueId, ValueId)> {
        match *head {
            Head::Range { lo, hi, end: End::Open, .. } => Some((lo, hi)),
            Head::Count { trips, .. } => {
                Some((self.builder.push(Ty::Inert, "zero", Kind::Number(0)), trips))
            }
            Head::Range { .. } | Head::Items { .. } | Head::While { .. } | Head::Endless => None,
        }
    }

    /// An element that every iteration reads, at the same index, of what the loop does not change.
    pub(crate) fn is_same(
        &self,
        value: ValueId,
        definitions: &HashMap<ValueId, &Inst>,
        inside: &dyn Fn(ValueId) -> bool,
    ) -> bool {
        let Some(inst) = definitions.get(&value) else { return false };
        let Kind::Index(of, index) = &inst.kind else { return false };
        !inside(*of) && !inside(*index) && matches!(self.builder.ty(value), Ty::Float(_))
    }

    /// Reads such an element after the loop, if that ran: what it does first may be to panic.
    pub(crate) fn read_once(
        &mut self,
        value: ValueId,
        definitions: &HashMap<ValueId, &Inst>,
        (lo, hi): (ValueId, ValueId),
    ) -> Option<ValueId> {
        let kind = definitions.get(&value)?.kind.clone();
        let (ty, hint) = (self.builder.ty(value), self.builder.name(value));
        let active = self.builder.function.values[value].active;
        let runs = self.builder.push(Ty::Inert, "runs", Kind::Integer(IntOp::Less, lo, hi));
        self.builder.open();
        let read = self.builder.push(ty.clone(), &hint, kind);
        let then = Region { insts: self.builder.close(), yields: vec![read] };
        self.builder.open();
        let zero = Kind::Const(Literal::Number(0.0));
        let zero = self.builder.push(ty.clone(), "zero", zero);
        let other = Region { insts: self.builder.close(), yields: vec![zero] };
        let result = self.builder.fresh(ty, &hint, active);
        let decision = Decision::If(runs);
        let branch = Branch { decision, arms: vec![then, other], roles: vec![Role::Extra] };
        self.builder.generate(vec![result], Kind::from(branch));
        Some(result)
    }

    /// Takes what every iteration adds to the same float of a shadow out of the body: the value
    /// that one iteration adds, and where to.
    pub(crate) fn added_once(
        &self,
        body: &mut Region,
        params: &HashSet<ValueId>,
        runs: (ValueId, ValueId),
    ) -> Vec<(ValueId, Once)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(inst) = body.insts.get(at) {
            let once = self.is_once(inst, &body.insts, params);
            let Some((value, place, indices)) = once else {
                at += 1;
                continue;
            };
            body.insts.remove(at);
            found.push((value, Once { place, indices, runs }));
        }
        found
    }

    fn is_once(
        &self,
        inst: &Inst,
        body: &[Inst],
        params: &HashSet<ValueId>,
    ) -> Option<(ValueId, Place, Vec<Inst>)> {
        let Kind::AddTo(place, value) = &inst.kind else { return None };
        let float = matches!(self.builder.ty(*value), Ty::Float(_));
        let added = body.iter().all(|inst| only_added(&inst.kind, place.var));
        if !float || !added || place.path.is_empty() {
            return None;
        }
        let bound = |value| params.contains(&value);
        let movable = Movable { insts: body, bound: &bound, free: &is_index_arithmetic };
        let mut indices = Vec::new();
        let mut same = true;
        for step in &place.path {
            step.visit_operands(&mut |index| same &= movable.reaches(index, &mut indices));
        }
        let places = indices.iter().map(|&at| body.get(at).cloned()).collect::<Option<Vec<_>>>()?;
        same.then(|| (*value, place.clone(), places))
    }

    /// `if lo < hi { place += sum; }`, for the sums of one loop.
    pub(crate) fn add_once(&mut self, sums: Vec<(Once, ValueId)>) {
        let Some((first, _)) = sums.first() else { return };
        let (lo, hi) = first.runs;
        let runs = self.builder.push(Ty::Inert, "runs", Kind::Integer(IntOp::Less, lo, hi));
        self.builder.open();
        for (once, sum) in sums {
            self.add_at(once.place, once.indices, sum);
        }
        let then = Region { insts: self.builder.close(), yields: Vec::new() };
        let arms = vec![then, Region::default()];
        let branch = Branch { decision: Decision::If(runs), arms, roles: Vec::new() };
        self.builder.generate(Vec::new(), Kind::from(branch));
    }

    /// `place += sum`, where the indices of the place are computed anew.
    fn add_at(&mut self, place: Place, indices: Vec<Inst>, sum: ValueId) {
        let mut again: HashMap<ValueId, ValueId> = HashMap::default();
        for inst in indices {
            let mut kind = inst.kind;
            kind.map_operands(&mut |old| again.get(&old).copied().unwrap_or(old));
            for result in inst.results {
                let known = self.builder.function.values[result].clone();
                let copy = self.builder.push(known.ty, &known.hint, kind.clone());
                self.builder.function.values[copy].home = known.home;
                again.insert(result, copy);
            }
        }
        let mut kind = Kind::AddTo(place, sum);
        kind.map_operands(&mut |old| again.get(&old).copied().unwrap_or(old));
        self.builder.generate(Vec::new(), kind);
    }
}

impl Reverse<'_> {
    /// When a reverse loop need not run: where the only cotangent that it starts from is that of one
    /// arm of a branch, and zero in the others, the loop adds nothing there. Nothing may be on its
    /// tape.
    pub(crate) fn vanishing(&self, seeds: &[Option<ValueId>], body: &Region) -> Option<Vanishing> {
        let mut known = seeds.iter().copied().flatten();
        let (Some(seed), None) = (known.next(), known.next()) else { return None };
        let branch = self.builder.defining(seed)?;
        let at = branch.results.iter().position(|&result| result == seed)?;
        let Kind::Branch(of) = &branch.kind else { return None };
        let is_zero = |arm: &Region| {
            let yielded = arm.yields.get(at);
            let mut insts = arm.insts.iter();
            insts.any(|inst| {
                yielded.is_some_and(|value| inst.results.contains(value))
                    && matches!(inst.kind, Kind::Const(Literal::Number(0.0)))
            })
        };
        let mut running = of.arms.iter().enumerate().filter(|(_, arm)| !is_zero(arm));
        let (Some((arm, _)), None) = (running.next(), running.next()) else { return None };
        let skips = of.arms.len() > 1 && only_adds(body);
        skips.then(|| Vanishing { decision: of.decision.clone(), arm, arms: of.arms.len() })
    }

    /// A loop that runs only in one arm of a branch.
    pub(crate) fn in_one_arm(&mut self, when: Vanishing, of: Loop, results: &[ValueId]) {
        let otherwise = Region { insts: Vec::new(), yields: of.init.clone() };
        let mut arms = vec![otherwise; when.arms];
        self.builder.open();
        let mut inner = Vec::new();
        for &result in results {
            let known = self.builder.function.values[result].clone();
            inner.push(self.builder.fresh(known.ty, &known.hint, known.active));
        }
        self.builder.generate(inner.clone(), Kind::Loop(Box::new(of)));
        let then = Region { insts: self.builder.close(), yields: inner };
        arms.splice(when.arm..=when.arm, [then]);
        let roles = results.iter().map(|_| Role::Extra).collect();
        let branch = Branch { decision: when.decision, arms, roles };
        self.builder.generate(results.to_vec(), Kind::from(branch));
    }
}

/// Whether instructions add to shadows, and neither read them nor change them otherwise.
fn only_adds(region: &Region) -> bool {
    region.insts.iter().all(|inst| {
        let other = matches!(
            inst.kind,
            Kind::Load(_)
                | Kind::Take(_)
                | Kind::Store(..)
                | Kind::Edit(..)
                | Kind::Pop(_)
                | Kind::Push(..)
                | Kind::Call(_)
        );
        !other && inst.kind.regions().iter().all(only_adds)
    })
}

/// Whether an instruction is arithmetic on indices: what it gives is the same in every iteration
/// where what it reads is.
fn is_index_arithmetic(inst: &Inst) -> bool {
    match &inst.kind {
        Kind::Integer(..) | Kind::Number(_) | Kind::Reborrow(_) => true,
        Kind::Opaque { effect, .. } => *effect != crate::ir::Effect::Any,
        _ => false,
    }
}

/// Whether an instruction does nothing to a shadow but add floats to elements of it: then the
/// order of these sums is free.
pub(super) fn only_added(kind: &Kind, var: VarId) -> bool {
    match kind {
        Kind::AddTo(..) => true,
        // A pullback adds to what it is lent.
        Kind::Call(call) if matches!(call.form, CallForm::Pullback { .. }) => {
            let exchanged =
                |target: &Target| matches!(target, Target::Exchange(place) if place.var == var);
            let writes = call.dot_places.iter().any(|place| place.var == var);
            !writes && !call.targets().iter().any(exchanged)
        }
        Kind::Branch(_) | Kind::Block(_) | Kind::Loop(_) => {
            let mut insts = kind.regions().iter().flat_map(|region| &region.insts);
            insts.all(|inst| only_added(&inst.kind, var))
        }
        _ => !kind.mentions(var),
    }
}

/// `by`, where an instruction is `param += by`.
fn step_of(inst: &Inst, param: ValueId) -> Option<usize> {
    let Kind::Opaque { expr, reads, .. } = &inst.kind else { return None };
    let syn::Expr::Binary(of) = &**expr else { return None };
    let (syn::BinOp::AddAssign(_), syn::Expr::Path(_), syn::Expr::Lit(by)) =
        (&of.op, &*of.left, &*of.right)
    else {
        return None;
    };
    match &by.lit {
        syn::Lit::Int(by) if *reads == [param] => by.base10_parse().ok(),
        _ => None,
    }
}

fn is_literal(lit: &syn::Lit, number: usize) -> bool {
    matches!(lit, syn::Lit::Int(lit) if lit.base10_parse().ok() == Some(number))
}

/// Whether some such value is the index of an element.
fn indexes(region: &Region, same: &dyn Fn(ValueId) -> bool) -> bool {
    let step = |step: &Step| matches!(step, Step::Index(index) if same(*index));
    region.insts.iter().any(|inst| {
        let here = match &inst.kind {
            Kind::Index(_, index) => same(*index),
            Kind::Update { path, .. } => path.iter().any(step),
            _ => false,
        };
        here || inst.kind.regions().iter().any(|region| indexes(region, same))
    })
}
