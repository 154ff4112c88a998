//! `#[grad(test(x = 0.5))]`: a `#[test]` that checks the gradient at a point.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::Expr;
use syn::ext::IdentExt;

use super::attributes::is_attribute;
use super::companions::Context;
use crate::diagnostics::{Diagnostics, Refusal};
use crate::lower::Signature;
use crate::lower::signature::Param;
use crate::options::Options;

/// Reports parameters that the test point leaves out, and names that are none.
pub(crate) fn check_point(signature: &Signature, options: &Options, diagnostics: &mut Diagnostics) {
    let Some((option, points)) = &options.test else { return };
    if !signature.returns_float() {
        diagnostics.refuse(&Refusal::NoSuchCompanion("test".to_owned()), option.span());
    }
    for (name, _) in points {
        if !signature.params.iter().any(|param| is_named(param, name)) {
            diagnostics.refuse(&Refusal::NotAParameter(name.to_string()), name.span());
        }
    }
    for param in &signature.params {
        let Some(ident) = param.ident() else { continue };
        if !points.iter().any(|(name, _)| is_named(param, name)) {
            let refusal = Refusal::TestPoint(crate::lower::plain_name(ident));
            diagnostics.refuse(&refusal, option.span());
        }
    }
}

fn is_named(param: &Param, name: &Ident) -> bool {
    param.ident().is_some_and(|ident| ident.unraw() == name.unraw())
}

impl Context<'_> {
    /// The test, if one is asked for.
    pub(crate) fn test(&self) -> TokenStream {
        let Some((option, points)) = &self.options.test else { return TokenStream::new() };
        let site = Span::mixed_site();
        let (mut lets, mut arguments, mut again) = (TokenStream::new(), Vec::new(), Vec::new());
        let (mut names, mut labels, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for param in &self.signature.params {
            let Some(ident) = param.ident() else { continue };
            let Some((_, point)) = points.iter().find(|(name, _)| is_named(param, name)) else {
                continue;
            };
            let owned = without_reference(point);
            let name = format_ident!("at_{}", crate::lower::plain_name(ident), span = site);
            lets.extend(quote_spanned!(site=> let #name = #owned;));
            let reference = param.ty.ref_depth() > 0;
            let clone = quote_spanned!(site=> ::core::clone::Clone::clone);
            again.push(by(reference, &quote_spanned!(site=> &#name), &clone));
            if param.active {
                labels.push(crate::lower::plain_name(ident));
                arguments.push(by(reference, &quote_spanned!(site=> #ident), &clone));
                values.push(quote_spanned!(site=> #clone(&#name)));
                names.push(ident);
            } else {
                arguments.push(by(reference, &quote_spanned!(site=> &#name), &clone));
            }
        }
        let function = &self.signature.item.ident;
        let test = format_ident!(
            "{}_gradient",
            self.signature.name(),
            span = Span::mixed_site().located_at(option.span())
        );
        let grad = if self.options.no_suffix {
            quote_spanned!(site=> #function::grad)
        } else {
            let grad = self.located("grad", function);
            quote_spanned!(site=> #grad)
        };
        let unwrapped = self.signature.fallible().map(|_| quote_spanned!(site=> .unwrap()));
        let (check, text) = (self.facade.check(), self.signature.name());
        let allows = self.attributes.iter().filter(|copied| is_attribute(copied, "allow"));
        quote_spanned!(site=>
            #[cfg(test)]
            #[test]
            #(#allows)*
            fn #test() {
                #lets
                #check::assert_gradient(
                    #text,
                    &[#(#labels),*],
                    |(#(#names,)*)| #function(#(#arguments),*)#unwrapped,
                    &(#(#values,)*),
                    &#grad(#(#again),*)#unwrapped,
                );
            }
        )
    }
}

fn by(reference: bool, value: &TokenStream, clone: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    if reference { value.clone() } else { quote_spanned!(site=> #clone(#value)) }
}

/// The point owns its values: `&[1.0, 2.0]` is written for a slice.
fn without_reference(point: &Expr) -> &Expr {
    match point {
        Expr::Reference(reference) => &reference.expr,
        point => point,
    }
}
