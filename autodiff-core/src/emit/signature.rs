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

/// The same, of a body that changes copies of them only.
pub(crate) fn constant_parameters(signature: &Signature, body: &TokenStream) -> Vec<TokenStream> {
    let mut mentions = mentions_of_parameters(signature, body);
    mentions.names.iter_mut().for_each(|name| name.found = name.found.min(Mention::Read));
    let mut names = Names::default();
    names.reserve(signature.params.iter().map(|param| param.item.pat.to_token_stream()).collect());
    let mut parameter = |param: &Param| {
        if let Some(receiver) = &param.receiver {
            return self::receiver(receiver, &TokenStream::new());
        }
        let pattern = pattern(&param.item.pat, &mentions, Some(&mut names));
        with_type(&pattern, &param.item.ty)
    };
    signature.params.iter().map(&mut parameter).collect()
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
    let mentions = mentions_of_parameters(signature, body);
    let params = signature.params.iter();
    params.map(|param| pattern(&param.item.pat, &mentions, Some(&mut names))).collect()
}

/// Patterns for a closure that is given the same arguments again.
pub(crate) fn patterns_again(signature: &Signature, body: &TokenStream) -> Vec<TokenStream> {
    let mentions = mentions_of_parameters(signature, body);
    signature.params.iter().map(|param| pattern(&param.item.pat, &mentions, None)).collect()
}

/// How a body uses what the parameters bind.
fn mentions_of_parameters(signature: &Signature, body: &TokenStream) -> Mentions {
    let mut names = Vec::new();
    signature.params.iter().for_each(|param| collect_names(&param.item.pat, &mut names));
    Mentions::of(body, names)
}

/// The names that [`pattern`] may bind, and what tells enough of each.
fn collect_names<'p>(pattern: &'p Pat, names: &mut Vec<(&'p Ident, Mention)>) {
    match pattern {
        Pat::Ident(ident) => {
            let is_mut = ident.mutability.is_some();
            names.push((&ident.ident, if is_mut { Mention::Assigned } else { Mention::Read }));
        }
        Pat::Tuple(tuple) => tuple.elems.iter().for_each(|of| collect_names(of, names)),
        Pat::Slice(slice) => slice.elems.iter().for_each(|of| collect_names(of, names)),
        Pat::Reference(reference) => collect_names(&reference.pat, names),
        Pat::Paren(paren) => collect_names(&paren.pat, names),
        _ => {}
    }
}

/// What is not mentioned gets one of `names`, or `_`.
fn pattern(pattern: &Pat, mentions: &Mentions, names: Option<&mut Names>) -> TokenStream {
    let site = Span::mixed_site();
    match pattern {
        Pat::Ident(ident) => self::ident(ident, mentions, names),
        Pat::Tuple(tuple) => {
            let elements = tuple.elems.iter().map(|element| self::pattern(element, mentions, None));
            quote_spanned!(site=> (#(#elements,)*))
        }
        Pat::Slice(slice) => {
            let elements = slice.elems.iter().map(|element| self::pattern(element, mentions, None));
            quote_spanned!(site=> [#(#elements),*])
        }
        Pat::Reference(reference) => {
            let (and, inner) = (reference.and_token, self::pattern(&reference.pat, mentions, None));
            quote_spanned!(site=> #and #inner)
        }
        Pat::Paren(paren) => self::pattern(&paren.pat, mentions, names),
        _ => quote_spanned!(site=> _),
    }
}

fn ident(ident: &syn::PatIdent, mentions: &Mentions, names: Option<&mut Names>) -> TokenStream {
    let site = Span::mixed_site();
    let name = &ident.ident;
    match (mentions.get(name), names) {
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
    Mentions::of(tokens, vec![(name, Mention::Assigned)]).get(name)
}

/// How tokens use several names, found in one walk.
struct Mentions {
    names: Vec<Sought>,
}

/// A name that is looked for.
struct Sought {
    name: Name,
    found: Mention,
    /// What settles it.
    enough: Mention,
}

impl Mentions {
    /// Reads tokens until enough is known of each name.
    fn of(tokens: &TokenStream, names: Vec<(&Ident, Mention)>) -> Self {
        let sought = |(name, enough): (&Ident, Mention)| Sought {
            name: Name::of(name),
            found: Mention::None,
            enough,
        };
        let mut mentions = Self { names: names.into_iter().map(sought).collect() };
        mentions.read(tokens.clone());
        mentions
    }

    fn get(&self, name: &Ident) -> Mention {
        let name = Name::of(name);
        let sought = self.names.iter().find(|sought| sought.name == name);
        sought.map_or(Mention::None, |sought| sought.found)
    }

    fn read(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            if self.names.iter().all(|sought| sought.found >= sought.enough) {
                return;
            }
            match tree {
                TokenTree::Ident(ident) => {
                    let text = crate::lower::plain_name(ident);
                    if self.names.iter().any(|sought| sought.name.is(&text)) {
                        self.note(&[Name::of(ident)], occurrence_at(&trees, at));
                    }
                }
                TokenTree::Group(group) => self.read(group.stream()),
                TokenTree::Literal(literal) => {
                    self.note(&format_captures(literal), Mention::Read);
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// Notes that these names are used like this.
    fn note(&mut self, names: &[Name], mention: Mention) {
        let same = self.names.iter_mut().filter(|sought| names.contains(&sought.name));
        same.for_each(|sought| sought.found = sought.found.max(mention));
    }
}

/// How the name at a place among tokens is used there.
fn occurrence_at(trees: &[TokenTree], at: usize) -> Mention {
    let before = at.checked_sub(1).and_then(|at| trees.get(at));
    let range = at.checked_sub(2).and_then(|at| trees.get(at));
    // `0..n` reads it, `.n` does not.
    if is_punct(range, &['.']) && is_punct(before, &['.']) {
        return Mention::Read;
    }
    occurrence(before, trees.get(at + 1..).unwrap_or_default())
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
pub(crate) fn captured(signature: &Signature) -> Vec<Ident> {
    let generics = &signature.item.generics;
    let own = crate::lower::signature::captured(generics);
    let of_block = signature.owner.iter().flat_map(|owner| &owner.captured);
    let mut captured: Vec<Ident> = of_block.chain(own).cloned().collect();
    for float in crate::lower::floats_around(generics) {
        if !captured.contains(float) {
            captured.push(float.clone());
        }
    }
    captured
}

/// The types of the arguments as one tuple, without that of a receiver.
pub(crate) fn argument_tuple(signature: &Signature) -> TokenStream {
    let types = argument_types(signature);
    quote_spanned!(Span::mixed_site()=> (#types))
}

/// The types of the arguments, without that of a receiver.
pub(crate) fn argument_types(signature: &Signature) -> TokenStream {
    let arguments = signature.params.iter().filter(|param| param.receiver.is_none());
    let types = arguments.map(|param| &param.item.ty);
    quote_spanned!(Span::mixed_site()=> #(#types,)*)
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
