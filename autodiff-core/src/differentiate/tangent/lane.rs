//! What a sweep in forward mode knows, in general and of each direction.

use std::collections::VecDeque;

use super::record::Record;
use crate::differentiate::builder::Builder;
use crate::differentiate::origin::Origins;
use crate::differentiate::outlived::outlived;
use crate::hash::{HashMap, HashSet};
use crate::ir::{Function, Inst, ValueId, VarId};

/// The state of the sweep.
pub(crate) struct Forward<'f> {
    pub(crate) origins: Origins<'f>,
    /// Its innermost region holds the tangents that wait for the end of the user's statement.
    pub(crate) builder: Builder,
    /// The instructions that are in their place, by open region.
    pub(super) done: Vec<Vec<Inst>>,
    /// Versions of variables that are read when the variable holds another.
    pub(super) outlived: HashSet<ValueId>,
    /// The records of each tape.
    pub(super) records: HashMap<VarId, Record>,
    /// The direction that is being looked at, and the others of the sweep.
    lane: Lane,
    others: VecDeque<Lane>,
}

/// What the sweep knows of one direction.
#[derive(Default)]
pub(crate) struct Lane {
    /// v ↦ v̇, where that is no structural zero.
    pub(crate) tangents: HashMap<ValueId, ValueId>,
    /// The variable of the tangent of each variable that is updated in place, by its first version.
    pub(crate) cells: HashMap<ValueId, VarId>,
    /// The variable of the tangent of each variable.
    pub(super) vars: HashMap<VarId, VarId>,
    /// Variables whose tangent may differ from zero.
    pub(crate) touched: HashSet<VarId>,
    /// Results of [`Kind::Optional`] that hold nothing.
    pub(super) absent: HashSet<ValueId>,
}

impl<'f> Forward<'f> {
    pub(crate) fn of_function(f: &'f Function, lanes: usize) -> Self {
        Self {
            origins: Origins::of(f),
            builder: Builder::new(f),
            done: vec![Vec::new()],
            records: super::record::records(f),
            outlived: outlived(f).into_keys().collect(),
            lane: Lane::default(),
            others: (1..lanes).map(|_| Lane::default()).collect(),
        }
    }

    pub(super) fn lanes(&self) -> usize {
        1 + self.others.len()
    }

    /// Does the same for every direction.
    pub(crate) fn in_each_lane(&mut self, mut step: impl FnMut(&mut Self)) {
        for _ in 0..=self.others.len() {
            step(self);
            if let Some(next) = self.others.pop_front() {
                let done = std::mem::replace(&mut self.lane, next);
                self.others.push_back(done);
            }
        }
    }
}

impl std::ops::Deref for Forward<'_> {
    type Target = Lane;

    fn deref(&self) -> &Lane {
        &self.lane
    }
}

impl std::ops::DerefMut for Forward<'_> {
    fn deref_mut(&mut self) -> &mut Lane {
        &mut self.lane
    }
}
