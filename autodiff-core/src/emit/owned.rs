//! The receiver of a method, as its companions take it: by reference, and given again to the pullback.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::companions::Context;
use super::signature::renamed;

impl Context<'_> {
    /// The receiver that the primal uses up, under another name. A companion takes it by reference: its
    /// caller hands it to the pullback once more, and does not know how the primal takes it.
    pub(super) fn owned_receiver(&self) -> Option<Ident> {
        let receiver = self.signature.receiver()?;
        let is_owned = receiver.ty.ref_depth() == 0;
        is_owned.then(|| self.fresh("own"))
    }

    /// The body of a companion, and its bounds, where the primal uses its receiver up: it has a copy.
    pub(super) fn with_own(&self, body: TokenStream, generics: &mut syn::Generics) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let Some(own) = self.owned_receiver() else { return body };
        let receiver = self.signature.receiver().and_then(|param| param.receiver.as_ref());
        let printed = receiver.map(|receiver| super::signature::receiver(receiver, &body));
        let is_mutable = printed.is_some_and(|tokens| tokens.to_string().starts_with("mut"));
        let mutable = is_mutable.then(|| quote_spanned!(site=> mut));
        generics.make_where_clause().predicates.push(syn::parse_quote_spanned!(site=>
            for<'copied> Self: #private::Cloned<'copied>
        ));
        let body = renamed(body, &quote_spanned!(site=> #own));
        quote_spanned!(site=> let #mutable #own = #private::kept(self); #body)
    }

    /// The receiver as an argument of the pullback: its name, and how the body reads it.
    pub(super) fn receiver_again(&self) -> Option<(Ident, TokenStream)> {
        let receiver = self.signature.receiver()?;
        let this = self.fresh("this");
        let site = Span::mixed_site();
        let read = if receiver.ty.ref_depth() > 0 {
            quote_spanned!(site=> #this)
        } else {
            quote_spanned!(site=> (*#this))
        };
        Some((this, read))
    }
}
