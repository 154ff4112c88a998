//! Chains that end in one of their items, or in one made of all.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;

use super::closure::bind;
use super::read::{Iter, Pick};
use super::run::{Rewriter, Taker};
use super::shape::{Parts, Shape};
use super::unwrap::{Missing, Step, Unwrap};
use super::{Built, Unread};

/// The item that is kept: whether there is one, and its parts. What items refer to is copied: a
/// reference that is chosen could not be kept until the reverse sweep.
struct Kept {
    found: Ident,
    best: Parts,
    shape: Shape,
}

impl Rewriter<'_> {
    pub(super) fn pick(
        &mut self,
        items: &Iter,
        pick: &Pick,
        unwrap: &Unwrap,
    ) -> Built<TokenStream> {
        let site = self.site;
        let shape = self.shape(items);
        let (found, mut best) = (self.fresh("found"), self.named_parts(&shape, "best"));
        let copied = matches!(shape, Shape::Reference);
        if !copied && unwrap.steps.is_empty() && references(&shape).contains(&true) {
            return Err(Unread::at(&self.method));
        }
        best.value = self.lent(&shape, &mut best.names.iter());
        let kept = Kept { found, best, shape };
        let loops = match pick {
            Pick::First => self.run_until(items, |rewriter, exit| {
                let item = rewriter.named_parts(&kept.shape, "item");
                let keep = rewriter.keep(&kept, &item);
                Ok(Taker { pattern: item.pattern, stmts: quote_spanned!(site=> #keep #exit) })
            })?,
            Pick::Find(f) => self.run_until(items, |rewriter, exit| {
                let item = rewriter.named_parts(&kept.shape, "item");
                let value = &item.value;
                let test = rewriter.applied(f, &[quote_spanned!(site=> &#value)]);
                let (passes, keep) = (rewriter.fresh("keep"), rewriter.keep(&kept, &item));
                let stmts = quote_spanned!(site=>
                    let #passes = #test;
                    if #passes { #keep #exit }
                );
                Ok(Taker { pattern: item.pattern, stmts })
            })?,
            Pick::Last => self.run(items, &mut |rewriter| {
                let item = rewriter.named_parts(&kept.shape, "item");
                let keep = rewriter.keep(&kept, &item);
                Ok(Taker { pattern: item.pattern, stmts: keep })
            })?,
            Pick::LargestKey(f) => self.keyed(items, f, &kept, true)?,
            Pick::SmallestKey(f) => self.keyed(items, f, &kept, false)?,
            Pick::Reduce(f) | Pick::Largest(f) | Pick::Smallest(f) => {
                self.run(items, &mut |rewriter| {
                    let item = rewriter.named_parts(&kept.shape, "item");
                    let (keep, found) = (rewriter.keep(&kept, &item), &kept.found);
                    let more = rewriter.more(pick, f, &kept, &item);
                    let stmts = quote_spanned!(site=> if !#found { #keep } else { #more });
                    Ok(Taker { pattern: item.pattern, stmts })
                })?
            }
        };
        let (found, names) = (&kept.found, &kept.best.names);
        let mut value = kept.best.value.clone();
        let reference = copied && unwrap.steps.is_empty();
        if reference {
            value = quote!(#(#names)*);
        }
        for step in &unwrap.steps {
            value = match step {
                Step::Copied if copied && value.to_string().starts_with('&') => {
                    quote!(#(#names)*)
                }
                Step::Copied => quote_spanned!(site=> *#value),
                Step::Map(f) => self.applied(f, &[value]),
            };
        }
        let value = self.present(found, &value, (&unwrap.missing, reference))?;
        let starts = self.placeholders(&kept.shape);
        let block = quote_spanned!(site=> {
            let mut #found = false;
            #(let mut #names = #starts;)*
            #loops
            #value
        });
        Ok(if reference { quote_spanned!(site=> &#block) } else { block })
    }

    /// What is kept, as the items were: with references to what they refer to.
    fn lent(&self, shape: &Shape, names: &mut std::slice::Iter<'_, Ident>) -> TokenStream {
        let site = self.site;
        match shape {
            Shape::Pair(a, b) => {
                let (a, b) = (self.lent(a, names), self.lent(b, names));
                quote_spanned!(site=> (#a, #b))
            }
            Shape::Reference => {
                let name = names.next();
                quote_spanned!(site=> &#name)
            }
            Shape::Value | Shape::Count => {
                let name = names.next();
                quote!(#name)
            }
        }
    }

    /// Statements that keep an item.
    fn keep(&self, kept: &Kept, item: &Parts) -> TokenStream {
        let (found, parts) = (&kept.found, self.replace(kept, item));
        quote_spanned!(self.site=> #parts #found = true;)
    }

    fn replace(&self, kept: &Kept, item: &Parts) -> TokenStream {
        let (names, parts) = (&kept.best.names, &item.names);
        let stars = references(&kept.shape).into_iter().map(|reference| {
            if reference { quote_spanned!(self.site=> *) } else { TokenStream::new() }
        });
        quote_spanned!(self.site=> #(#names = #stars #parts;)*)
    }

    /// The item with the largest or the smallest key.
    fn keyed(&mut self, items: &Iter, f: &Expr, kept: &Kept, largest: bool) -> Built<TokenStream> {
        let (site, found) = (self.site, &kept.found);
        let top = self.fresh("top");
        let loops = self.run(items, &mut |rewriter| {
            let (item, key) = (rewriter.named_parts(&kept.shape, "item"), rewriter.fresh("key"));
            let looked = &item.value;
            let value = rewriter.applied(f, &[quote_spanned!(site=> &#looked)]);
            // The last of the largest, the first of the smallest.
            let better = if largest {
                quote_spanned!(site=> #key >= #top)
            } else {
                quote_spanned!(site=> #key < #top)
            };
            let keep = rewriter.keep(kept, &item);
            let stmts = quote_spanned!(site=>
                let #key = #value;
                if !#found || #better { #keep #top = #key; }
            );
            Ok(Taker { pattern: item.pattern, stmts })
        })?;
        Ok(quote_spanned!(site=>
            let mut #top = ::core::default::Default::default(); #loops))
    }

    /// What becomes of the item at hand where there is one already.
    fn more(&mut self, pick: &Pick, f: &Expr, kept: &Kept, item: &Parts) -> TokenStream {
        let site = self.site;
        let (best, value) = (&kept.best.value, &item.value);
        if matches!(pick, Pick::Reduce(_)) {
            let next = self.named_parts(&kept.shape, "reduced");
            let value = self.applied(f, &[best.clone(), value.clone()]);
            let bound = bind(&next.pattern, &value, site);
            let set = self.replace(kept, &next);
            return quote!(#bound #set);
        }
        let borrowed = [quote_spanned!(site=> &#best), quote_spanned!(site=> &#value)];
        let order = self.applied(f, &borrowed);
        let set = self.replace(kept, item);
        // The last of the largest, the first of the smallest.
        if matches!(pick, Pick::Largest(_)) {
            return quote_spanned!(site=> if !(#order).is_gt() { #set });
        }
        quote_spanned!(site=> if (#order).is_gt() { #set })
    }

    /// The value, or what there is without an item.
    fn present(
        &mut self,
        found: &Ident,
        value: &TokenStream,
        (missing, reference): (&Missing, bool),
    ) -> Built<TokenStream> {
        let site = self.site;
        let star = if reference { quote_spanned!(site=> *) } else { TokenStream::new() };
        Ok(match missing {
            Missing::Panic(call) => {
                let (method, args) = (&call.method, &call.args);
                quote_spanned!(site=> #found.then_some(()).#method(#args); #value)
            }
            Missing::Value(other) => {
                let otherwise = self.fresh("otherwise");
                quote_spanned!(site=>
                    let #otherwise = #star #other;
                    if #found { #value } else { #otherwise }
                )
            }
            Missing::Computed(f) => {
                let other = self.applied(f, &[]);
                quote_spanned!(site=> if #found { #value } else { #star #other })
            }
            Missing::Default => quote_spanned!(site=>
                if #found { #value } else { ::core::default::Default::default() }
            ),
        })
    }
}

/// Which parts are references.
fn references(shape: &Shape) -> Vec<bool> {
    match shape {
        Shape::Reference => vec![true],
        Shape::Value | Shape::Count => vec![false],
        Shape::Pair(a, b) => [references(a), references(b)].concat(),
    }
}
