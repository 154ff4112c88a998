//! Calls of foreign functions, whose derivatives are those of another function.
//!
//! The value is computed by the function that the user calls, and the other computes its own for
//! its derivatives: a rule changes no value.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::Expr;

use super::call::tuple;
use super::printer::Printer;
use crate::ir::Call;

impl Printer<'_> {
    /// Names for the arguments of a foreign function, which its rule is given as well.
    pub(crate) fn given_twice(&mut self, call: &Call) -> Option<TokenStream> {
        call.foreign.as_ref()?;
        let names = call.args.iter().map(|_| self.names.fresh("argument"));
        Some(tuple(&quote_spanned!(Span::mixed_site()=> #(#names),*)))
    }
}

/// The value of a foreign function, and what its rule gives beside its own.
pub(crate) fn by_rule(
    foreign: &Expr,
    given: &TokenStream,
    args: &TokenStream,
    (called, components): (&TokenStream, usize),
) -> TokenStream {
    let inside = given.clone().into_iter().find_map(|tree| match tree {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    let site = Span::mixed_site();
    if components <= 2 {
        return quote_spanned!(site=> {
            let #given = #args;
            (#foreign(#inside), #called.1)
        });
    }
    let names: Vec<_> =
        (1..components).map(|at| quote::format_ident!("dot_{at}", span = site)).collect();
    quote_spanned!(site=> {
        let #given = #args;
        let value = #foreign(#inside);
        let (_, #(#names),*) = #called;
        (value, #(#names),*)
    })
}
