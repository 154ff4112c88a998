//! What nothing but a sum reads: it can be taken apart, and put together otherwise.

use std::collections::BTreeMap;

use super::rewrite::Rewriter;
use crate::ir::ValueId;
use crate::rules::Op;

/// Sums of more operations are taken apart in parts.
const MOST_OPERATIONS: usize = 120;

/// The operations of a sum that nothing else reads.
#[derive(Default)]
pub(crate) struct Within {
    /// Sorted.
    values: Vec<ValueId>,
    /// How many of them are additions and products.
    pub(crate) cost: usize,
}

impl Within {
    pub(crate) fn contains(&self, value: ValueId) -> bool {
        self.values.binary_search(&value).is_ok()
    }
}

impl Rewriter {
    /// The operations below `parts` that are read by each other only, the last computed first, so
    /// that all readers of a value are known when it is looked at.
    pub(crate) fn within(&self, parts: &[(f64, ValueId)]) -> Within {
        let mut found = Within::default();
        // Sorted by value: there are few, most of the time.
        let mut reads: Vec<(ValueId, usize)> = Vec::new();
        let mut open: BTreeMap<usize, ValueId> = BTreeMap::new();
        let mut reach = |value: ValueId, times: usize, open: &mut BTreeMap<usize, ValueId>| {
            let place = reads.binary_search_by_key(&value, |&(read, _)| read);
            let known = place.ok().and_then(|at| reads.get_mut(at));
            let count = known.map_or(times, |(_, count)| {
                *count += times;
                *count
            });
            if let Err(at) = place {
                reads.insert(at, (value, times));
            }
            if let Some(at) = self.facts.position(value)
                && self.facts.is_read_at_most(value, count)
            {
                open.insert(at, value);
            }
            count
        };
        parts.iter().for_each(|&(_, part)| {
            reach(part, 1, &mut open);
        });
        while let Some((_, value)) = open.pop_last() {
            let Some((op, args)) = self.facts.row(value) else { continue };
            if !matches!(op, Op::Add | Op::Sub | Op::Mul | Op::Neg) || found.cost > MOST_OPERATIONS
            {
                continue;
            }
            if let Err(at) = found.values.binary_search(&value) {
                found.values.insert(at, value);
            }
            found.cost += usize::from(op != Op::Neg);
            // Who reads −x reads x.
            let times = if op == Op::Neg { reach(value, 0, &mut open) } else { 1 };
            args.iter().for_each(|&arg| {
                reach(arg, times, &mut open);
            });
            open.remove(&self.facts.position(value).unwrap_or(usize::MAX));
        }
        found
    }
}
