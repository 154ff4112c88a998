//! Chains that end in a collection of their items.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, GenericArgument, PathArguments, Type};

use super::closure::bind;
use super::read::{Gather, Iter};
use super::run::{Rewriter, Taker};
use super::shape::Shape;
use super::{Built, Unread};
use crate::hash::HashSet;
use crate::structure::mentions::mentioned;

impl Rewriter<'_> {
    /// The block that puts all items into something.
    pub(super) fn gather(&mut self, items: &Iter, gather: &Gather) -> Built<TokenStream> {
        match gather {
            Gather::Vec(ty) => self.collect(items, ty.as_ref()),
            Gather::Halves(ty) => self.unzip(items, ty.as_ref()),
            Gather::Parts(f, ty) => self.partition(items, f, ty.as_ref()),
            Gather::Place(place) => self.extend(items, place),
        }
    }

    /// The declaration of a `Vec` of that type, if it is one.
    fn empty(&self, name: &Ident, ty: Option<&Type>) -> Built<TokenStream> {
        let site = self.site;
        let new = quote_spanned!(site=> ::std::vec::Vec::new());
        match ty {
            Some(ty) if !is_vec(ty) || lends(ty) => Err(Unread::at(&self.method)),
            Some(ty) => Ok(quote_spanned!(site=> let mut #name: #ty = #new;)),
            None => Ok(quote_spanned!(site=> let mut #name = #new;)),
        }
    }

    /// The variable that the collection at hand goes to.
    fn target(&mut self, at: usize, hint: &str) -> Ident {
        match self.scene.targets.get(at) {
            Some(target) => target.clone(),
            None => self.fresh(hint),
        }
    }

    fn collect(&mut self, items: &Iter, ty: Option<&Type>) -> Built<TokenStream> {
        let site = self.site;
        if !self.shape(items).is_kept() && !ty.is_some_and(is_mixed) {
            return Err(Unread::at(&self.method));
        }
        let all = self.target(0, "collected");
        let empty = self.empty(&all, ty)?;
        let loops = self.pushed(items, &quote!(#all), &TokenStream::new())?;
        Ok(quote_spanned!(site=> { #empty #loops #all }))
    }

    fn extend(&mut self, items: &Iter, place: &Expr) -> Built<TokenStream> {
        let site = self.site;
        // What references refer to is copied, as `std` does.
        let star = self.copied(&self.shape(items));
        let loops = self.pushed(items, &quote!(#place), &star)?;
        Ok(quote_spanned!(site=> { #loops }))
    }

    /// A star before what is a reference.
    fn copied(&self, shape: &Shape) -> TokenStream {
        match shape {
            Shape::Reference => quote_spanned!(self.site=> *),
            Shape::Value | Shape::Count | Shape::Pair(..) => TokenStream::new(),
        }
    }

    fn pushed(&mut self, items: &Iter, to: &TokenStream, star: &TokenStream) -> Built<TokenStream> {
        let site = self.site;
        self.run(items, &mut |rewriter| {
            let item = rewriter.fresh("item");
            let stmts = quote_spanned!(site=> #to.push(#star #item););
            Ok(Taker { pattern: rewriter.variable(&item), stmts })
        })
    }

    fn unzip(&mut self, items: &Iter, ty: Option<&Type>) -> Built<TokenStream> {
        let site = self.site;
        let (left, right) = (self.target(0, "left"), self.target(1, "right"));
        let (one, other) = self.halves_of(ty)?;
        let lets = [self.empty(&left, one)?, self.empty(&right, other)?];
        let shape = self.shape(items);
        let stars = [(0, one), (1, other)].map(|(at, ty)| self.kept(shape.half(at), ty));
        let [first, second] = stars;
        let (first, second) = (first?, second?);
        let loops = self.run(items, &mut |rewriter| {
            let (a, b) = (rewriter.fresh("a"), rewriter.fresh("b"));
            let stmts = quote_spanned!(site=> #left.push(#first #a); #right.push(#second #b););
            Ok(Taker { pattern: syn::parse_quote!((#a, #b)), stmts })
        })?;
        Ok(quote_spanned!(site=> { #(#lets)* #loops (#left, #right) }))
    }

    fn partition(&mut self, items: &Iter, f: &Expr, ty: Option<&Type>) -> Built<TokenStream> {
        let site = self.site;
        let (left, right) = (self.target(0, "left"), self.target(1, "right"));
        let (one, other) = self.halves_of(ty)?;
        let lets = [self.empty(&left, one)?, self.empty(&right, other)?];
        let star = self.kept(&self.shape(items), one)?;
        let loops = self.run(items, &mut |rewriter| {
            let (item, keep) = (rewriter.fresh("item"), rewriter.fresh("keep"));
            let test = rewriter.applied(f, &[quote_spanned!(site=> &#item)]);
            let test = bind(&rewriter.variable(&keep), &test, site);
            let stmts = quote_spanned!(site=>
                #test if #keep { #left.push(#star #item); } else { #right.push(#star #item); });
            Ok(Taker { pattern: rewriter.variable(&item), stmts })
        })?;
        Ok(quote_spanned!(site=> { #(#lets)* #loops (#left, #right) }))
    }

    /// How items are put into a `Vec` of that type, which may copy what references refer to; a
    /// `Vec` of references is not kept.
    fn kept(&self, shape: &Shape, ty: Option<&Type>) -> Built<TokenStream> {
        match (shape, ty) {
            (Shape::Reference, None | Some(Type::Infer(_))) => Err(Unread::at(&self.method)),
            _ => Ok(self.copied(shape)),
        }
    }

    /// The types of `(Vec<A>, Vec<B>)`.
    fn halves_of<'t>(&self, ty: Option<&'t Type>) -> Built<(Option<&'t Type>, Option<&'t Type>)> {
        match ty {
            None | Some(Type::Infer(_)) => Ok((None, None)),
            Some(Type::Tuple(tuple)) if tuple.elems.len() == 2 => {
                Ok((tuple.elems.first(), tuple.elems.last()))
            }
            Some(_) => Err(Unread::at(&self.method)),
        }
    }
}

/// Whether a type that is spelled has a reference in it.
fn lends(ty: &Type) -> bool {
    let mut trees = quote!(#ty).into_iter();
    trees.any(|tree| matches!(tree, proc_macro2::TokenTree::Punct(of) if of.as_char() == '&'))
}

/// Whether a `Vec` is one of tuples of floats and something else: its type must be spelled.
fn is_mixed(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    let PathArguments::AngleBracketed(of) = &last.arguments else { return false };
    of.args.iter().any(|of| match of {
        GenericArgument::Type(Type::Tuple(tuple)) => {
            let words: Vec<_> = tuple.elems.iter().map(mentioned).collect();
            let is_float = |of: &HashSet<String>| of.contains("f64") || of.contains("f32");
            words.iter().any(is_float)
                && words.iter().any(|of| !is_float(of) && !of.is_empty() && !of.contains("_"))
        }
        _ => false,
    })
}

/// Whether a type is a `Vec`, as far as it is spelled.
fn is_vec(ty: &Type) -> bool {
    match ty {
        Type::Infer(_) => true,
        Type::Paren(inner) => is_vec(&inner.elem),
        Type::Group(inner) => is_vec(&inner.elem),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let one = match &last.arguments {
                PathArguments::None => true,
                PathArguments::AngleBracketed(of) => {
                    matches!(of.args.iter().collect::<Vec<_>>()[..], [GenericArgument::Type(_)])
                }
                PathArguments::Parenthesized(_) => false,
            };
            last.ident == "Vec" && one
        }),
        _ => false,
    }
}
