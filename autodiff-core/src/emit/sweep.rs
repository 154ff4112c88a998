//! One sweep, as a closure that is called in each direction of a matrix, and the directions.
//!
//! What a function changes through a `&mut` parameter is, at the start of each sweep, what it was
//! on entry, and after the last one what the primal leaves there.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Pat;

use super::companions::Context;
use super::fallible::returning;
use super::shape;
use super::signature::{Mention, alone_or_tuple, mentioned};
use crate::ir::{FloatTy, Ty};
use crate::lower::signature::Param;

impl Context<'_> {
    /// `let along = |x_dot: &[f64]| { … };`, which returns what the function does of this where it
    /// may fail.
    ///
    /// What it captures it captures again in each call: a `Vec` is cloned, and memory that is lent
    /// holds again what it held.
    pub(super) fn closure(&self, gives: &TokenStream, body: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let (names, types): (Vec<Ident>, Vec<TokenStream>) = self
            .directed()
            .map(|(param, name)| (name, shape::tangent(&param.ty, &self.facade)))
            .unzip();
        let result = self.signature.fallible().map(|_| {
            let result = returning(self.signature, gives.clone());
            quote_spanned!(site=> -> #result)
        });
        let exits = self.exits();
        let mutable = (!exits.is_empty()).then(|| quote_spanned!(site=> mut));
        let kept = exits.iter().map(Exit::kept);
        let restored = exits.iter().map(Exit::restored);
        let changed = self.directed().filter(|(param, _)| param.exit).map(|(param, name)| {
            let copy = copied(&param.ty, &name);
            quote_spanned!(site=> let #name = &mut #copy;)
        });
        let (constant, clones) = (self.constant_directions(body), self.clones(body));
        quote_spanned!(site=>
            #(#kept)*
            let #mutable along = |#(#names: #types),*| #result {
                #(#restored)* #(#changed)* #constant #clones #body
            };
        )
    }

    /// The parameters of a sweep: a tangent of each parameter that is in the gradient.
    pub(super) fn directions(&self) -> Vec<(Ident, TokenStream)> {
        let names: Vec<Ident> = self.directed().map(|(_, name)| name).collect();
        let of_all = self.tangent_parameters().into_iter();
        of_all.filter(|(name, _)| names.contains(name)).collect()
    }

    fn directed(&self) -> impl Iterator<Item = (&Param, Ident)> {
        let names = self.per_parameter("dot").into_iter();
        names.filter_map(|(at, name)| {
            let param = self.signature.params.get(at)?;
            param.wanted.then_some((param, name))
        })
    }

    /// The tangents of what is written to and not in the gradient: zero on entry.
    pub(super) fn constant_directions(&self, body: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let of = |(at, name): (usize, Ident)| {
            let param = self.signature.params.get(at)?;
            let is_read = !param.wanted && mentioned(body, &name) != Mention::None;
            let like = param.ident().filter(|_| is_read)?.to_token_stream();
            let lent = shape::lent(&param.ty, &self.facade);
            let zero = shape::zero(&param.ty, &like, &self.facade);
            Some(quote_spanned!(site=> let #name: &mut #lent = &mut #zero;))
        };
        self.per_parameter("dot").into_iter().filter_map(of).collect()
    }

    /// The `&mut` parameters.
    fn exits(&self) -> Vec<Exit<'_>> {
        let of = |(at, before): (usize, Ident)| {
            let param = self.signature.params.get(at).filter(|param| param.exit)?;
            Some(Exit { param, name: param.ident()?, before })
        };
        self.per_parameter("before").into_iter().filter_map(of).collect()
    }

    /// What a body that runs again must not move, or find changed by the run before.
    pub(super) fn clones(&self, body: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let mut clones = TokenStream::new();
        for param in &self.signature.params {
            let Some(ident) = param.ident() else { continue };
            let mention = mentioned(body, ident);
            let is_mut = matches!(&*param.item.pat, Pat::Ident(pat) if pat.mutability.is_some());
            let is_changed = is_mut && mention == Mention::Assigned;
            let mutable = is_changed.then(|| quote_spanned!(site=> mut));
            clones.extend(match (is_copied(param), mention) {
                (true, _) if is_changed => quote_spanned!(site=> let mut #ident = #ident;),
                (true, _) | (false, Mention::None) => continue,
                (false, _) => {
                    quote_spanned!(site=> let #mutable #ident = ::core::clone::Clone::clone(&#ident);)
                }
            });
        }
        clones
    }

    /// A product with each unit vector of a parameter, as an array or a `Vec`, and what it is made of.
    pub(super) fn in_directions(
        &self,
        of: &Param,
        row: &dyn Fn(TokenStream) -> TokenStream,
    ) -> (TokenStream, TokenStream) {
        let site = Span::mixed_site();
        let (mut zeros, mut arguments, mut own) = (TokenStream::new(), Vec::new(), None);
        for (param, name) in self.directed() {
            let is_own = std::ptr::eq(param, of);
            let like = self.on_entry(param);
            let zero = shape::zero(&param.ty, &like, &self.facade);
            let mutable = is_own.then(|| quote_spanned!(site=> mut));
            zeros.extend(quote_spanned!(site=> let #mutable #name = #zero;));
            let reference = (param.ty.ref_depth() > 0).then(|| quote_spanned!(site=> &));
            let is_vec = matches!(param.ty, Ty::Vec(_));
            arguments.push(if is_vec {
                quote_spanned!(site=> #name.clone())
            } else {
                quote_spanned!(site=> #reference #name)
            });
            if is_own {
                own = Some((name, like));
            }
        }
        let Some((name, like)) = own else { return Default::default() };
        let along = quote_spanned!(site=> along(#(#arguments),*));
        zeros.extend(self.tried_without_directions(of, &like, &along));
        let each = row(along);
        let (zero, one) = (self.facade.zero(&of.ty), self.facade.one(&of.ty));
        let each = quote_spanned!(site=> |at| {
            #name[at] = #one;
            let product = #each;
            #name[at] = #zero;
            product
        });
        let is_array = matches!(of.ty.behind_refs(), Ty::Array(..));
        let len = (!is_array).then(|| quote_spanned!(site=> #like.len()));
        let all = self.each(&each, len.as_ref());
        (zeros, all)
    }

    /// What the tangent of a parameter is like: memory that is lent is borrowed by the closure.
    fn on_entry(&self, param: &Param) -> TokenStream {
        let exits = self.exits();
        let exit = exits.iter().find(|exit| std::ptr::eq(exit.param, param));
        let name = exit.map(|exit| &exit.before).or(param.ident());
        name.map(ToTokens::to_token_stream).unwrap_or_default()
    }

    /// The product with unit vector `at` of the floats that are differentiated, as an array.
    pub(super) fn row_along(&self, at: usize) -> TokenStream {
        let site = Span::mixed_site();
        let units = self.directed().enumerate().map(|(j, (param, _))| {
            let unit = self.unit(j == at);
            let reference = (param.ty.ref_depth() > 0).then(|| quote_spanned!(site=> &));
            quote_spanned!(site=> #reference #unit)
        });
        let count = self.directed().count();
        let columns: Vec<TokenStream> = (0..count)
            .map(|j| quote::format_ident!("column_{j}", span = site).to_token_stream())
            .collect();
        let pattern = alone_or_tuple(&columns);
        let product = self.tried(&quote_spanned!(site=> along(#(#units),*)));
        quote_spanned!(site=> {
            let #pattern = #product;
            [#(#columns),*]
        })
    }

    /// An element of a unit vector, of the float that the function gives.
    pub(super) fn unit(&self, is_one: bool) -> TokenStream {
        let float = self.signature.result.as_ref().map_or(FloatTy::Inferred, Ty::float);
        self.facade.number(if is_one { 1.0 } else { 0.0 }, &float)
    }
}

/// Whether naming a parameter copies it.
pub(crate) fn is_copied(param: &Param) -> bool {
    let is_integer = || {
        let spelled = param.item.ty.to_token_stream().to_string();
        let names = [
            "usize", "isize", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128",
            "bool", "char",
        ];
        names.contains(&spelled.as_str())
    };
    match &param.ty {
        Ty::Float(_) | Ty::Ref(_) => true,
        Ty::Array(item, _) => matches!(**item, Ty::Float(_)),
        _ => is_integer(),
    }
}

/// What a function changes for its caller, and its name for what that is on entry.
struct Exit<'c> {
    param: &'c Param,
    name: &'c Ident,
    before: Ident,
}

impl Exit<'_> {
    fn kept(&self) -> TokenStream {
        let (before, copy) = (&self.before, copied(&self.param.ty, self.name));
        quote_spanned!(Span::mixed_site()=> let #before = #copy;)
    }

    fn restored(&self) -> TokenStream {
        let (site, Self { name, before, .. }) = (Span::mixed_site(), self);
        match self.param.ty.behind_refs() {
            Ty::Slice(_) => quote_spanned!(site=> #name.clone_from_slice(&#before);),
            Ty::Float(_) => quote_spanned!(site=> *#name = #before;),
            _ => quote_spanned!(site=> ::core::clone::Clone::clone_from(#name, &#before);),
        }
    }
}

/// A copy of what a reference of this type and name leads to.
fn copied(ty: &Ty, name: &Ident) -> TokenStream {
    let site = Span::mixed_site();
    match ty.behind_refs() {
        Ty::Slice(_) => quote_spanned!(site=> #name.to_vec()),
        Ty::Float(_) => quote_spanned!(site=> { *#name }),
        _ => quote_spanned!(site=> ::core::clone::Clone::clone(&*#name)),
    }
}
