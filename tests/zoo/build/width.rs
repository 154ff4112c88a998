//! The same tokens, of the other width.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};

/// Of how many bits floats are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    Narrow,
    Wide,
}

/// What there is of `f64` only: its bits, and functions of the library.
const OF_ONE_WIDTH: [&str; 6] = ["to_bits", "from_bits", "u64", "i64", "linear", "implicit"];

/// Functions of wide floats only: in one, a number that has been an integer is converted a second
/// time, which is refused; others iterate until a step is shorter than narrow floats resolve.
const WIDE_ONLY: [&str; 5] =
    ["inert_parts", "implicit_step", "cube_root", "written", "calls_shadowed_inside"];

impl Width {
    pub(crate) const BOTH: [Self; 2] = [Self::Wide, Self::Narrow];

    pub(crate) fn float(self) -> Ident {
        let name = if self == Self::Narrow { "f32" } else { "f64" };
        Ident::new(name, Span::call_site())
    }

    pub(crate) fn module(self) -> Ident {
        let name = if self == Self::Narrow { "narrow" } else { "wide" };
        Ident::new(name, Span::call_site())
    }

    /// An item that is written for `f64`, in this width.
    pub(crate) fn of(self, item: &syn::Item) -> TokenStream {
        // What is generic over its float is of both widths.
        if self == Self::Wide || is_generic(item) {
            return item.to_token_stream();
        }
        let mut item = item.clone();
        Conversions.visit_item_mut(&mut item);
        narrow(item.to_token_stream())
    }

    /// Whether functions with these tokens are there in this width.
    pub(crate) fn has(self, item: &syn::Item) -> bool {
        let attributes: &[syn::Attribute] = match item {
            syn::Item::Fn(function) => &function.attrs,
            _ => &[],
        };
        let is_wide = |item: &syn::ItemFn| WIDE_ONLY.iter().any(|name| item.sig.ident == name);
        if matches!(item, syn::Item::Fn(item) if is_wide(item)) {
            return self == Self::Wide;
        }
        if let syn::Item::Fn(function) = item
            && is_generic(item)
            && mentions(&function.sig.to_token_stream(), &["f64"])
        {
            return self == Self::Wide;
        }
        // Conversions in the formulas of a rule stay as they are.
        let converts = |attr: &syn::Attribute| mentions(&attr.to_token_stream(), &["from"]);
        self == Self::Wide
            || !mentions(&item.to_token_stream(), &OF_ONE_WIDTH) && !attributes.iter().any(converts)
    }
}

fn is_generic(item: &syn::Item) -> bool {
    let generics = match item {
        syn::Item::Fn(item) => &item.sig.generics,
        syn::Item::Struct(item) => &item.generics,
        syn::Item::Enum(item) => &item.generics,
        syn::Item::Impl(item) => &item.generics,
        _ => return false,
    };
    let clause = &generics.where_clause;
    mentions(&quote!(#generics #clause), &["Real", "Lanes"])
}

fn mentions(tokens: &TokenStream, names: &[&str]) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => names.iter().any(|name| ident == name),
        TokenTree::Group(group) => mentions(&group.stream(), names),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// `f64::from(n)` → `Wide::from(n) as f64`: an `f32` is not made of every integer.
struct Conversions;

impl VisitMut for Conversions {
    fn visit_expr_mut(&mut self, expr: &mut syn::Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let syn::Expr::Call(call) = expr
            && call.func.to_token_stream().to_string() == "f64 :: from"
        {
            let args = &call.args;
            *expr = syn::Expr::Verbatim(quote!((::zoo::Wide::from(#args) as f64)));
        }
    }
}

fn narrow(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Ident(ident) if ident == "f64" => Ident::new("f32", ident.span()).into(),
            TokenTree::Group(group) => Group::new(group.delimiter(), narrow(group.stream())).into(),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let shorter = text.strip_suffix("f64").map(|number| format!("{number}f32"));
                let literal = shorter.and_then(|text| text.parse::<Literal>().ok());
                literal.map_or(TokenTree::Literal(text_literal(&text)), TokenTree::Literal)
            }
            other => other,
        })
        .collect()
}

fn text_literal(text: &str) -> Literal {
    text.parse().unwrap_or_else(|_| Literal::string(text))
}
