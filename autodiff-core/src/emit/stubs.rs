//! Companions that are never run: for functions that are refused, and gradients that do not exist.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::{Attribute, GenericParam, Visibility, parse_quote_spanned};

use super::companions::{Companion, Context};
use super::fallible::{payload_type, returning};
use super::names::local;
use super::pullback::Pullback;
use super::signature::{argument_tuple, gradient_type, patterns_again, result_type};
use crate::lower::Signature;
use crate::options::Options;

/// Why companions are not to be run.
#[derive(Clone, Copy)]
pub enum Stub<'a> {
    /// The error has been reported; other code shall still type-check.
    Refused,
    /// rustc was left to say what is wrong: should it accept the primal after all, the
    /// companions stop the build with this message.
    LeftToRustc(&'a str),
    /// The primal never returns: neither do its companions. This is its body.
    NeverReturns(&'a TokenStream),
}

impl Stub<'_> {
    fn body(self) -> TokenStream {
        let site = Span::mixed_site();
        match self {
            Stub::Refused => quote_spanned!(site=> ::core::unreachable!()),
            Stub::LeftToRustc(message) => {
                quote_spanned!(site=> const { ::core::panic!("{}", #message) })
            }
            Stub::NeverReturns(body) => body.clone(),
        }
    }
}

/// Companions without a derivative in them.
#[must_use]
pub fn stubs(
    header: (&[Attribute], &Visibility),
    signature: &Signature,
    options: &Options,
    stub: Stub<'_>,
) -> TokenStream {
    let body = stub.body();
    let context = Context::new(header, signature, options, &body, None);
    let pullback = quote_spanned!(Span::mixed_site()=> fn);
    context.assemble(&context.stub_companions(&body, &pullback), &context.stub_protocol(&body))
}

/// The companions of a method that every implementation of its trait has: their bodies are of no
/// meaning.
pub(crate) fn declared(
    header: (&[Attribute], &Visibility),
    signature: &Signature,
    options: &Options,
) -> TokenStream {
    let nothing = TokenStream::new();
    let context = Context::new(header, signature, options, &nothing, None);
    let hidden = if context.has_impl_trait() {
        context.unprovided()
    } else {
        let split = context.split_with(&nothing, Pullback::Opaque);
        let jvp = context.hidden_jvp_with(&[], &nothing);
        let higher = context.higher_with(&nothing);
        quote_spanned!(Span::mixed_site()=> #split #jvp #higher)
    };
    let pullback = quote_spanned!(Span::mixed_site()=> impl ::core::ops::FnOnce);
    context.assemble(&context.stub_companions(&nothing, &pullback), &hidden)
}

impl Context<'_> {
    /// What stands in for the pullback of a method, where that cannot be named: as that would, it
    /// keeps rustc from accepting companions of a method that a trait provides. An `impl` could
    /// replace the value and keep the derivative.
    pub(crate) fn unprovided(&self) -> TokenStream {
        if self.signature.receiver().is_none() {
            return TokenStream::new();
        }
        let (name, captured) = (self.hidden("__unprovided"), self.captured_types());
        let generics = self.hidden_generics();
        let where_clause = &generics.where_clause;
        quote_spanned!(Span::mixed_site()=>
            #[doc(hidden)]
            #[allow(dead_code)]
            fn #name #generics () -> impl ::core::marker::Sized + #captured #where_clause {}
        )
    }

    /// The companions that are asked for, all with this body, and a pullback of this type.
    fn stub_companions(&self, body: &TokenStream, pullback: &TokenStream) -> Vec<Companion> {
        let (site, signature, options) = (Span::mixed_site(), self.signature, self.options);
        let (value, gradient) = (payload_type(signature), gradient_type(signature, &self.facade));
        let mut all = Vec::new();
        if signature.returns_float() {
            let both = returning(signature, quote_spanned!(site=> (#value, #gradient)));
            let gradient = returning(signature, gradient.clone());
            all.push(self.companion("grad", &gradient, &[], body));
            all.push(self.companion("value_and_grad", &both, &[], body));
            if self.has_buffers() {
                all.push(self.with_buffers(
                    "value_and_grad_into",
                    &self.per_parameter("bar"),
                    body,
                ));
            }
            if options.value_and_grad_add.is_some() {
                all.push(self.with_buffers("value_and_grad_add", &self.per_parameter("bar"), body));
            }
            if options.value_and_grad_with.is_some() {
                all.push(self.with_workspace(&self.per_parameter("bar"), body));
            }
        } else {
            all.extend(self.without_gradient("ReturnsOneFloat"));
        }
        if options.jvp {
            all.push(self.jvp_with(body));
        }
        if options.graph {
            all.push(self.graph_with(&quote_spanned!(site=> ::core::unreachable!())));
        }
        if options.vjp {
            all.push(self.vjp_with(body, pullback));
        }
        all.extend(self.matrix_stubs(&gradient, body));
        all
    }

    /// `f_grad` where there is none, as the result is not one float, say: calling it is an error
    /// that says what there is. The lifetime keeps rustc from checking the bound before somebody
    /// calls.
    pub(crate) fn without_gradient(&self, bound: &str) -> Vec<Companion> {
        let site = Span::mixed_site();
        let private = self.facade.private();
        let body = quote_spanned!(site=> ::core::unreachable!());
        let lifetime = syn::Lifetime::new("'companion", site);
        let function = quote_spanned!(site=> #private::Function<#lifetime>);
        let bound = Ident::new(bound, site);
        let one_float = quote_spanned!(site=> #private::#bound);
        let result = quote_spanned!(site=> <#function as #one_float>::Gradient);
        ["grad", "value_and_grad"]
            .into_iter()
            .map(|name| {
                let mut companion = self.companion(name, &result, &[], &body);
                companion.docs = String::new();
                let parameter = GenericParam::Lifetime(syn::LifetimeParam::new(lifetime.clone()));
                companion.generics.params.insert(0, parameter);
                let bound = parse_quote_spanned!(site=> #function: #one_float);
                companion.generics.make_where_clause().predicates.push(bound);
                companion
            })
            .collect()
    }

    /// What callers of a function that takes functions name: calling it is an error that says so.
    pub(crate) fn not_called(&self) -> TokenStream {
        let given = self.never("CalledWithFunctions");
        quote_spanned!(Span::mixed_site()=>
            #[doc(hidden)]
            pub fn __split<'companion, Callee, Args>(_: Callee, _: Args) #given
            #[doc(hidden)]
            pub fn __jvp<'companion, Callee, Args, Dots>(_: Callee, _: Args, _: Dots) #given
        )
    }

    /// What callers of a method by its path name, `V::norm(&v)`: the companions of a method are
    /// methods.
    pub(crate) fn not_by_path(&self) -> TokenStream {
        let has_block = self.signature.owner.as_ref().is_some_and(|owner| owner.has_block);
        if self.signature.receiver().is_none() || !has_block {
            return TokenStream::new();
        }
        let given = self.never("CalledByPath");
        let [split, jvp] = ["__split", "__jvp"]
            .map(|prefix| local(&format!("{prefix}_{}", self.signature.name())));
        let visibility = self.hidden_visibility();
        quote_spanned!(Span::mixed_site()=>
            #[doc(hidden)]
            #[allow(dead_code)]
            #visibility fn #split<'companion, Args>(_: Args) #given
            #[doc(hidden)]
            #[allow(dead_code)]
            #visibility fn #jvp<'companion, Args, Dots>(_: Args, _: Dots) #given
        )
    }

    /// The result and the body of what is an error to call, by a trait that nothing implements.
    fn never(&self, bound: &str) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        let function = quote_spanned!(site=> #private::Function<'companion>);
        let bound = Ident::new(bound, site);
        quote_spanned!(site=>
            -> <#function as #private::#bound>::Pair where #function: #private::#bound {
                ::core::unreachable!()
            }
        )
    }

    /// Hessians and Jacobians that were asked for.
    fn matrix_stubs(&self, gradient: &TokenStream, body: &TokenStream) -> Vec<Companion> {
        let mut all = Vec::new();
        if self.options.hvp.is_some() {
            all.push(self.companion("hvp", gradient, &self.directions(), body));
        }
        if self.options.hessian.is_some() {
            all.push(self.companion("hessian", &self.hessian_type(), &[], body));
        }
        if self.options.jacobian.is_some() {
            all.push(self.companion("jacobian", &self.jacobian_types(), &[], body));
        }
        all
    }

    /// What callers of such a function name.
    fn stub_protocol(&self, body: &TokenStream) -> TokenStream {
        if self.has_impl_trait() || self.signature.owner.is_some() {
            return TokenStream::new();
        }
        let site = Span::mixed_site();
        let (generics, callee) = (self.hidden_generics(), self.callee_parameter());
        let where_clause = &generics.where_clause;
        let (arguments, value) = (argument_tuple(self.signature), result_type(self.signature));
        let (elided, cotangent, accumulators, results) = self.pullback_types();
        let (split, jvp) = (self.hidden("__split"), self.hidden("__jvp"));
        let patterns = patterns_again(self.signature, body);
        let patterns = quote_spanned!(site=> (#(#patterns,)*));
        let (attributes, must_use) = (self.hidden_attributes(), self.hidden_must_use());
        let tangents = self.signature.params.iter().map(|param| self.hidden_tangent(param));
        quote_spanned!(site=>
            #[doc(hidden)]
            #must_use
            #attributes
            pub fn #split #generics (#callee #patterns: #arguments)
                -> (#value, fn(#elided, #cotangent, #accumulators) -> #results) #where_clause
            {
                #body
            }
            #[doc(hidden)]
            #must_use
            #attributes
            pub fn #jvp #generics (#callee #patterns: #arguments, _: (#(::core::option::Option<#tangents>,)*))
                -> (#value, #cotangent) #where_clause
            {
                #body
            }
        )
    }
}
