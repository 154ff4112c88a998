//! Tapes: what the iterations of a loop leave for their reverse, one record each.
//!
//! What is cheap is computed again ([`super::memory`]); what is the same in all iterations is read
//! once; the rest is recorded. Where the number of iterations is known before the first, their
//! records stand side by side in a row of the tape, which has its length from the start.

use super::cotangent::Reverse;
use super::counts::Counts;
use super::invariant::Counter;
use super::memory::{Class, Recompute, classify, definitions, has_items};
use super::repeat::{Bar, ReverseHead};
use crate::hash::{HashMap, HashSet};
use crate::ir::Form;
use crate::ir::{End, Head, Inst, Kind, Leaves, Loop, Region, Row, Ty, ValueId, Var};

/// The longest tuple that implements `Default`.
pub(super) const LONGEST_BLANK: usize = 12;

/// What stands before a forward loop and after it.
#[derive(Default)]
pub(super) struct Around {
    pub(super) before: Vec<Inst>,
    pub(super) after: Vec<Inst>,
}

/// The values of an iteration that its reverse reads.
#[derive(Default)]
struct Residuals {
    /// They are left on the tape.
    recorded: Vec<ValueId>,
    /// Names of recorded values.
    copies: Vec<(ValueId, ValueId)>,
    /// They are computed again.
    recomputed: Vec<ValueId>,
}

impl Reverse<'_> {
    /// The reverse iteration: its residuals, then what `reverse` does.
    pub(super) fn reverse_body(
        &mut self,
        (inst, of): (&Inst, &Loop),
        (forward, reverse): (&mut Vec<Inst>, Vec<Inst>),
        bars: &mut Vec<Bar>,
        (head, around): (&ReverseHead, &mut Around),
    ) -> (Region, Option<Row>) {
        let mut yields: Vec<ValueId> = bars.iter().map(|bar| bar.next).collect();
        let counters = self.counters(of, &definitions(forward), head);
        let mut residuals = self.residuals(of, forward, (&reverse, &yields), (head, &counters));
        let mut map: HashMap<ValueId, ValueId> = head.index.into_iter().collect();
        around.after = self.same_in_all(of, forward, &mut residuals, &mut map);
        self.builder.open();
        self.counted_again(&counters, head, &mut map);
        let row = self.record((inst, of), (forward, &residuals.recorded), (head, &mut map), around);
        let definitions = definitions(forward);
        for &(value, source) in &residuals.copies {
            if let Some(&item) = map.get(&source) {
                map.insert(value, item);
            }
        }
        for &value in &residuals.recomputed {
            self.recompute(value, &definitions, &mut map);
        }
        self.append_all(reverse, &map);
        for value in &mut yields {
            *value = map.get(value).copied().unwrap_or(*value);
        }
        let mut body = Region { insts: self.builder.close(), yields };
        self.sum_up(&mut body, bars, (&head.made, &[]));
        (body, row)
    }

    /// Elements that every iteration reads are read once, after the loop.
    fn same_in_all(
        &mut self,
        of: &Loop,
        forward: &[Inst],
        residuals: &mut Residuals,
        map: &mut HashMap<ValueId, ValueId>,
    ) -> Vec<Inst> {
        let definitions = definitions(forward);
        let carried: HashSet<ValueId> =
            of.params.iter().chain(of.head.defined()).copied().collect();
        let inside = |value: ValueId| definitions.contains_key(&value) || carried.contains(&value);
        self.builder.open();
        if let Some(ends) = self.ends(&of.head) {
            residuals.recorded.retain(|&value| {
                let source = bound_to(value, &definitions);
                if !self.is_same(source, &definitions, &inside) {
                    return true;
                }
                let read = self.read_once(source, &definitions, ends);
                map.extend(read.map(|read| (value, read)));
                read.is_none()
            });
        }
        self.builder.close()
    }

    /// Leaves these values of an iteration on a tape, and takes them from it where the reverse
    /// iteration begins.
    fn record(
        &mut self,
        (inst, of): (&Inst, &Loop),
        (forward, recorded): (&mut Vec<Inst>, &[ValueId]),
        (head, map): (&ReverseHead, &mut HashMap<ValueId, ValueId>),
        around: &mut Around,
    ) -> Option<Row> {
        if recorded.is_empty() {
            return None;
        }
        let hint = "tape".to_owned();
        let tape = self.builder.function.vars.push(Var { ty: Ty::Unknown, hint });
        let side_by_side = self.is_row(of, head, recorded);
        let row = side_by_side.then(|| Row { tape, alone: self.is_statement_of_body(inst) });
        if row.is_some_and(|row| row.alone) {
            around.before.push(self.generated(Kind::Tape(tape)));
        } else {
            self.tapes.push(tape);
        }
        let push = self.generated(Kind::Push(tape, recorded.to_vec()));
        forward.insert(after_all(forward, recorded), push);
        let mut items = Vec::new();
        for &value in recorded {
            let known = &self.builder.function.values[value];
            // A float behind a reference is kept as a float.
            let ty = match known.ty.behind_refs() {
                Ty::Float(float) => Ty::Float(float.clone()),
                _ => known.ty.clone(),
            };
            let active = known.active;
            let hint = self.builder.name(value);
            let home = known.home.clone();
            let item = self.builder.fresh(ty, &hint, active);
            // It has the user's name, so that the user's tokens can read it.
            self.builder.function.values[item].home = home;
            map.insert(value, item);
            items.push(item);
        }
        self.builder.generate(items, Kind::Pop(tape));
        row
    }

    fn generated(&self, kind: Kind) -> Inst {
        Inst::generated(Vec::new(), kind, self.builder.span)
    }

    /// Whether the number of iterations is known before the first, and a record can be written
    /// over another from the start: its items are numbers.
    fn is_row(&self, of: &Loop, head: &ReverseHead, recorded: &[ValueId]) -> bool {
        let known = match (&of.head, head.index) {
            (Head::Count { .. }, Some(_)) => true,
            (Head::Range { index, end: End::Open, .. }, Some(_)) => self.is_count(*index),
            _ => false,
        };
        // A range borrows nothing.
        let mut readable = true;
        if !matches!(of.head, Head::Range { .. }) {
            of.head.visit_ends(&mut |end| readable &= !self.is_of_memory(end));
        }
        known
            && readable
            && of.leaves == Leaves::Never
            && recorded.len() <= LONGEST_BLANK
            && recorded.iter().all(|&value| self.is_number(value))
    }

    /// Whether a count is computed from memory that is updated in place: it may be lent to
    /// somebody where the loop begins.
    fn is_of_memory(&self, value: ValueId) -> bool {
        let root = self.origins.origin(value).root;
        let defined = self.origins.definition(value);
        self.origins.cell(root).is_some()
            || defined.is_some_and(|definition| {
                let operands = definition.inst.kind.operands();
                operands.into_iter().any(|operand| self.is_of_memory(operand))
            })
    }

    fn is_count(&self, value: ValueId) -> bool {
        self.counts.get_or_init(|| Counts::of(self.primal)).contains(value)
    }

    fn is_number(&self, value: ValueId) -> bool {
        let defined = self.origins.definition(value);
        let is_float = matches!(self.builder.ty(value).behind_refs(), Ty::Float(_));
        is_float
            || self.origins.is_scalar(value)
            || self.is_count(value)
            || defined.is_some_and(|definition| is_bool(&definition.inst.kind))
    }

    /// Whether an instruction stands in the body of the function, in no block of it.
    fn is_statement_of_body(&self, inst: &Inst) -> bool {
        let here = self.primal.body.insts.get(self.at);
        here.is_some_and(|here| std::ptr::eq(here, inst))
    }

    /// What the reverse iteration reads of the forward one.
    fn residuals(
        &self,
        of: &Loop,
        forward: &[Inst],
        (reverse, yields): (&[Inst], &[ValueId]),
        (head, counters): (&ReverseHead, &[Counter]),
    ) -> Residuals {
        let definitions = definitions(forward);
        let carried: HashSet<ValueId> =
            of.params.iter().chain(of.head.defined()).copied().collect();
        let mut read = Vec::new();
        let mut seen = HashSet::default();
        let mut visit = |value: ValueId, _: Class| {
            let inside = definitions.contains_key(&value) || carried.contains(&value);
            if inside && seen.insert(value) {
                read.push(value);
            }
        };
        classify(reverse, &mut visit);
        yields.iter().for_each(|&value| visit(value, Class::Float));
        let verbatim = has_items(forward);
        let recompute = Recompute { origins: &self.origins, definitions: &definitions, verbatim };
        let mut known: HashMap<ValueId, bool> = HashMap::default();
        carried.iter().for_each(|&value| {
            known.insert(value, head.index.is_some_and(|(index, _)| index == value));
        });
        known.extend(counters.iter().flat_map(Counter::values).map(|value| (value, true)));
        let mut residuals = Residuals::default();
        let kept = read_again(&read, &recompute, &mut known);
        for value in read {
            if recompute.is_cheap(value, &mut known) && !kept.contains(&value) {
                residuals.recomputed.push(value);
                continue;
            }
            // Of several names for one value, one is recorded.
            let source = bound_to(value, &definitions);
            match residuals.recorded.iter().find(|&&it| bound_to(it, &definitions) == source) {
                Some(&known) => residuals.copies.push((value, known)),
                None => residuals.recorded.push(value),
            }
        }
        residuals
    }
}

/// Whether an instruction gives a `bool`, whatever its operands are.
fn is_bool(kind: &Kind) -> bool {
    use syn::BinOp::{And, Eq, Ge, Gt, Le, Lt, Ne, Or};
    match kind {
        Kind::Less(..)
        | Kind::LessEq(..)
        | Kind::Equal(..)
        | Kind::And(..)
        | Kind::Or(..)
        | Kind::Not(_)
        | Kind::Finite(_) => true,
        Kind::Opaque { expr, .. } => matches!(
            &**expr,
            syn::Expr::Binary(of) if matches!(
                of.op,
                Lt(_) | Le(_) | Gt(_) | Ge(_) | Eq(_) | Ne(_) | And(_) | Or(_)
            )
        ),
        _ => false,
    }
}

/// The residuals that have to be recorded. A sum or a product of others, and of what is there
/// anyway, is computed again.
fn read_again(
    read: &[ValueId],
    recompute: &Recompute<'_>,
    known: &mut HashMap<ValueId, bool>,
) -> HashSet<ValueId> {
    let mut kept: HashSet<ValueId> =
        read.iter().copied().filter(|&value| !recompute.is_cheap(value, known)).collect();
    loop {
        let spared = read.iter().copied().find(|value| {
            kept.contains(value) && recompute.is_sum_of(*value, &kept, &mut known.clone())
        });
        let Some(value) = spared else { break };
        kept.remove(&value);
        known.insert(value, true);
    }
    kept
}

/// Where all of these values have been computed, and the statement that does so has ended.
fn after_all(insts: &[Inst], values: &[ValueId]) -> usize {
    let defines = |inst: &Inst| {
        let inside = definitions(std::slice::from_ref(inst));
        values.iter().any(|value| inside.contains_key(value))
    };
    let Some(last) = insts.iter().rposition(defines) else { return 0 };
    let is_end = |inst: &Inst| inst.syntax.as_ref().is_none_or(|it| it.form == Form::Stmt);
    let end = insts.iter().skip(last).position(is_end);
    end.map_or(insts.len(), |end| last + end + 1)
}

/// The value that a name stands for.
fn bound_to(value: ValueId, definitions: &HashMap<ValueId, &Inst>) -> ValueId {
    let Some(inst) = definitions.get(&value) else { return value };
    if let Kind::Reborrow(of) = inst.kind {
        return bound_to(of, definitions);
    }
    let Kind::Bind(parts) = &inst.kind else { return value };
    let at = inst.results.iter().position(|&result| result == value);
    let part = at.and_then(|at| parts.get(at)).copied();
    part.map_or(value, |part| bound_to(part, definitions))
}
