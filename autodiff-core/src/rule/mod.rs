//! `#[autodiff::rule(..)]`: derivatives that the user gives, of a body that is not looked at.
//!
//! For the compiler such a function is a call of itself. What callers need of it, `__split` and
//! `__jvp`, is printed from the rule, and every other companion from the derivative of that call:
//! so a rule is known wherever calls are.

mod check;
mod higher;
mod lift;
mod read;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{Expr, Path};

use crate::diagnostics::Diagnostics;
use crate::emit;
use crate::input::Input;
use crate::lower::Signature;
use crate::lower::signature::Param;
use crate::options::Options;

/// A rule that suits its function.
pub(crate) enum Rule {
    /// y = f(x) => [∂y/∂x]
    Partials(Partials),
    /// The pullback and the pushforward, as functions of the user's.
    Functions(Functions),
}

/// A partial derivative for each differentiated parameter.
pub(crate) struct Partials {
    /// What the partials call the result.
    pub(crate) result: Ident,
    /// In the order of the parameters.
    pub(crate) list: Vec<Expr>,
}

/// Functions of the user's, with the signatures of `f_vjp` and `f_jvp`.
pub(crate) struct Functions {
    pub(crate) vjp: Option<Path>,
    pub(crate) jvp: Option<Path>,
}

/// Expands `#[autodiff::rule(attribute)] item`: the item unchanged, and its companions.
///
/// As [`grad`](fn@crate::grad), but the derivatives are those of the rule.
#[must_use]
pub fn rule(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let companions = companions(attribute, item.clone(), &mut diagnostics);
    let errors = diagnostics.to_compile_errors();
    quote!(#item #errors #companions)
}

fn companions(
    attribute: TokenStream,
    item: TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<TokenStream> {
    let written = read::read(attribute.clone(), diagnostics);
    let input = Input::read(item, diagnostics)?;
    let (written, mut options) = match written {
        Some(written) => {
            let options = Options::read(written.options.clone(), diagnostics);
            (Some(written.form), options)
        }
        None => (None, Options::default()),
    };
    check::associated(&input, &options, diagnostics)?;
    let signature = Signature::read(&input.signature, &options, None, diagnostics)?;
    let rule = written.and_then(|form| {
        check::options(&attribute, &form, &options, diagnostics);
        check::rule(form, &signature, diagnostics).map(|rule| lift::lifted(rule, &signature))
    });
    let complete = |rule: Rule| with_defaults(rule, &mut options);
    let rule = rule.map(complete).inspect(|_| {
        check::companions(&signature, &options, diagnostics);
    });
    let higher = match &rule {
        Some(Rule::Partials(partials)) if options.order() > 1 => {
            higher::higher(partials, &signature, &options, diagnostics)
        }
        _ => None,
    };
    let header = (input.attributes.as_slice(), &input.visibility);
    let by_itself = calling_itself(&input, &signature);
    let primal = crate::lowered(&by_itself, &signature, &options, diagnostics);
    Some(match (rule, primal) {
        (Some(rule), Some(primal)) if diagnostics.is_empty() => {
            let header = (header.0, header.1, &attribute);
            let mut derivatives = crate::derivatives(primal, &signature, &options);
            derivatives.beyond.higher = higher;
            emit::companions(header, &signature, &options, &derivatives, Some(&rule))
        }
        _ => emit::stubs(header, &signature, &options, emit::Stub::Refused),
    })
}

/// A rule costs no code: all companions that it gives are there.
fn with_defaults(rule: Rule, options: &mut Options) -> Rule {
    (options.vjp, options.jvp) = (rule.has_pullback(), rule.has_pushforward());
    if options.order.is_none() {
        let asked = options.hessian.clone().or_else(|| options.hvp.clone());
        options.order = asked.map(|asked| (asked, 2));
    }
    if options.mode.is_none() {
        options.mode = match (options.vjp, options.jvp) {
            (false, true) => Some(crate::options::Mode::Forward),
            (true, false) => Some(crate::options::Mode::Reverse),
            _ => None,
        };
    }
    rule
}

impl Rule {
    pub(crate) fn has_pullback(&self) -> bool {
        match self {
            Rule::Partials(_) => true,
            Rule::Functions(functions) => functions.vjp.is_some(),
        }
    }

    pub(crate) fn has_pushforward(&self) -> bool {
        match self {
            Rule::Partials(_) => true,
            Rule::Functions(functions) => functions.jvp.is_some(),
        }
    }

    /// Whether the user's function is the companion of that name.
    pub(crate) fn is_companion(&self, name: &str) -> bool {
        let Rule::Functions(Functions { vjp, jvp }) = self else { return false };
        let mut names = [vjp, jvp].into_iter().flatten().filter_map(|path| path.segments.last());
        names.any(|last| last.ident == name)
    }
}

/// The function with a call of itself as its body.
fn calling_itself(input: &Input, signature: &Signature) -> Input {
    let name = &signature.item.ident;
    let arguments = signature.params.iter().filter_map(Param::ident);
    let call = quote_spanned!(Span::mixed_site()=> #name(#(#arguments),*));
    Input {
        attributes: input.attributes.clone(),
        visibility: input.visibility.clone(),
        signature: input.signature.clone(),
        tokens: TokenTree::Group(Group::new(Delimiter::Brace, call)),
    }
}
