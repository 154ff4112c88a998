//! Forward mode: variables that are declared first and set in arms.

use super::tangent::Forward;
use crate::ir::{BindingId, Inst, Kind, ValueId};

impl Forward<'_> {
    /// `let a;`, where `a` is updated in place and first set in an arm of what follows: its tangent
    /// is declared where it is.
    pub(crate) fn reserve(&mut self, binding: BindingId, rest: &[Inst]) {
        let first = rest.iter().find_map(|inst| {
            let value = self.set_by(inst, binding)?;
            Some((value, !inst.kind.regions().is_empty()))
        });
        if let Some((value, true)) = first
            && let Some(cell) = self.origins.cell(value).filter(|cell| cell.active)
            && !self.cells.contains_key(&cell.root)
        {
            let var = self.cell_var(cell);
            self.builder.generate(Vec::new(), Kind::Reserve(var));
        }
    }

    /// The first version of a variable that an instruction makes, here or further in.
    fn set_by(&self, inst: &Inst, binding: BindingId) -> Option<ValueId> {
        let mut inside = inst.kind.regions().iter().flat_map(|region| &region.insts);
        let first = inside.find_map(|inst| self.set_by(inst, binding));
        first.or_else(|| {
            let is_version = |value: &ValueId| {
                let home = self.builder.function.values[*value].home.as_ref();
                home.is_some_and(|home| home.binding == binding)
            };
            inst.results.iter().copied().find(is_version)
        })
    }
}
