//! The tokens of a rule.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Path, Token, bracketed, parenthesized};

use crate::diagnostics::{Diagnostics, Refusal};

/// A rule as written, and the options after it.
pub(super) struct Written {
    pub(super) form: Form,
    pub(super) options: TokenStream,
}

pub(super) enum Form {
    /// `y = f(x, w) => [a, b]`
    Partials { result: Ident, function: Ident, parameters: Vec<Ident>, partials: Partials },
    /// `vjp = f_vjp, jvp = f_jvp`
    Functions { vjp: Option<Path>, jvp: Option<Path> },
}

/// The list in brackets.
pub(super) struct Partials {
    pub(super) list: Vec<Expr>,
    pub(super) span: Span,
}

/// Reads the tokens between the attribute's parentheses.
pub(super) fn read(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Option<Written> {
    let refuse = |error: syn::Error, diagnostics: &mut Diagnostics| {
        diagnostics.refuse(&Refusal::RuleSyntax, error.span());
        None
    };
    let (head, rest) = match head.parse2(tokens) {
        Ok(read) => read,
        Err(error) => return refuse(error, diagnostics),
    };
    match head {
        Head::Partials { result, function, parameters, partials } => {
            let span = partials.span;
            let list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(partials.tokens);
            match list {
                Ok(list) => {
                    let partials = Partials { list: list.into_iter().collect(), span };
                    let form = Form::Partials { result, function, parameters, partials };
                    Some(Written { form, options: rest })
                }
                Err(error) => {
                    diagnostics.parse_error(error);
                    None
                }
            }
        }
        Head::Functions => match functions.parse2(rest) {
            Ok(written) => Some(written),
            Err(error) => refuse(error, diagnostics),
        },
    }
}

/// Which form a rule has, and the partials not parsed yet.
enum Head {
    Partials { result: Ident, function: Ident, parameters: Vec<Ident>, partials: Tokens },
    Functions,
}

struct Tokens {
    tokens: TokenStream,
    span: Span,
}

/// The rule, if it is one of partials, and what follows it.
fn head(input: ParseStream<'_>) -> syn::Result<(Head, TokenStream)> {
    let fork = input.fork();
    let names_function = fork.parse::<Ident>().is_ok_and(|name| name == "vjp" || name == "jvp")
        && fork.parse::<Token![=]>().is_ok()
        && fork.parse::<Path>().is_ok()
        && (fork.is_empty() || fork.peek(Token![,]));
    if names_function {
        return Ok((Head::Functions, input.parse()?));
    }
    let result = input.parse()?;
    input.parse::<Token![=]>()?;
    let function = input.parse()?;
    let content;
    parenthesized!(content in input);
    let parameters = content.call(Punctuated::<Ident, Token![,]>::parse_terminated)?;
    input.parse::<Token![=>]>()?;
    let content;
    let bracket = bracketed!(content in input);
    let partials = Tokens { tokens: content.parse()?, span: bracket.span.join() };
    let rest = if input.is_empty() {
        TokenStream::new()
    } else {
        input.parse::<Token![,]>()?;
        input.parse()?
    };
    let parameters = parameters.into_iter().collect();
    Ok((Head::Partials { result, function, parameters, partials }, rest))
}

/// `vjp = path` and `jvp = path` among options.
fn functions(input: ParseStream<'_>) -> syn::Result<Written> {
    let (mut vjp, mut jvp, mut options) = (None, None, TokenStream::new());
    while !input.is_empty() {
        let fork = input.fork();
        let name = fork.parse::<Ident>().map(|name| name.to_string()).unwrap_or_default();
        let place = match name.as_str() {
            "vjp" => Some(&mut vjp),
            "jvp" => Some(&mut jvp),
            _ => None,
        };
        if let Some(place) = place {
            let Assigned { name, path } = input.parse()?;
            if place.replace(path).is_some() {
                return Err(syn::Error::new(name.span(), "given twice"));
            }
        } else {
            while !input.is_empty() && !input.peek(Token![,]) {
                let tree: proc_macro2::TokenTree = input.parse()?;
                options.extend(quote!(#tree));
            }
            options.extend(quote!(,));
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(Written { form: Form::Functions { vjp, jvp }, options })
}

struct Assigned {
    name: Ident,
    path: Path,
}

impl Parse for Assigned {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self { name, path: input.parse()? })
    }
}
