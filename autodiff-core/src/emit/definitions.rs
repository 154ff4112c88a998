//! What is known of the values of a function before it is printed.

use super::printer::Depth;
use super::uses::Uses;
use crate::ir::table::{Table, ValueSet};
use crate::ir::{Function, Inst, Kind, Region, ValueId};

/// The parameters, and the parts of those whose patterns take them apart.
pub(super) fn entry(function: &Function) -> Vec<ValueId> {
    let insts = &function.body.insts;
    let forward = insts.get(..function.reverse_from.unwrap_or(insts.len())).unwrap_or_default();
    let patterns = forward
        .iter()
        .take_while(|inst| inst.syntax.is_none())
        .filter(|inst| matches!(inst.kind, Kind::Bind(_)))
        .flat_map(|inst| &inst.results);
    function.params.iter().chain(patterns).copied().collect()
}

/// What is certain to need a name: what the user computes in an expression, at the top level of
/// the body, and generated code reads.
pub(super) fn predicted(function: &Function, uses: &Uses) -> Table<Depth> {
    let (mut unnamed, mut needs) = (ValueSet::new(), Table::new());
    for inst in &function.body.insts {
        if !inst.results.iter().any(|&result| uses.is_primal(result)) {
            inst.kind.visit_operands(&mut |value| {
                if unnamed.contains(value) {
                    needs.insert(value, 0);
                }
            });
        } else if let (Kind::Apply(..), &[result]) = (&inst.kind, inst.results.as_slice())
            && inst.syntax.is_some()
            && function.values[result].home.is_none()
        {
            unnamed.mark(result);
        }
    }
    needs
}

/// The instruction that defines each value.
pub(crate) struct Definitions<'f> {
    insts: Table<&'f Inst>,
}

impl<'f> Definitions<'f> {
    pub(super) fn of(region: &'f Region) -> Self {
        let mut definitions = Self { insts: Table::new() };
        definitions.collect(region);
        definitions
    }

    fn collect(&mut self, region: &'f Region) {
        for inst in &region.insts {
            inst.results.iter().for_each(|&result| self.insts.insert(result, inst));
            inst.kind.regions().iter().for_each(|region| self.collect(region));
        }
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "as the maps of `std`")]
    pub(crate) fn get(&self, value: &ValueId) -> Option<&&'f Inst> {
        self.insts.get(*value)
    }
}
