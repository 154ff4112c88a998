//! Each stage of some functions of the gallery, as snapshots to be reviewed as code.
//!
//! `INSTA_UPDATE=always cargo test -p autodiff-core --test stages` writes them anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use autodiff_core::diagnostics::Diagnostics;
use autodiff_core::differentiate::{Seed, adjoint};
use autodiff_core::lower::{Signature, lower};
use autodiff_core::options::Options;
use autodiff_core::simplify::simplify;
use autodiff_core::structure::structured;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{ImplItem, Item, ItemFn};

/// What one function is at each stage: as lowered, with its reverse sweep, simplified, printed.
fn stages(name: &str) -> String {
    let gallery = syn::parse_file(include_str!("data/gallery.rs")).unwrap();
    let mut functions = gallery.items.into_iter().filter_map(|item| match item {
        Item::Fn(function) => Some(function),
        _ => None,
    });
    let mut function = functions.find(|function| function.sig.ident == name).unwrap();
    function.attrs.clear();
    let mut found = Diagnostics::default();
    let options = Options::read(TokenStream::new(), &mut found);
    let signature = Signature::read(&function.sig, &options, None, &mut found).unwrap();
    let body = structured(&function.block, &function.sig.output);
    let body = body.unwrap_or_else(|_| (*function.block).clone());
    let primal = lower(&signature, &body, &mut found).unwrap_or_else(|| panic!("{found:?}"));
    let seed = if signature.returns_float() { Seed::One } else { Seed::Parameter };
    let derivative = adjoint(&primal, seed);
    let simplified = simplify(&derivative);
    let source = prettyplease::unparse(&file(vec![Item::Fn(function.clone())]));
    let printed = printed(&function);
    format!(
        "// primal\n\n{source}\n{primal}\n// adjoint\n\n{derivative}\n// simplified\n\n{simplified}\n\
         // printed\n\n{printed}"
    )
}

/// The companions that a person would write, and the one that callers name.
fn printed(function: &ItemFn) -> String {
    let output = autodiff_core::grad(TokenStream::new(), function.to_token_stream());
    let primal = &function.sig.ident;
    let mut items = Vec::new();
    for item in syn::parse2::<syn::File>(output).unwrap().items {
        match item {
            Item::Fn(item) if item.sig.ident != *primal => items.push(Item::Fn(item)),
            Item::Impl(mut item) => {
                item.items.retain(
                    |item| matches!(item, ImplItem::Fn(method) if method.sig.ident == "__split"),
                );
                items.push(Item::Impl(item));
            }
            _ => {}
        }
    }
    prettyplease::unparse(&file(items))
}

fn file(items: Vec<Item>) -> syn::File {
    syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items }
}

fn check(name: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, stages(name)));
}

#[test]
fn straight_line_code() {
    check("straight");
}

#[test]
fn a_variable_that_is_overwritten() {
    check("overwritten");
}

#[test]
fn a_branch() {
    check("branching");
}

#[test]
fn aggregates() {
    check("rotated");
}

#[test]
fn a_loop() {
    check("recurrence");
}

#[test]
fn calls() {
    check("calling");
}
