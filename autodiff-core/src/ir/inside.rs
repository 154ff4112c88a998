//! Questions about an instruction and all that are in the regions inside it.

use super::{Inst, ValueId};

impl Inst {
    /// Whether this instruction, or one inside it, is so.
    pub(crate) fn any(&self, is_so: &dyn Fn(&Inst) -> bool) -> bool {
        let mut inside = self.kind.regions().iter().flat_map(|region| &region.insts);
        is_so(self) || inside.any(|inst| inst.any(is_so))
    }

    /// Whether a value is defined here, or inside.
    pub(crate) fn defines(&self, value: ValueId) -> bool {
        self.any(&|inst| inst.results.contains(&value))
    }
}
