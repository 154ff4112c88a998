//! What stands before a companion: its documentation, the attributes and visibility of its primal.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Attribute, Visibility};

use super::companions::{Companion, Context};
use super::fallible::Fallible;
use super::shown::invented_at;
use crate::lower::Signature;
use crate::lower::signature::Param;

/// As many parameters as clippy lets pass.
const MOST_PARAMETERS: usize = 7;

/// The documentation of a companion.
pub(crate) fn docs(companion: &str, signature: &Signature, panics: Option<&str>) -> String {
    let docs = summary(companion, signature);
    match panics {
        Some(panics) if docs.contains("# Panics") => format!("{docs}\n\n{panics}"),
        Some(panics) => format!("{docs}\n\n# Panics\n\n{panics}"),
        None => docs,
    }
}

/// Where a function has so many parameters that clippy minds.
pub(crate) fn too_many(parameters: usize) -> Option<TokenStream> {
    (parameters > MOST_PARAMETERS)
        .then(|| quote_spanned!(Span::mixed_site()=> #[allow(clippy::too_many_arguments)]))
}

fn summary(companion: &str, signature: &Signature) -> String {
    let name = signature.name();
    // What a pullback and a pushforward take, a gradient may leave out: scratch memory.
    let is_meant = |param: &&Param| match companion {
        "jvp" | "vjp" => param.active,
        _ => param.wanted,
    };
    let names = signature.params.iter().filter(is_meant).filter_map(Param::ident);
    let wrt = names.map(|ident| format!("`{ident}`")).collect::<Vec<_>>().join(", ");
    match companion {
        "grad" => format!("The gradient of [`{name}`] with respect to {wrt}."),
        "value_and_grad" => {
            format!("The value of [`{name}`] and its gradient with respect to {wrt}.")
        }
        "value_and_grad_into" => format!(
            "The value of [`{name}`]; its gradient with respect to {wrt} overwrites the buffers.\n\n\
             # Panics\n\nIf a buffer is not as long as its parameter."
        ),
        "value_and_grad_add" => format!(
            "The value of [`{name}`]; its gradient with respect to {wrt} is added to the buffers.\n\n\
             # Panics\n\nIf a buffer is not as long as its parameter."
        ),
        "value_and_grad_with" => format!(
            "The value of [`{name}`]; its gradient with respect to {wrt} overwrites the buffers. What its \
             loops keep for the reverse sweep lies in the workspace, which a next call uses again.\n\n\
             # Panics\n\nIf a buffer is not as long as its parameter."
        ),
        "jvp" => format!(
            "The value of [`{name}`] and its tangent: the Jacobian with respect to {wrt}, times the tangents given."
        ),
        "vjp" => format!(
            "The value of [`{name}`] and its pullback: from the cotangent of the value to those of {wrt}."
        ),
        "hvp" => {
            format!("The Hessian of [`{name}`] with respect to {wrt}, times the tangents given.")
        }
        "hessian" => format!("The Hessian of [`{name}`] with respect to {wrt}."),
        "jacobian" if signature.params.iter().any(|param| param.exit) => format!(
            "The Jacobian of what [`{name}`] writes, with respect to {wrt}: row by row into the buffers.\n\n\
             `work` is memory for tangents, as long as the slices that are differentiated and once more \
             what is written to.\n\n\
             # Panics\n\nIf a buffer is not as long as its Jacobian, or `work` is too short."
        ),
        "jacobian" => format!(
            "The Jacobian of [`{name}`] with respect to {wrt}: a row for each element of the value."
        ),
        "graph" => format!("The computation graph of [`{name}`], with the partials by {wrt}."),
        _ => format!("A companion of [`{name}`]."),
    }
}

/// What the primal's documentation says of panics: its companions panic as it does.
pub(crate) fn panics(attributes: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(syn::MetaNameValue {
                value: syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }),
                ..
            }) => Some(text.value()),
            _ => None,
        })
        .flat_map(|text| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>())
        .collect();
    let start = lines.iter().position(|line| line == "# Panics")?;
    let section = lines.get(start + 1..)?.split(|line| line.starts_with("# ")).next()?;
    Some(section.join("\n").trim().to_owned())
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

/// Whether an attribute is of that name, with arguments or without.
pub(crate) fn is_attribute(attribute: &TokenStream, name: &str) -> bool {
    let text = attribute.to_string().replace(' ', "");
    let rest = text.strip_prefix("#[").and_then(|text| text.strip_prefix(name));
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

impl Context<'_> {
    /// The attributes of one companion.
    pub(crate) fn attributes_of(&self, companion: &Companion) -> TokenStream {
        let site = Span::mixed_site();
        let docs = match companion.docs.as_str() {
            "" => quote_spanned!(site=> (hidden)),
            docs => quote_spanned!(site=> = #docs),
        };
        // A pullback says itself that it must be used: only a reason may be added. What writes
        // gives what it is called for in the memory that it is given.
        let writes = self.has_exits() && matches!(companion.name, "jvp" | "vjp" | "jacobian");
        let fallible = self.signature.fallible();
        let is_pullback = companion.name == "vjp" && !writes && fallible.is_none();
        // So does a `Result`.
        let says_it =
            is_pullback || (fallible == Some(Fallible::Result) && !companion.docs.is_empty());
        let is_said = |copied: &TokenStream| {
            says_it && is_attribute(copied, "must_use") && !copied.to_string().contains('=')
        };
        let copied: Vec<&TokenStream> = self.attributes.iter().filter(|a| !is_said(a)).collect();
        let must_use = writes
            || says_it
            || copied.iter().any(|copied| copied.to_string().contains("must_use"))
            || companion.name.starts_with("value_and_grad_");
        let must_use = (!must_use).then(|| quote_spanned!(site=> #[must_use]));
        let too_many = self.has_too_many(companion);
        quote_spanned!(site=> #[doc #docs] #(#copied)* #must_use #too_many)
    }

    /// Clippy counts the parameters of companions, too. Where a crate forbids this `allow`, it
    /// forbids the companion.
    fn has_too_many(&self, companion: &Companion) -> Option<TokenStream> {
        let primal = self.signature.params.len();
        let count = primal + companion.extra.len();
        too_many(count).filter(|_| primal <= MOST_PARAMETERS)
    }

    /// What of the primal's attributes matters to code that nobody names.
    pub(crate) fn hidden_attributes(&self) -> TokenStream {
        let names = ["allow", "track_caller"];
        let copied = self.attributes.iter();
        copied
            .filter(|copied| names.iter().any(|name| is_attribute(copied, name)))
            .cloned()
            .collect()
    }

    /// `#[must_use]` of a hidden companion: what writes is also called for what it writes.
    pub(crate) fn hidden_must_use(&self) -> Option<TokenStream> {
        (!self.has_exits()).then(|| quote_spanned!(Span::mixed_site()=> #[must_use]))
    }

    /// Whether naming the primal is linted, and so is naming its companions.
    pub(crate) fn is_deprecated(&self) -> bool {
        self.attributes.iter().any(|attribute| is_attribute(attribute, "deprecated"))
    }
}

/// The visibility of the primal. rustc takes where `pub` was written for where the item was: it
/// would lint companions of functions that a `macro_rules!` makes.
pub(crate) fn invented(visibility: &Visibility) -> Visibility {
    let mut visibility = visibility.clone();
    match &mut visibility {
        Visibility::Public(token) => token.span = invented_at(token.span),
        Visibility::Restricted(vis) => vis.pub_token.span = invented_at(vis.pub_token.span),
        Visibility::Inherited => {}
    }
    visibility
}
