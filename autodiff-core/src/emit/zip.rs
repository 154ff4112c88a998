//! Prints loops of the user's along a shadow of what they go through, where each iteration adds to
//! the element that belongs to its item.
//!
//! ```text
//! let mut index = 0;                    for (x, v_element_bar) in zip(v, v_bar.iter_mut()) {
//! for x in v {                              sum += x * x;
//!     sum += x * x;                         *v_element_bar += 2.0 * x;
//!     v_bar[index] += 2.0 * x;          }
//!     index += 1;
//! }
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::printer::{Printer, Shadow};
use crate::ir::{
    Head, Inst, IntOp, Kind, Leaves, Loop, Order, Place, Region, Step, Ty, ValueId, VarId,
};

/// A shadow that a loop goes along.
pub(crate) struct Zipped {
    var: VarId,
    /// The number of the iteration, which is the index of the element.
    number: ValueId,
    element: Ident,
}

impl<'f> Printer<'f> {
    /// Lends the elements of shadows to the iterations of a loop: the name of one of them, and the
    /// iterator over all, for each.
    pub(crate) fn zip_shadows(&mut self, of: &'f Loop) -> Vec<(Ident, TokenStream)> {
        let Head::Count { number, trips, order: Order::Up } = of.head else { return Vec::new() };
        let vars = self.element_wise(of, number, trips);
        // Several are worth the longer head only where the compiler cannot tell that an index
        // stays in bounds.
        if vars.len() > 1 && of.leaves == Leaves::Never {
            return Vec::new();
        }
        let zip = |var: VarId| {
            let name = self.shadow_name(var);
            let hint = self.function.vars[var].hint.clone();
            let hint =
                hint.strip_suffix("_bar").map_or(hint.clone(), |of| format!("{of}_element_bar"));
            let element = self.names.fresh(&hint);
            self.zipped.push(Zipped { var, number, element: element.clone() });
            (element, quote_spanned!(Span::mixed_site()=> #name.iter_mut()))
        };
        vars.into_iter().map(zip).collect()
    }

    /// The element of a shadow that belongs to the iteration, in place of one by its number.
    pub(crate) fn zipped_element(&mut self, place: &Place) -> Option<TokenStream> {
        let (Step::Index(at), rest) = place.path.split_first()? else { return None };
        let belongs = |zipped: &&Zipped| zipped.var == place.var && zipped.number == *at;
        let element = self.zipped.iter().rfind(belongs)?.element.clone();
        let site = Span::mixed_site();
        Some(if rest.is_empty() {
            quote_spanned!(site=> *#element)
        } else {
            self.steps(rest, quote_spanned!(site=> #element))
        })
    }

    /// The shadows to which a loop does nothing but add to the element with the number of the
    /// iteration, and which have as many elements as there are iterations.
    fn element_wise(&self, of: &Loop, number: ValueId, trips: ValueId) -> Vec<VarId> {
        let mut vars: Vec<VarId> = Vec::new();
        let mut note = |var| {
            if !vars.contains(&var) {
                vars.push(var);
            }
        };
        of.body.insts.iter().for_each(|inst| inst.kind.visit_vars(&mut note));
        let owned = |var: &VarId| {
            matches!(self.shadows.get(var), Some(Shadow::Local(_) | Shadow::Buffer(_)) | None)
        };
        vars.retain(|var| {
            let ty = self.function.vars[*var].ty.behind_refs();
            owned(var)
                && matches!(ty, Ty::Slice(_) | Ty::Vec(_))
                && of.body.insts.iter().all(|inst| adds_to_own(inst, *var, number, ty))
                && self.has_elements(*var, trips)
        });
        vars
    }

    /// Whether a shadow has at least as many elements as a loop has iterations.
    fn has_elements(&self, var: VarId, trips: ValueId) -> bool {
        let Some(like) = shape_of(&self.function.body, var) else { return false };
        match self.definitions.get(&trips).map(|inst| &inst.kind) {
            Some(Kind::Len(of)) => self.same(*of) == self.same(like),
            Some(Kind::Integer(IntOp::Min, a, b)) => {
                [a, b].into_iter().any(|&trips| self.has_elements(var, trips))
            }
            _ => false,
        }
    }

    /// What a value is another name for.
    fn same(&self, value: ValueId) -> ValueId {
        match self.definitions.get(&value).map(|inst| &inst.kind) {
            Some(Kind::Reborrow(of)) => self.same(*of),
            _ => value,
        }
    }
}

/// Whether an instruction does nothing to a shadow but add to its element with this number: to the
/// float that it is, or to a part of it.
fn adds_to_own(inst: &Inst, var: VarId, number: ValueId, ty: &Ty) -> bool {
    match &inst.kind {
        Kind::AddTo(place, _) if place.var == var => match place.path.as_slice() {
            [Step::Index(at)] => *at == number && matches!(ty.element(), Ty::Float(_)),
            [Step::Index(at), ..] => *at == number,
            _ => false,
        },
        kind if !kind.regions().is_empty() => {
            let mut inside = kind.regions().iter().flat_map(|region| &region.insts);
            inside.all(|inst| adds_to_own(inst, var, number, ty))
        }
        kind => !kind.mentions(var),
    }
}

/// What a shadow has its shape from, if it keeps that.
fn shape_of(body: &Region, var: VarId) -> Option<ValueId> {
    let mut shape = None;
    for inst in &body.insts {
        match inst.kind {
            Kind::Zero { var: other, like, .. } if other == var => shape = Some(like),
            Kind::Edit(ref place, _) | Kind::Store(ref place, _)
                if place.var == var && place.path.is_empty() =>
            {
                return None;
            }
            _ => {}
        }
    }
    shape
}
