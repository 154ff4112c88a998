//! Which values read from memory must be named where they are read: the memory is written before
//! the last expression that they are part of is printed.

use crate::hash::{HashMap, HashSet};
use crate::ir::{Function, Inst, Kind, Region, Target, ValueId, VarId};

/// The values that are read from a variable and printed after that has been written.
pub(crate) fn overwritten(function: &Function) -> HashSet<ValueId> {
    if !loads(&function.body) {
        return HashSet::default();
    }
    let mut order = Order::default();
    order.region(&function.body);
    let end = order.now + 1;
    function.body.yields.iter().for_each(|&value| order.read_at(value, end));
    order.spread();
    let written_within = |load: &&Load| {
        let last = order.last.get(&load.value).copied().unwrap_or(load.at);
        let writes = order.writes.get(&load.var).map_or(&[][..], Vec::as_slice);
        writes.iter().any(|&at| load.at < at && at < last)
    };
    order.loads.iter().filter(written_within).map(|load| load.value).collect()
}

/// Whether anything is read from a variable.
fn loads(region: &Region) -> bool {
    let mut insts = region.insts.iter();
    insts.any(|inst| matches!(inst.kind, Kind::Load(_)) || inst.kind.regions().iter().any(loads))
}

/// A value that is read from a variable.
struct Load {
    value: ValueId,
    var: VarId,
    at: usize,
}

/// The instructions in the order in which they are printed.
#[derive(Default)]
struct Order {
    now: usize,
    loads: Vec<Load>,
    writes: HashMap<VarId, Vec<usize>>,
    /// Where a value is read for the last time by a statement.
    last: HashMap<ValueId, usize>,
    /// Expressions, and what they are made of, in order.
    expressions: Vec<(Vec<ValueId>, Vec<ValueId>)>,
    /// Where each value is defined.
    defined: HashMap<ValueId, usize>,
    /// The first and the last position of each loop.
    loops: Vec<(usize, usize)>,
}

impl Order {
    fn region(&mut self, region: &Region) {
        for inst in &region.insts {
            self.inst(inst);
        }
        self.now += 1;
        let now = self.now;
        region.yields.iter().for_each(|&value| self.read_at(value, now));
    }

    fn inst(&mut self, inst: &Inst) {
        self.now += 1;
        let at = self.now;
        let operands = inst.kind.operands();
        if matches!(inst.kind, Kind::Call(_)) {
            // Memory is lent before the other arguments are read.
            self.now += 1;
        }
        if is_statement(&inst.kind) || inst.syntax.is_some() {
            let now = self.now;
            operands.iter().for_each(|&value| self.read_at(value, now));
        } else {
            self.expressions.push((operands, inst.results.clone()));
        }
        inst.results.iter().for_each(|&result| {
            self.defined.insert(result, at);
        });
        if let Kind::Load(place) = &inst.kind {
            let loads = inst.results.iter().map(|&value| Load { value, var: place.var, at });
            self.loads.extend(loads);
        }
        for var in written(&inst.kind) {
            self.writes.entry(var).or_default().push(at);
        }
        inst.kind.regions().iter().for_each(|region| self.region(region));
        if let Kind::Loop(_) | Kind::Replay(_) = &inst.kind {
            self.now += 1;
            self.loops.push((at, self.now));
        }
    }

    fn read_at(&mut self, value: ValueId, at: usize) {
        let last = self.last.entry(value).or_insert(at);
        *last = at.max(*last);
    }

    /// What an expression is made of is read where the expression is; what comes from before a
    /// loop is read until the loop ends.
    fn spread(&mut self) {
        for (operands, results) in std::mem::take(&mut self.expressions).into_iter().rev() {
            let last = results.iter().filter_map(|result| self.reach(*result)).max();
            if let Some(last) = last {
                operands.into_iter().for_each(|operand| self.read_at(operand, last));
            }
        }
        let values: Vec<ValueId> = self.last.keys().copied().collect();
        for value in values {
            if let Some(last) = self.reach(value) {
                self.last.insert(value, last);
            }
        }
    }

    fn reach(&self, value: ValueId) -> Option<usize> {
        let mut last = *self.last.get(&value)?;
        let defined = self.defined.get(&value).copied().unwrap_or(0);
        for &(start, end) in self.loops.iter().rev() {
            if defined < start && start < last && last < end {
                last = end;
            }
        }
        Some(last)
    }
}

/// Whether an instruction is printed where it stands.
fn is_statement(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::AddTo(..)
            | Kind::Store(..)
            | Kind::Take(_)
            | Kind::Copy(_)
            | Kind::Edit(..)
            | Kind::Define { .. }
            | Kind::Zero { .. }
            | Kind::Push(..)
            | Kind::Pop(_)
            | Kind::Call(_)
            | Kind::Branch(_)
            | Kind::Loop(_)
            | Kind::Run(_)
            | Kind::Replay(_)
            | Kind::Block(_)
    )
}

/// The variables that an instruction writes.
fn written(kind: &Kind) -> Vec<VarId> {
    match kind {
        Kind::AddTo(place, _)
        | Kind::Store(place, _)
        | Kind::Take(place)
        | Kind::Edit(place, _) => vec![place.var],
        Kind::Call(call) => {
            let places = call.targets().iter().filter_map(|target| match target {
                Target::Place(place) | Target::Exchange(place) => Some(place.var),
                Target::Value | Target::Ignore => None,
            });
            places.chain(call.dot_places.iter().map(|place| place.var)).collect()
        }
        _ => Vec::new(),
    }
}
