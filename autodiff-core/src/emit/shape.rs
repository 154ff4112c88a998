//! How types look in a companion: gradients, tangents, accumulators, zeros.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::Facade;
use super::shown::{located, ours, shown_at};
use crate::ir::{FloatTy, Len, Ty};

/// What the gradient of a parameter of this type is.
pub(crate) fn gradient(ty: &Ty, facade: &Facade) -> TokenStream {
    let site = Span::mixed_site();
    match ty {
        Ty::Float(float) => float_name(float),
        Ty::Inert | Ty::Unknown => quote_spanned!(site=> ()),
        Ty::Tuple(fields) => {
            let fields = fields.iter().map(|field| gradient(field, facade));
            quote_spanned!(site=> (#(#fields,)*))
        }
        Ty::Array(element, len) => {
            let (element, len) = (gradient(element, facade), length(len));
            quote_spanned!(site=> [#element; #len])
        }
        Ty::Slice(element) | Ty::Vec(element) => {
            let element = gradient(element, facade);
            quote_spanned!(site=> ::std::vec::Vec<#element>)
        }
        Ty::Ref(inner) | Ty::Option(inner) => gradient(inner, facade),
        Ty::Named(name) => {
            let site = located(name);
            let (private, name) = (facade.private_at(site), ours(name, site));
            quote_spanned!(site=> <#name as #private::Differentiable>::Tangent)
        }
    }
}

/// The memory that a cotangent is added to, or written to: behind a `&mut`.
pub(crate) fn buffer(ty: &Ty, facade: &Facade) -> TokenStream {
    let site = Span::mixed_site();
    match ty.behind_refs() {
        Ty::Slice(element) | Ty::Vec(element) => {
            let element = gradient(element, facade);
            quote_spanned!(site=> [#element])
        }
        other => gradient(other, facade),
    }
}

/// What the tangent or cotangent of a `&mut` parameter is, behind a `&mut` of its own.
pub(crate) fn lent(ty: &Ty, facade: &Facade) -> TokenStream {
    let site = Span::mixed_site();
    match ty.behind_refs() {
        Ty::Slice(element) => {
            let element = gradient(element, facade);
            quote_spanned!(site=> [#element])
        }
        other => gradient(other, facade),
    }
}

/// The type of a tangent, passed as its primal is.
pub(crate) fn tangent(ty: &Ty, facade: &Facade) -> TokenStream {
    let site = Span::mixed_site();
    match ty {
        Ty::Ref(inner) => {
            let inner = tangent(inner, facade);
            quote_spanned!(site=> &#inner)
        }
        Ty::Slice(element) => {
            let element = gradient(element, facade);
            quote_spanned!(site=> [#element])
        }
        other => gradient(other, facade),
    }
}

pub(crate) fn float_name(float: &FloatTy) -> TokenStream {
    let site = Span::mixed_site();
    match float {
        FloatTy::F32 => quote_spanned!(site=> f32),
        FloatTy::F64 | FloatTy::Inferred => quote_spanned!(site=> f64),
        FloatTy::Param(name) => name.to_token_stream(),
    }
}

pub(crate) fn length(len: &Len) -> TokenStream {
    match len {
        Len::Literal(n) => {
            let n = proc_macro2::Literal::usize_unsuffixed(*n);
            quote_spanned!(Span::mixed_site()=> #n)
        }
        Len::Named(tokens) => tokens.clone(),
    }
}

/// Whether tokens are what a value that a jump delivers is at first.
fn is_placeholder(like: &TokenStream) -> bool {
    like.to_string().replace(' ', "") == "::core::default::Default::default()"
}

/// Where a sum begins that is added to at once: `x + -0.0` is `x` whatever `x` is, so that rustc
/// adds nothing, while `x + 0.0` is an operation. A `Vec` of zeros is had without writing them.
pub(crate) fn sum(ty: &Ty, like: &TokenStream, facade: &Facade) -> TokenStream {
    let site = Span::mixed_site();
    match ty {
        Ty::Float(float) if facade.lifted(float).is_none() => facade.number(-0.0, float),
        Ty::Tuple(fields) if fields.iter().all(Ty::has_literal_zero) => {
            let fields = fields.iter().map(|field| sum(field, like, facade));
            quote_spanned!(site=> (#(#fields,)*))
        }
        Ty::Array(element, len) if element.has_literal_zero() => {
            let (element, len) = (sum(element, like, facade), length(len));
            quote_spanned!(site=> [#element; #len])
        }
        other => zero(other, like, facade),
    }
}

/// A zero in the shape of the tangent of `like`.
pub(crate) fn zero(ty: &Ty, like: &TokenStream, facade: &Facade) -> TokenStream {
    let site = Span::mixed_site();
    match ty {
        Ty::Float(_) => facade.zero(ty),
        Ty::Inert => quote_spanned!(site=> ()),
        Ty::Tuple(fields) if fields.iter().all(Ty::has_literal_zero) => {
            let fields = fields.iter().map(|field| zero(field, like, facade));
            quote_spanned!(site=> (#(#fields,)*))
        }
        Ty::Array(element, len) if element.has_literal_zero() => {
            let (element, len) = (zero(element, like, facade), length(len));
            quote_spanned!(site=> [#element; #len])
        }
        Ty::Slice(element) | Ty::Vec(element) if element.has_literal_zero() => {
            let element = zero(element, like, facade);
            quote_spanned!(site=> ::std::vec![#element; #like.len()])
        }
        // What it is like may hold nothing.
        Ty::Option(inner) if !inner.has_literal_zero() => {
            quote_spanned!(site=> ::core::default::Default::default())
        }
        Ty::Ref(inner) | Ty::Option(inner) => zero(inner, like, facade),
        // Like a value that nobody looks at.
        Ty::Unknown if is_placeholder(like) => like.clone(),
        Ty::Named(name) => {
            let private = facade.private();
            shown_at(quote_spanned!(site=> #private::zero(&#like)), located(name))
        }
        Ty::Tuple(_) | Ty::Array(..) | Ty::Slice(_) | Ty::Vec(_) | Ty::Unknown => {
            let private = facade.private();
            quote_spanned!(site=> #private::zero(&#like))
        }
    }
}
