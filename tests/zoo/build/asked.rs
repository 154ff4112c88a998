//! The companions that a function can have.

use std::collections::BTreeSet;

use autodiff_core::diagnostics::Diagnostics;
use autodiff_core::options::Options;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, ItemFn, Meta};

use crate::found::idents;

/// The companions of a function.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    /// The options, as they are written in its attribute.
    written: Vec<TokenStream>,
    /// Whether there are second derivatives.
    pub(crate) twice: bool,
    /// Whether another of them calls it.
    is_called: bool,
    pub(crate) product: bool,
    pub(crate) hessian: bool,
    pub(crate) jacobian: bool,
}

/// Options that say what a function is; others say what is wanted of it.
const KEPT: [&str; 8] =
    ["wrt", "constant", "recursive", "rules", "order", "associated", "crate", "checkpoint"];

impl Asked {
    pub(crate) fn of(function: &ItemFn, is_called: bool) -> Self {
        let mut asked = Self { written: written(function), is_called, ..Self::default() };
        // Most have all of them, and are asked once.
        let all = |asked: &mut Self| {
            (asked.twice, asked.product, asked.hessian) = (true, true, true);
        };
        if asked.holds(function, all) {
            all(&mut asked);
            return asked;
        }
        asked.jacobian = asked.holds(function, |asked| asked.jacobian = true);
        asked.twice = asked.holds(function, |asked| asked.twice = true);
        asked.product = asked.twice && asked.holds(function, |asked| asked.product = true);
        asked.hessian = asked.product && asked.holds(function, |asked| asked.hessian = true);
        asked
    }

    /// Leaves out what is of second order.
    pub(crate) fn only_once(&mut self) {
        (self.twice, self.product, self.hessian) = (false, false, false);
    }

    /// Whether the compiler accepts a function that is asked for more.
    fn holds(&self, function: &ItemFn, more: fn(&mut Self)) -> bool {
        let mut asked = self.clone();
        more(&mut asked);
        let options = asked.options();
        let mut item = function.clone();
        item.attrs.retain(|attr| !is_grad(attr));
        let expanded = autodiff_core::grad(quote!(#(#options),*), item.to_token_stream());
        !idents(expanded).contains("compile_error")
    }

    pub(crate) fn options(&self) -> Vec<TokenStream> {
        let mut options = self.written.clone();
        options.extend([quote!(jvp), quote!(vjp)]);
        let is_given = options.iter().any(|option| idents(option.clone()).contains("order"));
        options.extend((self.twice && self.is_called && !is_given).then(|| quote!(order = 2)));
        options.extend(self.product.then(|| quote!(hvp)));
        options.extend(self.hessian.then(|| quote!(hessian)));
        options.extend(self.jacobian.then(|| quote!(jacobian)));
        options
    }
}

pub(crate) fn is_grad(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "grad")
}

/// The tokens between the parentheses of `#[grad(..)]`.
fn arguments(function: &ItemFn) -> TokenStream {
    let attr = function.attrs.iter().find(|attr| is_grad(attr));
    match attr.map(|attr| &attr.meta) {
        Some(Meta::List(list)) => list.tokens.clone(),
        _ => TokenStream::new(),
    }
}

pub(crate) fn options(function: &ItemFn) -> Options {
    Options::read(arguments(function), &mut Diagnostics::default())
}

/// What an attribute asks for, by name.
pub(crate) fn words(function: &ItemFn) -> BTreeSet<String> {
    idents(arguments(function))
}

/// The options that are kept.
fn written(function: &ItemFn) -> Vec<TokenStream> {
    let mut options = vec![TokenStream::new()];
    for tree in arguments(function) {
        match tree {
            TokenTree::Punct(comma) if comma.as_char() == ',' => options.push(TokenStream::new()),
            tree => {
                if let Some(last) = options.last_mut() {
                    last.extend([tree]);
                }
            }
        }
    }
    let is_kept = |option: &TokenStream| match option.clone().into_iter().next() {
        Some(TokenTree::Ident(name)) => KEPT.iter().any(|kept| name == kept),
        _ => false,
    };
    options.retain(is_kept);
    options
}
