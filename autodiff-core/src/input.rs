//! The annotated item, in two steps: its header must parse, its body may fail on its own.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{Attribute, Block, Signature, Visibility};

use crate::diagnostics::{Diagnostics, Refusal};
use crate::lower::signature::Owner;
use crate::options::Options;

/// A function whose body has not been parsed.
pub(crate) struct Input {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    /// The body, braces included.
    pub(crate) tokens: TokenTree,
}

impl Input {
    /// Reads an item; anything but a function with a body is refused.
    pub(crate) fn read(item: TokenStream, diagnostics: &mut Diagnostics) -> Option<Self> {
        let span = item
            .clone()
            .into_iter()
            .find(|tree| !is_attribute(tree))
            .map_or_else(proc_macro2::Span::call_site, |tree| tree.span());
        if let Ok(input) = syn::parse2::<Self>(item) {
            if let Some(test) = input.attributes.iter().find(|a| a.path().is_ident("test")) {
                let span = syn::spanned::Spanned::span(test.path());
                diagnostics.refuse(&Refusal::TestFn, span);
                return None;
            }
            return Some(input);
        }
        diagnostics.refuse(&Refusal::NotAFunction, span);
        None
    }

    /// A function of an `impl` block.
    pub(crate) fn of(function: &syn::ImplItemFn) -> Option<Self> {
        let tokens = function.block.to_token_stream().into_iter().next()?;
        let mut signature = function.sig.clone();
        Ungroup.visit_signature_mut(&mut signature);
        let (attributes, visibility) = (function.attrs.clone(), function.vis.clone());
        Some(Self { attributes, visibility, signature, tokens })
    }

    /// What it is associated to, as its tokens or the options tell.
    pub(crate) fn owner(&self, options: &Options) -> Option<Owner> {
        let is_associated = options.associated
            || self.signature.receiver().is_some()
            || names_self(self.signature.to_token_stream())
            || names_self(self.tokens.to_token_stream());
        is_associated.then(Owner::default)
    }

    /// The body, parsed.
    pub(crate) fn body(&self, diagnostics: &mut Diagnostics) -> Option<Block> {
        match syn::parse2::<Body>(TokenStream::from(self.tokens.clone())) {
            Ok(Body(mut block)) => {
                Ungroup.visit_block_mut(&mut block);
                Some(block)
            }
            Err(error) => {
                diagnostics.leave_to_rustc(&Refusal::Syntax(error.to_string()));
                None
            }
        }
    }
}

/// The body of a function, which may begin with attributes and documentation of its own: they say
/// nothing of what it computes.
struct Body(Block);

impl Parse for Body {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let inside;
        let brace_token = syn::braced!(inside in input);
        inside.call(Attribute::parse_inner)?;
        Ok(Self(Block { brace_token, stmts: inside.call(Block::parse_within)? }))
    }
}

/// Whether tokens name the type that a function is associated to. (That of an `impl` inside the
/// function does not count, but who writes that can do without `#[grad]` on the outer function's
/// type.)
fn names_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == "Self",
        TokenTree::Group(group) => names_self(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// `#` and `[…]` before an item.
fn is_attribute(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Punct(punct) => punct.as_char() == '#',
        TokenTree::Group(group) => group.delimiter() == proc_macro2::Delimiter::Bracket,
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    }
}

/// Takes types out of the groups without delimiters in which a fragment `$ty:ty` of a
/// `macro_rules!` stands: there are as many ways to look at a type as there are passes.
struct Ungroup;

impl VisitMut for Ungroup {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        while let syn::Type::Group(group) = ty {
            *ty = (*group.elem).clone();
        }
        visit_type_mut(self, ty);
    }
}

/// What a fragment `$body:block` of a `macro_rules!` stands for.
fn ungrouped(tree: TokenTree) -> TokenTree {
    let mut inside = match &tree {
        TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::None => {
            group.stream().into_iter()
        }
        _ => return tree,
    };
    match (inside.next(), inside.next()) {
        (Some(one), None) => ungrouped(one),
        _ => tree,
    }
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let mut signature = input.parse()?;
        Ungroup.visit_signature_mut(&mut signature);
        let tokens = ungrouped(input.parse()?);
        let is_body = matches!(&tokens, TokenTree::Group(group)
            if group.delimiter() == proc_macro2::Delimiter::Brace);
        if !is_body {
            return Err(input.error("expected the body of a function"));
        }
        Ok(Self { attributes, visibility, signature, tokens })
    }
}
