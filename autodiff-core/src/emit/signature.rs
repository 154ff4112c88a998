//! Signatures of companions: the primal's, with what a mode adds.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Pat;

use super::names::Names;
use super::{Facade, shape};
use crate::lower::signature::Param;
use crate::lower::{Name, Signature, format_captures};

/// The parameters of the primal, as a companion with this body takes them.
pub(crate) fn parameters(signature: &Signature, body: &TokenStream) -> Vec<TokenStream> {
    let patterns = patterns(signature, body);
    let parameter = |(pattern, param): (TokenStream, &Param)| match &param.receiver {
        Some(receiver) => self::receiver(receiver, body),
        None => with_type(&pattern, &param.item.ty),
    };
    patterns.into_iter().zip(&signature.params).map(parameter).collect()
}

/// `self` as the user wrote it; not `mut` where nothing assigns it.
pub(crate) fn receiver(receiver: &syn::Receiver, body: &TokenStream) -> TokenStream {
    let name = Ident::new("self", receiver.self_token.span);
    let mut receiver = receiver.clone();
    if mentioned(body, &name) != Mention::Assigned {
        receiver.mutability = None;
    }
    receiver.to_token_stream()
}

/// The body of a closure that has the receiver as an argument by another name.
pub(crate) fn renamed(body: TokenStream, this: &TokenStream) -> TokenStream {
    let rename = |tree: TokenTree| match tree {
        TokenTree::Ident(ident) if ident == "self" => this.clone(),
        TokenTree::Group(group) => {
            let mut inner =
                proc_macro2::Group::new(group.delimiter(), renamed(group.stream(), this));
            inner.set_span(group.span());
            TokenTree::Group(inner).into()
        }
        tree => tree.into(),
    };
    body.into_iter().flat_map(rename).collect()
}

fn with_type(pattern: &TokenStream, ty: &syn::Type) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #pattern: #ty)
}

/// The patterns of the primal's parameters. What the body does not mention is not bound, and
/// what it does not assign is not `mut`.
pub(crate) fn patterns(signature: &Signature, body: &TokenStream) -> Vec<TokenStream> {
    let mut names = Names::default();
    names.reserve(signature.params.iter().map(|param| param.item.pat.to_token_stream()).collect());
    let params = signature.params.iter();
    params.map(|param| pattern(&param.item.pat, body, Some(&mut names))).collect()
}

/// Patterns for a closure that is given the same arguments again.
pub(crate) fn patterns_again(signature: &Signature, body: &TokenStream) -> Vec<TokenStream> {
    signature.params.iter().map(|param| pattern(&param.item.pat, body, None)).collect()
}

/// What is not mentioned gets one of `names`, or `_`.
fn pattern(pattern: &Pat, body: &TokenStream, names: Option<&mut Names>) -> TokenStream {
    let site = Span::mixed_site();
    match pattern {
        Pat::Ident(ident) => self::ident(ident, body, names),
        Pat::Tuple(tuple) => {
            let elements = tuple.elems.iter().map(|element| self::pattern(element, body, None));
            quote_spanned!(site=> (#(#elements,)*))
        }
        Pat::Slice(slice) => {
            let elements = slice.elems.iter().map(|element| self::pattern(element, body, None));
            quote_spanned!(site=> [#(#elements),*])
        }
        Pat::Reference(reference) => {
            let (and, inner) = (reference.and_token, self::pattern(&reference.pat, body, None));
            quote_spanned!(site=> #and #inner)
        }
        Pat::Paren(paren) => self::pattern(&paren.pat, body, names),
        _ => quote_spanned!(site=> _),
    }
}

fn ident(ident: &syn::PatIdent, body: &TokenStream, names: Option<&mut Names>) -> TokenStream {
    let site = Span::mixed_site();
    let name = &ident.ident;
    match (mentioned(body, name), names) {
        (Mention::Assigned, _) if ident.mutability.is_some() => quote_spanned!(site=> mut #name),
        (Mention::Assigned | Mention::Read, _) => name.to_token_stream(),
        (Mention::None, Some(names)) => {
            let plain = crate::lower::plain_name(name);
            names.fresh(&format!("_{}", plain.trim_start_matches('_'))).to_token_stream()
        }
        (Mention::None, None) => quote_spanned!(site=> _),
    }
}

/// How tokens use a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mention {
    None,
    Read,
    Assigned,
}

/// Whether the name stands in the tokens, format captures included, and may be written there.
pub(crate) fn mentioned(tokens: &TokenStream, name: &Ident) -> Mention {
    mentioned_as(tokens, &Name::of(name), &crate::lower::plain_name(name))
}

fn mentioned_as(tokens: &TokenStream, name: &Name, text: &str) -> Mention {
    let mut strongest = Mention::None;
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let found = match tree {
            TokenTree::Ident(ident) if is_spelled(ident, text) && Name::of(ident) == *name => {
                let before = at.checked_sub(1).and_then(|at| trees.get(at));
                let range = at.checked_sub(2).and_then(|at| trees.get(at));
                match (range, before) {
                    // `0..n` reads it, `.n` does not.
                    (Some(TokenTree::Punct(first)), Some(TokenTree::Punct(second)))
                        if first.as_char() == '.' && second.as_char() == '.' =>
                    {
                        Mention::Read
                    }
                    _ => occurrence(before, trees.get(at + 1..).unwrap_or_default()),
                }
            }
            TokenTree::Group(group) => mentioned_as(&group.stream(), name, text),
            TokenTree::Literal(literal) if format_captures(literal).contains(name) => Mention::Read,
            _ => Mention::None,
        };
        strongest = strongest.max(found);
    }
    strongest
}

/// Whether an identifier is this text, raw or not.
fn is_spelled(ident: &Ident, text: &str) -> bool {
    // Compared as it is: an identifier has no text of its own to strip.
    ident == text || (ident.to_string().strip_prefix("r#") == Some(text))
}

/// One occurrence: a field of that name is none; `x = …`, `x[i] += …` and `&mut x` assign, and so
/// do methods that change what they are called on.
fn occurrence(before: Option<&TokenTree>, after: &[TokenTree]) -> Mention {
    if is_punct(before, &['.']) {
        return Mention::None;
    }
    if matches!(before, Some(TokenTree::Ident(ident)) if ident == "mut") {
        return Mention::Assigned;
    }
    let mut after = after;
    loop {
        match after {
            // `x[i]` and `x.0` are parts of it.
            [TokenTree::Group(group), rest @ ..]
                if group.delimiter() == proc_macro2::Delimiter::Bracket =>
            {
                after = rest;
            }
            [TokenTree::Punct(dot), TokenTree::Literal(_), rest @ ..] if dot.as_char() == '.' => {
                after = rest;
            }
            // And so is `x.field`.
            [TokenTree::Punct(dot), TokenTree::Ident(_), rest @ ..]
                if dot.as_char() == '.' && !is_called(rest) =>
            {
                after = rest;
            }
            [TokenTree::Punct(dot), TokenTree::Ident(method), ..] if dot.as_char() == '.' => {
                let changes = crate::lower::changes_receiver(&method.to_string());
                return if changes { Mention::Assigned } else { Mention::Read };
            }
            _ => break,
        }
    }
    let (first, second) = (after.first(), after.get(1));
    let assigns = is_punct(first, &['=']) && !is_punct(second, &['=', '>']);
    let compound = is_punct(first, &['+', '-', '*', '/', '%']) && is_punct(second, &['=']);
    if assigns || compound { Mention::Assigned } else { Mention::Read }
}

/// Whether these tokens make a method of the name before them: `(…)`, `::<T>(…)`.
fn is_called(after: &[TokenTree]) -> bool {
    match after.first() {
        Some(TokenTree::Group(group)) => group.delimiter() == proc_macro2::Delimiter::Parenthesis,
        first => is_punct(first, &[':']),
    }
}

fn is_punct(tree: Option<&TokenTree>, of: &[char]) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if of.contains(&punct.as_char()))
}

/// The type of the gradient: the tuple of the parameters' gradients, one alone alone.
pub(crate) fn gradient_type(signature: &Signature, facade: &Facade) -> TokenStream {
    let gradients: Vec<TokenStream> = signature
        .params
        .iter()
        .filter(|param| param.wanted)
        .map(|param| shape::gradient(&param.ty, facade))
        .collect();
    alone_or_tuple(&gradients)
}

/// One alone stands alone.
pub(crate) fn alone_or_tuple(parts: &[TokenStream]) -> TokenStream {
    let site = Span::mixed_site();
    match parts {
        [one] => one.clone(),
        parts => quote_spanned!(site=> (#(#parts),*)),
    }
}

/// The result's type as written.
pub(crate) fn result_type(signature: &Signature) -> TokenStream {
    match &signature.item.output {
        syn::ReturnType::Type(_, ty) => ty.to_token_stream(),
        syn::ReturnType::Default => quote_spanned!(Span::mixed_site()=> ()),
    }
}

/// The names of type and `const` parameters, for `use<..>`.
pub(crate) fn captured(signature: &Signature) -> TokenStream {
    let own = crate::lower::signature::captured(&signature.item.generics);
    let names = signature.owner.iter().flat_map(|owner| &owner.captured).chain(own);
    quote_spanned!(Span::mixed_site()=> use<#(#names),*>)
}

/// The types of the arguments as one tuple, without that of a receiver.
pub(crate) fn argument_tuple(signature: &Signature) -> TokenStream {
    let arguments = signature.params.iter().filter(|param| param.receiver.is_none());
    let types = arguments.map(|param| &param.item.ty);
    quote_spanned!(Span::mixed_site()=> (#(#types,)*))
}

/// The same with every lifetime elided: inside the bound of a pullback.
pub(crate) fn argument_tuple_elided(signature: &Signature) -> TokenStream {
    let mut types: Vec<syn::Type> =
        signature.params.iter().map(|param| (*param.item.ty).clone()).collect();
    for (ty, param) in types.iter_mut().zip(&signature.params) {
        if param.exit {
            // Its memory is the caller's again when the pullback runs.
            *ty = syn::parse_quote!(());
            continue;
        }
        if param.receiver.is_some() {
            // However it was taken: the caller does not know.
            *ty = syn::parse_quote!(&Self);
            continue;
        }
        syn::visit_mut::VisitMut::visit_type_mut(&mut Elide, ty);
    }
    quote_spanned!(Span::mixed_site()=> (#(#types,)*))
}

struct Elide;

impl syn::visit_mut::VisitMut for Elide {
    fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
        if lifetime.ident != "static" {
            lifetime.ident = Ident::new("_", lifetime.ident.span());
        }
    }
}
