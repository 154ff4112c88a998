//! How types look in a companion: gradients, tangents, accumulators, zeros.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::Facade;
use crate::ir::{FloatTy, Len, Ty};

/// What the gradient of a parameter of this type is.
pub(crate) fn gradient(ty: &Ty) -> TokenStream {
    let site = Span::mixed_site();
    match ty {
        Ty::Float(float) => float_name(*float),
        Ty::Inert | Ty::Unknown => quote_spanned!(site=> ()),
        Ty::Tuple(fields) => {
            let fields = fields.iter().map(gradient);
            quote_spanned!(site=> (#(#fields,)*))
        }
        Ty::Array(element, len) => {
            let (element, len) = (gradient(element), length(len));
            quote_spanned!(site=> [#element; #len])
        }
        Ty::Slice(element) | Ty::Vec(element) => {
            let element = gradient(element);
            quote_spanned!(site=> ::std::vec::Vec<#element>)
        }
        Ty::Ref(inner) | Ty::Option(inner) => gradient(inner),
    }
}

/// The memory that a cotangent is added to, or written to: behind a `&mut`.
pub(crate) fn buffer(ty: &Ty) -> TokenStream {
    let site = Span::mixed_site();
    match ty.behind_refs() {
        Ty::Slice(element) | Ty::Vec(element) => {
            let element = gradient(element);
            quote_spanned!(site=> [#element])
        }
        other => gradient(other),
    }
}

/// What the tangent or cotangent of a `&mut` parameter is, behind a `&mut` of its own.
pub(crate) fn lent(ty: &Ty) -> TokenStream {
    let site = Span::mixed_site();
    match ty.behind_refs() {
        Ty::Slice(element) => {
            let element = gradient(element);
            quote_spanned!(site=> [#element])
        }
        other => gradient(other),
    }
}

/// The type of a tangent, passed as its primal is.
pub(crate) fn tangent(ty: &Ty) -> TokenStream {
    let site = Span::mixed_site();
    match ty {
        Ty::Ref(inner) => {
            let inner = tangent(inner);
            quote_spanned!(site=> &#inner)
        }
        Ty::Slice(element) => {
            let element = gradient(element);
            quote_spanned!(site=> [#element])
        }
        other => gradient(other),
    }
}

pub(crate) fn float_name(float: FloatTy) -> TokenStream {
    let site = Span::mixed_site();
    match float {
        FloatTy::F32 => quote_spanned!(site=> f32),
        FloatTy::F64 | FloatTy::Inferred => quote_spanned!(site=> f64),
    }
}

fn length(len: &Len) -> TokenStream {
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

/// A zero in the shape of the tangent of `like`.
pub(crate) fn zero(ty: &Ty, like: &TokenStream, facade: &Facade) -> TokenStream {
    let site = Span::mixed_site();
    match ty {
        Ty::Float(_) => quote_spanned!(site=> 0.0),
        Ty::Inert => quote_spanned!(site=> ()),
        Ty::Tuple(fields) if fields.iter().all(|field| !field.is_run_time_sized()) => {
            let fields = fields.iter().map(|field| zero(field, like, facade));
            quote_spanned!(site=> (#(#fields,)*))
        }
        Ty::Array(element, len) if !element.is_run_time_sized() => {
            let (element, len) = (zero(element, like, facade), length(len));
            quote_spanned!(site=> [#element; #len])
        }
        Ty::Slice(element) | Ty::Vec(element) if !element.is_run_time_sized() => {
            let element = zero(element, like, facade);
            quote_spanned!(site=> ::std::vec![#element; #like.len()])
        }
        // What it is like may hold nothing.
        Ty::Option(inner) if inner.is_run_time_sized() || inner.has_unknown() => {
            quote_spanned!(site=> ::core::default::Default::default())
        }
        Ty::Ref(inner) | Ty::Option(inner) => zero(inner, like, facade),
        // Like a value that nobody looks at.
        Ty::Unknown if is_placeholder(like) => like.clone(),
        Ty::Unknown | Ty::Tuple(_) | Ty::Array(..) | Ty::Slice(_) | Ty::Vec(_) => {
            let private = facade.private();
            quote_spanned!(site=> #private::Differentiable::zero_tangent(&#like))
        }
    }
}
