//! Payloads of `Option`s that are taken apart: each has a cotangent of its own, in its shape.

use crate::ir::table::ValueSet;
use crate::ir::{Function, Inst, Kind, Region, Ty, ValueId};

/// The payloads whose type is not spelled and of which some part is read.
pub(crate) fn taken_apart(function: &Function) -> ValueSet {
    let mut apart = ValueSet::new();
    walk(&function.body, &mut apart);
    let mut payloads = ValueSet::new();
    collect(&function.body, &mut |inst| {
        if let (Kind::Payload(_), Some(&result)) = (&inst.kind, inst.results.first())
            && apart.contains(result)
            && matches!(function.values[result].ty.behind_refs(), Ty::Unknown)
        {
            payloads.mark(result);
        }
    });
    payloads
}

/// From the uses of values to what they are copies of.
fn walk(region: &Region, apart: &mut ValueSet) {
    for inst in region.insts.iter().rev() {
        match &inst.kind {
            Kind::Field(of, _) | Kind::Index(of, _) | Kind::Slice(of, _) => {
                apart.mark(*of);
            }
            Kind::Bind(values) => copy(&inst.results, values, apart),
            Kind::Reborrow(of) => copy(&inst.results, &[*of], apart),
            _ => {}
        }
        for inner in inst.kind.regions() {
            copy(&inst.results, &inner.yields, apart);
            walk(inner, apart);
        }
        if let Kind::Loop(of) = &inst.kind {
            copy(&of.params, &of.init, apart);
        }
    }
}

fn copy(results: &[ValueId], values: &[ValueId], apart: &mut ValueSet) {
    for (&result, &value) in results.iter().zip(values) {
        if apart.contains(result) {
            apart.mark(value);
        }
    }
}

fn collect(region: &Region, visit: &mut impl FnMut(&Inst)) {
    for inst in &region.insts {
        visit(inst);
        inst.kind.regions().iter().for_each(|inner| collect(inner, visit));
    }
}
