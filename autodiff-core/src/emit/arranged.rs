//! Calls of the tangents of a function and of its pullback, for [`nested`](super::nested) companions.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::nested::Arranged;
use super::shape;
use super::signature::alone_or_tuple;
use super::sweep::is_copied;
use crate::ir::Ty;

/// What becomes of the cotangents of the parameters, in one component.
pub(super) enum Sum<'n> {
    /// Nobody asks for them.
    Nothing,
    /// They are a gradient.
    Own,
    /// Those of aggregates are added to what has these names, by parameter.
    Given(Vec<Option<&'n Ident>>),
}

/// What a call of a pullback gives for a parameter.
pub(super) enum Cotangent {
    /// Nothing that is asked for.
    None,
    /// It is returned, and has this name.
    Returned(Ident),
    /// It has been added to a variable of this name.
    Owned(Ident),
    /// It has been added to what was given.
    Added,
}

impl Cotangent {
    /// Where a call returns it.
    fn slot(&self) -> TokenStream {
        match self {
            Cotangent::Returned(name) => name.to_token_stream(),
            Cotangent::None | Cotangent::Owned(_) | Cotangent::Added => {
                quote_spanned!(Span::mixed_site()=> _)
            }
        }
    }

    /// As an element of what a pullback returns.
    pub(super) fn returned(&self, site: Span) -> TokenStream {
        match self {
            Cotangent::Returned(name) => name.to_token_stream(),
            Cotangent::None | Cotangent::Owned(_) | Cotangent::Added => {
                quote_spanned!(site=> ())
            }
        }
    }
}

/// Whether arguments are used once more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    Yes,
    No,
}

impl Arranged<'_> {
    /// A call of a tangent of the function, and its results.
    pub(super) fn forward_call(&self, dots: &[Vec<TokenStream>]) -> (TokenStream, Vec<Ident>) {
        let site = Span::mixed_site();
        let order = (dots.len() + 1).ilog2() as usize;
        let called = Ident::new(&super::higher::pushforward(order), site);
        let (name, passed) = self.function();
        let arguments = self.arguments(Again::Yes);
        let dots: Vec<TokenStream> = dots
            .iter()
            .map(|dots| {
                let dots = dots.iter().zip(&self.of.signature.params).map(|(dot, param)| {
                    let is_owned = !is_copied(param) && param.active;
                    let clone = is_owned.then(|| quote_spanned!(site=> .clone()));
                    quote_spanned!(site=> #dot #clone)
                });
                quote_spanned!(site=> (#(#dots,)*))
            })
            .collect();
        let dots = match dots.as_slice() {
            [one] => one.clone(),
            dots => quote_spanned!(site=> (#(#dots,)*)),
        };
        let ys: Vec<Ident> = (0..1 << order).map(|at| self.own.fresh(&format!("y_{at}"))).collect();
        let call = quote_spanned!(site=>
            let (#(#ys),*) = #name::#called(#passed #arguments, #dots);
        );
        (call, ys)
    }

    /// A call of a tangent of the function's pullback, and what it gives for each parameter, by
    /// component.
    pub(super) fn reverse_call(
        &self,
        dots: &[Vec<TokenStream>],
        seeds: &[TokenStream],
        sums: &[Sum<'_>],
    ) -> (TokenStream, Vec<Vec<Cotangent>>) {
        let site = Span::mixed_site();
        let order = seeds.len().ilog2() as usize + 1;
        let called = Ident::new(&super::higher::pullback(order), site);
        let (mut declared, mut results, mut given) = (TokenStream::new(), vec![], vec![]);
        for (component, sum) in sums.iter().enumerate() {
            let (zeros, cotangents, sums) = self.cotangents(component, sum);
            declared.extend(zeros);
            given.push(quote_spanned!(site=> (#(#sums,)*)));
            results.push(cotangents);
        }
        let (name, passed) = self.function();
        let arguments = self.arguments(Again::No);
        let dots = dots.iter().map(|dots| quote_spanned!(site=> (#(#dots,)*)));
        let slots = results.iter().map(|results| {
            let slots = results.iter().map(Cotangent::slot);
            quote_spanned!(site=> (#(#slots,)*))
        });
        let call = quote_spanned!(site=>
            #declared
            let (#(#slots,)*) = #name::#called(
                #passed #arguments, (#(#dots,)*), (#(#seeds,)*), (#(#given,)*),
            );
        );
        (call, results)
    }

    /// What becomes of the cotangent of each parameter in a component: variables that are declared
    /// for it, what it is, and what the call is given to add to.
    fn cotangents(
        &self,
        component: usize,
        sum: &Sum<'_>,
    ) -> (TokenStream, Vec<Cotangent>, Vec<TokenStream>) {
        let site = Span::mixed_site();
        let (mut declared, mut cotangents, mut sums) = (TokenStream::new(), vec![], vec![]);
        for (at, param) in self.of.signature.params.iter().enumerate() {
            let bar = self.own.fresh(&format!("bar_{component}_{at}"));
            let is_float = matches!(param.ty.behind_refs(), Ty::Float(_));
            let mut given = quote_spanned!(site=> ::core::option::Option::None);
            cotangents.push(match sum {
                Sum::Nothing => Cotangent::None,
                _ if is_float => Cotangent::Returned(bar),
                Sum::Given(names) => {
                    if let Some(name) = names.get(at).copied().flatten() {
                        given = name.to_token_stream();
                    }
                    Cotangent::Added
                }
                Sum::Own if param.wanted => {
                    let like = param.ident().map(ToTokens::to_token_stream).unwrap_or_default();
                    let zero = shape::zero(&param.ty, &like, &self.of.facade);
                    declared.extend(quote_spanned!(site=> let mut #bar = #zero;));
                    given = quote_spanned!(site=> ::core::option::Option::Some(&mut #bar));
                    Cotangent::Owned(bar)
                }
                Sum::Own => Cotangent::Added,
            });
            sums.push(given);
        }
        (declared, cotangents, sums)
    }

    /// The gradient, of what a call has given for each parameter.
    pub(super) fn gradient(&self, results: &[Cotangent]) -> TokenStream {
        let wanted = results.iter().zip(&self.of.signature.params);
        let parts: Vec<TokenStream> = wanted
            .filter(|(_, param)| param.wanted)
            .map(|(result, _)| match result {
                Cotangent::Returned(name) | Cotangent::Owned(name) => name.to_token_stream(),
                Cotangent::None | Cotangent::Added => TokenStream::new(),
            })
            .collect();
        alone_or_tuple(&parts)
    }

    /// The function as the type that has its companions, and as their first argument.
    fn function(&self) -> (Ident, TokenStream) {
        let name = self.of.located("", &self.of.signature.item.ident);
        let passed = self.of.callee_argument(&name);
        (name, passed)
    }

    /// The arguments of the function as a tuple.
    fn arguments(&self, again: Again) -> TokenStream {
        let site = Span::mixed_site();
        let each = self.of.signature.params.iter().filter_map(|param| {
            let name = param.ident()?;
            Some(if again == Again::Yes && !is_copied(param) {
                quote_spanned!(site=> ::core::clone::Clone::clone(&#name))
            } else {
                name.to_token_stream()
            })
        });
        quote_spanned!(site=> (#(#each,)*))
    }
}
