//! What a chain's items are, as far as it can be seen: references, values, pairs.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{Expr, Pat};

use super::read::{Iter, Kind};
use super::run::{Rewriter, Taker};

/// Whether items are references.
pub(super) enum Shape {
    Reference,
    Value,
    Pair(Box<Shape>, Box<Shape>),
}

impl Rewriter<'_> {
    /// A value of the type of the items, which nobody looks at.
    pub(super) fn placeholder(&self, shape: &Shape) -> TokenStream {
        let site = self.site;
        match shape {
            Shape::Reference => quote_spanned!(site=> &0.0),
            Shape::Value => quote_spanned!(site=> ::core::default::Default::default()),
            Shape::Pair(a, b) => {
                let (a, b) = (self.placeholder(a), self.placeholder(b));
                quote_spanned!(site=> (#a, #b))
            }
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
                let (parts, value) = self.named_parts(shape);
                (parts, super::closure::bind(&pattern, &value, self.site))
            }
            (_, pattern) => (pattern, TokenStream::new()),
        }
    }

    /// Names for the parts of an item.
    fn named_parts(&mut self, shape: &Shape) -> (Pat, TokenStream) {
        let site = self.site;
        match shape {
            Shape::Pair(a, b) => {
                let ((a, one), (b, other)) = (self.named_parts(a), self.named_parts(b));
                (syn::parse_quote!((#a, #b)), quote_spanned!(site=> (#one, #other)))
            }
            Shape::Reference | Shape::Value => {
                let item = self.fresh("part");
                (self.variable(&item), quote_spanned!(site=> #item))
            }
        }
    }

    /// Whether the items are references, as far as it can be seen.
    pub(super) fn shape(&self, items: &Iter) -> Shape {
        match items {
            Iter::Source(source) => self.shape_of(source),
            Iter::Joined(one, _) => self.shape(one),
            Iter::Adapted(inner, adaptor) => match &adaptor.kind {
                Kind::Map(_)
                | Kind::FilterMap(_)
                | Kind::MapWhile(_)
                | Kind::FlatMap(_)
                | Kind::Flatten
                | Kind::Scan(..)
                | Kind::Copied
                | Kind::Cloned => Shape::Value,
                Kind::Enumerate => Shape::Pair(Box::new(Shape::Value), Box::new(self.shape(inner))),
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
            Expr::Path(_) if !(self.scene.is_owned)(source) => Shape::Reference,
            Expr::MethodCall(call) => match call.method.to_string().as_str() {
                "iter" | "iter_mut" => Shape::Reference,
                "copied" | "cloned" => Shape::Value,
                "enumerate" => {
                    Shape::Pair(Box::new(Shape::Value), Box::new(self.shape_of(&call.receiver)))
                }
                "zip" => {
                    let other = call.args.first().map_or(Shape::Value, |it| self.shape_of(it));
                    Shape::Pair(Box::new(self.shape_of(&call.receiver)), Box::new(other))
                }
                _ => self.shape_of(&call.receiver),
            },
            _ => Shape::Value,
        }
    }
}
