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
//! statement ([`ends`]). Names are invented where a closure's own could be taken for another's.

mod adapt;
mod closure;
mod ends;
mod option;
mod read;
mod run;
mod shape;

use proc_macro2::{Span, TokenStream};
use syn::Expr;

use crate::emit::names::Names;
use crate::ir::FloatTy;
pub(crate) use read::{Chain, chain, is_inert_end, is_iterator, looped};

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
    pub(crate) captured: std::collections::HashSet<String>,
    /// The float type of the function, if there is only one.
    pub(crate) float: Option<FloatTy>,
}

/// The block that a chain is rewritten to.
pub(crate) fn rewritten(chain: &Chain, scene: Scene<'_>) -> Built<Expr> {
    let site = Span::mixed_site().located_at(chain.method.span());
    let mut rewriter =
        run::Rewriter { scene, site, method: chain.method.clone(), flags: Vec::new() };
    let tokens: TokenStream = rewriter.ended(chain)?;
    syn::parse2(tokens).map_err(|_| Unread::at(&chain.method))
}
