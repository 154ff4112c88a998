//! Iterators whose items come from their sources one for one: one loop runs over the sources side
//! by side, and what is mapped, numbered and paired on the way is done inside of it.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, Pat};

use super::closure::bind;
use super::read::{Adaptor, Iter, Kind};
use super::run::{Body, Rewriter, Taker};
use super::{Built, Unread};

/// The source of such an iterator: those that it is made of, zipped.
pub(super) fn source_of(items: &Iter) -> Option<TokenStream> {
    match items {
        Iter::Source(source) => Some(source.to_token_stream()),
        Iter::Adapted(inner, Adaptor { kind, method }) => {
            let inner = source_of(inner)?;
            match kind {
                Kind::Map(_) | Kind::Inspect(_) => Some(inner),
                Kind::Enumerate => {
                    let inner = receiver(inner);
                    Some(quote!(#inner.#method()))
                }
                Kind::Zip(other, _) => {
                    let (inner, other) = (receiver(inner), source_of(other)?);
                    Some(quote!(#inner.#method(#other)))
                }
                _ => None,
            }
        }
        Iter::Joined(..) | Iter::Made(_) => None,
    }
}

/// `(0..n)` where a method is called on it.
fn receiver(source: TokenStream) -> TokenStream {
    match syn::parse2::<Expr>(source.clone()) {
        Ok(Expr::Range(_)) => quote!((#source)),
        _ => source,
    }
}

/// The closures of an iterator.
fn closures(items: &Iter) -> TokenStream {
    match items {
        Iter::Adapted(inner, Adaptor { kind, .. }) => {
            let (inner, own) = (closures(inner), kind.closure());
            let other = match kind {
                Kind::Zip(other, _) => closures(other),
                _ => TokenStream::new(),
            };
            quote!(#inner #own #other)
        }
        Iter::Source(_) | Iter::Joined(..) | Iter::Made(_) => TokenStream::new(),
    }
}

/// Whether iterators are paired in it.
pub(super) fn has_pairs(items: &Iter) -> bool {
    match items {
        Iter::Adapted(inner, Adaptor { kind, .. }) => {
            matches!(kind, Kind::Zip(..)) || has_pairs(inner)
        }
        Iter::Source(_) | Iter::Joined(..) | Iter::Made(_) => false,
    }
}

/// Whether items are only mapped and looked at.
pub(super) fn is_mapped(items: &Iter) -> bool {
    match items {
        Iter::Adapted(inner, Adaptor { kind, .. }) => {
            matches!(kind, Kind::Map(_) | Kind::Inspect(_)) && is_mapped(inner)
        }
        Iter::Source(_) => true,
        Iter::Joined(..) | Iter::Made(_) => false,
    }
}

impl<'s> Rewriter<'s> {
    /// The loop over the sources of an iterator that has one, see [`source_of`].
    pub(super) fn in_lockstep(
        &mut self,
        items: &Iter,
        source: TokenStream,
        method: &Ident,
        body: Body<'_, 's>,
    ) -> Built<TokenStream> {
        let source: Expr = syn::parse2(source).map_err(|_| Unread::at(method))?;
        self.run(&Iter::Source(source), &mut |rewriter| {
            let taker = body(rewriter)?;
            rewriter.from_source(items, taker)
        })
    }

    /// What takes an item of the source, made of what takes one of the iterator.
    fn from_source(&mut self, items: &Iter, taker: Taker) -> Built<Taker> {
        let Iter::Adapted(inner, Adaptor { kind, method }) = items else { return Ok(taker) };
        match kind {
            Kind::Map(f) => {
                let taker = self.mapped(f, taker)?;
                self.from_source(inner, taker)
            }
            Kind::Inspect(f) => {
                let shape = self.shape(inner);
                let taker = self.inspected(f, taker, &shape);
                self.from_source(inner, taker)
            }
            Kind::Enumerate => {
                let Taker { pattern: next, stmts: rest } = taker;
                let (number, item, lets) = self.pair_around(&next, &closures(inner));
                let taker = Taker { pattern: item, stmts: quote!(#lets #rest) };
                let Taker { pattern, stmts } = self.from_source(inner, taker)?;
                Ok(Taker { pattern: syn::parse_quote!((#number, #pattern)), stmts })
            }
            Kind::Zip(other, _) => self.from_sources((inner, other), taker),
            _ => Err(Unread::at(method)),
        }
    }

    fn from_sources(&mut self, (one, two): (&Iter, &Iter), taker: Taker) -> Built<Taker> {
        let Taker { pattern: next, stmts: rest } = taker;
        let (mine, theirs, lets) = self.pair_around(&next, &closures(two));
        let taker = Taker { pattern: theirs, stmts: quote!(#lets #rest) };
        let Taker { pattern, stmts } = self.from_source(two, taker)?;
        let other = self.fresh("other");
        let taken = bind(&pattern, &quote!(#other), self.site);
        let taker = Taker { pattern: mine, stmts: quote!(#taken #stmts) };
        let Taker { pattern, stmts } = self.from_source(one, taker)?;
        let other: Pat = self.variable(&other);
        Ok(Taker { pattern: syn::parse_quote!((#pattern, #other)), stmts })
    }
}
