//! The order in which the parts of a chain are evaluated: the source first, then the arguments of
//! the adaptors as they are written, those of the end last.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Expr;

use super::made::MadeKind;
use super::read::{Chain, End, Iter, Kind};
use super::run::Rewriter;
use super::{Built, Unread};
use crate::hash::HashMap;

/// How often each name occurs.
#[derive(Clone, Default)]
pub(crate) struct Mentions(HashMap<String, usize>);

impl Mentions {
    pub(crate) fn of(tokens: TokenStream) -> Self {
        let mut mentions = Self::default();
        mentions.count(tokens);
        mentions
    }

    fn count(&mut self, tokens: TokenStream) {
        for tree in tokens {
            match tree {
                TokenTree::Ident(ident) => {
                    *self.0.entry(crate::lower::plain_name(&ident)).or_default() += 1;
                }
                TokenTree::Group(group) => self.count(group.stream()),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                    words.for_each(|word| *self.0.entry(word.to_owned()).or_default() += 1);
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// Whether a name occurs beyond a part.
    pub(super) fn beyond(&self, part: &Self, name: &str) -> bool {
        let times = |of: &Self| of.0.get(name).copied().unwrap_or(0);
        times(self) > times(part)
    }
}

/// Whether it does not matter when an expression is evaluated: it does nothing, cannot panic and
/// is not changed by what comes between.
fn is_quiet(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) | Expr::Closure(_) => true,
        Expr::Paren(of) => is_quiet(&of.expr),
        Expr::Group(of) => is_quiet(&of.expr),
        Expr::Reference(of) => is_quiet(&of.expr),
        Expr::Field(of) => is_quiet(&of.base),
        Expr::Unary(of) => is_quiet(&of.expr),
        Expr::Tuple(of) => of.elems.iter().all(is_quiet),
        Expr::Array(of) => of.elems.iter().all(is_quiet),
        Expr::Range(of) => [&of.start, &of.end].into_iter().flatten().all(|it| is_quiet(it)),
        Expr::MethodCall(of) => {
            of.args.is_empty()
                && ["len", "iter", "iter_mut", "into_iter", "copied", "cloned", "rev", "enumerate"]
                    .contains(&of.method.to_string().as_str())
                && is_quiet(&of.receiver)
        }
        _ => false,
    }
}

/// `&xs`, or the expression itself where it is not a place.
pub(super) fn borrowed(expr: &Expr, site: Span) -> TokenStream {
    match expr {
        Expr::Path(_) | Expr::Field(_) | Expr::Index(_) => quote_spanned!(site=> &#expr),
        Expr::Unary(of) if matches!(of.op, syn::UnOp::Deref(_)) => quote_spanned!(site=> &#expr),
        Expr::Paren(of) => borrowed(&of.expr, site),
        expr => expr.to_token_stream(),
    }
}

/// A part that is evaluated once.
enum Part<'c> {
    /// A value.
    Value(&'c mut Expr),
    /// What the methods of a source are called on, and the first of them.
    Root(&'c mut Expr, Option<syn::Ident>),
}

impl Part<'_> {
    fn expr(&self) -> &Expr {
        match self {
            Part::Value(expr) | Part::Root(expr, _) => expr,
        }
    }
}

impl Rewriter<'_> {
    /// Gives names to the parts of a chain, where their order could be told: the loops evaluate
    /// what stands around them first.
    pub(super) fn in_order(&mut self, chain: &mut Chain) -> Built<TokenStream> {
        let mut parts = Vec::new();
        iter_parts(&mut chain.items, &mut parts);
        if let End::Fold(init, _) = &mut chain.end {
            parts.push(Part::Value(init));
        }
        self.named(parts)
    }

    /// The same for the iterator that a closure gives.
    pub(super) fn items_in_order(&mut self, items: &mut Iter) -> Built<TokenStream> {
        let mut parts = Vec::new();
        iter_parts(items, &mut parts);
        self.named(parts)
    }

    fn named(&mut self, parts: Vec<Part<'_>>) -> Built<TokenStream> {
        let mut parts: Vec<Part<'_>> =
            parts.into_iter().filter(|part| !is_quiet(part.expr())).collect();
        let mut lets = TokenStream::new();
        if parts.len() < 2 {
            return Ok(lets);
        }
        let site = self.site;
        for part in &mut parts {
            let (name, value) = match part {
                Part::Value(expr) => (self.fresh("start"), expr.to_token_stream()),
                Part::Root(expr, method) => {
                    (self.fresh("source"), root(expr, method.as_ref(), site)?)
                }
            };
            lets.extend(quote_spanned!(site=> let #name = #value;));
            let (Part::Value(expr) | Part::Root(expr, _)) = part;
            **expr = syn::parse_quote!(#name);
        }
        Ok(lets)
    }
}

/// What a name for the root of a source is bound to.
fn root(expr: &Expr, method: Option<&syn::Ident>, site: Span) -> Built<TokenStream> {
    let place = matches!(expr, Expr::Index(_) | Expr::Field(_) | Expr::Path(_) | Expr::Unary(_));
    match method {
        Some(method) if place => match method.to_string().as_str() {
            "into_iter" | "drain" => Err(Unread::at(method)),
            name if name.ends_with("_mut") => Ok(quote_spanned!(site=> &mut #expr)),
            _ => Ok(quote_spanned!(site=> &#expr)),
        },
        _ => Ok(expr.to_token_stream()),
    }
}

/// The parts of an iterator in the order in which they are evaluated.
fn iter_parts<'c>(items: &'c mut Iter, parts: &mut Vec<Part<'c>>) {
    match items {
        Iter::Source(source) => source_parts(source, None, parts),
        Iter::Joined(one, other) => {
            iter_parts(one, parts);
            iter_parts(other, parts);
        }
        Iter::Made(made) => {
            match &mut made.kind {
                MadeKind::Repeat(value) | MadeKind::Successors(value, _) => {
                    parts.push(Part::Value(value));
                }
                MadeKind::Cycle(of, _) | MadeKind::Tuples(of, _) => {
                    parts.push(Part::Root(of, None));
                }
                MadeKind::RepeatWith(_) => {}
            }
            parts.extend(made.limit.as_mut().map(Part::Value));
        }
        Iter::Adapted(inner, adaptor) => {
            iter_parts(inner, parts);
            match &mut adaptor.kind {
                Kind::Skip(n) | Kind::Take(n) | Kind::StepBy(n) | Kind::Scan(n, _) => {
                    parts.push(Part::Value(n));
                }
                Kind::Zip(other, _) => iter_parts(other, parts),
                Kind::Map(_)
                | Kind::Filter(_)
                | Kind::FilterMap(_)
                | Kind::MapWhile(_)
                | Kind::TakeWhile(_)
                | Kind::SkipWhile(_)
                | Kind::Inspect(_)
                | Kind::FlatMap(_)
                | Kind::Flatten
                | Kind::Enumerate
                | Kind::Copied
                | Kind::Cloned => {}
            }
        }
    }
}

fn source_parts<'c>(source: &'c mut Expr, method: Option<syn::Ident>, parts: &mut Vec<Part<'c>>) {
    let called = matches!(
        source,
        Expr::MethodCall(call) if super::known::is_iterator_method(&call.method)
    );
    if !called && !matches!(source, Expr::Paren(_) | Expr::Range(_)) {
        return parts.push(Part::Root(source, method));
    }
    match source {
        Expr::Paren(of) => source_parts(&mut of.expr, method, parts),
        Expr::MethodCall(call) => {
            source_parts(&mut call.receiver, Some(call.method.clone()), parts);
            let zips = call.method == "zip";
            for argument in &mut call.args {
                if zips {
                    source_parts(argument, None, parts);
                } else {
                    parts.push(Part::Value(argument));
                }
            }
        }
        Expr::Range(range) => {
            let ends = [&mut range.start, &mut range.end].into_iter().flatten();
            parts.extend(ends.map(|end| Part::Value(end)));
        }
        _ => {}
    }
}
