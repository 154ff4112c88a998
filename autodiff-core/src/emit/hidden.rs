//! What the hidden companions have in common, by which other annotated functions call this one.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::companions::Context;
use super::names::local;
use super::shown::{enclosed_at, site_of};
use super::signature::{argument_tuple, patterns_again};

/// What tells a hidden companion from the others.
pub(crate) struct HiddenFunction<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: TokenStream,
    /// Those after the arguments.
    pub(crate) parameters: TokenStream,
    pub(crate) result: TokenStream,
}

impl Context<'_> {
    /// A hidden companion, which is passed the receiver and the arguments first.
    pub(crate) fn hidden_function(
        &self,
        function: HiddenFunction<'_>,
        mut generics: syn::Generics,
        body: &TokenStream,
    ) -> TokenStream {
        let HiddenFunction { name, attributes: own, parameters, result } = function;
        let result = enclosed_at(result, site_of(self.signature));
        let patterns = patterns_again(self.signature, body);
        let (name, arguments) = (self.hidden(name), self.hidden_parameters(&patterns, body));
        let body = self.with_own(body.clone(), &mut generics);
        let where_clause = &generics.where_clause;
        let (attributes, check) = (self.hidden_attributes(), self.own_callee_check());
        let visibility = self.hidden_visibility();
        quote_spanned!(Span::mixed_site()=>
            #[doc(hidden)]
            #own
            #attributes
            #visibility fn #name #generics (#arguments, #parameters) -> #result #where_clause {
                #check
                #body
            }
        )
    }

    /// The parameters of a hidden companion: a receiver, then the other arguments as one tuple.
    pub(crate) fn hidden_parameters(
        &self,
        patterns: &[TokenStream],
        body: &TokenStream,
    ) -> TokenStream {
        let site = Span::mixed_site();
        let types = argument_tuple(self.signature);
        let receiver = self.signature.receiver().and_then(|param| param.receiver.as_ref());
        let own = patterns.get(usize::from(receiver.is_some())..).unwrap_or_default();
        let is_owned = self.owned_receiver().is_some();
        let receiver = receiver.map(|receiver| {
            if is_owned {
                return quote_spanned!(site=> &self,);
            }
            let receiver = super::signature::receiver(receiver, body);
            quote_spanned!(site=> #receiver,)
        });
        let callee = self.callee_parameter();
        quote_spanned!(site=> #receiver #callee (#(#own,)*): #types)
    }

    pub(crate) fn hidden(&self, prefix: &str) -> Ident {
        if self.signature.receiver().is_some() {
            local(&super::call::method_companion(prefix, &self.signature.name()))
        } else if self.signature.owner.is_some() {
            local(&format!("{prefix}_{}", self.signature.name()))
        } else {
            local(prefix)
        }
    }

    /// Who can see a hidden companion: who can see the type that it is of, or the method.
    pub(crate) fn hidden_visibility(&self) -> syn::Visibility {
        if self.signature.owner.is_some() {
            return self.visibility.clone();
        }
        syn::parse_quote_spanned!(Span::mixed_site()=> pub)
    }
}
