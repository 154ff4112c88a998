//! What a chain's items are, as far as it can be seen: references, values, pairs.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::{Expr, Pat};

use super::made::MadeKind;
use super::read::{Iter, Kind};
use super::run::{Rewriter, Taker};

/// Whether items are references.
pub(super) enum Shape {
    Reference,
    Value,
    /// An integer.
    Count,
    Pair(Box<Shape>, Box<Shape>),
}

impl Shape {
    /// Whether a collection may hold such items: nothing is lent, and no number stands beside
    /// what has a derivative.
    pub(super) fn is_kept(&self) -> bool {
        match self {
            Shape::Value | Shape::Count => true,
            Shape::Reference => false,
            Shape::Pair(a, b) => [a, b].iter().all(|part| part.is_float()),
        }
    }

    /// One half of a pair.
    pub(super) fn half(&self, at: usize) -> &Shape {
        match (self, at) {
            (Shape::Pair(a, _), 0) => a,
            (Shape::Pair(_, b), 1) => b,
            _ => &Shape::Value,
        }
    }

    fn is_float(&self) -> bool {
        match self {
            Shape::Value => true,
            Shape::Reference | Shape::Count => false,
            Shape::Pair(a, b) => a.is_float() && b.is_float(),
        }
    }
}

/// An item in parts: the pattern that takes it apart, the expression that puts it together.
pub(super) struct Parts {
    pub(super) pattern: Pat,
    pub(super) value: TokenStream,
    pub(super) names: Vec<Ident>,
}

impl Rewriter<'_> {
    /// A value of the type of each part of the items, which nobody looks at.
    pub(super) fn placeholders(&self, shape: &Shape) -> Vec<TokenStream> {
        let site = self.site;
        match shape {
            Shape::Reference => vec![crate::lower::lifted(
                quote_spanned!(site=> 0.0),
                self.scene.float.as_ref(),
                site,
            )],
            Shape::Value | Shape::Count => {
                vec![quote_spanned!(site=> ::core::default::Default::default())]
            }
            Shape::Pair(a, b) => [self.placeholders(a), self.placeholders(b)].concat(),
        }
    }

    /// Pairs are taken apart where they come from: what takes the items of a source, with a
    /// pattern that does so.
    pub(super) fn parted(&mut self, source: &Expr, taker: Taker) -> Taker {
        let shape = self.shape_of(source);
        let (pattern, lets) = self.part(&shape, taker.pattern);
        let stmts = taker.stmts;
        Taker { pattern, stmts: quote_spanned!(self.site=> #lets #stmts) }
    }

    fn part(&mut self, shape: &Shape, pattern: Pat) -> (Pat, TokenStream) {
        match (shape, pattern) {
            (Shape::Pair(a, b), Pat::Tuple(tuple)) if tuple.elems.len() == 2 => {
                let mut lets = TokenStream::new();
                let mut tuple = tuple;
                for (element, shape) in tuple.elems.iter_mut().zip([a, b]) {
                    let (pattern, more) = self.part(shape, element.clone());
                    *element = pattern;
                    lets.extend(more);
                }
                (Pat::Tuple(tuple), lets)
            }
            (Shape::Pair(..), pattern) if !matches!(pattern, Pat::Wild(_)) => {
                let parts = self.named_parts(shape, "part");
                (parts.pattern, super::closure::bind(&pattern, &parts.value, self.site))
            }
            (_, pattern) => (pattern, TokenStream::new()),
        }
    }

    /// Names for the parts of an item.
    pub(super) fn named_parts(&mut self, shape: &Shape, hint: &str) -> Parts {
        let site = self.site;
        match shape {
            Shape::Pair(a, b) => {
                let (one, other) = (self.named_parts(a, hint), self.named_parts(b, hint));
                let (first, second) = (&one.pattern, &other.pattern);
                let pattern = syn::parse_quote!((#first, #second));
                let (first, second) = (&one.value, &other.value);
                let value = quote_spanned!(site=> (#first, #second));
                Parts { pattern, value, names: [one.names, other.names].concat() }
            }
            Shape::Reference | Shape::Value | Shape::Count => {
                let name = self.fresh(hint);
                let pattern = self.variable(&name);
                Parts { pattern, value: quote_spanned!(site=> #name), names: vec![name] }
            }
        }
    }

    /// Whether the items are references, as far as it can be seen.
    pub(super) fn shape(&self, items: &Iter) -> Shape {
        match items {
            Iter::Source(source) => self.shape_of(source),
            Iter::Joined(one, _) => self.shape(one),
            Iter::Made(made) => match &made.kind {
                MadeKind::Cycle(_, false) | MadeKind::Repeat(Expr::Reference(_)) => {
                    Shape::Reference
                }
                _ => Shape::Value,
            },
            Iter::Adapted(inner, adaptor) => match &adaptor.kind {
                Kind::Map(f) if gives_pairs(f) => {
                    Shape::Pair(Box::new(Shape::Value), Box::new(Shape::Value))
                }
                Kind::FlatMap(f) if gives_elements(f) => Shape::Reference,
                Kind::Map(_)
                | Kind::FilterMap(_)
                | Kind::MapWhile(_)
                | Kind::FlatMap(_)
                | Kind::Flatten
                | Kind::Scan(..)
                | Kind::Copied
                | Kind::Cloned => Shape::Value,
                Kind::Enumerate => Shape::Pair(Box::new(Shape::Count), Box::new(self.shape(inner))),
                Kind::Zip(other, _) => {
                    Shape::Pair(Box::new(self.shape(inner)), Box::new(self.shape(other)))
                }
                Kind::Filter(_)
                | Kind::TakeWhile(_)
                | Kind::SkipWhile(_)
                | Kind::Inspect(_)
                | Kind::Skip(_)
                | Kind::Take(_)
                | Kind::StepBy(_) => self.shape(inner),
            },
        }
    }

    fn shape_of(&self, source: &Expr) -> Shape {
        match source {
            Expr::Paren(inner) => self.shape_of(&inner.expr),
            Expr::Reference(_) => Shape::Reference,
            Expr::Range(_) => Shape::Count,
            Expr::Path(_) if !(self.scene.is_owned)(source) => Shape::Reference,
            Expr::MethodCall(call) => match call.method.to_string().as_str() {
                "iter" | "iter_mut" => Shape::Reference,
                "copied" | "cloned" => Shape::Value,
                "enumerate" => {
                    Shape::Pair(Box::new(Shape::Count), Box::new(self.shape_of(&call.receiver)))
                }
                "zip" => {
                    let other = call.args.first().map_or(Shape::Value, |it| self.shape_of(it));
                    Shape::Pair(Box::new(self.shape_of(&call.receiver)), Box::new(other))
                }
                _ if super::known::is_iterator_method(&call.method) => {
                    self.shape_of(&call.receiver)
                }
                // What makes a collection hides what its items were made of.
                _ => Shape::Value,
            },
            _ => Shape::Value,
        }
    }
}

/// Whether a closure gives a pair, as far as it can be seen.
fn gives_pairs(f: &Expr) -> bool {
    matches!(given(f), Some(Expr::Tuple(tuple)) if tuple.elems.len() == 2)
}

/// Whether a closure gives an iterator over what is in something, by reference.
fn gives_elements(f: &Expr) -> bool {
    matches!(given(f), Some(Expr::MethodCall(call)) if call.method == "iter")
}

/// What a closure gives.
fn given(f: &Expr) -> Option<&Expr> {
    match f {
        Expr::Closure(closure) => given(&closure.body),
        Expr::Paren(inner) => given(&inner.expr),
        Expr::Block(of) => match of.block.stmts.last() {
            Some(syn::Stmt::Expr(tail, None)) => given(tail),
            _ => None,
        },
        other => Some(other),
    }
}
