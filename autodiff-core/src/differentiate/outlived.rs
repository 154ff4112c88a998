//! Versions of variables that are read after the variable has changed: `[m, { m *= x; m }]`.
//!
//! All versions of a variable that is updated in place share one shadow, which holds the cotangent
//! or tangent of the current one. A read of an earlier one, once there is a later, needs more.

use std::collections::BTreeMap;

use proc_macro2::Span;

use super::origin::find_updated;
use crate::hash::{HashMap, HashSet};
use crate::ir::activity::has_derivative;
use crate::ir::{BindingId, Function, Inst, Kind, Region, ValueId};

/// The active versions that are read too late, and where each is.
pub(crate) fn outlived(function: &Function) -> BTreeMap<ValueId, Span> {
    let mut updated = HashSet::default();
    find_updated(&function.body, function, &mut updated);
    let mut walk = Walk {
        function,
        updated,
        current: HashMap::default(),
        same: HashMap::default(),
        found: BTreeMap::new(),
    };
    if !walk.updated.is_empty() {
        walk.written(&function.params);
        walk.region(&function.body, Span::call_site());
    }
    walk.found
}

struct Walk<'f> {
    function: &'f Function,
    /// The variables that are updated in place.
    updated: HashSet<BindingId>,
    /// The version that each of them holds.
    current: HashMap<BindingId, ValueId>,
    /// What a loop or a branch gives a new version of, without writing to it.
    same: HashMap<ValueId, ValueId>,
    found: BTreeMap<ValueId, Span>,
}

impl Walk<'_> {
    fn region(&mut self, region: &Region, span: Span) {
        region.insts.iter().for_each(|inst| self.inst(inst));
        region.yields.iter().for_each(|&value| self.read(value, span));
    }

    fn inst(&mut self, inst: &Inst) {
        if !is_inert(&inst.kind) {
            inst.kind.visit_operands(&mut |value| self.read(value, inst.span));
        }
        if inst.kind.regions().is_empty() {
            return self.written(&inst.results);
        }
        let before = self.current.clone();
        let mut changed = HashSet::default();
        for region in inst.kind.regions() {
            find_written(region, self.function, &mut changed);
        }
        if let Kind::Loop(of) = &inst.kind {
            self.merged(&of.params, &changed);
        }
        let runs_once = matches!(inst.kind, Kind::Block(_));
        for region in inst.kind.regions() {
            self.region(region, inst.span);
            if !runs_once {
                self.current.clone_from(&before);
            }
        }
        match inst.kind {
            Kind::Loop(_) | Kind::Branch(_) => self.merged(&inst.results, &changed),
            _ => self.written(&inst.results),
        }
    }

    fn variable(&self, value: ValueId) -> Option<BindingId> {
        let home = self.function.values[value].home.as_ref()?;
        let whole = home.fields.is_empty() && self.updated.contains(&home.binding);
        whole.then_some(home.binding)
    }

    fn written(&mut self, values: &[ValueId]) {
        for &value in values {
            if let Some(binding) = self.variable(value) {
                self.current.insert(binding, value);
            }
        }
    }

    fn merged(&mut self, values: &[ValueId], changed: &HashSet<BindingId>) {
        for &value in values {
            let Some(binding) = self.variable(value) else { continue };
            match self.current.get(&binding) {
                Some(&current) if !changed.contains(&binding) => {
                    self.same.insert(value, current);
                }
                _ => {
                    self.current.insert(binding, value);
                }
            }
        }
    }

    fn read(&mut self, value: ValueId, span: Span) {
        let Some(binding) = self.variable(value).filter(|_| self.function.is_active(value)) else {
            return;
        };
        let version = self.same.get(&value).copied().unwrap_or(value);
        if self.current.get(&binding).is_some_and(|&current| current != version) {
            self.found.entry(value).or_insert(span);
        }
    }
}

/// The variables that a region gives a new value.
fn find_written(region: &Region, function: &Function, found: &mut HashSet<BindingId>) {
    for inst in &region.insts {
        if inst.kind.regions().is_empty() {
            let homes = inst.results.iter().filter_map(|&v| function.values[v].home.as_ref());
            found.extend(homes.map(|home| home.binding));
        }
        inst.kind.regions().iter().for_each(|region| find_written(region, function, found));
    }
}

/// Whether nothing that an instruction gives has a derivative, whatever it reads.
fn is_inert(kind: &Kind) -> bool {
    // Of what a zero is like, only the shape is read.
    matches!(kind, Kind::Zero { .. }) || !has_derivative(kind)
}
