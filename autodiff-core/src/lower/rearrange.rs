//! Sorting and rotating: the elements change places, in an order that is found beforehand.
//!
//! `v.sort_by(f);` becomes
//!
//! ```text
//! {
//!     let order = order(&v[..], |it| it.sort_by(f));
//!     let before = v.to_vec();
//!     for i in 0..order.len() { v[i] = before[order[i]]; }
//! }
//! ```
//!
//! where the runtime's `order` sorts a copy. The reverse sweep then reads the order, and never a
//! comparison.

use proc_macro2::Span;
use quote::quote_spanned;
use syn::{Expr, ExprMethodCall};

use super::{Lowered, Lowerer};
use crate::chain::Unread;

/// Methods that sort, and those that move elements whatever they are.
const SORTS: [&str; 9] = [
    "sort",
    "sort_unstable",
    "sort_by",
    "sort_unstable_by",
    "sort_by_key",
    "sort_unstable_by_key",
    "sort_by_cached_key",
    "select_nth_unstable_by",
    "select_nth_unstable_by_key",
];
const MOVES: [&str; 2] = ["rotate_left", "rotate_right"];

/// Whether a method changes the order of elements.
pub(crate) fn reorders(method: &str) -> bool {
    SORTS.contains(&method) || MOVES.contains(&method)
}

impl Lowerer<'_> {
    /// Whether a call changes the order of something active.
    pub(crate) fn rearranges_active(&self, call: &ExprMethodCall) -> bool {
        let root = self.root_binding(&call.receiver);
        let version = root.and_then(|root| self.scopes.version(root));
        reorders(&call.method.to_string()) && version.is_some_and(|it| self.is_active(it))
    }

    /// Whether such a call compares something active, and only moves what is not.
    pub(crate) fn rearranges_inert(&self, call: &ExprMethodCall) -> bool {
        let root = self.root_binding(&call.receiver);
        let known = root.and_then(|root| self.scopes.version(root)).is_some();
        known && reorders(&call.method.to_string()) && !self.rearranges_active(call)
    }

    /// Such a call as a statement.
    pub(crate) fn rearrange<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprMethodCall,
    ) -> Lowered<()> {
        let span = call.method.span();
        self.spread(expr, |lowerer| {
            let site = Span::mixed_site().located_at(span);
            let [order, before, it, i] =
                ["order", "before", "it", "i"].map(|name| lowerer.fresh(name, site));
            let (of, method, args) = (&call.receiver, &call.method, &call.args);
            let private = &lowerer.private;
            let found = if MOVES.contains(&method.to_string().as_str()) {
                quote_spanned!(site=> #private::moved(#of.len(), |#it| #it.#method(#args)))
            } else {
                quote_spanned!(site=> #private::order(&#of[..], |#it| { #it.#method(#args); }))
            };
            let block = quote_spanned!(site=> {
                let #order: ::std::vec::Vec<usize> = #found;
                let #before = #of.to_vec();
                for #i in 0..#order.len() { #of[#i] = #before[#order[#i]]; }
            });
            syn::parse2(block).map_err(|_| Unread { name: method.to_string(), span })
        })
    }
}
