//! `order = k` of a rule: its partials, differentiated as an ordinary function.

use proc_macro2::{Delimiter, Group, Span, TokenTree};
use quote::quote_spanned;
use syn::parse_quote_spanned;

use super::Partials;
use crate::diagnostics::Diagnostics;
use crate::differentiate::given;
use crate::emit::Higher;
use crate::input::Input;
use crate::ir::Function;
use crate::lower::Signature;
use crate::lower::signature::Param;
use crate::options::Options;

/// What callers need that are differentiated several times.
pub(super) fn higher(
    rule: &Partials,
    signature: &Signature,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Higher> {
    let partials = partials(rule, signature, options, diagnostics)?;
    let (pullback, pushforward) = given(&partials);
    let order = options.order();
    Some(crate::tangents(partials, (pullback, pushforward), order))
}

/// `fn f(x) -> (y, a, b) { let y = f(x); (y, a, b) }`: the value and the partials.
fn partials(
    rule: &Partials,
    signature: &Signature,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Function> {
    let site = Span::mixed_site();
    let (partials, result, name) = (&rule.list, &rule.result, &signature.item.ident);
    let (arguments, ty) =
        (signature.params.iter().filter_map(Param::ident), crate::emit::result_type(signature));
    let types = signature.params.iter().filter(|param| param.active);
    let types = types.map(|param| crate::emit::float_of(&param.ty));
    let mut item = signature.item.clone();
    item.output = parse_quote_spanned!(site=> -> (#ty, #(#types),*));
    let body = quote_spanned!(site=>
        let #result = #name(#(#arguments),*);
        (#result, #(#partials),*)
    );
    let constant = signature.params.iter().filter(|param| !param.active).filter_map(Param::ident);
    let options = Options {
        constant: constant.cloned().collect(),
        facade: options.facade.clone(),
        rules: options.rules.clone(),
        ..Options::default()
    };
    let input = Input {
        attributes: Vec::new(),
        visibility: syn::Visibility::Inherited,
        signature: item,
        tokens: TokenTree::Group(Group::new(Delimiter::Brace, body)),
    };
    let signature = Signature::read(&input.signature, &options, None, diagnostics)?;
    crate::lowered(&input, &signature, &options, diagnostics)
}
