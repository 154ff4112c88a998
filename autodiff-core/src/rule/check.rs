//! Whether a rule suits its function.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;

use super::read::{self, Form};
use super::{Functions, Partials, Rule};
use crate::diagnostics::{Diagnostics, Refusal, Refused};
use crate::input::Input;
use crate::ir::Ty;
use crate::lower::signature::Param;
use crate::lower::{Signature, plain_name};
use crate::options::Options;

/// A rule is of a free function.
pub(super) fn associated(
    input: &Input,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    if input.owner(options).is_none() {
        return Some(());
    }
    diagnostics.refuse(&Refusal::RuleMethod, input.signature.ident.span());
    None
}

/// Options that a rule has no use for, or does not allow.
pub(super) fn options(
    attribute: &TokenStream,
    form: &Form,
    options: &Options,
    diagnostics: &mut Diagnostics,
) {
    let mut refuse = |name, help, span| {
        diagnostics.refuse(&Refusal::Unavailable(name, help), span);
    };
    if options.no_type {
        let help = "callers find the rule by the type of the function's name: put the function \
                    into a module of its own";
        refuse("no_type", help, of_name(attribute, "no_type"));
    }
    if options.dump {
        refuse("dump", "a rule has no body to explain", of_name(attribute, "dump"));
    }
    let order = options.order.as_ref().map(|(option, _)| option.clone());
    let second = [("order", &order), ("hvp", &options.hvp), ("hessian", &options.hessian)];
    if matches!(form, Form::Functions { .. }) {
        for (name, option) in second {
            let help = "functions give first derivatives only: write the rule with partials, \
                        `rule(y = f(x) => [partial])`";
            if let Some(option) = option {
                refuse(name, help, option.span());
            }
        }
    }
}

/// Where an option stands.
fn of_name(attribute: &TokenStream, name: &str) -> Span {
    let found = attribute.clone().into_iter().find(|tree| match tree {
        TokenTree::Ident(ident) => ident == name,
        _ => false,
    });
    found.map_or_else(Span::call_site, |tree| tree.span())
}

/// Companions that the signature does not allow.
pub(super) fn companions(signature: &Signature, options: &Options, diagnostics: &mut Diagnostics) {
    crate::emit::check_point(signature, options, diagnostics);
    crate::matrices::check(signature, options, diagnostics);
}

/// The rule, if it suits the function.
pub(super) fn rule(
    form: Form,
    signature: &Signature,
    diagnostics: &mut Diagnostics,
) -> Option<Rule> {
    let before = diagnostics.count();
    for param in &signature.params {
        parameter(param, diagnostics);
    }
    let rule = match form {
        Form::Partials { result, function, parameters, partials } => {
            names(&function, &parameters, signature, diagnostics);
            if parameters.iter().any(|name| plain_name(name) == plain_name(&result)) {
                diagnostics.refuse(&Refusal::RuleResult(result.to_string()), result.span());
            }
            shapes(signature, diagnostics);
            count(&partials, signature, diagnostics);
            Rule::Partials(Partials { result, list: partials.list })
        }
        Form::Functions { vjp, jvp } => {
            if signature.fallible().is_some() {
                diagnostics.refuse(&Refusal::RuleFails, signature.item.output.span());
            }
            Rule::Functions(Functions { vjp, jvp })
        }
    };
    (diagnostics.count() == before).then_some(rule)
}

/// A parameter is passed on by its name.
fn parameter(param: &Param, diagnostics: &mut Diagnostics) {
    if param.ident().is_none() {
        diagnostics.refuse(&Refusal::ParameterPattern, param.item.pat.span());
    }
    let is_anonymous = param.item.ty.to_token_stream().to_string().starts_with("impl ");
    if param.exit || is_anonymous {
        diagnostics.refuse(&Refusal::RuleParameter, param.item.ty.span());
    }
}

/// The rule is of this function, and calls its parameters what they are called.
fn names(
    function: &Ident,
    parameters: &[Ident],
    signature: &Signature,
    diagnostics: &mut Diagnostics,
) {
    let own = signature.name();
    if plain_name(function) != own {
        diagnostics.refuse(&Refusal::RuleFunction(own), function.span());
        return;
    }
    let names: Vec<String> =
        signature.params.iter().filter_map(Param::ident).map(plain_name).collect();
    let wrong = parameters.iter().zip(&names).find(|(found, name)| plain_name(found) != **name);
    let span = wrong.map(|(found, _)| found.span());
    let span = span.or_else(|| (parameters.len() != names.len()).then(|| function.span()));
    if let Some(span) = span {
        diagnostics.refuse(&Refusal::RuleParameters(own, names.join(", ")), span);
    }
}

/// A partial is a float, of a float by a float.
fn shapes(signature: &Signature, diagnostics: &mut Diagnostics) {
    for param in signature.params.iter().filter(|param| param.active) {
        if !matches!(param.ty.behind_refs(), Ty::Float(_)) {
            diagnostics.refuse(&Refusal::RuleShape, param.item.ty.span());
        }
    }
    if !matches!(signature.result, Some(Ty::Float(_))) {
        diagnostics.refuse(&Refusal::RuleShape, signature.item.output.span());
    }
}

fn count(
    partials: &read::Partials,
    signature: &Signature,
    diagnostics: &mut Diagnostics,
) -> Option<Refused> {
    let active: Vec<String> = signature
        .params
        .iter()
        .filter(|param| param.active)
        .filter_map(Param::ident)
        .map(plain_name)
        .collect();
    if partials.list.len() == active.len() {
        return None;
    }
    let refusal = Refusal::RulePartials(partials.list.len(), active);
    Some(diagnostics.refuse(&refusal, partials.span))
}
