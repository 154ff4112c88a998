//! `#[grad(order = 2)]`: what second derivatives of callers need of a function.
//!
//! `__needs_order_2(args, dots, y_bar, y_bar_dot, accumulators, accumulators_of_dots)` is the
//! tangent of the pullback. It computes the forward sweep again: a record of both sweeps would be
//! twice as long as either, and is asked for by few.

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::body::Derivative;
use super::companions::Context;
use super::printer::Printer;
use super::protocol::used_or_wild;
use super::signature::patterns_again;
use crate::ir::{Call, CallForm, Inst, Output, Target, Ty, ValueId};

/// The companion, by a name that tells whoever does not find it what to do.
pub(crate) const SECOND: &str = "__needs_order_2";

/// What the gradient function computes for its own callers.
pub struct Second {
    /// The tangent of the pullback.
    pub pullback: crate::ir::Function,
    /// The gradient and its tangent, where the result is one float.
    pub gradient: Option<crate::ir::Function>,
}

impl Derivative<'_> {
    /// The tangent of the cotangent of a parameter.
    fn cotangent_dot(&self, param: usize) -> Option<ValueId> {
        let wanted = Output::Cotangent(param);
        let at = self.function.outputs.iter().position(|output| *output == wanted)?;
        self.output(Output::Tangent(at))
    }
}

impl Context<'_> {
    /// `__needs_order_2`.
    pub(crate) fn second_pullback(&self, of: &Derivative<'_>) -> TokenStream {
        let site = Span::mixed_site();
        let (y_bar, y_bar_dot) = (self.fresh("y_bar"), self.fresh("y_bar_dot"));
        let dots = self.per_parameter("dot");
        let (sums, sums_of_dots) = (self.per_parameter("acc"), self.per_parameter("acc_dot"));
        let mut extra = vec![y_bar.clone()];
        extra.extend(dots.iter().map(|(_, name)| name.clone()));
        extra.push(y_bar_dot.clone());
        let added = of.function.params.iter().skip(self.signature.params.len());
        let extra: Vec<(ValueId, Ident)> = added.copied().zip(extra).collect();
        let taken = [sums.as_slice(), &sums_of_dots].concat();
        let body = of.print(&HashMap::new(), &extra, &taken, |printer| {
            of.forward(printer);
            let first = self.second_tail(printer, &sums, &|at| of.cotangent(at));
            let second = self.second_tail(printer, &sums_of_dots, &|at| of.cotangent_dot(at));
            let ((adds, first), (more, second)) = (first, second);
            printer.push(quote_spanned!(site=> #adds #more (#first, #second)));
            printer.finish()
        });
        let unwraps = self.unwrapped(&dots, &body);
        let body = quote_spanned!(site=> #unwraps #body);
        let by_name = |names: &[(usize, Ident)]| self.in_tuple(names, &body);
        let sums = (by_name(&sums), by_name(&sums_of_dots));
        self.second_with(&body, (&y_bar, &y_bar_dot), &dots, sums)
    }

    /// Each of these names where the body uses it, in the order of the parameters.
    fn in_tuple(&self, names: &[(usize, Ident)], body: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let name = |at: usize| {
            let name = names.iter().find(|(param, _)| *param == at).map(|(_, name)| name);
            name.map_or_else(|| quote_spanned!(site=> _), |name| used_or_wild(name, body))
        };
        let names = (0..self.signature.params.len()).map(name);
        quote_spanned!(site=> (#(#names,)*))
    }

    /// `__needs_order_2` with this body, which has the cotangent and its tangent, the tangents of
    /// the parameters, and what is added to, by these names.
    pub(crate) fn second_with(
        &self,
        body: &TokenStream,
        (y_bar, y_bar_dot): (&Ident, &Ident),
        dots: &[(usize, Ident)],
        (sums, sums_of_dots): (TokenStream, TokenStream),
    ) -> TokenStream {
        let site = Span::mixed_site();
        let patterns = patterns_again(self.signature, body);
        let parameters = self.hidden_parameters(&patterns, body);
        let (_, cotangent, accumulators, results) = self.pullback_types();
        let types = self.signature.params.iter().map(|param| {
            let ty = self.hidden_tangent(param);
            quote_spanned!(site=> ::core::option::Option<#ty>)
        });
        let dots = self.in_tuple(dots, body);
        let (y_bar, y_bar_dot) = (used_or_wild(y_bar, body), used_or_wild(y_bar_dot, body));
        let (name, generics) = (self.hidden(SECOND), self.hidden_generics());
        let where_clause = &generics.where_clause;
        let (attributes, check) = (self.hidden_attributes(), self.own_callee_check());
        let visibility = self.hidden_visibility();
        quote_spanned!(site=>
            #[doc(hidden)]
            #attributes
            #visibility fn #name #generics (
                #parameters,
                #dots: (#(#types,)*),
                #y_bar: #cotangent,
                #y_bar_dot: #cotangent,
                #sums: #accumulators,
                #sums_of_dots: #accumulators,
            ) -> (#results, #results) #where_clause {
                #check
                #body
            }
        )
    }

    /// Adds the cotangents of aggregates, and returns those of floats.
    fn second_tail(
        &self,
        printer: &mut Printer<'_>,
        names: &[(usize, Ident)],
        cotangent: &dyn Fn(usize) -> Option<ValueId>,
    ) -> (TokenStream, TokenStream) {
        let site = Span::mixed_site();
        let (mut adds, mut returned) = (TokenStream::new(), Vec::new());
        for (at, param) in self.signature.params.iter().enumerate() {
            let name = names.iter().find(|(param, _)| *param == at).map(|(_, name)| name);
            let is_float = matches!(param.ty.behind_refs(), Ty::Float(_));
            returned.push(match (name, cotangent(at)) {
                (Some(_), Some(value)) if is_float => printer.read(value).tokens,
                (Some(_), None) | (None, _) if is_float => quote_spanned!(site=> 0.0),
                (Some(name), Some(value)) => {
                    let value = printer.read(value).tokens;
                    adds.extend(self.added(param, name, &value));
                    quote_spanned!(site=> ())
                }
                _ => quote_spanned!(site=> ()),
            });
        }
        (adds, quote_spanned!(site=> (#(#returned,)*)))
    }

    /// The gradient function as one that may be called: `f_grad` inside other functions.
    ///
    /// The Hessian is symmetric: its product with a cotangent is that with a tangent.
    pub(crate) fn gradient_protocol(&self, of: &Derivative<'_>) -> TokenStream {
        let site = Span::mixed_site();
        let dots = self.per_parameter("dot");
        let names: Vec<Ident> = dots.iter().map(|(_, name)| name.clone()).collect();
        let wanted: Vec<usize> = dots.iter().map(|(at, _)| *at).collect();
        let pushed = of.with_tangents(&names, |printer| {
            of.forward(printer);
            let first = of.cotangents(printer);
            let second: Vec<TokenStream> = wanted
                .iter()
                .map(|&at| match of.cotangent_dot(at) {
                    Some(value) => printer.read(value).tokens,
                    None => self.zero_of(at),
                })
                .collect();
            let (first, second) = (
                super::signature::alone_or_tuple(&first),
                super::signature::alone_or_tuple(&second),
            );
            printer.push(quote_spanned!(site=> (#first, #second)));
            printer.finish()
        });
        let unwraps = self.unwrapped(&dots, &pushed);
        let pushed = quote_spanned!(site=> #unwraps #pushed);
        let result = super::signature::gradient_type(self.signature, &self.facade);
        let jvp = self.gradient_jvp(&dots, &pushed, &result);
        let split = self.gradient_split(&dots, &result);
        let name = self.located("grad", &self.signature.item.ident);
        let visibility = &self.visibility;
        quote_spanned!(site=>
            #[doc(hidden)]
            #visibility struct #name {}
            impl #name { #split #jvp }
        )
    }

    fn gradient_jvp(
        &self,
        dots: &[(usize, Ident)],
        body: &TokenStream,
        result: &TokenStream,
    ) -> TokenStream {
        let site = Span::mixed_site();
        let patterns = patterns_again(self.signature, body);
        let parameters = self.hidden_parameters(&patterns, body);
        let (mut bound, mut types) = (Vec::new(), Vec::new());
        for (at, param) in self.signature.params.iter().enumerate() {
            let name = dots.iter().find(|(param, _)| *param == at).map(|(_, name)| name);
            let ty = self.hidden_tangent(param);
            types.push(quote_spanned!(site=> ::core::option::Option<#ty>));
            let name = name.map(|name| used_or_wild(name, body));
            bound.push(name.unwrap_or_else(|| quote_spanned!(site=> _)));
        }
        let generics = self.with_callee(self.signature.item.generics.clone(), result);
        let where_clause = &generics.where_clause;
        let attributes = self.hidden_attributes();
        let check = self.callee_check(&self.located("grad", &self.signature.item.ident));
        quote_spanned!(site=>
            #[doc(hidden)]
            #[must_use]
            #attributes
            pub fn __jvp #generics (
                #parameters,
                (#(#bound,)*): (#(#types,)*),
            ) -> (#result, #result) #where_clause {
                #check
                #body
            }
        )
    }

    fn gradient_split(&self, dots: &[(usize, Ident)], result: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let generics = self.with_callee(self.signature.item.generics.clone(), result);
        let where_clause = &generics.where_clause;
        let (elided, _, accumulators, results) = self.pullback_types();
        let seed = self.fresh("seed");
        let arguments: Vec<&Ident> = self
            .signature
            .params
            .iter()
            .filter_map(crate::lower::signature::Param::ident)
            .collect();
        let Parts { tangents, bound, adds, returned } = self.gradient_parts(dots, &seed);
        let all = quote_spanned!(site=> #(#arguments)*);
        let patterns = patterns_again(self.signature, &all);
        let parameters = self.hidden_parameters(&patterns, &all);
        let primal = self.located("", &self.signature.item.ident);
        let (captured, attributes) = (self.captured_types(), self.hidden_attributes());
        let own = self.located("grad", &self.signature.item.ident);
        let (check, passed) = (self.callee_check(&own), self.callee_argument(&own));
        quote_spanned!(site=>
            #[doc(hidden)]
            #attributes
            pub fn __split #generics (#parameters) -> (
                #result,
                impl ::core::ops::FnOnce(#elided, #result, #accumulators) -> #results + #captured,
            ) #where_clause {
                #check
                (
                    #primal::grad(#(#arguments),*),
                    |(#(#patterns,)*): #elided, #seed: #result, (#(#bound,)*): #accumulators| {
                        let (_, product) = Self::__jvp(#passed (#(#arguments,)*), (#(#tangents,)*));
                        #adds
                        (#(#returned,)*)
                    },
                )
            }
        )
    }

    /// What the pullback of the gradient makes of each parameter.
    fn gradient_parts(&self, dots: &[(usize, Ident)], seed: &Ident) -> Parts {
        let site = Span::mixed_site();
        let sums = self.per_parameter("acc");
        let (mut tangents, mut bound, mut adds, mut returned) =
            (Vec::new(), Vec::new(), TokenStream::new(), Vec::new());
        for (at, param) in self.signature.params.iter().enumerate() {
            let n = dots.iter().position(|(param, _)| *param == at);
            let is_float = matches!(param.ty.behind_refs(), Ty::Float(_));
            let Some(n) = n else {
                tangents.push(quote_spanned!(site=> ::core::option::Option::None));
                bound.push(quote_spanned!(site=> _));
                returned.push(if is_float && !param.active {
                    quote_spanned!(site=> 0.0)
                } else {
                    quote_spanned!(site=> ())
                });
                continue;
            };
            let part = |whole: &Ident| {
                let n = syn::Index::from(n);
                if dots.len() == 1 {
                    quote_spanned!(site=> #whole)
                } else {
                    quote_spanned!(site=> #whole.#n)
                }
            };
            let (given, product) = (part(seed), part(&Ident::new("product", site)));
            let reference = (param.ty.ref_depth() > 0).then(|| quote_spanned!(site=> &));
            tangents.push(quote_spanned!(site=> ::core::option::Option::Some(#reference #given)));
            let name = sums.iter().find(|(param, _)| *param == at).map(|(_, name)| name);
            if is_float {
                bound.push(quote_spanned!(site=> _));
                returned.push(product);
            } else {
                adds.extend(name.map(|name| self.added(param, name, &product)));
                bound.push(quote_spanned!(site=> #name));
                returned.push(quote_spanned!(site=> ()));
            }
        }
        Parts { tangents, bound, adds, returned }
    }

    fn zero_of(&self, at: usize) -> TokenStream {
        let Some(param) = self.signature.params.get(at) else { return TokenStream::new() };
        let like = param.ident().map(quote::ToTokens::to_token_stream).unwrap_or_default();
        super::shape::zero(&param.ty, &like, &self.facade)
    }

    /// Zeros for the tangents that were not given.
    fn unwrapped(&self, dots: &[(usize, Ident)], body: &TokenStream) -> TokenStream {
        let mut unwraps = TokenStream::new();
        for (at, name) in dots {
            let used = super::signature::mentioned(body, name) != super::signature::Mention::None;
            if let (true, Some(param)) = (used, self.signature.params.get(*at)) {
                unwraps.extend(self.unwrap_tangent(name, param));
            }
        }
        unwraps
    }
}

/// The tangents that are passed, the accumulators that are bound, what is added to them and what
/// is returned, by parameter.
struct Parts {
    tangents: Vec<TokenStream>,
    bound: Vec<TokenStream>,
    adds: TokenStream,
    returned: Vec<TokenStream>,
}

impl<'f> Printer<'f> {
    /// The tangent of a pullback: the arguments and their tangents are passed again.
    pub(crate) fn second_call(&mut self, inst: &'f Inst, call: &'f Call) {
        let CallForm::Pullback { y_bar, y_bar_dot, targets, .. } = &call.form else { return };
        let site = Span::mixed_site();
        let (first, second) = targets.split_at(call.args.len().min(targets.len()));
        let own = first.iter().filter(|target| matches!(target, Target::Value)).count();
        let (results, dots) = inst.results.split_at(own.min(inst.results.len()));
        let args: Vec<TokenStream> = call
            .args
            .iter()
            .enumerate()
            .map(|(at, &arg)| self.argument(arg, call.references.get(at).copied().unwrap_or(false)))
            .collect();
        let tangents = self.tangents(call);
        let seed = self.read(*y_bar).tokens;
        let seed_dot = match y_bar_dot {
            Some(dot) => self.read(*dot).tokens,
            None => self.zero_like(*y_bar),
        };
        let (slots, sums) = self.slots(call, first, results);
        let (slots_of_dots, sums_of_dots) = self.slots(call, second, dots);
        let payload = [
            quote_spanned!(site=> (#(#args,)*)),
            tangents,
            seed,
            seed_dot,
            quote_spanned!(site=> (#sums)),
            quote_spanned!(site=> (#sums_of_dots)),
        ];
        let called = self.companion_path(&call.callee, SECOND, &payload);
        self.push(quote_spanned!(site=> let ((#slots), (#slots_of_dots)) = #called;));
    }

    /// Where the cotangents go: what is returned, and what is added to.
    fn slots(
        &mut self,
        call: &'f Call,
        targets: &[Target],
        results: &[ValueId],
    ) -> (TokenStream, TokenStream) {
        let site = Span::mixed_site();
        let mut results = results.iter();
        let (mut slots, mut sums) = (TokenStream::new(), TokenStream::new());
        for (&arg, target) in call.args.iter().zip(targets) {
            let (slot, sum) = match target {
                Target::Place(place) | Target::Exchange(place) => {
                    (super::call::unit(), self.accumulator(place, site))
                }
                Target::Value => match results.next() {
                    Some(&result) => self.value_target(arg, result, site),
                    None => self.ignored(arg),
                },
                Target::Ignore => self.ignored(arg),
            };
            slots.extend(slot);
            sums.extend(sum);
        }
        (slots, sums)
    }

    fn zero_like(&mut self, value: ValueId) -> TokenStream {
        let ty = self.function.values[value].ty.clone();
        let like = self.read(value).tokens;
        super::shape::zero(&ty, &like, self.facade)
    }
}
