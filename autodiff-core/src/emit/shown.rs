//! Where rustc shows what it says of companions: at the token of the user's that it is about, and
//! at the same place each time. It takes two spans for two mistakes.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

use crate::ir::Ty;
use crate::lower::Signature;

/// What the compiler invents, shown where the user's token is.
pub(crate) fn invented_at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// Where a type without a tangent is shown: at the first token of its name.
pub(crate) fn located(name: &TokenStream) -> Span {
    let first = name.clone().into_iter().next();
    first.map_or_else(Span::mixed_site, |token| invented_at(token.span()))
}

/// A name of the user's as a token of ours: rustc takes the same mistake at two spans for two.
pub(super) fn ours(name: &TokenStream, site: Span) -> TokenStream {
    let respanned = name.clone().into_iter().map(|mut token| {
        if matches!(&token, TokenTree::Ident(ident) if ident != "$crate") {
            token.set_span(site);
        }
        token
    });
    shown_at(respanned.collect(), site)
}

/// Where a type is shown that has such types in it: where the only one is, or at the function.
pub(crate) fn site_of(signature: &Signature) -> Option<Span> {
    let named: Vec<&TokenStream> =
        signature.params.iter().flat_map(|param| named(&param.ty)).collect();
    match named.as_slice() {
        [] => None,
        [only] => Some(located(only)),
        _ => Some(invented_at(signature.item.ident.span())),
    }
}

/// The same, or at the attribute where there is no such type.
pub(crate) fn site_or_attribute(signature: &Signature) -> Span {
    site_of(signature).unwrap_or_else(Span::mixed_site)
}

/// A type whose brackets are shown there.
pub(crate) fn enclosed_at(ty: TokenStream, site: Option<Span>) -> TokenStream {
    let Some(site) = site else { return ty };
    let shown = ty.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &mut token {
            group.set_span(group.span().located_at(site));
        }
        token
    });
    shown.collect()
}

/// The same tokens, each shown at this place: what rustc says of them, it says once.
pub(crate) fn shown_at(tokens: TokenStream, site: Span) -> TokenStream {
    let shown = tokens.into_iter().map(|mut token| {
        let span = token.span().located_at(site);
        if let TokenTree::Group(group) = token {
            token = Group::new(group.delimiter(), shown_at(group.stream(), site)).into();
        }
        token.set_span(span);
        token
    });
    shown.collect()
}

/// The named types in a type.
fn named(ty: &Ty) -> Vec<&TokenStream> {
    match ty {
        Ty::Named(name) => vec![name],
        Ty::Tuple(fields) => fields.iter().flat_map(named).collect(),
        Ty::Ref(inner)
        | Ty::Option(inner)
        | Ty::Array(inner, _)
        | Ty::Slice(inner)
        | Ty::Vec(inner) => named(inner),
        Ty::Float(_) | Ty::Inert | Ty::Unknown => Vec::new(),
    }
}
