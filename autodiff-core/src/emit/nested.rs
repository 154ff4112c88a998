//! Companions that other annotated functions call: `f_grad` of a function of higher order is a
//! function of one order less.
//!
//! Nothing is differentiated for that. A companion of f is made of tangents of f and of tangents
//! of its pullback, and so are its own. The pullback of a tangent is the tangent of the pullback
//! with its halves exchanged, and as Hessians are symmetric, the pullback of a gradient is its
//! tangent. What is left is to arrange [components](crate::ir::Call::components): a call with one
//! direction more has the *lower* half of components, without it, and the *upper* half, along it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::parse_quote_spanned;

use super::arranged::Sum;
use super::attributes::is_attribute;
use super::companions::Context;
use super::higher::Components;
use super::pullback::Pullback;
use super::signature::{gradient_type, patterns_again, result_type};
use crate::diagnostics::Diagnostics;
use crate::ir::Ty;
use crate::lower::Signature;
use crate::lower::signature::Param;
use crate::options::Options;

/// Which companion is called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nested {
    /// x ↦ x̄
    Grad,
    /// x ↦ (y, x̄)
    ValueAndGrad,
    /// (x, ẋ) ↦ (y, ẏ)
    Jvp,
    /// (x, v) ↦ ∇²f · v
    Hvp,
}

impl Nested {
    fn name(self) -> &'static str {
        match self {
            Nested::Grad => "grad",
            Nested::ValueAndGrad => "value_and_grad",
            Nested::Jvp => "jvp",
            Nested::Hvp => "hvp",
        }
    }

    /// How often the function is differentiated by it.
    fn order(self) -> usize {
        match self {
            Nested::Grad | Nested::ValueAndGrad | Nested::Jvp => 1,
            Nested::Hvp => 2,
        }
    }

    /// Whether it takes tangents after the arguments.
    fn takes_tangents(self) -> bool {
        matches!(self, Nested::Jvp | Nested::Hvp)
    }
}

impl Context<'_> {
    /// The companions as functions, each by a type of its name.
    pub(crate) fn nested(&self, is_gradient: bool) -> TokenStream {
        if self.has_exits() {
            // They change what they are lent, in each component: no arrangement of calls does that.
            return TokenStream::new();
        }
        let options = self.options;
        let all = [
            (Nested::Grad, is_gradient),
            (Nested::ValueAndGrad, is_gradient),
            (Nested::Jvp, options.jvp),
            (Nested::Hvp, options.hvp.is_some() && is_gradient),
        ];
        let (mut tokens, order) = (TokenStream::new(), options.order());
        for (kind, _) in all.into_iter().filter(|(kind, asked)| *asked && kind.order() < order) {
            let Some(signature) = self.signature_of(kind) else { continue };
            let header = ([].as_slice(), &self.visibility);
            let text = signature.item.to_token_stream();
            let own = Context::new(header, &signature, options, &text, None);
            let arranged = Arranged { of: self, own: &own, kind };
            tokens.extend(arranged.companions(order - kind.order()));
        }
        tokens
    }

    /// The signature of a companion, read as that of any function.
    fn signature_of(&self, kind: Nested) -> Option<Signature> {
        let site = Span::mixed_site();
        let mut item = self.signature.item.clone();
        item.constness = None;
        item.ident = self.located(kind.name(), &item.ident);
        if kind.takes_tangents() {
            for (name, ty) in self.tangent_parameters() {
                item.inputs.push(parse_quote_spanned!(site=> #name: #ty));
            }
        }
        let gradient = gradient_type(self.signature, &self.facade);
        let (value, dot) = (result_type(self.signature), self.result_cotangent());
        let result = match kind {
            Nested::Grad | Nested::Hvp => gradient,
            Nested::ValueAndGrad => quote_spanned!(site=> (#value, #gradient)),
            Nested::Jvp => quote_spanned!(site=> (#value, #dot)),
        };
        item.output = parse_quote_spanned!(site=> -> #result);
        let constant = self.signature.params.iter().filter(|param| !param.active);
        let options = Options {
            constant: constant.filter_map(Param::ident).cloned().collect(),
            facade: self.options.facade.clone(),
            ..Options::default()
        };
        Signature::read(&item, &options, None, &mut Diagnostics::default())
    }
}

/// A companion whose derivatives are those of its function.
pub(super) struct Arranged<'a> {
    /// The context of the function.
    pub(super) of: &'a Context<'a>,
    /// That of the companion.
    pub(super) own: &'a Context<'a>,
    kind: Nested,
}

impl Arranged<'_> {
    /// All that callers need of a companion of this order.
    fn companions(&self, order: usize) -> TokenStream {
        let site = Span::mixed_site();
        let mut all = self.split();
        for order in 1..=order {
            let names = self.own.components(1 << order);
            let body = self.pushed(&names);
            all.extend(match (order, names.dots.first()) {
                (1, Some(dots)) => self.own.hidden_jvp_with(dots, &body),
                _ => self.own.pushforward_with(order, &body, &names),
            });
        }
        for order in 2..=order {
            let names = self.own.components(1 << (order - 1));
            all.extend(self.own.pullback_with(order, &self.pulled(&names), &names));
        }
        let cfgs = self.of.attributes.iter().filter(|copied| is_attribute(copied, "cfg"));
        let cfgs: TokenStream = cfgs.cloned().collect();
        let (visibility, name) = (&self.of.visibility, &self.own.signature.item.ident);
        let version = self.of.of_this_version(name, &cfgs);
        quote_spanned!(site=>
            #version
            #cfgs
            #[doc(hidden)]
            #visibility struct #name {}
            #cfgs
            impl #name { #all }
        )
    }

    /// The companion itself, and the first of its pullbacks.
    fn split(&self) -> TokenStream {
        let site = Span::mixed_site();
        let names = self.own.components(1);
        let body = self.pulled(&names);
        let again = patterns_again(self.own.signature, &body);
        let (elided, cotangent, accumulators, _) = self.own.pullback_types();
        let seed = &names.seeds;
        let sums = names.sums.iter().map(|names| self.own.in_tuple(names, &body));
        let (name, arguments) = (&self.own.signature.item.ident, self.own.arguments());
        let body = quote_spanned!(site=>
            (#name(#(#arguments),*), |(#(#again,)*): #elided, #(#seed)*: #cotangent, #(#sums)*: #accumulators| {
                let (returned,) = { #body };
                returned
            })
        );
        self.own.split_with(&body, Pullback::Opaque)
    }

    /// The tangents of the companion, by component.
    fn pushed(&self, names: &Components) -> TokenStream {
        let site = Span::mixed_site();
        let count = names.seeds.len();
        let lower = self.lower(names);
        if self.kind == Nested::Jvp {
            let all = [lower, self.upper(names)].concat();
            let (call, ys) = self.forward_call(&all);
            let pairs = ys.iter().zip(ys.iter().skip(count));
            let pairs = pairs.map(|(y, dot)| quote_spanned!(site=> (#y, #dot)));
            return quote_spanned!(site=> #call (#(#pairs),*));
        }
        let value = (self.kind == Nested::ValueAndGrad).then(|| self.forward_call(&lower));
        let (dots, own) = match self.kind {
            Nested::Hvp => ([lower, self.upper(names)].concat(), count),
            _ => (lower, 0),
        };
        let sum = |at| if at < own { Sum::Nothing } else { Sum::Own };
        let sums: Vec<Sum<'_>> = (0..=dots.len()).map(sum).collect();
        let (call, results) = self.reverse_call(&dots, &self.one(sums.len()), &sums);
        let gradients = results.iter().skip(own).map(|results| self.gradient(results));
        let Some((first, ys)) = value else {
            return quote_spanned!(site=> #call (#(#gradients),*));
        };
        quote_spanned!(site=> #first #call (#((#ys, #gradients)),*))
    }

    /// The cotangents of the companion's arguments, by component.
    fn pulled(&self, names: &Components) -> TokenStream {
        let site = Span::mixed_site();
        let count = names.seeds.len();
        let (mut taken, mut along, mut ys) = (TokenStream::new(), Vec::new(), Vec::new());
        for seed in &names.seeds {
            let (y, part) = (self.own.fresh(&format!("{seed}_y")), format!("{seed}_x"));
            let part = self.own.fresh(&part);
            if matches!(self.kind, Nested::ValueAndGrad | Nested::Jvp) {
                taken.extend(quote_spanned!(site=> let (#y, #part) = #seed;));
            } else {
                taken.extend(quote_spanned!(site=> let #part = #seed;));
            }
            along.push(part);
            ys.push(y.to_token_stream());
        }
        let seeds_along = || along.iter().map(|part| self.parts(part)).collect::<Vec<_>>();
        let own = names.sums.iter().map(|names| Sum::Given(self.given(names, Which::Argument)));
        let more = names.sums.iter().map(|names| Sum::Given(self.given(names, Which::Tangent)));
        let nothing = |count: usize| (0..count).map(|_| Sum::Nothing).collect::<Vec<_>>();
        let (own, more): (Vec<_>, Vec<_>) = (own.collect(), more.collect());
        let (dots, seeds, sums) = match self.kind {
            Nested::Grad | Nested::ValueAndGrad => {
                let dots = [self.lower(names), seeds_along()].concat();
                let ys = if self.kind == Nested::Grad { self.zeros(count) } else { ys };
                let seeds = [self.one(count), ys].concat();
                (dots, seeds, nothing(count).into_iter().chain(own).collect::<Vec<_>>())
            }
            Nested::Jvp => {
                let dots = [self.lower(names), self.upper(names)].concat();
                let along = along.iter().map(ToTokens::to_token_stream).collect();
                (dots, [along, ys].concat(), more.into_iter().chain(own).collect())
            }
            Nested::Hvp => {
                let first = [self.lower(names), self.upper(names)].concat();
                let none = vec![self.no_tangents(); count];
                let dots = [first, seeds_along(), none].concat();
                let sums = nothing(2 * count).into_iter().chain(more).chain(own).collect();
                (dots, self.one(4 * count), sums)
            }
        };
        let (call, results) = self.reverse_call(&dots, &seeds, &sums);
        let (arguments, tangents) = match self.kind {
            Nested::Grad | Nested::ValueAndGrad => (count, None),
            Nested::Jvp => (count, Some(0)),
            Nested::Hvp => (3 * count, Some(2 * count)),
        };
        let returned = (0..count).map(|at| {
            let of = |from: usize| results.get(from + at).into_iter().flatten();
            let more = tangents.map(|from| of(from).zip(&self.of.signature.params));
            let more = more.into_iter().flatten().filter(|(_, param)| param.active);
            let all = of(arguments).chain(more.map(|(result, _)| result));
            let all = all.map(|result| result.returned(site));
            quote_spanned!(site=> (#(#all,)*))
        });
        quote_spanned!(site=> #taken #call (#(#returned,)*))
    }

    /// The tangents of the function's arguments, of each component but the first.
    fn lower(&self, names: &Components) -> Vec<Vec<TokenStream>> {
        names.dots.iter().map(|names| self.named(names, Which::Argument)).collect()
    }

    /// The tangents that the companion was given, and their tangents.
    fn upper(&self, names: &Components) -> Vec<Vec<TokenStream>> {
        let site = Span::mixed_site();
        let given = self.of.per_parameter("dot");
        let first = self.by_parameter(|at| {
            let (_, name) = given.iter().find(|(param, _)| *param == at)?;
            Some(quote_spanned!(site=> ::core::option::Option::Some(#name)))
        });
        let more = names.dots.iter().map(|names| self.named(names, Which::Tangent));
        std::iter::once(first).chain(more).collect()
    }

    fn named(&self, names: &[(usize, Ident)], which: Which) -> Vec<TokenStream> {
        let given = self.given(names, which);
        self.by_parameter(|at| given.get(at).copied().flatten().map(ToTokens::to_token_stream))
    }

    /// Of names of the companion's parameters those that belong to the function's.
    fn given<'n>(&self, names: &'n [(usize, Ident)], which: Which) -> Vec<Option<&'n Ident>> {
        let params = &self.of.signature.params;
        let mut active = params.len()..;
        let place = |(at, param): (usize, &Param)| {
            let tangent = if param.active { active.next() } else { None };
            let at = if which == Which::Tangent { tangent } else { Some(at) };
            names.iter().find(|(param, _)| Some(*param) == at).map(|(_, name)| name)
        };
        params.iter().enumerate().map(place).collect()
    }

    /// A tangent for each parameter of the function.
    fn by_parameter(&self, of: impl Fn(usize) -> Option<TokenStream>) -> Vec<TokenStream> {
        let none = || quote_spanned!(Span::mixed_site()=> ::core::option::Option::None);
        (0..self.of.signature.params.len()).map(|at| of(at).unwrap_or_else(none)).collect()
    }

    fn no_tangents(&self) -> Vec<TokenStream> {
        self.by_parameter(|_| None)
    }

    /// The cotangent of a gradient, as a tangent.
    fn parts(&self, whole: &Ident) -> Vec<TokenStream> {
        let site = Span::mixed_site();
        let params = &self.of.signature.params;
        let wanted: Vec<usize> =
            params.iter().enumerate().filter(|(_, param)| param.wanted).map(|(at, _)| at).collect();
        self.by_parameter(|at| {
            let n = wanted.iter().position(|&wanted| wanted == at)?;
            let index = syn::Index::from(n);
            let part = (wanted.len() > 1).then(|| quote_spanned!(site=> .#index));
            let reference = (params.get(at)?.ty.ref_depth() > 0).then(|| quote_spanned!(site=> &));
            Some(quote_spanned!(site=> ::core::option::Option::Some(#reference #whole #part)))
        })
    }

    /// The cotangent 1, whose tangents are zero.
    fn one(&self, count: usize) -> Vec<TokenStream> {
        let one = self.of.facade.one(&Ty::Unknown);
        std::iter::once(one).chain(self.zeros(count.saturating_sub(1))).collect()
    }

    fn zeros(&self, count: usize) -> Vec<TokenStream> {
        vec![self.of.facade.zero(&Ty::Unknown); count]
    }
}

/// Which parameters of a companion are meant: those of its function, or the tangents after them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Argument,
    Tangent,
}
