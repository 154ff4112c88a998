//! The records of a tape, with the tangents of their items: they are left together, and come off
//! together, in one record.

use super::Forward;
use crate::differentiate::tape::LONGEST_BLANK;
use crate::hash::HashMap;
use crate::ir::{Function, Inst, Kind, ValueId, VarId};

/// What the tangents of a record are to know of its tape.
#[derive(Default)]
pub(super) struct Record {
    /// Which items have a tangent: where they are put onto the tape, or where they come off. A
    /// tangent that is zero is not active, and those that come off with it are.
    active: Vec<bool>,
    /// Whether the records stand side by side.
    in_row: bool,
}

/// The records of each tape.
pub(super) fn records(f: &Function) -> HashMap<VarId, Record> {
    let mut found = HashMap::default();
    find_records(f, &f.body.insts, &mut found);
    found
}

fn find_records(f: &Function, insts: &[Inst], found: &mut HashMap<VarId, Record>) {
    for inst in insts {
        let (tape, items) = match &inst.kind {
            Kind::Push(tape, items) => (*tape, items.as_slice()),
            Kind::Pop(tape) => (*tape, inst.results.as_slice()),
            kind => {
                if let Kind::Loop(of) = kind
                    && let Some(row) = of.row
                {
                    found.entry(row.tape).or_default().in_row = true;
                }
                kind.regions().iter().for_each(|region| find_records(f, &region.insts, found));
                continue;
            }
        };
        let active = &mut found.entry(tape).or_default().active;
        active.resize(items.len(), false);
        for (active, &item) in active.iter_mut().zip(items) {
            *active |= f.is_active(item);
        }
    }
}

impl Forward<'_> {
    /// What is put onto a tape.
    pub(super) fn push(&mut self, inst: &Inst, tape: VarId, items: &[ValueId]) {
        if !self.is_joint(tape) {
            self.keep(inst.clone());
            self.in_each_lane(|this| {
                let dots = this.dots_of(tape, items);
                if !dots.is_empty() {
                    let tape = this.var(tape);
                    this.builder.generate(Vec::new(), Kind::Push(tape, dots));
                }
            });
            return;
        }
        let mut all = items.to_vec();
        self.in_each_lane(|this| all.extend(this.dots_of(tape, items)));
        self.builder.generate(Vec::new(), Kind::Push(tape, all));
    }

    /// What comes off it.
    pub(super) fn pop(&mut self, inst: &Inst, tape: VarId) {
        let items = &inst.results;
        if !self.is_joint(tape) {
            self.keep(inst.clone());
            self.in_each_lane(|this| {
                let dots = this.fresh_dots(tape, items);
                if !dots.is_empty() {
                    let tape = this.var(tape);
                    this.builder.generate(dots, Kind::Pop(tape));
                }
            });
            return;
        }
        let mut all = items.clone();
        self.in_each_lane(|this| all.extend(this.fresh_dots(tape, items)));
        self.keep(Inst { results: all, ..inst.clone() });
    }

    /// Whether the tangents of a record are part of it: a row holds no record that is too long.
    pub(super) fn is_joint(&self, tape: VarId) -> bool {
        let Some(record) = self.records.get(&tape) else { return true };
        let active = record.active.iter().filter(|active| **active).count();
        !record.in_row || record.active.len() + active * self.lanes() <= LONGEST_BLANK
    }

    fn dots_of(&mut self, tape: VarId, items: &[ValueId]) -> Vec<ValueId> {
        let active = self.recorded(tape, items);
        active.into_iter().map(|item| self.tangent_or_zero(item)).collect()
    }

    fn fresh_dots(&mut self, tape: VarId, items: &[ValueId]) -> Vec<ValueId> {
        let active = self.recorded(tape, items);
        active.into_iter().map(|item| self.fresh_tangent(item)).collect()
    }

    /// The items of a record that have a tangent.
    fn recorded(&self, tape: VarId, items: &[ValueId]) -> Vec<ValueId> {
        let Some(record) = self.records.get(&tape) else { return Vec::new() };
        items
            .iter()
            .zip(&record.active)
            .filter(|(_, active)| **active)
            .map(|(item, _)| *item)
            .collect()
    }
}
