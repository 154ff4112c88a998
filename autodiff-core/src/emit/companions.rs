//! The companions of a function: which there are, and what stands around their bodies.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Attribute, Visibility};

use super::attributes::{copied, docs, invented, is_attribute, panics};
use super::body::{Arguments, Derivative, Failure, Gives};
use super::derivatives::Derivatives;
use super::fallible::{payload_type, returning};
use super::names::Names;
use super::pullback::{Pullback, calls_itself, has_early_lifetime};
use super::shown::{enclosed_at, invented_at, shown_at, site_of};
use super::signature::{Mention, alone_or_tuple, gradient_type, mentioned, parameters};
use super::{Facade, Matrix, shape};
use crate::lower::Signature;
use crate::options::Options;
use crate::rule::Rule;

/// What every companion shares.
pub(crate) struct Context<'a> {
    pub(crate) signature: &'a Signature,
    pub(crate) options: &'a Options,
    pub(crate) facade: Facade,
    /// What the derivatives are, where they are given and not computed.
    pub(crate) rule: Option<&'a Rule>,
    /// What callers get as the pullback.
    pub(crate) pullback: Pullback,
    pub(crate) visibility: Visibility,
    pub(crate) attributes: Vec<TokenStream>,
    /// Whether it is of a function that only a companion calls.
    pub(crate) is_nested: bool,
    panics: Option<String>,
    /// What the user's tokens do not use.
    pub(crate) names: Names,
}

/// All companions of a function.
pub(crate) fn companions(
    (attributes, visibility, body): (&[Attribute], &Visibility, &TokenStream),
    signature: &Signature,
    options: &Options,
    derivatives: &Derivatives,
    rule: Option<&Rule>,
) -> TokenStream {
    let passed = super::passed::with_functions(signature, &derivatives.primal.body, options);
    let signature = passed.as_ref().unwrap_or(signature);
    let mut context = Context::new((attributes, visibility), signature, options, body, rule);
    let is_recursive = options.recursive || calls_itself(&derivatives.primal.body, signature);
    if is_recursive || signature.owner.is_none() && has_early_lifetime(signature) {
        context.pullback = Pullback::Boxed;
    }
    let context = context;
    let mut all = Vec::new();
    let printed = |function| context.derivative(function, derivatives);
    if let Some(Rule::Partials(rule)) = rule {
        all.extend(context.gradient_of_rule(rule));
    } else if rule.is_some_and(|rule| !rule.has_pullback()) {
        all.extend(context.without_gradient("HasPullback"));
    } else if let Some(both) = derivatives.value_and_gradient.as_ref().map(printed) {
        let gradient = derivatives.gradient.as_ref().map(printed);
        all.push(gradient.map_or_else(|| context.grad_of_both(), |of| context.grad(&of)));
        all.push(context.value_and_grad(&both));
        if context.has_buffers() {
            all.push(context.value_and_grad_into(&both));
        }
        if options.value_and_grad_add.is_some() {
            all.push(context.value_and_grad_add(&both));
        }
        if options.value_and_grad_with.is_some() {
            all.push(context.value_and_grad_with(&both));
        }
    }
    let pullback = derivatives.pullback.as_ref().map(printed);
    let pushforward = derivatives.pushforward.as_ref().map(printed);
    if derivatives.value_and_gradient.is_none() && rule.is_none_or(Rule::has_pullback) {
        all.extend(context.without_gradient("ReturnsOneFloat"));
    }
    if let (true, Some(pushforward)) = (options.jvp, &pushforward) {
        all.push(context.jvp(pushforward));
    }
    if let (true, Some(pullback)) = (options.vjp, &pullback) {
        all.push(if context.has_exits() {
            context.joint_vjp(pullback)
        } else {
            context.vjp(pullback)
        });
    }
    context.push_matrices(&mut all, derivatives);
    if let Some(graph) = &derivatives.beyond.graph {
        all.push(context.graph(graph));
        all.iter_mut().for_each(|companion| companion.illustrate(&graph.graph));
    }
    let hidden = match rule {
        Some(rule) => context.protocol_of(rule),
        None => context.protocol(pullback.as_ref(), pushforward.as_ref()),
    };
    let higher = derivatives.beyond.higher.as_ref().map(|of| context.higher(of));
    let patterns = context.patterns(&derivatives.beyond.matrices);
    let hidden = quote_spanned!(Span::mixed_site()=> #patterns #hidden #higher);
    let mut tokens = context.assemble(&all, &hidden);
    if higher.is_some() && context.has_type() && signature.fallible().is_none() {
        tokens.extend(context.nested(signature.returns_float()));
    }
    tokens.extend(context.test());
    tokens
}

/// A public companion.
pub(crate) struct Companion {
    pub(crate) name: &'static str,
    /// Empty for one that documentation does not show.
    pub(crate) docs: String,
    pub(crate) generics: syn::Generics,
    parameters: Vec<TokenStream>,
    arguments: Vec<Ident>,
    pub(crate) extra: Vec<(Ident, TokenStream)>,
    result: TokenStream,
    /// In braces: one token, however long it is.
    body: Group,
}

impl Companion {
    /// A companion that is not called at a point.
    pub(crate) fn without_parameters(self) -> Self {
        let generics = syn::Generics::default();
        Self { parameters: Vec::new(), arguments: Vec::new(), generics, ..self }
    }

    /// A companion whose closures change copies of the parameters.
    pub(crate) fn with_constant_parameters(self, signature: &Signature) -> Self {
        let parameters = super::signature::constant_parameters(signature, &self.body.stream());
        Self { parameters, ..self }
    }
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        (attributes, visibility): (&[Attribute], &Visibility),
        signature: &'a Signature,
        options: &'a Options,
        body: &TokenStream,
        rule: Option<&'a Rule>,
    ) -> Self {
        Self {
            signature,
            options,
            rule,
            pullback: Pullback::Opaque,
            facade: Facade::within(options, signature),
            visibility: invented(visibility),
            attributes: copied(attributes),
            is_nested: false,
            panics: panics(attributes),
            names: Names::beside([body.clone(), signature.item.to_token_stream()]),
        }
    }

    pub(crate) fn derivative(
        &'a self,
        function: &'a crate::ir::Function,
        derivatives: &Derivatives,
    ) -> Derivative<'a> {
        self.derivative_of(function, &derivatives.primal)
    }

    pub(crate) fn derivative_of(
        &'a self,
        function: &'a crate::ir::Function,
        primal: &crate::ir::Function,
    ) -> Derivative<'a> {
        Derivative::new(function, primal, self.signature, &self.facade, &self.names)
    }

    /// What is asked for of second order, and of functions with several results.
    fn push_matrices(&'a self, all: &mut Vec<Companion>, derivatives: &'a Derivatives) {
        let matrices = &derivatives.beyond.matrices;
        let printed = |function| self.derivative(function, derivatives);
        if let (Some(product), Some(_)) = (&matrices.product, &self.options.hvp) {
            all.push(self.hvp(&printed(product)));
        }
        if let Some(Matrix { way, function, .. }) = &matrices.hessian {
            all.push(self.hessian(&printed(function), *way));
        }
        if self.options.jacobian.is_some() && self.has_exits() {
            all.extend(self.jacobian_into());
        } else if let Some(Matrix { way, function, .. }) = &matrices.jacobian {
            all.push(self.jacobian(&printed(function), *way));
        }
    }

    fn grad(&self, derivative: &Derivative<'_>) -> Companion {
        let body = derivative.gradient(Gives::Gradient);
        let result = returning(self.signature, gradient_type(self.signature, &self.facade));
        self.companion("grad", &result, &[], &body)
    }

    fn value_and_grad(&self, derivative: &Derivative<'_>) -> Companion {
        let (value, gradient) =
            (payload_type(self.signature), gradient_type(self.signature, &self.facade));
        let result = quote_spanned!(Span::mixed_site()=> (#value, #gradient));
        let result = returning(self.signature, result);
        self.companion("value_and_grad", &result, &[], &derivative.gradient(Gives::Both))
    }

    /// A name for what belongs to each differentiated parameter.
    pub(crate) fn per_parameter(&self, suffix: &str) -> Vec<(usize, Ident)> {
        self.per_parameter_beside(&mut self.names.clone(), suffix)
    }

    /// The same, beside names that are taken.
    pub(crate) fn per_parameter_beside(
        &self,
        names: &mut Names,
        suffix: &str,
    ) -> Vec<(usize, Ident)> {
        let active = self.signature.params.iter().enumerate().filter(|(_, param)| param.active);
        active
            .map(|(at, param)| {
                let base = param.ident().map_or("argument".to_owned(), crate::lower::plain_name);
                (at, names.fresh(&format!("{}_{suffix}", base.trim_start_matches('_'))))
            })
            .collect()
    }

    fn jvp(&self, derivative: &Derivative<'_>) -> Companion {
        let names: Vec<Ident> =
            self.per_parameter("dot").into_iter().map(|(_, name)| name).collect();
        self.jvp_with(&derivative.pushforward(&names, Failure::Returns))
    }

    /// The tangents of the parameters, as parameters.
    pub(crate) fn tangent_parameters(&self) -> Vec<(Ident, TokenStream)> {
        self.per_parameter("dot")
            .into_iter()
            .filter_map(|(at, name)| {
                let param = self.signature.params.get(at)?;
                let lent = shape::lent(&param.ty, &self.facade);
                let ty = if param.exit {
                    quote_spanned!(Span::mixed_site()=> &mut #lent)
                } else {
                    shape::tangent(&param.ty, &self.facade)
                };
                Some((name, ty))
            })
            .collect()
    }

    pub(crate) fn jvp_with(&self, body: &TokenStream) -> Companion {
        let extra = self.tangent_parameters();
        let (value, dot) = (payload_type(self.signature), self.result_cotangent());
        let result = if self.signature.result.is_some() {
            returning(self.signature, quote_spanned!(Span::mixed_site()=> (#value, #dot)))
        } else {
            value
        };
        self.companion("jvp", &result, &extra, body)
    }

    /// The type of the result's tangent and cotangent.
    pub(crate) fn result_cotangent(&self) -> TokenStream {
        let nothing = || quote_spanned!(Span::mixed_site()=> ());
        self.signature.result.as_ref().map_or_else(nothing, |ty| shape::gradient(ty, &self.facade))
    }

    fn vjp(&self, derivative: &Derivative<'_>) -> Companion {
        let site = Span::mixed_site();
        let y_bar = self.fresh("y_bar");
        let cotangent = self.result_cotangent();
        let body = derivative.pullback(
            Arguments::Captured,
            &[],
            &y_bar,
            |printer| alone_or_tuple(&derivative.cotangents(printer)),
            |body| quote_spanned!(site=> move |#y_bar: #cotangent| { #body }),
        );
        self.vjp_with(&body, &quote_spanned!(site=> impl ::core::ops::FnOnce))
    }

    /// `f_vjp` with this body, which gives a pullback of this type.
    pub(crate) fn vjp_with(&self, body: &TokenStream, pullback: &TokenStream) -> Companion {
        let cotangent = self.result_cotangent();
        let (value, gradient) =
            (payload_type(self.signature), gradient_type(self.signature, &self.facade));
        let pair =
            quote_spanned!(Span::mixed_site()=> (#value, #pullback(#cotangent) -> #gradient));
        self.companion("vjp", &returning(self.signature, pair), &[], body)
    }

    /// A name that the user's tokens do not use.
    pub(crate) fn fresh(&self, hint: &str) -> Ident {
        self.names.clone().fresh(hint)
    }

    pub(crate) fn companion(
        &self,
        name: &'static str,
        result: &TokenStream,
        extra: &[(Ident, TokenStream)],
        body: &TokenStream,
    ) -> Companion {
        let mut names = Names::default();
        extra.iter().for_each(|(name, _)| names.reserve_ident(name));
        let arguments = self.signature.params.iter().map(|param| {
            let named = param.ident().map(crate::lower::plain_name);
            names.fresh(&named.unwrap_or_else(|| "argument".to_owned()))
        });
        let body = self.with_passed(body.clone());
        Companion {
            name,
            docs: docs(name, self.signature, self.panics.as_deref()),
            generics: self.signature.item.generics.clone(),
            parameters: parameters(self.signature, &body),
            arguments: arguments.collect(),
            extra: extra.to_vec(),
            result: result.clone(),
            body: Group::new(Delimiter::Brace, body),
        }
    }

    /// Whether there is a type of the function's name, and one of its gradient's.
    pub(crate) fn has_type(&self) -> bool {
        let options = self.options;
        !options.no_type && !options.no_suffix && self.signature.owner.is_none()
    }

    /// Every companion in its two spellings, and the type that carries one of them.
    pub(crate) fn assemble(&self, companions: &[Companion], hidden: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let associated = self.signature.owner.is_some();
        let with_type = !self.options.no_type && !associated;
        let suffixed = !self.options.no_suffix || associated;
        let mut tokens = TokenStream::new();
        let mut methods = TokenStream::new();
        for companion in companions {
            if suffixed && !self.is_users(companion) {
                tokens.extend(self.suffixed(companion));
            }
            if with_type {
                methods.extend(self.method(companion, suffixed));
            }
        }
        let cfgs = self.attributes.iter().filter(|copied| is_attribute(copied, "cfg"));
        let cfgs: TokenStream = cfgs.cloned().collect();
        if with_type {
            let (visibility, name) =
                (&self.visibility, self.located("", &self.signature.item.ident));
            tokens.extend(quote_spanned!(site=>
                #cfgs
                #[doc(hidden)]
                #visibility struct #name {}
                #cfgs
                impl #name { #methods #hidden }
            ));
            tokens.extend(self.of_this_version(&name, &cfgs));
            tokens.extend(self.as_function(&name, &cfgs));
        } else if associated {
            tokens.extend(hidden.clone());
        }
        if !associated {
            tokens.extend(self.use_of_primal(&cfgs));
        }
        tokens
    }

    /// Whether the user has written a companion, for a rule.
    fn is_users(&self, companion: &Companion) -> bool {
        let name = format!("{}_{}", self.signature.name(), companion.name);
        self.rule.is_some_and(|rule| rule.is_companion(&name))
    }

    /// A name of the user's with a suffix: found by the user, and by `go to definition`.
    pub(crate) fn located(&self, suffix: &str, name: &Ident) -> Ident {
        let plain = crate::lower::plain_name(name);
        let span = invented_at(name.span());
        if suffix.is_empty() {
            let mut name = name.clone();
            name.set_span(span);
            name
        } else {
            format_ident!("{plain}_{suffix}", span = span)
        }
    }

    fn suffixed(&self, companion: &Companion) -> TokenStream {
        let name = self.located(companion.name, &self.signature.item.ident);
        self.function(companion, &name, &companion.parameters, &companion.body)
    }

    fn function(
        &self,
        companion: &Companion,
        name: &Ident,
        parameters: &[TokenStream],
        body: &Group,
    ) -> TokenStream {
        let site = Span::mixed_site();
        let (attributes, visibility) = (self.attributes_of(companion), &self.visibility);
        let generics = &companion.generics;
        let where_clause = &generics.where_clause;
        let result = enclosed_at(companion.result.clone(), site_of(self.signature));
        let extra = extra_parameters(&companion.extra, &body.stream());
        quote_spanned!(site=>
            #attributes
            #visibility fn #name #generics (#(#parameters,)* #extra) -> #result #where_clause #body
        )
    }

    /// `f::grad`: calls `f_grad`, or holds the body where that is not emitted or not to be named.
    fn method(&self, companion: &Companion, suffixed: bool) -> TokenStream {
        let site = Span::mixed_site();
        let name = Ident::new(companion.name, site);
        if !suffixed || self.is_deprecated() {
            return self.function(companion, &name, &companion.parameters, &companion.body);
        }
        let types = self.signature.params.iter().map(|param| &param.item.ty);
        let arguments = &companion.arguments;
        let parameters: Vec<TokenStream> = arguments
            .iter()
            .zip(types)
            .map(|(argument, ty)| quote_spanned!(site=> #argument: #ty))
            .collect();
        let target = self.located(companion.name, &self.signature.item.ident);
        let extra = companion.extra.iter().map(|(name, _)| name);
        let turbofish = turbofish(&companion.generics);
        let call = quote_spanned!(site=> #target #turbofish (#(#arguments,)* #(#extra),*));
        let body = match site_of(self.signature) {
            Some(named) => shown_at(call, named),
            None => call,
        };
        self.function(companion, &name, &parameters, &Group::new(Delimiter::Brace, body))
    }
}

/// `::<N>`: what stands in the result only is not told by arguments. Of types, they tell.
fn turbofish(generics: &syn::Generics) -> Option<TokenStream> {
    let has_constants = generics.const_params().next().is_some();
    let names = generics.params.iter().filter_map(|param| match param {
        syn::GenericParam::Type(param) => Some(&param.ident),
        syn::GenericParam::Const(param) => Some(&param.ident),
        syn::GenericParam::Lifetime(_) => None,
    });
    let names: Vec<&Ident> = names.collect();
    has_constants.then(|| quote_spanned!(Span::mixed_site()=> ::<#(#names),*>))
}

/// Parameters that the primal does not have; what the body does not read is not named.
fn extra_parameters(extra: &[(Ident, TokenStream)], body: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    let parameters = extra.iter().map(|(name, ty)| {
        let unused = mentioned(body, name) == Mention::None;
        let name = if unused { format_ident!("_{name}") } else { name.clone() };
        quote_spanned!(site=> #name: #ty)
    });
    quote_spanned!(site=> #(#parameters),*)
}
