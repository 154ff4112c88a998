//! Forward mode: variables that are declared first and set in arms.

use super::tangent::Forward;
use crate::ir::{BindingId, Inst, Kind, Region, ValueId};

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
        for value in self.set_in_blocks(rest, binding) {
            let root = self.origins.origin(made_of(value, rest)).root;
            if let Some(cell) = self.origins.cell(root).filter(|cell| cell.active)
                && !self.cells.contains_key(&cell.root)
            {
                let var = self.cell_var(cell);
                self.builder.generate(Vec::new(), Kind::Reserve(var));
            }
        }
    }

    /// The versions of a variable that blocks make, here or further in: what they are made of may
    /// be a variable of the block.
    fn set_in_blocks(&self, insts: &[Inst], binding: BindingId) -> Vec<ValueId> {
        let mut found = Vec::new();
        for inst in insts {
            for region in inst.kind.regions() {
                found.extend(self.set_in_blocks(&region.insts, binding));
                if matches!(inst.kind, Kind::Block(_)) {
                    let made = region.insts.iter().flat_map(|inst| &inst.results);
                    found.extend(made.copied().filter(|value| self.is_of(*value, binding)));
                }
            }
        }
        found
    }

    /// Whether a value is a version of a variable.
    fn is_of(&self, value: ValueId, binding: BindingId) -> bool {
        let home = self.builder.function.values[value].home.as_ref();
        home.is_some_and(|home| home.binding == binding)
    }

    /// A block gives what it has made in a variable of its own: the tangent is declared before
    /// the block, as it is read after it.
    pub(crate) fn reserve_beyond(&mut self, value: ValueId, region: &Region) {
        let made = |value| region.insts.iter().find(|inst| inst.results.contains(&value));
        let Some(inst) = made(value) else { return };
        let root = self.origins.origin(value).root;
        if let Some(cell) = self.origins.cell(root).filter(|cell| cell.active) {
            if made(cell.root).is_some() && !self.cells.contains_key(&cell.root) {
                let var = self.cell_var(cell);
                self.builder.generate(Vec::new(), Kind::Reserve(var));
                self.flush();
            }
            return;
        }
        if let Kind::Tuple(parts) | Kind::Array(parts) | Kind::Bind(parts) = &inst.kind {
            parts.iter().for_each(|&part| self.reserve_beyond(part, region));
        }
    }

    /// The first version of a variable that an instruction makes, here or further in.
    fn set_by(&self, inst: &Inst, binding: BindingId) -> Option<ValueId> {
        let mut inside = inst.kind.regions().iter().flat_map(|region| &region.insts);
        let first = inside.find_map(|inst| self.set_by(inst, binding));
        first.or_else(|| inst.results.iter().copied().find(|value| self.is_of(*value, binding)))
    }
}

/// The value that another is by another name: that of a variable, or what a block gives.
fn made_of(value: ValueId, insts: &[Inst]) -> ValueId {
    let Some(inst) = definition(value, insts) else { return value };
    let at = inst.results.iter().position(|&result| result == value);
    let same = match (&inst.kind, at) {
        (Kind::Bind(parts), Some(at)) => parts.get(at),
        (Kind::Block(region), Some(at)) => region.yields.get(at),
        (Kind::Reborrow(of), _) => Some(of),
        _ => None,
    };
    same.map_or(value, |&same| made_of(same, insts))
}

fn definition(value: ValueId, insts: &[Inst]) -> Option<&Inst> {
    insts.iter().find_map(|inst| {
        if inst.results.contains(&value) {
            return Some(inst);
        }
        inst.kind.regions().iter().find_map(|region| definition(value, &region.insts))
    })
}
