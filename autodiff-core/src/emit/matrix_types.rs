//! The types of Hessians and Jacobians.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::companions::Context;
use super::shape;
use super::signature::alone_or_tuple;
use crate::ir::{Len, Ty};
use crate::lower::signature::Param;

impl Context<'_> {
    /// The types of the Jacobians, one for each parameter.
    pub(crate) fn jacobian_types(&self) -> TokenStream {
        let types: Vec<TokenStream> =
            self.wanted().map(|(_, param)| self.jacobian_type(param)).collect();
        alone_or_tuple(&types)
    }

    /// `[[f64; N]; N]`
    pub(crate) fn hessian_type(&self) -> TokenStream {
        let site = Span::mixed_site();
        let wanted: Vec<&Param> = self.wanted().map(|(_, param)| param).collect();
        match wanted.as_slice() {
            [param] => match param.ty.behind_refs() {
                Ty::Float(float) => {
                    let float = shape::float_name(float);
                    quote_spanned!(site=> [[#float; 1]; 1])
                }
                Ty::Array(_, len) => {
                    let (row, len) = (shape::gradient(&param.ty, &self.facade), shape::length(len));
                    quote_spanned!(site=> [#row; #len])
                }
                _ => {
                    let row = shape::gradient(&param.ty, &self.facade);
                    quote_spanned!(site=> ::std::vec::Vec<#row>)
                }
            },
            scalars => {
                let first = scalars.first().map(|param| shape::gradient(&param.ty, &self.facade));
                let n = proc_macro2::Literal::usize_unsuffixed(scalars.len());
                quote_spanned!(site=> [[#first; #n]; #n])
            }
        }
    }

    fn jacobian_type(&self, param: &Param) -> TokenStream {
        let site = Span::mixed_site();
        let row = shape::gradient(&param.ty, &self.facade);
        let run_time = param.ty.is_run_time_sized();
        let rows = match self.signature.payload() {
            Some(Ty::Array(_, len)) => Some(shape::length(len)),
            Some(Ty::Tuple(fields)) => Some(shape::length(&Len::Literal(fields.len()))),
            _ => None,
        };
        let is_scalar = matches!(param.ty.behind_refs(), Ty::Float(_));
        match (rows, is_scalar) {
            (Some(rows), true) => quote_spanned!(site=> [#row; #rows]),
            (None, true) => quote_spanned!(site=> ::std::vec::Vec<#row>),
            (Some(rows), false) if !run_time => quote_spanned!(site=> [#row; #rows]),
            _ => {
                let float = match param.ty.behind_refs() {
                    Ty::Array(item, _) | Ty::Slice(item) | Ty::Vec(item) => {
                        shape::gradient(item, &self.facade)
                    }
                    other => shape::gradient(other, &self.facade),
                };
                quote_spanned!(site=> ::std::vec::Vec<::std::vec::Vec<#float>>)
            }
        }
    }
}
