//! The attributes of `autodiff`: a thin shell around `autodiff-core`.

use proc_macro::TokenStream;

/// Differentiates a function: emits `f_grad`, `f_value_and_grad` and what else is asked for.
///
/// See the documentation of the `autodiff` crate.
#[proc_macro_attribute]
pub fn grad(attribute: TokenStream, item: TokenStream) -> TokenStream {
    autodiff_core::grad(attribute.into(), item.into()).into()
}
