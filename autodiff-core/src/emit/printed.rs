//! Expressions as they are printed, and how tightly they bind.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;

/// How tightly an expression binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tightness {
    Statement,
    Or,
    And,
    Compare,
    Sum,
    Product,
    Unary,
    Atom,
}

/// A printed expression.
pub(crate) struct Printed {
    pub(crate) tokens: TokenStream,
    pub(crate) tightness: Tightness,
}

impl Printed {
    pub(crate) fn atom(tokens: TokenStream) -> Self {
        Self { tokens, tightness: Tightness::Atom }
    }

    pub(crate) fn new(tokens: TokenStream, tightness: Tightness) -> Self {
        Self { tokens, tightness }
    }

    /// In parentheses where it binds less tightly than its place.
    pub(crate) fn at_least(self, tightness: Tightness) -> TokenStream {
        let tokens = self.tokens;
        if self.tightness >= tightness {
            tokens
        } else {
            quote_spanned!(Span::mixed_site()=> (#tokens))
        }
    }
}

/// How tightly the user's own expression binds.
pub(crate) fn tightness_of(expr: &syn::Expr) -> Tightness {
    use syn::Expr as E;
    match expr {
        E::Path(_)
        | E::Lit(_)
        | E::Paren(_)
        | E::MethodCall(_)
        | E::Call(_)
        | E::Index(_)
        | E::Field(_)
        | E::Array(_)
        | E::Tuple(_)
        | E::Macro(_) => Tightness::Atom,
        E::Unary(_) | E::Reference(_) => Tightness::Unary,
        E::Binary(binary) => match binary.op {
            syn::BinOp::Mul(_) | syn::BinOp::Div(_) | syn::BinOp::Rem(_) => Tightness::Product,
            syn::BinOp::Add(_) | syn::BinOp::Sub(_) => Tightness::Sum,
            _ => Tightness::Statement,
        },
        _ => Tightness::Statement,
    }
}

/// A literal, which may have a sign.
pub(super) fn signed(number: f64, literal: TokenStream) -> Printed {
    let negative = number.is_sign_negative();
    Printed::new(literal, if negative { Tightness::Unary } else { Tightness::Atom })
}

/// The tokens between the parentheses that an expression stands in; those of a tuple stay.
pub(crate) fn unparenthesised(tokens: TokenStream) -> TokenStream {
    let mut trees = tokens.clone().into_iter();
    let (Some(TokenTree::Group(group)), None) = (trees.next(), trees.next()) else { return tokens };
    let is_comma = |tree: TokenTree| matches!(tree, TokenTree::Punct(p) if p.as_char() == ',');
    let is_tuple = group.stream().is_empty() || group.stream().into_iter().any(is_comma);
    if group.delimiter() != proc_macro2::Delimiter::Parenthesis || is_tuple {
        return tokens;
    }
    unparenthesised(group.stream())
}
