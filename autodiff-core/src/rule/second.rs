//! `order = 2` of a rule: its partials, differentiated as an ordinary function.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenTree};
use quote::quote_spanned;
use syn::parse_quote_spanned;

use super::{Partials, Rule, Second};
use crate::diagnostics::Diagnostics;
use crate::differentiate::tangent;
use crate::input::Input;
use crate::lower::Signature;
use crate::lower::signature::Param;
use crate::options::Options;

/// The rule, with what second derivatives need of it if they are asked for.
pub(super) fn completed(
    rule: Rule,
    signature: &Signature,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Rule> {
    match (rule, &options.order_2) {
        (Rule::Partials(partials), Some(_)) => {
            let second = second(&partials, signature, options, diagnostics)?;
            Some(Rule::Partials(Partials { second: Some(second), ..partials }))
        }
        (rule, _) => Some(rule),
    }
}

/// `fn partials(x, y) -> (a, b) { (a, b) }` and its tangent.
fn second(
    rule: &Partials,
    signature: &Signature,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Second> {
    let input = function(rule, signature);
    let constant = signature.params.iter().filter(|param| !param.active).filter_map(Param::ident);
    let options = Options {
        constant: constant.cloned().collect(),
        facade: options.facade.clone(),
        rules: options.rules.clone(),
        ..Options::default()
    };
    let signature = Signature::read(&input.signature, &options, None, diagnostics)?;
    let primal = crate::lowered(&input, &signature, diagnostics)?;
    let pushforward = crate::finished(tangent(&primal));
    Some(Second { signature, tokens: input.tokens.into(), primal, pushforward })
}

/// The partials as a function of the parameters and the result.
fn function(rule: &Partials, signature: &Signature) -> Input {
    let site = Span::mixed_site();
    let partials = &rule.list;
    let (result, ty) = (&rule.result, crate::emit::result_type(signature));
    let types = partials.iter().zip(signature.params.iter().filter(|param| param.active));
    let types = types.map(|(_, param)| crate::emit::float_of(&param.ty));
    let (body, types) = match partials.as_slice() {
        [one] => (quote_spanned!(site=> #one), quote_spanned!(site=> #(#types)*)),
        all => (quote_spanned!(site=> (#(#all),*)), quote_spanned!(site=> (#(#types),*))),
    };
    let mut item = signature.item.clone();
    item.ident = Ident::new(crate::emit::PARTIALS, site);
    item.inputs.push(parse_quote_spanned!(site=> #result: #ty));
    item.output = parse_quote_spanned!(site=> -> #types);
    Input {
        attributes: Vec::new(),
        visibility: syn::Visibility::Inherited,
        signature: item,
        tokens: TokenTree::Group(Group::new(Delimiter::Brace, body)),
    }
}
