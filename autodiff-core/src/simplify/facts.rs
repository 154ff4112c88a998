//! What a walk over a function knows of the values that it has passed.

use std::collections::hash_map::Entry;
use std::hash::BuildHasherDefault;

use super::key::Key;
use crate::hash::HashMap;
use crate::ir::table::{Table, ValueSet};
use crate::ir::{Branch, Function, Inst, Kind, Literal, Region, ValueId};
use crate::rules::Op;

/// What is known at a point of the walk.
pub(crate) struct Facts {
    /// What a value is a copy of, and so on: equal representatives, equal values.
    copies: Table<ValueId>,
    /// The name that reads a representative best.
    names: Table<ValueId>,
    /// A removed value, and what stands for it.
    replaced: Table<ValueId>,
    /// The operation of each value that has one.
    definitions: Table<Kind>,
    /// The integer that a value is.
    integers: Table<i32>,
    /// The value that already computes a key, in the regions that are open.
    available: HashMap<Key, ValueId>,
    /// How often each value is read.
    reads: Table<usize>,
    /// Sums that are read once, by another sum.
    partial_sums: ValueSet,
    /// Values that a transform added, and how many were before each.
    generated: Table<usize>,
    /// How many values a transform added.
    added: usize,
    /// Results that are never zero.
    nonzero: ValueSet,
    /// What became known in each of the open arms, to be forgotten after it.
    learned: Vec<Vec<Learned>>,
}

/// What holds in one arm only.
enum Learned {
    Available(Key),
    Name(ValueId),
}

impl Facts {
    /// What is known before the first instruction of a function with so many values.
    pub(crate) fn of(region: &Region, values: usize) -> Self {
        let mut facts = Self {
            copies: Table::new(),
            names: Table::new(),
            replaced: Table::new(),
            definitions: Table::new(),
            integers: Table::new(),
            available: HashMap::with_capacity_and_hasher(values, BuildHasherDefault::default()),
            reads: Table::new(),
            partial_sums: ValueSet::new(),
            generated: Table::new(),
            added: 0,
            nonzero: ValueSet::new(),
            learned: Vec::new(),
        };
        facts.count_reads(region, 0, &mut Table::new());
        facts.find_partial_sums(region);
        facts
    }

    /// What an iteration reads from outside is read by others too: once more for each loop between
    /// the definition and the read.
    fn count_reads(&mut self, region: &Region, loops: usize, depths: &mut Table<usize>) {
        for inst in &region.insts {
            inst.kind.visit_operands(&mut |value| self.count_read(value, loops, depths));
            let mut inner = loops;
            let (repeated, bars) = match &inst.kind {
                Kind::Loop(of) => (Some(&**of), &[][..]),
                Kind::Replay(of) => (Some(&of.of), of.bars.as_slice()),
                _ => (None, &[][..]),
            };
            if let Some(of) = repeated {
                inner += 1;
                let own = of.params.iter().chain(of.head.defined()).chain(bars);
                own.for_each(|&value| depths.insert(value, inner));
            }
            for region in inst.kind.regions() {
                self.count_reads(region, inner, depths);
            }
            if loops > 0 {
                inst.results.iter().for_each(|&result| depths.insert(result, loops));
            }
        }
        region.yields.iter().for_each(|&value| self.count_read(value, loops, depths));
    }

    fn count_read(&mut self, value: ValueId, loops: usize, depths: &Table<usize>) {
        let depth = depths.get(value).copied().unwrap_or(0);
        self.reads.count(value, 1 + loops.saturating_sub(depth));
    }

    fn find_partial_sums(&mut self, region: &Region) {
        for inst in &region.insts {
            inst.kind.regions().iter().for_each(|region| self.find_partial_sums(region));
            if let Kind::Apply(Op::Add | Op::Sub | Op::Neg, args) = &inst.kind
                && inst.syntax.is_none()
            {
                let once = args.iter().filter(|&&arg| self.reads.get(arg) == Some(&1));
                self.partial_sums.mark_all(once);
            }
        }
    }

    /// Remembers what an instruction computes.
    pub(crate) fn note(&mut self, inst: &Inst, function: &Function) {
        match &inst.kind {
            Kind::Bind(parts) => {
                for (&result, &part) in inst.results.iter().zip(parts) {
                    let part = self.copy(result, part);
                    self.name(part, result);
                }
            }
            Kind::Block(region) => {
                for (&result, &value) in inst.results.iter().zip(&region.yields) {
                    self.copy(result, value);
                }
            }
            Kind::Reborrow(of) => {
                if let Some(&result) = inst.results.first() {
                    let of = self.copy(result, *of);
                    self.offer(Key::Reborrow(of, function.values[result].ty.ref_depth()), result);
                }
            }
            Kind::Branch(branch) => self.note_nonzero(inst, branch),
            _ => {}
        }
        let [result] = inst.results.as_slice() else { return };
        if let Kind::Opaque { expr, .. } = &inst.kind
            && let Some(integer) = super::rules::integer(expr)
        {
            self.integers.insert(*result, integer);
        }
        let key = Key::of(&inst.kind, |value| self.representative(self.current(value)));
        if let kind @ (Kind::Tuple(_) | Kind::Array(_)) = &inst.kind {
            self.definitions.insert(*result, kind.clone());
        }
        let Some(key) = key else { return };
        if !matches!(inst.kind, Kind::Opaque { .. }) {
            self.definitions.insert(*result, inst.kind.clone());
        }
        // What the user computes twice is one value.
        if let Some(first) = self.offer(key, *result) {
            self.copies.insert(*result, self.representative(first));
        }
    }

    /// Notes that a value is a copy; returns what it is a copy of in the end.
    fn copy(&mut self, copy: ValueId, of: ValueId) -> ValueId {
        let of = self.representative(self.current(of));
        self.copies.insert(copy, of);
        of
    }

    /// A value that computes `key`, unless there is one: that is returned.
    fn offer(&mut self, key: Key, value: ValueId) -> Option<ValueId> {
        match self.available.entry(key) {
            Entry::Occupied(entry) => Some(*entry.get()),
            Entry::Vacant(entry) => {
                if let Some(learned) = self.learned.last_mut() {
                    learned.push(Learned::Available(entry.key().clone()));
                }
                entry.insert(value);
                None
            }
        }
    }

    /// Notes that a value computes `key`.
    pub(crate) fn share(&mut self, key: Key, value: ValueId) {
        self.offer(key, value);
    }

    /// A name for a value, unless it has one.
    fn name(&mut self, value: ValueId, name: ValueId) {
        let slot = self.names.slot(value);
        if slot.is_none() {
            *slot = Some(name);
            if let Some(learned) = self.learned.last_mut() {
                learned.push(Learned::Name(value));
            }
        }
    }

    /// A result for which no arm yields zero.
    fn note_nonzero(&mut self, inst: &Inst, branch: &Branch) {
        for (at, &result) in inst.results.iter().enumerate() {
            let mut yields = branch.arms.iter().filter_map(|arm| arm.yields.get(at));
            if yields.all(|&value| self.is_nonzero(value)) {
                self.nonzero.mark(result);
            }
        }
    }

    /// An arm begins: what is learned from here on holds in it only.
    pub(crate) fn enter_arm(&mut self) {
        self.learned.push(Vec::new());
    }

    /// Forgets what was learned in an arm, at its end.
    pub(crate) fn leave_arm(&mut self) {
        for learned in self.learned.pop().unwrap_or_default() {
            match learned {
                Learned::Available(key) => {
                    self.available.remove(&key);
                }
                Learned::Name(value) => *self.names.slot(value) = None,
            }
        }
    }

    /// From here on, `by` is read instead of `value`.
    pub(crate) fn replace(&mut self, value: ValueId, by: ValueId) {
        self.replaced.insert(value, by);
        let reads = self.reads.get(value).copied().unwrap_or(0);
        self.reads.count(by, reads);
        // Who reads −x reads x.
        if let Some(x) = self.negated(by) {
            self.reads.count(x, reads);
        }
    }

    /// Notes that a transform added a value.
    pub(crate) fn add_generated(&mut self, value: ValueId) {
        self.generated.insert(value, self.added);
        self.added += 1;
    }

    /// What stands for a value now.
    pub(crate) fn current(&self, value: ValueId) -> ValueId {
        self.replaced.get(value).copied().unwrap_or(value)
    }

    /// Equal for values that are copies of each other.
    pub(crate) fn representative(&self, value: ValueId) -> ValueId {
        self.copies.get(value).copied().unwrap_or(value)
    }

    /// How a generated instruction reads a value: by the user's name, if it has one.
    pub(crate) fn operand(&self, value: ValueId, function: &Function) -> ValueId {
        let value = self.current(value);
        if function.values[value].home.is_some() {
            return value;
        }
        // A name of the same type: not a reference to it.
        let depth = |value: ValueId| function.values[value].ty.ref_depth();
        let first = self.representative(value);
        // A variable may hold a constant only for a while: the constant itself reads better.
        let constant =
            matches!(self.definitions.get(first), Some(Kind::Const(_) | Kind::Number(_)));
        if constant || self.integers.contains(first) {
            return value;
        }
        match self.names.get(first) {
            Some(&name) if depth(name) == depth(value) => name,
            _ if depth(first) == depth(value) => first,
            _ => value,
        }
    }

    /// The operation of a value, looked for behind names.
    pub(crate) fn definition(&self, value: ValueId) -> Option<&Kind> {
        self.definitions.get(self.representative(value))
    }

    /// Whether an instruction gives this value already.
    pub(crate) fn is_defined(&self, value: ValueId) -> bool {
        self.definitions.contains(value)
    }

    /// The row of the table that computes a value.
    pub(crate) fn row(&self, value: ValueId) -> Option<(Op, &[ValueId])> {
        match self.definition(value)? {
            Kind::Apply(op, args) => Some((*op, args)),
            _ => None,
        }
    }

    /// The number that a value is.
    pub(crate) fn number(&self, value: ValueId) -> Option<f64> {
        match self.definition(value)? {
            Kind::Const(Literal::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The integer that a value is.
    pub(crate) fn integer(&self, value: ValueId) -> Option<i32> {
        self.integers.get(self.representative(value)).copied()
    }

    /// `x`, if a value is −x.
    pub(crate) fn negated(&self, value: ValueId) -> Option<ValueId> {
        match self.row(value)? {
            (Op::Neg, &[x]) if self.number(x).is_none() => Some(x),
            _ => None,
        }
    }

    /// Whether a value is 1 / x, of a derivative.
    pub(crate) fn is_inverse(&self, value: ValueId) -> bool {
        let inverse =
            matches!(self.row(value), Some((Op::Div, &[one, _])) if self.number(one) == Some(1.0));
        inverse && self.is_generated(value)
    }

    /// Whether a value is never zero.
    pub(crate) fn is_nonzero(&self, value: ValueId) -> bool {
        match self.definition(value) {
            Some(Kind::Const(Literal::Number(number))) => *number != 0.0,
            Some(Kind::Apply(Op::Neg, args)) => args.iter().all(|&arg| self.is_nonzero(arg)),
            _ => self.nonzero.contains(self.representative(value)),
        }
    }

    /// Whether nothing but the instruction being rewritten reads a value.
    pub(crate) fn is_read_once(&self, value: ValueId) -> bool {
        self.reads.get(value).copied().unwrap_or(0) <= 1
    }

    /// Whether a value is read no more often; one that is new is not read by anything yet.
    pub(crate) fn is_read_at_most(&self, value: ValueId, times: usize) -> bool {
        self.reads.get(value).is_none_or(|&reads| reads <= times)
    }

    /// Where a value stands among those that a transform added.
    pub(crate) fn position(&self, value: ValueId) -> Option<usize> {
        self.generated.get(value).copied()
    }

    /// Whether a transform added a value.
    pub(crate) fn is_generated(&self, value: ValueId) -> bool {
        self.generated.contains(value)
    }

    /// Notes that a value stands on the way to another, in the same sum.
    pub(crate) fn look_alike(&mut self, value: ValueId, like: ValueId) {
        if self.is_partial_sum(like) {
            self.partial_sums.mark(value);
        }
    }

    /// Whether a sum is looked at with the one that it is a part of.
    pub(crate) fn is_partial_sum(&self, value: ValueId) -> bool {
        self.partial_sums.contains(value)
    }

    /// The value that already computes a key.
    pub(crate) fn known(&self, key: &Key) -> Option<ValueId> {
        self.available.get(key).copied()
    }
}
