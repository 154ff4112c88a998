//! `#[grad]` on a required method of a trait: it declares the companions, and every `impl` that
//! annotates the method has them. Functions that are generic over the trait call them.
//!
//! A method with a body cannot have companions in a trait, since an `impl` could replace the value
//! and keep the derivative. That is for rustc to say: a pullback names what it captures, and in a
//! trait that would have to be `Self`, which it is only here.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{FnArg, ImplItem, Pat, PatWild, WherePredicate, parse_quote_spanned};

use crate::diagnostics::Diagnostics;
use crate::emit::{Facade, declared};
use crate::lower::Signature;
use crate::lower::signature::Owner;
use crate::options::Options;

/// A method without a body.
pub(crate) struct Required {
    item: syn::TraitItemFn,
}

impl Required {
    /// Reads an item; `None` if it has a body.
    pub(crate) fn read(item: &TokenStream) -> Option<Self> {
        let ends = item.clone().into_iter().last();
        let is_declared = matches!(ends, Some(TokenTree::Punct(end)) if end.as_char() == ';');
        is_declared.then(|| syn::parse2(item.clone()).ok().map(|item| Self { item })).flatten()
    }

    /// The companions, declared.
    pub(crate) fn companions(
        &self,
        options: &Options,
        diagnostics: &mut Diagnostics,
    ) -> TokenStream {
        let site = Span::mixed_site();
        let owner = Owner { captured: vec![Ident::new("Self", site)], ..Owner::default() };
        let read = Signature::read(&self.item.sig, options, Some(owner), diagnostics);
        let Some(signature) = read.filter(|_| diagnostics.is_empty()) else {
            return TokenStream::new();
        };
        let header = (self.item.attrs.as_slice(), &syn::Visibility::Inherited);
        let companions = declared(header, &signature, options);
        let Ok(block) = syn::parse2::<syn::ItemImpl>(quote!(impl Declared { #companions })) else {
            return TokenStream::new();
        };
        let mut bounds: Vec<WherePredicate> = vec![parse_quote_spanned!(site=> Self: Sized)];
        if signature.receiver().is_some_and(|receiver| receiver.active) {
            let private = Facade::of(options).private();
            bounds.push(parse_quote_spanned!(site=> Self: #private::Differentiable));
        }
        block.items.into_iter().map(|item| without_body(item, &bounds)).collect()
    }
}

/// `fn f(_: f64) -> f64 where Self: Sized;`
fn without_body(item: ImplItem, bounds: &[WherePredicate]) -> TokenStream {
    let ImplItem::Fn(mut function) = item else { return TokenStream::new() };
    for input in &mut function.sig.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                if matches!(receiver.kind, syn::ReceiverKind::Value) {
                    receiver.mutability = None;
                }
            }
            FnArg::Typed(typed) => {
                let underscore_token = syn::token::Underscore(Span::mixed_site());
                *typed.pat = Pat::Wild(PatWild { attrs: Vec::new(), underscore_token });
            }
        }
    }
    function.sig.generics.make_where_clause().predicates.extend(bounds.iter().cloned());
    // What is said of the code of a function is said where that is.
    let is_kept = |attribute: &&syn::Attribute| {
        ["doc", "must_use", "cfg"].iter().any(|name| attribute.path().is_ident(name))
    };
    let attributes = function.attrs.iter().filter(is_kept);
    let signature = &function.sig;
    quote_spanned!(Span::mixed_site()=> #(#attributes)* #signature;)
}
