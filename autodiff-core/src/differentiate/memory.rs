//! The memory decision: how the reverse sweep of an arm gets the values that the arm computed.
//!
//! Values of an arm are visible in that arm only. Those that its reverse sweep reads, its
//! residuals, are either cheap to compute again (constants, comparisons, parts of aggregates, of
//! values that are visible outside), or they decide how the branch is reversed:
//!
//! * [`Plan::Reverse`], where no residual is left: a second branch, decided as the first, in which
//!   the reverse sweep of the arm runs.
//! * [`Plan::Preaccumulate`], where one float result has a cotangent ȳ: the arm computes its local
//!   partials ∂y/∂v with the seed 1, right where the residuals are, and yields them; the reverse
//!   sweep is v̄ += ȳ · ∂y/∂v. No tape, and no second branch.
//! * [`Plan::Carry`] elsewhere: the arm yields its residuals, to a second branch as above. The
//!   other arms yield zero, `false` or `None` in their place.

use std::collections::BTreeMap;

use super::cotangent::Slot;
use super::origin::Origins;
use super::part::by_bounds;
use crate::hash::{HashMap, HashSet};
use crate::ir::{
    CallForm, Decision, Edit, Effect, Head, Inst, Kind, Loop, Step, Target, ValueId, VarId,
};
use crate::rules::Op;

/// How a branch is reversed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// By a second branch that reads nothing of the first.
    Reverse,
    /// By local partials, computed in the arms.
    Preaccumulate,
    /// By a second branch that reads what the arms of the first yield.
    Carry,
}

/// Whether a branch is in a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeats {
    /// It runs once.
    No,
    /// It runs in each iteration.
    Yes,
}

/// What a residual is, as far as its use tells: what stands for it in the other arms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// `0.0`
    Float,
    /// `0`
    Integer,
    /// `false`
    Bool,
    /// `None`
    Other,
}

/// An arm, both of its sweeps made, not yet placed.
pub(crate) struct Arm {
    pub(crate) forward: Vec<Inst>,
    pub(crate) reverse: Vec<Inst>,
    /// What the arm contributes to values from outside.
    pub(crate) sums: BTreeMap<Slot, ValueId>,
    /// Its residuals in the order of their first use.
    pub(crate) residuals: Vec<(ValueId, Class)>,
    /// Those of them that are computed again.
    pub(crate) recomputed: HashSet<ValueId>,
}

impl Arm {
    /// Finds the residuals, and which of them are computed again.
    pub(crate) fn analyse(
        origins: &Origins<'_>,
        (forward, reverse): (Vec<Inst>, Vec<Inst>),
        sums: BTreeMap<Slot, ValueId>,
    ) -> Self {
        let definitions = definitions(&forward);
        let mut residuals: Vec<(ValueId, Class)> = Vec::new();
        let mut positions = HashMap::default();
        let mut note = |value, class: Class| {
            let Some(definition) = definitions.get(&value) else { return };
            // A zero stands where a length may stand, too.
            let is_zero = matches!(definition.kind, Kind::ZeroOf(_));
            let class = if is_zero { Class::Other } else { class };
            let at = *positions.entry(value).or_insert(residuals.len());
            match residuals.get_mut(at) {
                Some((_, known)) => *known = class.min(*known),
                None => residuals.push((value, class)),
            }
        };
        classify(&reverse, &mut note);
        // A loop that was reversed as it ran has left what it adds up to.
        sums.values().for_each(|&sum| note(sum, Class::Float));
        let mut known = HashMap::default();
        let mut recomputed = HashSet::default();
        let verbatim = has_items(&forward);
        let recompute = Recompute { origins, definitions: &definitions, verbatim };
        for &(value, _) in &residuals {
            if recompute.is_cheap(value, &mut known) {
                recomputed.insert(value);
            }
        }
        let bounds = |value| {
            (!recomputed.contains(&value)).then(|| recompute.bounds(value, &mut known)).flatten()
        };
        let parts = by_bounds(&mut residuals, bounds);
        recomputed.extend(parts);
        Self { forward, reverse, sums, residuals, recomputed }
    }

    /// The residuals that have to come from the forward sweep.
    pub(crate) fn carried(&self) -> impl Iterator<Item = (ValueId, Class)> {
        self.residuals.iter().copied().filter(|(value, _)| !self.recomputed.contains(value))
    }

    /// Whether the reverse sweep reads or changes shadows that are declared outside the arm.
    pub(crate) fn adds_outside(&self) -> bool {
        adds_outside(&self.reverse, &mut HashSet::default())
    }

    /// Whether the reverse sweep can meet an infinite partial.
    pub(crate) fn is_singular(&self) -> bool {
        is_singular(&self.reverse)
    }
}

/// Chooses how to reverse a branch of these arms. In a loop, partials would be left on a tape for
/// each iteration, those that are 0 or 1 too.
pub(crate) fn plan(arms: &[Arm], seeds: usize, all_floats: bool, repeats: Repeats) -> Plan {
    if arms.iter().all(|arm| arm.carried().next().is_none()) {
        return Plan::Reverse;
    }
    let preaccumulates = seeds == 1 && all_floats && !arms.iter().any(Arm::adds_outside);
    if preaccumulates && repeats == Repeats::No {
        return Plan::Preaccumulate;
    }
    Plan::Carry
}

/// The instruction that defines each value visible at the end of these instructions.
pub(crate) fn definitions(insts: &[Inst]) -> HashMap<ValueId, &Inst> {
    let mut found = HashMap::default();
    collect(insts, &mut found);
    found
}

fn collect<'i>(insts: &'i [Inst], found: &mut HashMap<ValueId, &'i Inst>) {
    for inst in insts {
        found.extend(inst.results.iter().map(|&result| (result, inst)));
        if let Kind::Block(region) = &inst.kind {
            collect(&region.insts, found);
        }
    }
}

/// Whether an item is declared here, so that paths may mean something else outside.
pub(crate) fn has_items(insts: &[Inst]) -> bool {
    insts.iter().any(|inst| match &inst.kind {
        Kind::Opaque { expr, .. } => matches!(**expr, syn::Expr::Verbatim(_)),
        kind => kind.regions().iter().any(|region| has_items(&region.insts)),
    })
}

/// Decides what is computed again.
pub(crate) struct Recompute<'a> {
    pub(crate) origins: &'a Origins<'a>,
    pub(crate) definitions: &'a HashMap<ValueId, &'a Inst>,
    pub(crate) verbatim: bool,
}

impl Recompute<'_> {
    pub(crate) fn is_cheap(&self, value: ValueId, known: &mut HashMap<ValueId, bool>) -> bool {
        if let Some(&known) = known.get(&value) {
            return known;
        }
        let Some(inst) = self.definitions.get(&value) else { return true };
        let cheap = self.is_cheap_kind(inst, known);
        known.insert(value, cheap);
        cheap
    }

    /// Whether a value is a sum or a product of recorded values and cheap ones. Every value that
    /// is gone through on the way is marked cheap.
    pub(crate) fn is_sum_of(
        &self,
        value: ValueId,
        recorded: &HashSet<ValueId>,
        known: &mut HashMap<ValueId, bool>,
    ) -> bool {
        let Some(inst) = self.definitions.get(&value) else { return false };
        match &inst.kind {
            Kind::Apply(Op::Add | Op::Sub | Op::Mul | Op::Neg, args) => args.iter().all(|&arg| {
                recorded.contains(&arg)
                    || self.is_cheap(arg, known)
                    || self.is_sum_of(arg, recorded, known)
            }),
            Kind::Opaque { expr, reads, effect: Effect::Pure }
                if !self.verbatim
                    && inst.results.len() == 1
                    && is_comparison(expr)
                    && !self.origins.names_alias(expr) =>
            {
                reads.iter().all(|&read| {
                    recorded.contains(&read)
                        || self.is_stable(read)
                        || self.is_again(read, known)
                        || self.is_sum_of(read, recorded, known)
                })
            }
            Kind::Bind(_) => {
                let at = inst.results.iter().position(|&result| result == value);
                let part = at.and_then(|at| inst.kind.operands().get(at).copied());
                part.is_some_and(|part| {
                    recorded.contains(&part) || self.is_sum_of(part, recorded, known)
                })
            }
            // An element of what stays as it is, by an index that is recorded anyway.
            Kind::Index(of, index) if self.is_kept(*of) && self.is_cheap(*of, known) => {
                recorded.contains(index) || self.is_sum_of(*index, recorded, known)
            }
            Kind::Integer(_, a, b) => [*a, *b].into_iter().all(|operand| {
                recorded.contains(&operand)
                    || self.is_cheap(operand, known)
                    || self.is_sum_of(operand, recorded, known)
            }),
            _ => false,
        }
    }

    fn is_cheap_kind(&self, inst: &Inst, known: &mut HashMap<ValueId, bool>) -> bool {
        match &inst.kind {
            Kind::Const(_) => true,
            Kind::Opaque { expr, reads, effect } => {
                let literal = matches!(**expr, syn::Expr::Lit(_));
                let same = |read: &ValueId| self.is_stable(*read) || self.is_again(*read, known);
                let stable = !self.verbatim
                    && reads.iter().all(same)
                    && (reads.is_empty() || !self.origins.names_alias(expr));
                let cheap = match effect {
                    Effect::Pure => true,
                    // It went well once.
                    Effect::MayPanic => is_counting(expr),
                    Effect::Any => false,
                };
                cheap && inst.results.len() == 1 && (literal || stable)
            }
            Kind::Field(of, _) | Kind::Index(of, _) | Kind::Slice(of, _) if !self.is_kept(*of) => {
                false
            }
            Kind::Len(of) => self.is_length_kept(*of, known),
            Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Finite(_)
            | Kind::Bind(_)
            | Kind::Field(..)
            | Kind::Index(..)
            | Kind::Slice(..)
            | Kind::Integer(..)
            | Kind::Number(_)
            | Kind::Reborrow(_) => {
                inst.kind.operands().into_iter().all(|operand| self.is_cheap(operand, known))
            }
            Kind::Apply(..)
            | Kind::ZeroOf(_)
            | Kind::Copy(_)
            | Kind::Scale { .. }
            | Kind::Select { .. }
            | Kind::PatternBound(_)
            | Kind::Tuple(_)
            | Kind::Struct { .. }
            | Kind::Array(_)
            | Kind::Repeat(_)
            | Kind::Filled(..)
            | Kind::Sum(_)
            | Kind::Wrap(_)
            | Kind::Payload(_)
            | Kind::Cast(..)
            | Kind::Declare(_)
            | Kind::Call(_)
            | Kind::Branch(_)
            | Kind::Block(_)
            | Kind::Zero { .. }
            | Kind::AddTo(..)
            | Kind::Load(_)
            | Kind::Optional(_)
            | Kind::Loop(_)
            | Kind::Update { .. }
            | Kind::Define { .. }
            | Kind::Store(..)
            | Kind::Reserve(_)
            | Kind::Take(_)
            | Kind::Edit(..)
            | Kind::Tape(_)
            | Kind::Push(..)
            | Kind::Pop(_)
            | Kind::Keep(_)
            | Kind::Run(_)
            | Kind::Replay(_)
            | Kind::Present(_) => false,
        }
    }

    /// Whether a length can be asked for again: that of a variable stays the same where nothing
    /// changes it, whatever its elements are.
    fn is_length_kept(&self, of: ValueId, known: &mut HashMap<ValueId, bool>) -> bool {
        if let Some(root) = self.origins.one_length(of)
            && !self.definitions.contains_key(&root)
        {
            return true;
        }
        match self.definitions.get(&of).map(|inst| &inst.kind) {
            Some(Kind::Index(whole, index)) => {
                self.is_length_kept(*whole, known) && self.is_cheap(*index, known)
            }
            Some(Kind::Field(whole, _) | Kind::Reborrow(whole)) => {
                self.is_length_kept(*whole, known)
            }
            _ => self.is_cheap(of, known) && !self.origins.is_resized(of),
        }
    }

    /// Whether a part can be read again: its aggregate is not updated afterwards.
    pub(crate) fn is_kept(&self, of: ValueId) -> bool {
        of.index() >= self.origins.function.values.len() || self.origins.stays(of)
    }

    /// Whether a value is had again where it is read: from outside, or computed again.
    fn is_again(&self, read: ValueId, known: &HashMap<ValueId, bool>) -> bool {
        if self.origins.cell(read).is_some() && !self.origins.is_last(read) {
            // What the tokens would read now is something else.
            return false;
        }
        self.is_cheap(read, &mut known.clone())
    }

    /// Whether the user's tokens mean this value to the end of the function: its variable is in
    /// scope there, never assigned again, and no other has its name.
    fn is_stable(&self, read: ValueId) -> bool {
        let function = self.origins.function;
        let known = self.origins.is_outermost(read) && self.origins.cell(read).is_none();
        let Some(home) = known.then(|| function.values[read].home.as_ref()).flatten() else {
            return false;
        };
        !function.bindings[home.binding].mutable && self.origins.is_only_one_called(home.binding)
    }
}

/// Whether an expression compares variables.
fn is_comparison(expr: &syn::Expr) -> bool {
    use syn::BinOp as B;
    match expr {
        syn::Expr::Paren(of) => is_comparison(&of.expr),
        syn::Expr::Binary(of) => {
            matches!(of.op, B::Lt(_) | B::Le(_) | B::Gt(_) | B::Ge(_) | B::Eq(_) | B::Ne(_))
                && is_counting(&of.left)
                && is_counting(&of.right)
        }
        _ => false,
    }
}

/// Whether an expression is arithmetic on indices, or reads something by one.
fn is_counting(expr: &syn::Expr) -> bool {
    use syn::Expr as E;
    match expr {
        E::Lit(_) | E::Path(_) => true,
        E::Paren(of) => is_counting(&of.expr),
        E::Group(of) => is_counting(&of.expr),
        E::Unary(of) => is_counting(&of.expr),
        E::Reference(of) => of.mutability.is_none() && is_counting(&of.expr),
        E::Cast(of) => is_counting(&of.expr),
        E::Field(of) => is_counting(&of.base),
        E::Index(of) => is_counting(&of.expr) && is_counting(&of.index),
        E::Binary(of) => is_counting(&of.left) && is_counting(&of.right),
        E::MethodCall(of) => {
            let counts = matches!(of.method.to_string().as_str(), "len" | "min" | "max");
            counts && is_counting(&of.receiver) && of.args.iter().all(is_counting)
        }
        E::Block(of) => is_counting_block(&of.block),
        E::If(of) => {
            let otherwise = of.else_branch.as_ref().is_some_and(|(_, arm)| is_counting(arm));
            is_comparison(&of.cond) && is_counting_block(&of.then_branch) && otherwise
        }
        _ => false,
    }
}

fn is_counting_block(block: &syn::Block) -> bool {
    matches!(block.stmts.as_slice(), [syn::Stmt::Expr(value, None)] if is_counting(value))
}

/// Calls `visit` on every value that these instructions read, with what its use tells.
pub(crate) fn classify(insts: &[Inst], visit: &mut impl FnMut(ValueId, Class)) {
    for inst in insts {
        classify_operands(&inst.kind, visit);
        for region in inst.kind.regions() {
            classify(&region.insts, visit);
            region.yields.iter().for_each(|&value| visit(value, Class::Float));
        }
    }
}

fn classify_edit(edit: Edit, visit: &mut impl FnMut(ValueId, Class)) {
    match edit {
        Edit::Fill(value) => visit(value, Class::Float),
        Edit::Append(value) => visit(value, Class::Other),
        Edit::Resize(len) => visit(len, Class::Integer),
        Edit::Swap(a, b) => [a, b].into_iter().for_each(|n| visit(n, Class::Integer)),
        Edit::RemoveLast | Edit::Reverse => {}
    }
}

fn classify_operands(kind: &Kind, visit: &mut impl FnMut(ValueId, Class)) {
    match kind {
        Kind::Apply(op, args) => {
            for (i, &arg) in args.iter().enumerate() {
                visit(arg, if op.inert_operand(i) { Class::Integer } else { Class::Float });
            }
        }
        Kind::Scale { cotangent: a, partial: b }
        | Kind::Less(a, b)
        | Kind::LessEq(a, b)
        | Kind::Equal(a, b) => [a, b].into_iter().for_each(|&value| visit(value, Class::Float)),
        Kind::And(a, b) | Kind::Or(a, b) => {
            visit(*a, Class::Bool);
            visit(*b, Class::Bool);
        }
        Kind::Not(a) => visit(*a, Class::Bool),
        Kind::Finite(all) => all.iter().for_each(|&value| visit(value, Class::Float)),
        Kind::Select { cond, yes, no } => {
            visit(*cond, Class::Bool);
            visit(*yes, Class::Float);
            visit(*no, Class::Float);
        }
        Kind::Index(of, index) => {
            visit(*of, Class::Other);
            visit(*index, Class::Integer);
        }
        Kind::Slice(of, bounds) => {
            visit(*of, Class::Other);
            classify_steps(&[Step::Range(*bounds)], visit);
        }
        Kind::Integer(_, a, b) => [a, b].into_iter().for_each(|&n| visit(n, Class::Integer)),
        Kind::AddTo(place, value) | Kind::Store(place, value) => {
            classify_steps(&place.path, visit);
            visit(*value, Class::Other);
        }
        Kind::Load(place) | Kind::Take(place) => classify_steps(&place.path, visit),
        Kind::Edit(place, edit) => {
            classify_steps(&place.path, visit);
            classify_edit(*edit, visit);
        }
        Kind::Zero { len: Some(len), .. } => visit(*len, Class::Integer),
        Kind::Zero { like, len: None, .. } => visit(*like, Class::Other),
        Kind::Filled(element, len) => {
            visit(*element, Class::Float);
            visit(*len, Class::Integer);
        }
        Kind::Sum(of) => visit(*of, Class::Other),
        Kind::Branch(branch) => match &branch.decision {
            Decision::If(cond) => visit(*cond, Class::Bool),
            Decision::Number(number) => visit(*number, Class::Integer),
            Decision::User { reads, .. } => {
                for &read in reads {
                    visit(read, Class::Other);
                }
            }
        },
        Kind::Loop(of) => classify_loop(of, visit),
        Kind::Cast(value, _) => visit(*value, Class::Float),
        Kind::Const(_)
        | Kind::Opaque { .. }
        | Kind::PatternBound(_)
        | Kind::Bind(_)
        | Kind::Tuple(_)
        | Kind::Struct { .. }
        | Kind::Array(_)
        | Kind::Repeat(_)
        | Kind::Field(..)
        | Kind::Reborrow(_)
        | Kind::Wrap(_)
        | Kind::Payload(_)
        | Kind::Declare(_)
        | Kind::Call(_)
        | Kind::Block(_)
        | Kind::Optional(_)
        | Kind::Update { .. }
        | Kind::Len(_)
        | Kind::ZeroOf(_)
        | Kind::Copy(_)
        | Kind::Number(_)
        | Kind::Define { .. }
        | Kind::Reserve(_)
        | Kind::Tape(_)
        | Kind::Push(..)
        | Kind::Pop(_)
        | Kind::Keep(_)
        | Kind::Run(_)
        | Kind::Replay(_)
        | Kind::Present(_) => kind.visit_operands(&mut |value| visit(value, Class::Other)),
    }
    if let Kind::Call(call) = kind
        && let CallForm::Pullback { targets, .. } = &call.form
    {
        for target in targets {
            if let Target::Place(place) | Target::Exchange(place) = target {
                classify_steps(&place.path, visit);
            }
        }
    }
}

fn classify_steps(path: &[Step], visit: &mut impl FnMut(ValueId, Class)) {
    let mut index = |value| visit(value, Class::Integer);
    path.iter().for_each(|step| step.visit_operands(&mut index));
}

fn classify_loop(of: &Loop, visit: &mut impl FnMut(ValueId, Class)) {
    of.init.iter().for_each(|&value| visit(value, Class::Float));
    match &of.head {
        Head::Range { lo, hi, .. } => [lo, hi].into_iter().for_each(|&n| visit(n, Class::Integer)),
        Head::Count { trips, .. } => visit(*trips, Class::Integer),
        Head::While { reads, .. } => reads.iter().for_each(|&read| visit(read, Class::Other)),
        Head::Items { .. } | Head::Endless => {}
    }
}

fn adds_outside(insts: &[Inst], inside: &mut HashSet<VarId>) -> bool {
    insts.iter().any(|inst| match &inst.kind {
        Kind::Zero { var, .. } | Kind::Define { var, .. } => {
            inside.insert(*var);
            false
        }
        Kind::AddTo(place, _)
        | Kind::Store(place, _)
        | Kind::Load(place)
        | Kind::Take(place)
        | Kind::Edit(place, _) => !inside.contains(&place.var),
        Kind::Pop(_) | Kind::Push(..) => true,
        Kind::Call(call) => match &call.form {
            CallForm::Pullback { targets, .. } => targets.iter().any(|target| match target {
                Target::Place(place) | Target::Exchange(place) => !inside.contains(&place.var),
                Target::Value | Target::Ignore => false,
            }),
            CallForm::Primal | CallForm::Split => false,
        },
        kind => kind.regions().iter().any(|region| adds_outside(&region.insts, inside)),
    })
}

fn is_singular(insts: &[Inst]) -> bool {
    insts.iter().any(|inst| match &inst.kind {
        Kind::Scale { .. } | Kind::Call(_) => true,
        kind => kind.regions().iter().any(|region| is_singular(&region.insts)),
    })
}
