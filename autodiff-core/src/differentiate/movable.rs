//! What of some instructions can as well be computed before them: with all that it is computed from.

use crate::ir::{Inst, ValueId};

/// Instructions, and what of them can as well stand before them.
pub(super) struct Movable<'a> {
    pub(super) insts: &'a [Inst],
    /// Whether a value is only there between them.
    pub(super) bound: &'a dyn Fn(ValueId) -> bool,
    /// Whether an instruction may stand elsewhere, if its operands are there.
    pub(super) free: &'a dyn Fn(&Inst) -> bool,
}

impl Movable<'_> {
    /// Whether a value is there before the instructions, or can be computed there by those noted
    /// in `needed`, in their order.
    pub(super) fn reaches(&self, value: ValueId, needed: &mut Vec<usize>) -> bool {
        if (self.bound)(value) {
            return false;
        }
        let defining = self.insts.iter().enumerate().find(|(_, inst)| inst.defines(value));
        let Some((at, inst)) = defining else { return true };
        if needed.contains(&at) {
            return true;
        }
        let single = (self.free)(inst) && inst.results == [value];
        let mut operands = inst.kind.operands().into_iter();
        if !single || !operands.all(|operand| self.reaches(operand, needed)) {
            return false;
        }
        needed.push(at);
        true
    }
}
