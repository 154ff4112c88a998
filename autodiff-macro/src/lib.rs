//! The attributes of `autodiff`: a thin shell around `autodiff-core`.

use proc_macro::TokenStream;

/// Derives the tangent of a struct or an enum.
///
/// See the documentation of the `autodiff` crate.
#[proc_macro_derive(Differentiable, attributes(differentiable))]
pub fn differentiable(item: TokenStream) -> TokenStream {
    autodiff_core::differentiable(item.into()).into()
}

/// Gives a function its derivatives: partials, or a pullback and a pushforward.
///
/// See the documentation of the `autodiff` crate.
#[proc_macro_attribute]
pub fn rule(attribute: TokenStream, item: TokenStream) -> TokenStream {
    autodiff_core::rule(attribute.into(), item.into()).into()
}

/// Differentiates a function: emits `f_grad`, `f_value_and_grad` and what else is asked for.
///
/// See the documentation of the `autodiff` crate.
#[proc_macro_attribute]
#[allow(clippy::print_stderr, reason = "`dump` asks for it")]
pub fn grad(attribute: TokenStream, item: TokenStream) -> TokenStream {
    if let Some(text) = autodiff_core::dump(attribute.clone().into(), item.clone().into()) {
        eprintln!("{text}");
    }
    autodiff_core::grad(attribute.into(), item.into()).into()
}
