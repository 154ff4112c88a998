//! `#[grad(order = k)]`: what callers need of a function that are differentiated several times.
//!
//! Two families, both compositions of the two transforms:
//!
//! * `__jvp_of_order_n(args, dots) -> ys` is the n-th tangent of the function;
//! * `__needs_order_n(args, dots, y_bars, accumulators) -> cotangents` is the tangent of its
//!   pullback, n − 1 times over. It computes the forward sweep again: a record of all sweeps would
//!   be longer than any, and is asked for by few.
//!
//! Everything has [components](crate::ir::Call::components): `dots` is a tuple for each but the
//! first, the others have all.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::Expr;

use super::body::Derivative;
use super::companions::Context;
use super::hidden::HiddenFunction;
use super::printer::Printer;
use super::protocol::used_or_wild;
use super::signature::{Mention, mentioned, result_type};
use crate::hash::HashMap;
use crate::ir::{Call, CallForm, Function, Inst, Output, Target, Ty, ValueId};

/// The highest order there is: with each, code and components double.
pub(crate) const HIGHEST: usize = 6;

/// What a function of higher order computes for its own callers.
pub struct Higher {
    /// The function itself.
    pub primal: Function,
    /// The tangents of its pullback: of order 2 and above.
    pub pullbacks: Vec<Function>,
    /// The tangents of its tangent: of order 2 and above.
    pub pushforwards: Vec<Function>,
}

/// The tangent of a pullback, by a name that tells whoever does not find it what to do.
pub(crate) fn pullback(order: usize) -> String {
    format!("__needs_order_{order}")
}

/// The tangent of that order of a function.
pub(crate) fn pushforward(order: usize) -> String {
    if order == 1 { "__jvp".to_owned() } else { format!("__jvp_of_order_{order}") }
}

/// The trait that has a companion in the place of a function that lacks it.
pub(crate) fn trait_of(companion: &str) -> Option<Ident> {
    (2..=HIGHEST)
        .find(|&order| companion == pullback(order) || companion == pushforward(order))
        .map(|order| format_ident!("NeedsOrder{order}", span = Span::mixed_site()))
}

/// What the name of a callee means where there is no type of that name.
pub(crate) fn fallback(callee: &str) -> &'static str {
    let suffixes = ["_grad", "_jvp", "_vjp", "_hvp", "_hessian", "_jacobian"];
    let is_companion = suffixes.iter().any(|suffix| callee.ends_with(suffix));
    if is_companion { "NotNested" } else { "NotAnnotated" }
}

/// What a hidden companion of higher order calls its parameters, by component.
pub(crate) struct Components {
    /// The tangents of the parameters; none of the first component.
    pub(crate) dots: Vec<Vec<(usize, Ident)>>,
    /// The cotangent of the result.
    pub(crate) seeds: Vec<Ident>,
    /// What the cotangents of the parameters are added to.
    pub(crate) sums: Vec<Vec<(usize, Ident)>>,
}

/// `x_dot`, `x_dot_2`, `x_dot_12`: the directions of a component.
fn suffix(base: &str, component: usize) -> String {
    let directions = (1..=HIGHEST).filter(|n| component & (1 << (n - 1)) != 0);
    let digits: String = directions.map(|n| n.to_string()).collect();
    let dot = match digits.as_str() {
        "" => return base.to_owned(),
        "1" => "dot".to_owned(),
        digits => format!("dot_{digits}"),
    };
    if base.is_empty() { dot } else { format!("{base}_{dot}") }
}

impl Derivative<'_> {
    /// A component of a result, where it is no structural zero.
    fn component(&self, output: Output, component: usize) -> Option<ValueId> {
        let outputs = &self.function.outputs;
        let own = outputs.iter().filter(|output| !matches!(output, Output::Tangent(_))).count();
        let at = outputs.iter().position(|other| *other == output)?;
        self.function.body.yields.get(at + component * own).copied()
    }
}

impl Context<'_> {
    pub(crate) fn components(&self, count: usize) -> Components {
        // A parameter may be called `y_bar`.
        let mut names = self.names.clone();
        let mut named =
            |base, component| self.per_parameter_beside(&mut names, &suffix(base, component));
        let dots = (1..count).map(|component| named("", component)).collect();
        let sums = (0..count).map(|component| named("acc", component)).collect();
        let mut seed = |component| names.fresh(&suffix("y_bar", component));
        Components { dots, sums, seeds: (0..count).map(&mut seed).collect() }
    }

    /// Both families of a function.
    pub(crate) fn higher(&self, of: &Higher) -> TokenStream {
        let (mut all, primal) = (TokenStream::new(), &of.primal);
        for (n, function) in of.pullbacks.iter().enumerate() {
            all.extend(self.pullback_of_order(n + 2, &self.derivative_of(function, primal)));
        }
        for (n, function) in of.pushforwards.iter().enumerate() {
            all.extend(self.pushforward_of_order(n + 2, &self.derivative_of(function, primal)));
        }
        all
    }

    /// `__needs_order_n`.
    fn pullback_of_order(&self, order: usize, of: &Derivative<'_>) -> TokenStream {
        let site = Span::mixed_site();
        let names = self.components(1 << (order - 1));
        let mut extra = Vec::new();
        for (component, seed) in names.seeds.iter().enumerate() {
            let dots = component.checked_sub(1).and_then(|at| names.dots.get(at));
            extra.extend(dots.into_iter().flatten().map(|(_, name)| name.clone()));
            extra.push(seed.clone());
        }
        let added = of.function.params.iter().skip(self.signature.params.len());
        let extra: Vec<(ValueId, Ident)> = added.copied().zip(extra).collect();
        let taken = names.sums.concat();
        let body = of.print(&HashMap::default(), &extra, &taken, |printer| {
            of.forward(printer);
            of.typed(printer);
            of.reverse(printer);
            let (mut adds, mut returned) = (TokenStream::new(), Vec::new());
            for (component, sums) in names.sums.iter().enumerate() {
                let cotangent = |at| of.component(Output::Cotangent(at), component);
                let (add, tuple) = self.cotangents_of(printer, sums, &cotangent);
                adds.extend(add);
                returned.push(tuple);
            }
            printer.push(quote_spanned!(site=> #adds (#(#returned),*)));
            printer.finish()
        });
        let body = self.with_zeros(&names.dots, &body);
        self.pullback_with(order, &body, &names)
    }

    /// `__jvp_of_order_n`.
    fn pushforward_of_order(&self, order: usize, of: &Derivative<'_>) -> TokenStream {
        let site = Span::mixed_site();
        let names = self.components(1 << order);
        let extra: Vec<Ident> = names.dots.iter().flatten().map(|(_, name)| name.clone()).collect();
        let body = of.with_tangents(&extra, |printer| {
            of.forward(printer);
            let value = of.value(printer);
            let is_constant = of.component(Output::Value, 1).is_none();
            let results = if is_constant {
                let (value, zero) = of.constant_result(printer, value);
                let copies =
                    self.signature.result.as_ref().is_some_and(|ty| !ty.has_literal_zero());
                let copy = copies.then(|| quote_spanned!(site=> .clone()));
                let zeros = names.dots.iter().skip(1).map(|_| &zero);
                quote_spanned!(site=> (#value, #(#zeros #copy,)* #zero))
            } else {
                let dots = (1..=names.dots.len())
                    .filter_map(|component| of.component(Output::Value, component))
                    .map(|dot| printer.read(dot).tokens);
                let dots: Vec<TokenStream> = dots.collect();
                quote_spanned!(site=> (#value, #(#dots),*))
            };
            printer.push(results);
            printer.finish()
        });
        let body = self.with_zeros(&names.dots, &body);
        self.pushforward_with(order, &body, &names)
    }

    /// Each of these names where the body uses it, in the order of the parameters.
    pub(crate) fn in_tuple(&self, names: &[(usize, Ident)], body: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let name = |at: usize| {
            let name = names.iter().find(|(param, _)| *param == at).map(|(_, name)| name);
            name.map_or_else(|| quote_spanned!(site=> _), |name| used_or_wild(name, body))
        };
        let names = (0..self.signature.params.len()).map(name);
        quote_spanned!(site=> (#(#names,)*))
    }

    /// The tangents as a parameter.
    fn dots_parameter(&self, names: &Components, body: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let types = self.signature.params.iter().map(|param| {
            let ty = self.hidden_tangent(param);
            quote_spanned!(site=> ::core::option::Option<#ty>)
        });
        let types = quote_spanned!(site=> (#(#types,)*));
        let patterns = names.dots.iter().map(|names| self.in_tuple(names, body));
        let types = names.dots.iter().map(|_| &types);
        quote_spanned!(site=> (#(#patterns,)*): (#(#types,)*))
    }

    /// `__needs_order_n` with this body, which has its parameters by these names.
    pub(crate) fn pullback_with(
        &self,
        order: usize,
        body: &TokenStream,
        names: &Components,
    ) -> TokenStream {
        let site = Span::mixed_site();
        let (_, cotangent, accumulators, results) = self.pullback_types();
        let dots = self.dots_parameter(names, body);
        let seeds = names.seeds.iter().map(|name| used_or_wild(name, body));
        let sums = names.sums.iter().map(|names| self.in_tuple(names, body));
        let repeated = |ty: TokenStream| {
            let each = names.seeds.iter().map(|_| &ty);
            quote_spanned!(site=> (#(#each,)*))
        };
        let (cotangents, accumulators) = (repeated(cotangent), repeated(accumulators));
        let results = repeated(results);
        let function = HiddenFunction {
            name: &pullback(order),
            // Of a gradient that is called, most seeds are 0 or 1.
            attributes: quote_spanned!(site=> #[inline]),
            parameters: quote_spanned!(site=>
                #dots,
                (#(#seeds,)*): #cotangents,
                (#(#sums,)*): #accumulators,
            ),
            result: results,
        };
        self.hidden_function(function, self.hidden_generics(), body)
    }

    /// `__jvp_of_order_n` with this body, which has the tangents by these names.
    pub(crate) fn pushforward_with(
        &self,
        order: usize,
        body: &TokenStream,
        names: &Components,
    ) -> TokenStream {
        let site = Span::mixed_site();
        let dots = self.dots_parameter(names, body);
        let (value, dot) = (result_type(self.signature), self.result_cotangent());
        let results = names.dots.iter().map(|_| &dot);
        let must_use = self.hidden_must_use();
        let function = HiddenFunction {
            name: &pushforward(order),
            attributes: quote_spanned!(site=> #[inline] #must_use),
            parameters: dots,
            result: quote_spanned!(site=> (#value, #(#results),*)),
        };
        self.hidden_function(function, self.hidden_generics(), body)
    }

    /// Adds the cotangents of aggregates, and returns those of floats.
    fn cotangents_of(
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
                (Some(_), None) | (None, _) if is_float => self.facade.zero(&param.ty),
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

    /// The body, after zeros for the tangents that were not given.
    fn with_zeros(&self, dots: &[Vec<(usize, Ident)>], body: &TokenStream) -> TokenStream {
        let mut zeros = TokenStream::new();
        for (at, name) in dots.iter().flatten() {
            let used = mentioned(body, name) != Mention::None;
            if let (true, Some(param)) = (used, self.signature.params.get(*at)) {
                zeros.extend(self.unwrap_tangent(name, param));
            }
        }
        quote_spanned!(Span::mixed_site()=> #zeros #body)
    }
}

impl<'f> Printer<'f> {
    /// A tangent of a pullback: the arguments and their tangents are passed again.
    pub(crate) fn higher_call(&mut self, inst: &'f Inst, call: &'f Call) {
        let CallForm::Pullback { y_bar, y_bar_dots, targets, .. } = &call.form else { return };
        let site = Span::mixed_site();
        let is_method = matches!(&*call.callee, Expr::MethodCall(_));
        let receiver = call.args.first().filter(|_| is_method).map(|&arg| self.base(arg));
        let args: Vec<TokenStream> = call
            .args
            .iter()
            .enumerate()
            .skip(usize::from(is_method))
            .map(|(at, &arg)| self.argument(arg, call.references.get(at).copied().unwrap_or(false)))
            .collect();
        let mut tangents = self.tangents(call);
        if y_bar_dots.len() == 1 {
            tangents = quote_spanned!(site=> (#tangents,));
        }
        let dots = y_bar_dots.iter().map(|dot| match dot {
            Some(dot) => self.read(*dot).tokens,
            None => self.zero_like(*y_bar),
        });
        let dots: Vec<TokenStream> = dots.collect();
        let seed = self.read(*y_bar).tokens;
        let mut results = inst.results.as_slice();
        let (mut slots, mut sums) = (Vec::new(), Vec::new());
        let mut absorbed = TokenStream::new();
        for targets in targets.chunks(call.args.len().max(1)) {
            let own = targets.iter().filter(|target| matches!(target, Target::Value)).count();
            let (these, rest) = results.split_at(own.min(results.len()));
            results = rest;
            let these = self.slots(call, targets, these);
            slots.push(these.pattern);
            sums.push(these.accumulators);
            absorbed.extend(these.absorbed);
        }
        let payload = [
            quote_spanned!(site=> (#(#args,)*)),
            tangents,
            quote_spanned!(site=> (#seed, #(#dots,)*)),
            quote_spanned!(site=> (#((#sums),)*)),
        ];
        let order = call.components().ilog2() as usize + 1;
        let called = self.called(&call.callee, receiver.as_ref(), &pullback(order), &payload);
        self.push(quote_spanned!(site=> let (#((#slots),)*) = #called;));
        if !absorbed.is_empty() {
            self.push(absorbed);
        }
    }

    /// A zero like a value that is moved where it is read.
    fn zero_like(&mut self, value: ValueId) -> TokenStream {
        let ty = self.function.values[value].ty.clone();
        let like = self.read(value).tokens;
        let zero = super::shape::zero(&ty, &like, self.facade);
        if ty.has_literal_zero() {
            return zero;
        }
        let name = self.names.fresh("zero");
        self.push(quote_spanned!(Span::mixed_site()=> let #name = #zero;));
        quote_spanned!(Span::mixed_site()=> #name)
    }
}
