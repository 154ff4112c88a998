//! Iterator chains → loops: the same items in the same order, the closures called as often.
//!
//! `xs.iter().map(|x| x * x).sum()` becomes
//!
//! ```text
//! {
//!     let mut sum = -0.0;
//!     for x in xs.iter() {
//!         let item = x * x;
//!         sum += item;
//!     }
//!     sum
//! }
//! ```
//!
//! A chain is read from its end ([`read`]): a *source* without closures, over which a `for` loop
//! can run as it is, then adaptors. Each adaptor wraps the statements that take its items
//! ([`adapt`]), so that all of them become one body, and the end of the chain is the innermost
//! statement ([`ends`], [`gather`], [`pick`]). Names are invented where a closure's own could be
//! taken for another's.

mod adapt;
mod closure;
mod ends;
mod gather;
mod known;
mod lockstep;
mod made;
mod option;
mod order;
mod pick;
mod read;
mod rename;
mod run;
mod shape;
mod unwrap;
mod zip;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Expr;

use crate::emit::names::Names;
use crate::ir::FloatTy;
use crate::lower::TypeParams;
pub(crate) use known::{is_inert_end, is_integer_type, is_iterator, unknown_method};
pub(crate) use read::spelled as spelled_end;
pub(crate) use read::{Chain, chain, extended, looped};
pub(crate) use rename::apart;

/// A method that could not be rewritten.
pub(crate) struct Unread {
    pub(crate) name: String,
    pub(crate) span: Span,
}

impl Unread {
    fn at(method: &syn::Ident) -> Self {
        Self { name: method.to_string(), span: method.span() }
    }
}

/// The outcome of rewriting a part.
type Built<T> = Result<T, Unread>;

/// What rewriting needs to know of the place where a chain stands.
pub(crate) struct Scene<'s> {
    pub(crate) names: &'s mut Names,
    /// Whether an expression is an array or a `Vec` itself, not a reference to one.
    pub(crate) is_owned: &'s dyn Fn(&Expr) -> bool,
    /// Whether an expression reads or writes something active.
    pub(crate) is_active: &'s dyn Fn(&Expr) -> bool,
    /// What the closures capture that have names: no variable may hide it.
    pub(crate) captured: crate::hash::HashSet<String>,
    /// The variables that a collection goes to, if nothing in the chain has their names.
    pub(crate) targets: Vec<syn::Ident>,
    /// The float type of the function, if there is only one.
    pub(crate) float: Option<FloatTy>,
    /// What is known of type parameters.
    pub(crate) params: &'s TypeParams,
}

/// The block that a chain is rewritten to.
pub(crate) fn rewritten(mut chain: Chain, scene: Scene<'_>) -> Built<Expr> {
    let site = Span::mixed_site().located_at(chain.method.span());
    let mut rewriter = run::Rewriter {
        scene,
        site,
        method: chain.method.clone(),
        mentions: chain.mentions.clone(),
        drive: chain.end.drive(),
        flags: Vec::new(),
    };
    let lets = rewriter.in_order(&mut chain)?;
    let mut tokens: TokenStream = rewriter.ended(&chain)?;
    if !lets.is_empty() {
        tokens = if let Ok(Expr::Reference(of)) = syn::parse2::<Expr>(tokens.clone()) {
            let inner = &of.expr;
            quote_spanned!(site=> &{ #lets #inner })
        } else {
            quote_spanned!(site=> { #lets #tokens })
        };
    }
    syn::parse2(tokens).map_err(|_| Unread::at(&chain.method))
}
