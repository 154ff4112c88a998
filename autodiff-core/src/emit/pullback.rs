//! What callers get as a pullback: a closure, and of a function that calls itself one in a `Box`.
//!
//! The closure of such a function holds the closures of the calls inside, which would be of its
//! own type: no closure has such a type. Nor does one suit a function whose own type has a
//! lifetime in it: the closure is generic in that type, and would hold what lives as long.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, GenericParam, Generics, Lifetime, LifetimeParam, TypeParamBound};

use super::companions::Context;
use super::shown;
use crate::ir::{Kind, Region};
use crate::lower::Signature;

/// What a pullback is for its caller.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pullback {
    /// A closure.
    Opaque,
    /// The same on the heap: what it is made of may be such closures.
    Boxed,
    /// A function that is never called.
    Pointer,
}

impl Context<'_> {
    /// The type of the pullback.
    pub(crate) fn pullback_type(&self, pullback: Pullback) -> TokenStream {
        let site = shown::site_or_attribute(self.signature);
        let (elided, cotangent, accumulators, results) = self.pullback_types();
        let from_to = quote_spanned!(site=> (#elided, #cotangent, #accumulators) -> #results);
        match pullback {
            Pullback::Opaque => {
                let captured = self.captured_types();
                quote_spanned!(site=> impl ::core::ops::FnOnce #from_to + #captured)
            }
            Pullback::Boxed => {
                let private = self.facade.private();
                let lives = self.record_lifetime().map(|lives| quote_spanned!(site=> + #lives));
                quote_spanned!(site=> #private::Box<dyn ::core::ops::FnOnce #from_to #lives>)
            }
            Pullback::Pointer => quote_spanned!(site=> fn #from_to),
        }
    }

    /// The closure as callers get it.
    pub(crate) fn given(&self, closure: TokenStream) -> TokenStream {
        if self.pullback != Pullback::Boxed {
            return closure;
        }
        let private = self.facade.private();
        quote_spanned!(Span::mixed_site()=> #private::Box::new(#closure))
    }

    /// How long what is in the box lives, where its record may hold values of generic types.
    fn record_lifetime(&self) -> Option<Lifetime> {
        let is_generic = self.signature.item.generics.type_params().next().is_some();
        (is_generic && self.pullback == Pullback::Boxed)
            .then(|| Lifetime::new("'record", Span::mixed_site()))
    }

    /// The parameters of `__split`: those of the primal, which outlive the record.
    pub(crate) fn generics_of_split(&self) -> Generics {
        let mut generics = self.hidden_generics();
        let Some(lives) = self.record_lifetime() else { return generics };
        let own = self.signature.item.generics.type_params().count();
        for param in generics.type_params_mut().take(own) {
            param.colon_token.get_or_insert_default();
            param.bounds.push(TypeParamBound::Lifetime(lives.clone()));
        }
        generics.params.insert(0, GenericParam::Lifetime(LifetimeParam::new(lives)));
        generics
    }
}

/// Whether a function calls itself, as far as its tokens show: `f`, `self::f`, `Self::f`, and as
/// a method `self.f`.
pub(crate) fn calls_itself(region: &Region, signature: &Signature) -> bool {
    region.insts.iter().any(|inst| {
        let is_own = matches!(&inst.kind, Kind::Call(call) if is_own(&call.callee, signature));
        is_own || inst.kind.regions().iter().any(|region| calls_itself(region, signature))
    })
}

/// Whether the type of a function has a lifetime in it: one that is bounded, or that a bound names.
/// Every other is chosen anew by each call.
pub(crate) fn has_early_lifetime(signature: &Signature) -> bool {
    let generics = &signature.item.generics;
    let mut bounds = TokenStream::new();
    for param in &generics.params {
        match param {
            GenericParam::Lifetime(param) => param.bounds.to_tokens(&mut bounds),
            GenericParam::Type(param) => param.bounds.to_tokens(&mut bounds),
            GenericParam::Const(_) => {}
        }
    }
    generics.where_clause.to_tokens(&mut bounds);
    generics.lifetimes().any(|param| {
        super::signature::mentioned(&bounds, &param.lifetime.ident)
            != super::signature::Mention::None
    })
}

fn is_own(callee: &Expr, signature: &Signature) -> bool {
    match crate::lower::unparenthesised(callee) {
        Expr::Path(path) => {
            let names: Vec<String> = path
                .path
                .segments
                .iter()
                .map(|segment| crate::lower::plain_name(&segment.ident))
                .collect();
            match names.as_slice() {
                [name] => *name == signature.name() && signature.owner.is_none(),
                [of, name] => ["self", "Self"].contains(&of.as_str()) && *name == signature.name(),
                _ => false,
            }
        }
        Expr::MethodCall(call) => {
            let on_self = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
            on_self && crate::lower::plain_name(&call.method) == signature.name()
        }
        _ => false,
    }
}
