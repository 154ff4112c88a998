//! Loops that are reversed from a few of their states.

use super::table::ValueSet;
use super::{Loop, Region, ValueId};

/// What `checkpoint('label, …)` asks for, and the loop as it stands.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// Which states are kept.
    pub schedule: Schedule,
    /// The user's loop, which runs as it stands.
    pub source: syn::ExprForLoop,
}

/// Which states of a loop are kept.
#[derive(Clone, Debug)]
pub enum Schedule {
    /// Every so many iterations.
    Every(syn::Expr),
    /// So many at once.
    Levels(syn::Expr),
}

/// The reverse of a loop whose states were not kept: it runs again, from one that was.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The loop: its carried values are the state. Runs as it stands between two states.
    pub of: Loop,
    /// The state before the first iteration, as a [`Kind::Keep`](super::Kind::Keep) left it.
    pub start: ValueId,
    /// The carried cotangents before the last iteration is reversed.
    pub init: Vec<ValueId>,
    /// The same in the reverse of one iteration.
    pub bars: Vec<ValueId>,
    /// One iteration and then its reverse; yields the cotangents for the one before.
    pub step: Region,
}

impl Loop {
    /// What an iteration, or the head, reads of what is defined outside.
    pub(crate) fn reads_outside(&self) -> Vec<ValueId> {
        let mut inside = ValueSet::new();
        inside.mark_all(&self.params);
        inside.mark_all(self.head.defined());
        define(&self.body, &mut inside);
        let mut found = Vec::new();
        let mut note = |value: ValueId| {
            if !inside.contains(value) && !found.contains(&value) {
                found.push(value);
            }
        };
        self.head.visit_ends(&mut note);
        self.reads.iter().copied().for_each(&mut note);
        read(&self.body, &mut note);
        found
    }
}

fn define(region: &Region, inside: &mut ValueSet) {
    for inst in &region.insts {
        inside.mark_all(&inst.results);
        if let super::Kind::Loop(of) = &inst.kind {
            inside.mark_all(&of.params);
            inside.mark_all(of.head.defined());
        }
        inst.kind.regions().iter().for_each(|region| define(region, inside));
    }
}

fn read(region: &Region, note: &mut impl FnMut(ValueId)) {
    for inst in &region.insts {
        inst.kind.visit_operands(note);
        inst.visit_pieces(note);
        inst.kind.regions().iter().for_each(|region| read(region, note));
    }
    region.yields.iter().copied().for_each(note);
}
