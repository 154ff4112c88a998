//! Parts of arrays that the reverse sweep of an arm reads: their bounds are kept, not the borrow.
//!
//! A pullback owns what it keeps, and is given the arguments again: `&x[..n / 2]` is a borrow that
//! it cannot keep, and `n / 2` all that it needs for another one.

use super::memory::{Class, Recompute};
use crate::hash::HashMap;
use crate::ir::{Kind, ValueId};

impl Recompute<'_> {
    /// What a part of an array is made of beside what is there again: its bounds. `None` for what
    /// is no such part.
    pub(crate) fn bounds(
        &self,
        part: ValueId,
        known: &mut HashMap<ValueId, bool>,
    ) -> Option<Vec<ValueId>> {
        match &self.definitions.get(&part)?.kind {
            Kind::Reborrow(inner) => self.bounds(*inner, known),
            Kind::Slice(of, bounds) if self.is_kept(*of) => {
                let mut found =
                    if self.is_cheap(*of, known) { Vec::new() } else { self.bounds(*of, known)? };
                let own = [bounds.lo, bounds.hi].into_iter().flatten();
                found.extend(own.filter(|&bound| !self.is_cheap(bound, known)));
                Some(found)
            }
            _ => None,
        }
    }
}

/// Replaces borrows of parts among residuals by the bounds of the parts.
pub(crate) fn by_bounds(
    residuals: &mut Vec<(ValueId, Class)>,
    mut bounds: impl FnMut(ValueId) -> Option<Vec<ValueId>>,
) -> Vec<ValueId> {
    let mut parts = Vec::new();
    for (value, _) in residuals.clone() {
        let Some(bounds) = bounds(value) else { continue };
        parts.push(value);
        for bound in bounds {
            if !residuals.iter().any(|&(residual, _)| residual == bound) {
                residuals.push((bound, Class::Integer));
            }
        }
    }
    parts
}
