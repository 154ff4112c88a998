//! Parts of aggregates, and references: what can be read again, and through what.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::printer::Printer;
use crate::ir::{Active, Effect, Inst, Kind, Ty, ValueId};

impl Printer<'_> {
    /// Whether a field or an element can be read again: its aggregate is still there.
    pub(super) fn is_readable_part(&self, inst: &Inst) -> bool {
        let (Kind::Field(of, _) | Kind::Index(of, _) | Kind::Slice(of, _)) = &inst.kind else {
            return false;
        };
        let mut indices = inst.kind.operands();
        indices.retain(|index| index != of);
        if !indices.into_iter().all(|index| self.is_readable_index(index)) {
            return false;
        }
        self.is_readable_aggregate(*of)
    }

    fn is_readable_aggregate(&self, value: ValueId) -> bool {
        let value = self.owned(value);
        if self.home(value).is_some() || (self.is_named(value) && !self.is_borrowed(value)) {
            return true;
        }
        self.definitions.get(&value).is_some_and(|inst| match &inst.kind {
            Kind::Reborrow(inner) => self.home(*inner).is_some(),
            Kind::Field(..) | Kind::Index(..) | Kind::Slice(..) => self.is_readable_part(inst),
            _ => false,
        })
    }

    /// Whether a value is a float, perhaps behind a reference.
    pub(super) fn is_number(&self, value: ValueId) -> bool {
        matches!(self.function.values[value].ty.behind_refs(), Ty::Float(_))
    }

    /// The number itself, where a variable may be a reference to it: `x * 1.0` is that for both.
    pub(super) fn number_of(&self, value: ValueId, printed: TokenStream) -> TokenStream {
        if !self.uses.may_be_lent(value) || self.is_named(value) {
            return printed;
        }
        let one = self.facade.one(&self.function.values[value].ty);
        let is_one_token = printed.clone().into_iter().nth(1).is_none();
        let factor =
            if is_one_token { printed } else { quote_spanned!(Span::mixed_site()=> (#printed)) };
        quote_spanned!(Span::mixed_site()=> #factor * #one)
    }

    /// What a reference that cannot be kept was made from.
    pub(super) fn owned(&self, value: ValueId) -> ValueId {
        if !self.is_borrowed(value) {
            return value;
        }
        match self.definitions.get(&value).map(|inst| &inst.kind) {
            Some(Kind::Reborrow(inner)) => self.owned(*inner),
            Some(Kind::Bind(_)) => {
                let inner = self.owned(self.bound_to(value));
                // What nobody owns is kept under its name.
                if self.is_borrowed(inner) { value } else { inner }
            }
            Some(Kind::Field(of, n)) => {
                let tuple = self.definitions.get(&self.bound_to(*of)).map(|inst| &inst.kind);
                let Some(Kind::Tuple(parts)) = tuple else { return value };
                n.position().and_then(|n| parts.get(n)).map_or(value, |&part| self.owned(part))
            }
            _ => value,
        }
    }

    /// What the variables on the way stand for.
    fn bound_to(&self, value: ValueId) -> ValueId {
        let Some(inst) = self.definitions.get(&value) else { return value };
        let Kind::Bind(parts) = &inst.kind else { return value };
        let position = inst.results.iter().position(|&result| result == value);
        position.and_then(|at| parts.get(at)).map_or(value, |&part| self.bound_to(part))
    }

    /// Whether a variable is a reference to a part without a derivative: a pattern took it out of a
    /// tuple that is behind a reference.
    pub(super) fn is_lent_part(&self, value: ValueId) -> bool {
        let values = &self.function.values;
        let part = self.bound_to(value);
        let Some(inst) = self.definitions.get(&part) else { return false };
        match inst.kind {
            // Another name, where the part is read again.
            Kind::Reborrow(of) => self.is_lent_part(of),
            Kind::Field(of, _) => {
                let of = &values[of];
                let lent = of.active == Active::Yes && of.ty.ref_depth() > 0;
                lent && matches!(values[part].ty, Ty::Inert)
            }
            _ => false,
        }
    }

    fn is_readable_index(&self, index: ValueId) -> bool {
        if self.home(index).is_some() || self.is_named(index) {
            return true;
        }
        self.definitions.get(&index).is_some_and(|inst| match &inst.kind {
            Kind::Opaque { reads, effect, .. } => {
                *effect != Effect::Any && reads.iter().all(|&read| self.home(read).is_some())
            }
            Kind::Number(_) => true,
            Kind::Len(of) => self.home(*of).is_some(),
            Kind::Integer(_, a, b) => self.is_readable_index(*a) && self.is_readable_index(*b),
            _ => false,
        })
    }

    /// Whether a value is a reference that cannot be kept until the pullback runs.
    pub(crate) fn is_borrowed(&self, value: ValueId) -> bool {
        let is_exit = self.is_exit(value);
        let given_again = self.is_argument(value) && !is_exit;
        // In a loop that runs again, it refers to a copy of its state.
        let is_state = self.again && is_exit;
        self.outlives && self.is_reference(value) && !given_again && !is_state
    }

    /// Whether a value is what a `&mut` parameter refers to.
    pub(super) fn is_exit(&self, value: ValueId) -> bool {
        let home = self.function.values[value].home.as_ref();
        home.is_some_and(|home| self.function.exits().any(|(_, exit)| exit == home.binding))
    }
}
