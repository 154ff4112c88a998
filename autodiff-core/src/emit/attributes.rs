//! What stands above a companion: its documentation, and the attributes of its primal.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Attribute;

use crate::lower::Signature;

/// The documentation of a companion.
pub(crate) fn docs(companion: &str, signature: &Signature) -> String {
    let name = signature.name();
    let active: Vec<String> = signature
        .params
        .iter()
        .filter(|param| param.active)
        .filter_map(|param| param.ident().map(|ident| format!("`{ident}`")))
        .collect();
    let wrt = active.join(", ");
    match companion {
        "grad" => format!("The gradient of [`{name}`] with respect to {wrt}."),
        "value_and_grad" => {
            format!("The value of [`{name}`] and its gradient with respect to {wrt}.")
        }
        "value_and_grad_into" => format!(
            "The value of [`{name}`]; its gradient with respect to {wrt} overwrites the buffers.\n\n\
             # Panics\n\nIf a buffer is not as long as its parameter."
        ),
        "jvp" => format!(
            "The value of [`{name}`] and its tangent: the Jacobian with respect to {wrt}, times the tangents given."
        ),
        "vjp" => format!(
            "The value of [`{name}`] and its pullback: from the cotangent of the value to those of {wrt}."
        ),
        _ => format!("A companion of [`{name}`]."),
    }
}

/// The attributes that companions share with their primal.
pub(crate) fn copied(attributes: &[Attribute]) -> Vec<TokenStream> {
    let mut copied = Vec::new();
    for attribute in attributes {
        let Some(name) = attribute.path().get_ident().map(ToString::to_string) else { continue };
        match name.as_str() {
            "cfg" | "inline" | "must_use" | "deprecated" | "track_caller" | "target_feature"
            | "allow" => copied.push(attribute.to_token_stream()),
            "cfg_attr" if is_copied_cfg_attr(attribute) => {
                copied.push(attribute.to_token_stream());
            }
            "expect" => {
                if let syn::Meta::List(list) = &attribute.meta {
                    let lints = &list.tokens;
                    copied.push(quote_spanned!(Span::mixed_site()=> #[allow(#lints)]));
                }
            }
            _ => {}
        }
    }
    copied
}

/// `cfg_attr` of an attribute that would be copied itself.
fn is_copied_cfg_attr(attribute: &Attribute) -> bool {
    let text = attribute.meta.to_token_stream().to_string();
    ["inline", "must_use", "deprecated", "track_caller", "target_feature", "allow", "cfg"]
        .iter()
        .any(|name| text.contains(&format!(", {name}")))
}

/// Whether an attribute decides if the item is there at all.
pub(crate) fn is_cfg(attribute: &TokenStream) -> bool {
    let text = attribute.to_string().replace(' ', "");
    text.starts_with("#[cfg(")
}
