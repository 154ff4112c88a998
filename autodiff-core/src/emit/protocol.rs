//! The hidden companions by which annotated functions call each other.
//!
//! `__split(args) -> (y, pull)` and `pull(args, y_bar, accumulators) -> cotangents`: the pullback
//! owns its record and nothing of the arguments, which the caller passes again. The cotangent of
//! a float is returned; that of an aggregate is added to the accumulator, if there is one.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::body::{Arguments, Derivative, Failure};
use super::companions::Context;
use super::hidden::HiddenFunction;
use super::pullback::Pullback;
use super::signature::{argument_tuple_elided, patterns_again, renamed, result_type};
use super::{shape, shown};
use crate::ir::Ty;
use crate::lower::signature::Param;

impl Context<'_> {
    /// `__split` and `__jvp`; without derivatives of their own, by means of the gradient.
    pub(crate) fn protocol(
        &self,
        pullback: Option<&Derivative<'_>>,
        pushforward: Option<&Derivative<'_>>,
    ) -> TokenStream {
        if self.has_impl_trait() {
            let is_free = self.signature.owner.is_none();
            return if is_free { self.not_called() } else { self.unprovided() };
        }
        let split = pullback.map_or_else(|| self.split_of_gradient(), |of| self.split(of));
        let jvp = pushforward.map_or_else(|| self.jvp_of_gradient(), |of| self.hidden_jvp(of));
        let by_path = self.not_by_path();
        quote_spanned!(Span::mixed_site()=> #split #jvp #by_path)
    }

    /// A companion with an anonymous type in its arguments cannot name it again.
    pub(crate) fn has_impl_trait(&self) -> bool {
        self.signature.params.iter().any(|param| param.is_anonymous() || param.arity.is_some())
    }

    /// Arguments, seed, accumulators and results of the pullback, as types.
    pub(crate) fn pullback_types(&self) -> (TokenStream, TokenStream, TokenStream, TokenStream) {
        let site = Span::mixed_site();
        let accumulators = self.signature.params.iter().map(|param| self.accumulator(param));
        let accumulators = quote_spanned!(site=> (#(#accumulators,)*));
        let accumulators = shown::enclosed_at(accumulators, shown::site_of(self.signature));
        let results = self.signature.params.iter().map(|param| self.returned(param));
        let results = quote_spanned!(site=> (#(#results,)*));
        let elided = argument_tuple_elided(self.signature);
        (elided, self.result_cotangent(), accumulators, results)
    }

    /// Where the cotangent of an argument is added.
    fn accumulator(&self, param: &Param) -> TokenStream {
        let site = Span::mixed_site();
        let private = self.facade.private();
        if param.exit {
            let lent = shape::lent(&param.ty, &self.facade);
            return quote_spanned!(site=> &mut #lent);
        }
        let ty = match param.ty.behind_refs() {
            _ if !param.active && param.ty.is_differentiable() => {
                quote_spanned!(site=> #private::NotDifferentiated)
            }
            Ty::Float(_) | Ty::Inert | Ty::Unknown => quote_spanned!(site=> ()),
            other => shape::buffer(other, &self.facade),
        };
        quote_spanned!(site=> ::core::option::Option<&mut #ty>)
    }

    /// What is returned for an argument.
    fn returned(&self, param: &Param) -> TokenStream {
        let site = Span::mixed_site();
        match param.ty.behind_refs() {
            _ if param.exit => quote_spanned!(site=> ()),
            Ty::Float(float) => shape::float_name(float),
            _ => quote_spanned!(site=> ()),
        }
    }

    fn split(&self, derivative: &Derivative<'_>) -> TokenStream {
        let site = Span::mixed_site();
        let y_bar = self.fresh("y_bar");
        let names = self.per_parameter("acc");
        let (elided, cotangent, accumulators, _) = self.pullback_types();
        let tail = |printer: &mut super::printer::Printer<'_>| {
            self.pullback_tail(derivative, printer, &names)
        };
        let body = derivative.pullback(Arguments::GivenAgain, &names, &y_bar, tail, |inside| {
            let sums = self.sums(derivative, &names, &inside);
            let inside = quote_spanned!(site=> #sums #inside);
            let receiver = self.receiver_again();
            let inside = match &receiver {
                Some((_, read)) => renamed(inside, read),
                None => inside,
            };
            let mut again = patterns_again(self.signature, &inside);
            if let (Some((this, _)), Some(first)) = (&receiver, again.first_mut()) {
                *first = used_or_wild(this, &inside);
            }
            let bound = self.accumulator_patterns(derivative, &names, &inside);
            let seed = used_or_wild(&y_bar, &inside);
            self.given(quote_spanned!(site=>
                move |(#(#again,)*): #elided, #seed: #cotangent, (#(#bound,)*): #accumulators| {
                    #inside
                }
            ))
        });
        self.split_with(&body, self.pullback)
    }

    /// `__split` with this body.
    pub(crate) fn split_with(&self, body: &TokenStream, pullback: Pullback) -> TokenStream {
        let site = Span::mixed_site();
        let (pullback, generics) = (self.pullback_type(pullback), self.generics_of_split());
        let value = result_type(self.signature);
        // Where a loop runs again, names of arguments are those of its state.
        let allowed = (!self.options.checkpoints.is_empty())
            .then(|| quote_spanned!(site=> #[allow(unused_variables)]));
        let function = HiddenFunction {
            name: "__split",
            attributes: quote_spanned!(site=> #allowed #[inline]),
            parameters: TokenStream::new(),
            result: quote_spanned!(site=> (#value, #pullback)),
        };
        self.hidden_function(function, generics, body)
    }

    /// What the cotangents of structs are added to, also where the caller does not want them.
    fn sums(
        &self,
        derivative: &Derivative<'_>,
        names: &[(usize, Ident)],
        body: &TokenStream,
    ) -> TokenStream {
        let private = self.facade.private();
        let mut sums = TokenStream::new();
        for (at, name) in names {
            let Some(param) = self.signature.params.get(*at) else { continue };
            let added = derivative.is_named(*at) && derivative.accumulator_of(*at).is_some();
            let (true, Some(ident)) = (added && !param.exit && is_used(name, body), param.ident())
            else {
                continue;
            };
            let zero = self.fresh(&format!("{name}_zero"));
            let site = shown::site_or_attribute(self.signature);
            let start = shown::shown_at(quote_spanned!(site=> #private::zero(&#ident)), site);
            sums.extend(quote_spanned!(site=>
                let mut #zero;
                let #name = if let ::core::option::Option::Some(#name) = #name {
                    #name
                } else {
                    #zero = #start;
                    &mut #zero
                };
            ));
        }
        sums
    }

    /// Adds what was not added yet, and returns the cotangents of floats.
    fn pullback_tail(
        &self,
        derivative: &Derivative<'_>,
        printer: &mut super::printer::Printer<'_>,
        names: &[(usize, Ident)],
    ) -> TokenStream {
        let site = Span::mixed_site();
        let (mut adds, mut returned) = (TokenStream::new(), Vec::new());
        for (at, param) in self.signature.params.iter().enumerate() {
            let name = names.iter().find(|(param, _)| *param == at).map(|(_, name)| name);
            if param.exit {
                returned.push(quote_spanned!(site=> ()));
                continue;
            }
            let is_float = matches!(param.ty.behind_refs(), Ty::Float(_));
            match (name, derivative.cotangent(at)) {
                (Some(_), Some(value)) if is_float => returned.push(printer.read(value).tokens),
                (Some(_), None) | (None, _) if is_float => {
                    returned.push(self.facade.zero(&param.ty));
                }
                (Some(name), Some(value))
                    if derivative.accumulator_of(at).is_none() && !printer.is_handed_on(value) =>
                {
                    let value = printer.read(value).tokens;
                    adds.extend(self.added(param, name, &value));
                    returned.push(quote_spanned!(site=> ()));
                }
                _ => returned.push(quote_spanned!(site=> ())),
            }
        }
        quote_spanned!(site=> #adds (#(#returned,)*))
    }

    /// `if let Some(shadow) = acc { add(shadow, &value) }`
    pub(crate) fn added(&self, param: &Param, name: &Ident, value: &TokenStream) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let add = if param.ty.is_run_time_sized() {
            quote_spanned!(site=> add_all(shadow, &#value[..]))
        } else {
            quote_spanned!(site=> add(shadow, &#value))
        };
        quote_spanned!(site=>
            if let ::core::option::Option::Some(shadow) = #name {
                #private::#add;
            }
        )
    }

    fn accumulator_patterns(
        &self,
        derivative: &Derivative<'_>,
        names: &[(usize, Ident)],
        body: &TokenStream,
    ) -> Vec<TokenStream> {
        let site = Span::mixed_site();
        (0..self.signature.params.len())
            .map(|at| {
                let name = names.iter().find(|(param, _)| *param == at).map(|(_, name)| name);
                match name {
                    Some(name)
                        if is_used(name, body)
                            && derivative.adds_often(at)
                            && !derivative.is_named(at) =>
                    {
                        quote_spanned!(site=> mut #name)
                    }
                    Some(name) if is_used(name, body) => quote_spanned!(site=> #name),
                    _ => quote_spanned!(site=> _),
                }
            })
            .collect()
    }

    pub(crate) fn hidden_jvp(&self, derivative: &Derivative<'_>) -> TokenStream {
        let site = Span::mixed_site();
        let names = self.per_parameter("dot");
        let plain: Vec<Ident> = names.iter().map(|(_, name)| name.clone()).collect();
        let body = derivative.pushforward(&plain, Failure::IsTheValue);
        let mut unwraps = TokenStream::new();
        for (at, name) in &names {
            let Some(param) = self.signature.params.get(*at) else { continue };
            if !param.exit && is_used(name, &body) {
                unwraps.extend(self.unwrap_tangent(name, param));
            }
        }
        let nothing = self.signature.result.is_none();
        let nothing = nothing.then(|| quote_spanned!(site=> ((), ())));
        self.hidden_jvp_with(&names, &quote_spanned!(site=> #unwraps #body #nothing))
    }

    /// `__jvp` with this body, which has the tangents by these names.
    pub(crate) fn hidden_jvp_with(
        &self,
        names: &[(usize, Ident)],
        body: &TokenStream,
    ) -> TokenStream {
        let site = Span::mixed_site();
        let (mut dots, mut types) = (Vec::new(), Vec::new());
        for (at, param) in self.signature.params.iter().enumerate() {
            let name = names.iter().find(|(param, _)| *param == at).map(|(_, name)| name);
            let ty = self.hidden_tangent(param);
            types.push(if param.exit {
                ty
            } else if !param.active && param.ty.is_differentiable() {
                let private = self.facade.private();
                quote_spanned!(site=> impl #private::LeftOut)
            } else {
                quote_spanned!(site=> ::core::option::Option<#ty>)
            });
            let used = name.filter(|name| is_used(name, body));
            dots.push(if let Some(name) = used {
                quote_spanned!(site=> #name)
            } else {
                quote_spanned!(site=> _)
            });
        }
        let types = quote_spanned!(site=> (#(#types,)*));
        let types = shown::enclosed_at(types, shown::site_of(self.signature));
        let (value, dot) = (result_type(self.signature), self.result_cotangent());
        let must_use = self.hidden_must_use();
        let function = HiddenFunction {
            name: "__jvp",
            attributes: quote_spanned!(site=> #[inline] #must_use),
            parameters: quote_spanned!(site=> (#(#dots,)*): #types,),
            result: quote_spanned!(site=> (#value, #dot)),
        };
        self.hidden_function(function, self.hidden_generics(), body)
    }

    pub(crate) fn hidden_tangent(&self, param: &Param) -> TokenStream {
        let site = Span::mixed_site();
        if param.exit {
            let lent = shape::lent(&param.ty, &self.facade);
            return quote_spanned!(site=> &mut #lent);
        }
        match (param.active, param.ty.is_differentiable()) {
            // However the receiver is taken: the caller does not know.
            (true, _) if param.receiver.is_some() && param.ty.ref_depth() == 0 => {
                let own = shape::tangent(&param.ty, &self.facade);
                quote_spanned!(site=> &#own)
            }
            (true, _) => shape::tangent(&param.ty, &self.facade),
            (false, true) => {
                let private = self.facade.private();
                quote_spanned!(site=> #private::NotDifferentiated)
            }
            (false, false) => quote_spanned!(site=> ()),
        }
    }

    /// An argument without a tangent has the zero one.
    pub(crate) fn unwrap_tangent(&self, name: &Ident, param: &Param) -> TokenStream {
        let site = Span::mixed_site();
        let like =
            param.ident().map_or_else(TokenStream::new, |ident| quote_spanned!(site=> #ident));
        let zero = shape::zero(&param.ty, &like, &self.facade);
        if matches!(param.ty, Ty::Ref(_)) {
            let zeros = self.fresh(&format!("{name}_zero"));
            quote_spanned!(site=>
                let #zeros;
                let #name = if let ::core::option::Option::Some(#name) = #name {
                    #name
                } else {
                    #zeros = #zero;
                    &#zeros
                };
            )
        } else if param.receiver.is_some() {
            quote_spanned!(site=> let #name = #name.cloned().unwrap_or_else(|| #zero);)
        } else {
            quote_spanned!(site=> let #name = #name.unwrap_or(#zero);)
        }
    }
}

fn is_used(name: &Ident, body: &TokenStream) -> bool {
    super::signature::mentioned(body, name) != super::signature::Mention::None
}

pub(crate) fn used_or_wild(name: &Ident, body: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    if is_used(name, body) { quote_spanned!(site=> #name) } else { quote_spanned!(site=> _) }
}
