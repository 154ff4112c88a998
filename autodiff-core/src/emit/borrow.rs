//! Variables that the user borrows mutably: until the borrow ends, they are read through it.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;

use super::printer::{Depth, Printer};
use crate::ir::{BindingId, Inst, Kind, Piece, Syntax};

/// A borrow that has not ended yet.
pub(crate) struct Borrow {
    /// The variable that is borrowed.
    pub(crate) binding: BindingId,
    /// The list of statements in which it is.
    pub(crate) depth: Depth,
    /// What the reference is called, where it is one to the whole variable.
    alias: Option<Ident>,
    /// What it was borrowed from: where that is mentioned again, the borrow is over.
    of: Option<Ident>,
}

/// How a variable is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access<'p> {
    /// By its name.
    Direct,
    /// Through a reference to the whole of it.
    Through(&'p Ident),
    /// Not at all: a part of it is borrowed.
    None,
}

impl Borrow {
    /// One that lasts to the end of its list.
    pub(crate) fn to_the_end((binding, depth): (BindingId, Depth)) -> Self {
        Self { binding, depth, alias: None, of: None }
    }
}

impl Printer<'_> {
    /// `let row = &mut a[..];` keeps others from reading `a`.
    pub(crate) fn note_borrow(&mut self, inst: &Inst, syntax: &Syntax) {
        if let Kind::Opaque { expr, reads, .. } = &inst.kind
            && let syn::Expr::Reference(borrow) = &**expr
            && borrow.mutability.is_some()
            && let Some(home) =
                reads.first().and_then(|&read| self.function.values[read].home.as_ref())
        {
            let alias = is_whole(&borrow.expr).then(|| bound_name(syntax)).flatten();
            let of = first_name(borrow.expr.to_token_stream());
            let (binding, depth) = (home.binding, self.depth());
            self.borrowed.push(Borrow { binding, depth, alias, of });
        }
    }

    /// How a variable is reached here.
    pub(crate) fn access(&self, binding: BindingId) -> Access<'_> {
        match self.borrowed.iter().rev().find(|borrow| borrow.binding == binding) {
            None => Access::Direct,
            Some(Borrow { alias: Some(alias), .. }) => Access::Through(alias),
            Some(Borrow { alias: None, .. }) => Access::None,
        }
    }

    /// Ends the borrows of parts of a variable.
    pub(crate) fn end_borrows_of(&mut self, binding: BindingId) {
        self.borrowed.retain(|borrow| borrow.binding != binding || borrow.alias.is_some());
    }

    /// Where the user names what is borrowed again, the borrow is over.
    pub(crate) fn end_borrows(&mut self, pieces: &[Piece]) {
        let named = |borrow: &Borrow| {
            borrow.of.as_ref().is_some_and(|of| super::syntax::mentions(pieces, of))
        };
        let Some(at) = self.borrowed.iter().position(named) else { return };
        let binding = self.borrowed.get(at).map(|borrow| borrow.binding);
        let mut position = 0;
        self.borrowed.retain(|borrow| {
            position += 1;
            position <= at || Some(borrow.binding) != binding
        });
    }
}

/// Whether a place is a whole variable, perhaps through a reference to it.
fn is_whole(place: &syn::Expr) -> bool {
    match place {
        syn::Expr::Path(_) => true,
        syn::Expr::Paren(of) => is_whole(&of.expr),
        syn::Expr::Unary(of) => is_whole(&of.expr),
        _ => false,
    }
}

/// The variable of a `let`.
fn bound_name(syntax: &Syntax) -> Option<Ident> {
    let Some(Piece::Tokens(pattern)) = syntax.pieces.get(1) else { return None };
    pattern.clone().into_iter().find_map(|tree| match tree {
        TokenTree::Ident(ident) if ident != "mut" => Some(ident),
        _ => None,
    })
}

fn first_name(tokens: TokenStream) -> Option<Ident> {
    tokens.into_iter().find_map(|tree| match tree {
        TokenTree::Ident(ident) => Some(ident),
        TokenTree::Group(group) => first_name(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}
