//! The function that a caller means, beside the companions that its name finds.
//!
//! A name stands for a function and for its companions, and an import may bring the two from
//! different places: a function without `#[grad]` that hides an annotated one of a glob import
//! leaves the companions of that one in sight. So a caller passes the function as well, and a
//! companion makes sure that it is its own.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::{GenericParam, Generics, parse_quote_spanned};

use super::companions::Context;
use super::signature::{argument_types, result_type};

impl Context<'_> {
    /// Whether callers pass the function: what belongs to a type is found by the type.
    fn takes_callee(&self) -> bool {
        self.signature.owner.is_none() && !self.is_nested
    }

    fn callee_type(&self) -> Ident {
        Ident::new("__Callee", Span::mixed_site())
    }

    /// `callee,` before the other arguments of a hidden companion that is called from the inside.
    pub(crate) fn callee_argument(&self, own: &Ident) -> TokenStream {
        let site = Span::mixed_site();
        if self.takes_callee() { quote_spanned!(site=> #own,) } else { TokenStream::new() }
    }

    /// `callee: __Callee,` before the other parameters of a hidden companion.
    pub(crate) fn callee_parameter(&self) -> TokenStream {
        if !self.takes_callee() {
            return TokenStream::new();
        }
        let (name, ty) = (self.fresh("callee"), self.callee_type());
        quote_spanned!(Span::mixed_site()=> #name: #ty,)
    }

    /// The generic parameters of a hidden companion, whose primal has these and this result.
    pub(crate) fn with_callee(&self, mut generics: Generics, result: &TokenStream) -> Generics {
        if self.takes_callee() {
            let (site, ty) = (Span::mixed_site(), self.callee_type());
            let arguments = argument_types(self.signature);
            let lives = is_plain(&generics).then(|| quote_spanned!(site=> + 'static));
            let bounded = quote_spanned!(site=> #ty: ::core::ops::Fn(#arguments) -> #result #lives);
            let param: GenericParam = parse_quote_spanned!(site=> #bounded);
            generics.params.push(param);
        }
        generics
    }

    /// The same where the primal is the user's function.
    pub(crate) fn hidden_generics(&self) -> Generics {
        let generics = self.signature.item.generics.clone();
        self.with_callee(generics, &result_type(self.signature))
    }

    /// The statement by which a companion makes sure that the callee is its own.
    pub(crate) fn callee_check(&self, own: &Ident) -> TokenStream {
        if !self.takes_callee() {
            return TokenStream::new();
        }
        let (site, private, name) =
            (Span::mixed_site(), self.facade.private(), self.fresh("callee"));
        let generics = &self.signature.item.generics;
        let types = generics.params.iter().filter_map(|param| match param {
            GenericParam::Type(param) => Some(&param.ident),
            GenericParam::Const(param) => Some(&param.ident),
            GenericParam::Lifetime(_) => None,
        });
        let types: Vec<&Ident> = types.collect();
        let turbofish = (!types.is_empty()).then(|| quote_spanned!(site=> ::<#(#types),*>));
        let check = if is_plain(generics) { "check_callee" } else { "check_callee_name" };
        let check = Ident::new(check, site);
        let allowed = self.is_deprecated().then(|| quote_spanned!(site=> #[allow(deprecated)]));
        quote_spanned!(site=> #allowed #private::#check(&#name, &#own #turbofish);)
    }

    /// What tells callers that they understand the companions of this type. With the name of the
    /// trait changes what calls and companions say to each other.
    pub(crate) fn of_this_version(&self, own: &Ident, cfgs: &TokenStream) -> TokenStream {
        let private = self.facade.private();
        quote_spanned!(Span::mixed_site()=>
            #cfgs
            impl #private::CompanionsOfVersion0_1 for #own {}
        )
    }

    /// The same where the primal is the user's function.
    pub(crate) fn own_callee_check(&self) -> TokenStream {
        self.callee_check(&self.located("", &self.signature.item.ident))
    }

    /// What the closure of a pullback names besides its own lifetimes, for `use<..>`.
    pub(crate) fn captured_types(&self) -> TokenStream {
        let names = super::signature::captured(self.signature);
        let callee = self.takes_callee().then(|| self.callee_type());
        let site = super::shown::site_or_attribute(self.signature);
        quote_spanned!(site=> use<#(#names,)* #callee>)
    }
}

/// Whether the function lives for ever, and so has an identity: of what has a type or a lifetime
/// among its parameters that is not known.
fn is_plain(generics: &Generics) -> bool {
    generics.params.iter().all(|param| matches!(param, GenericParam::Const(_)))
}
