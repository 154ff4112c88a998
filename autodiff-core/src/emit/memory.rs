//! Prints shadows: the memory in which cotangents of aggregates are added up.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::printer::{Printer, Shadow};
use crate::ir::{Kind, Place, Ty, ValueId, VarId};
use crate::rules::Op;

impl Printer<'_> {
    /// A shadow comes into being, or a buffer is cleared.
    pub(crate) fn zero(&mut self, var: VarId, like: ValueId) {
        let site = Span::mixed_site();
        let ty = self.function.values[like].ty.clone();
        match self.shadows.get(&var).cloned() {
            Some(Shadow::Accumulator(_)) => {}
            Some(Shadow::Buffer(name)) => {
                let clear = match ty.behind_refs() {
                    Ty::Slice(element) | Ty::Vec(element) | Ty::Array(element, _) => {
                        let zero = super::shape::zero(element, &TokenStream::new(), self.facade);
                        quote_spanned!(site=> #name.fill(#zero);)
                    }
                    other => {
                        let like = self.read(like).tokens;
                        let zero = super::shape::zero(other, &like, self.facade);
                        quote_spanned!(site=> *#name = #zero;)
                    }
                };
                self.push(clear);
            }
            Some(Shadow::Local(_)) | None => {
                let name = self.shadow_name(var);
                let like = self.base_of(like);
                let zero = super::shape::zero(&ty, &like, self.facade);
                self.push(quote_spanned!(site=> let mut #name = #zero;));
            }
        }
    }

    /// `x_bar[i] += e;`, or `-=` where that saves a sign.
    pub(crate) fn add_to(&mut self, place: &Place, value: ValueId) {
        let site = Span::mixed_site();
        let name = self.shadow_name(place.var);
        let shadow = self.shadows.get(&place.var).cloned();
        let (sign, addend) = self.signed(value);
        let is_aggregate =
            !matches!(self.function.values[value].ty.behind_refs(), Ty::Float(_) | Ty::Unknown);
        let root = if let Some(Shadow::Accumulator(_)) = &shadow {
            quote_spanned!(site=> shadow)
        } else {
            quote_spanned!(site=> #name)
        };
        let target = self.place(place, &root);
        let statement = if is_aggregate {
            let private = self.facade.private();
            quote_spanned!(site=> #private::Tangent::add_assign(&mut #target, &#addend);)
        } else if place.path.is_empty() && !matches!(shadow, Some(Shadow::Local(_))) {
            quote_spanned!(site=> *#target #sign #addend;)
        } else {
            quote_spanned!(site=> #target #sign #addend;)
        };
        self.push(match shadow {
            Some(Shadow::Accumulator(_)) => {
                quote_spanned!(site=> if let Some(shadow) = #name.as_deref_mut() { #statement })
            }
            _ => statement,
        });
    }

    /// `+=` and the value, or `-=` and its negative.
    fn signed(&mut self, value: ValueId) -> (TokenStream, TokenStream) {
        let site = Span::mixed_site();
        if !self.is_named(value)
            && let Some(inst) = self.definitions.get(&value).copied()
            && let (Kind::Apply(Op::Neg, args), None) = (&inst.kind, &inst.syntax)
            && let [inner] = args.as_slice()
        {
            let inner = self.read(*inner).tokens;
            return (quote_spanned!(site=> -=), inner);
        }
        let value = self.read(value).tokens;
        (quote_spanned!(site=> +=), value)
    }

    /// The primal whose length a shadow takes.
    fn base_of(&mut self, value: ValueId) -> TokenStream {
        match self.use_home(value) {
            Some((plain, _)) => plain,
            None => self.read(value).tokens,
        }
    }
}
