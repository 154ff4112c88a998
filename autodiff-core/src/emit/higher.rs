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
//!
//! Of a `&mut` parameter, arguments and tangents are memory that is changed: the n-th tangent has
//! the caller's, the tangent of a pullback copies of what was there before the call. Accumulators
//! hold the cotangents on return, and in the end those on entry.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use super::body::Derivative;
use super::companions::Context;
use super::hidden::HiddenFunction;
use super::printer::{Printer, Shadow};
use super::protocol::used_or_wild;
use super::signature::{Mention, mentioned, result_type};
use crate::hash::HashMap;
use crate::ir::{Function, Output, Ty, ValueId, VarId};

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

/// What a derivative has beside the parameters of the function.
enum Added {
    /// A value.
    Value(Ident),
    /// Memory of the caller's, that is changed in place.
    Lent(Ident),
}

impl Derivative<'_> {
    /// The names of the added parameters, and of the variables that are memory of the caller's.
    fn added(&self, all: Vec<Added>) -> (Vec<(ValueId, Ident)>, HashMap<VarId, Shadow>) {
        let (mut values, mut shadows) = (Vec::new(), HashMap::default());
        let params = self.function.params.iter().skip(self.signature.params.len());
        for ((n, &param), added) in params.enumerate().zip(all) {
            let name = match added {
                Added::Value(name) => name,
                Added::Lent(name) => {
                    let var = self.started_from(n);
                    shadows.extend(var.map(|var| (var, Shadow::Sum(name.clone()))));
                    name
                }
            };
            values.push((param, name));
        }
        (values, shadows)
    }
}

impl Context<'_> {
    /// How the tangent of a parameter is reached.
    fn reached(&self, param: usize, name: &Ident) -> Added {
        if self.is_exit(param) { Added::Lent(name.clone()) } else { Added::Value(name.clone()) }
    }

    /// Whether a parameter is a `&mut` to something differentiable.
    fn is_exit(&self, param: usize) -> bool {
        self.signature.params.get(param).is_some_and(|param| param.exit)
    }

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

    /// Both families, as far as the options say, all with this body.
    pub(crate) fn higher_with(&self, body: &TokenStream) -> TokenStream {
        let of = |order: usize| {
            let pullback = self.pullback_with(order, body, &self.components(1 << (order - 1)));
            let pushforward = self.pushforward_with(order, body, &self.components(1 << order));
            quote_spanned!(Span::mixed_site()=> #pullback #pushforward)
        };
        (2..=self.options.order()).map(of).collect()
    }

    /// `__needs_order_n`.
    fn pullback_of_order(&self, order: usize, of: &Derivative<'_>) -> TokenStream {
        let site = Span::mixed_site();
        let names = self.components(1 << (order - 1));
        let mut added = Vec::new();
        for (component, seed) in names.seeds.iter().enumerate() {
            let dots = component.checked_sub(1).and_then(|at| names.dots.get(at));
            added.extend(dots.into_iter().flatten().map(|(at, name)| self.reached(*at, name)));
            added.extend(self.signature.result.is_some().then(|| Added::Value(seed.clone())));
            let bars = names.sums.get(component).into_iter().flatten();
            added.extend(
                bars.filter(|(at, _)| self.is_exit(*at)).map(|(_, bar)| Added::Lent(bar.clone())),
            );
        }
        let (extra, shadows) = of.added(added);
        let taken = names.sums.concat();
        let body = of.print(&shadows, &extra, &taken, |printer| {
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
        let dots = names.dots.iter().flatten();
        let (extra, shadows) = of.added(dots.map(|(at, name)| self.reached(*at, name)).collect());
        let body = of.print(&shadows, &extra, &[], |printer| {
            of.forward(printer);
            if self.signature.result.is_none() {
                let nothing = (0..=names.dots.len()).map(|_| quote_spanned!(site=> ()));
                printer.push(quote_spanned!(site=> (#(#nothing),*)));
                return printer.finish();
            }
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
            if param.exit { ty } else { quote_spanned!(site=> ::core::option::Option<#ty>) }
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
            if param.exit {
                // It is where the cotangent was.
                returned.push(quote_spanned!(site=> ()));
                continue;
            }
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
            let used = mentioned(body, name) != Mention::None && !self.is_exit(*at);
            if let (true, Some(param)) = (used, self.signature.params.get(*at)) {
                zeros.extend(self.unwrap_tangent(name, param));
            }
        }
        quote_spanned!(Span::mixed_site()=> #zeros #body)
    }
}
