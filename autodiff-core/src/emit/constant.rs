//! Results that nothing flows into: their tangent is zero, in the shape of the value.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::body::Derivative;
use super::printer::Printer;
use super::shape;
use crate::ir::Ty;

impl Derivative<'_> {
    /// The zero tangent of a result whose shape its type tells.
    pub(crate) fn zero_result(&self) -> TokenStream {
        shape::zero(&self.result_type(), &TokenStream::new(), self.facade)
    }

    /// The result and its zero tangent. A `Vec`, and a type of the user's, must be there before
    /// its zero, which is made before the value is given away.
    pub(crate) fn constant_result(
        &self,
        printer: &mut Printer<'_>,
        value: TokenStream,
    ) -> (TokenStream, TokenStream) {
        let ty = self.result_type();
        // The zero of what may be absent is its default.
        if ty.has_literal_zero() || matches!(ty, Ty::Option(_)) {
            return (value, self.zero_result());
        }
        let site = Span::mixed_site();
        let name = Ident::new("value", site);
        let dot = Ident::new("value_dot", site);
        let like = quote_spanned!(site=> #name);
        let zero = shape::zero(&ty, &like, self.facade);
        printer.push(quote_spanned!(site=> let #name = #value;));
        printer.push(quote_spanned!(site=> let #dot = #zero;));
        (like, quote_spanned!(site=> #dot))
    }

    fn result_type(&self) -> Ty {
        self.signature.result.clone().unwrap_or(Ty::Inert)
    }
}
