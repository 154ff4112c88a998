//! Whoever calls only companions uses the primal all the same: rustc shall not call it dead.
//!
//! An unnamed constant is never dead, and names the primal. Of a generic one it has to say for which
//! types: those that are floats by their bounds may be `f64`.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::punctuated::Punctuated;
use syn::{GenericParam, Generics, Token, Type, TypeParamBound, WherePredicate};

use super::companions::Context;

impl Context<'_> {
    /// `const _: () = { let _ = f; };`
    pub(super) fn use_of_primal(&self, cfgs: &TokenStream) -> TokenStream {
        if self.has_impl_trait() || self.is_deprecated() {
            return TokenStream::new();
        }
        let Some(arguments) = arguments(&self.signature.item.generics) else {
            return TokenStream::new();
        };
        let site = Span::mixed_site();
        let name = &self.signature.item.ident;
        let turbofish = (!arguments.is_empty()).then(|| quote_spanned!(site=> ::<#(#arguments),*>));
        quote_spanned!(site=>
            #cfgs
            const _: () = {
                let _ = #name #turbofish;
            };
        )
    }
}

/// Some arguments for these parameters, lifetimes left out. `None` where only the user knows any.
fn arguments(generics: &Generics) -> Option<Vec<TokenStream>> {
    let site = Span::mixed_site();
    let clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    for predicate in clause {
        let WherePredicate::Type(of) = predicate else { continue };
        let is_parameter =
            matches!(&of.bounded_ty, Type::Path(path) if path.path.get_ident().is_some());
        if !is_parameter || !are_of_floats(&of.bounds) {
            return None;
        }
    }
    let mut arguments = Vec::new();
    for param in &generics.params {
        match param {
            GenericParam::Lifetime(_) => {}
            GenericParam::Type(param) if are_of_floats(&param.bounds) => {
                arguments.push(quote_spanned!(site=> ::core::primitive::f64));
            }
            GenericParam::Const(param) if is_size(&param.ty) => {
                arguments.push(quote_spanned!(site=> 0));
            }
            GenericParam::Type(_) | GenericParam::Const(_) => return None,
        }
    }
    Some(arguments)
}

/// Whether `f64` is everything that a type is asked to be.
fn are_of_floats(bounds: &Punctuated<TypeParamBound, Token![+]>) -> bool {
    const OF_FLOATS: [&str; 8] =
        ["Real", "Lanes", "Copy", "Clone", "Debug", "Display", "PartialEq", "PartialOrd"];
    bounds.iter().all(|bound| match bound {
        TypeParamBound::Trait(of) => {
            let last = of.path.segments.last();
            last.is_some_and(|last| {
                last.arguments.is_none() && OF_FLOATS.iter().any(|name| last.ident == name)
            })
        }
        TypeParamBound::Lifetime(_) => true,
        _ => false,
    })
}

fn is_size(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("usize"))
}
