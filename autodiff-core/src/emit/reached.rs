//! Prints the user's tokens where some of their variables go by other names.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::printed::Tightness;
use super::printer::Printer;
use crate::ir::{Kind, ValueId};

impl Printer<'_> {
    /// The user's tokens where some of their variables are out of reach: those by other names.
    pub(crate) fn reached(&mut self, tokens: TokenStream, reads: &[ValueId]) -> TokenStream {
        let mut tokens = tokens;
        for &read in reads {
            let Some(home) = self.function.values[read].home.clone() else { continue };
            if self.use_home(read).is_none() {
                let name = self.function.bindings[home.binding].ident.clone();
                let value = if self.is_choice(read) {
                    self.missing(read)
                } else {
                    self.read(read).at_least(Tightness::Atom)
                };
                let mut depth = self.reference_depth(&home);
                if depth == 0 && self.is_lent_part(read) {
                    depth = 1;
                }
                if is_word(&tokens, &name) && self.is_number(read) {
                    // Alone it is a number to what reads it.
                    depth = 0;
                }
                tokens = substituted(tokens, &name, (&value, depth));
            }
        }
        tokens
    }

    /// Whether the code of a value without a name is a branch, which is not to stand in other code.
    pub(super) fn is_choice(&self, value: ValueId) -> bool {
        let inst = self.definitions.get(&value).filter(|_| !self.is_named(value));
        match inst.map(|inst| &inst.kind) {
            Some(Kind::Opaque { expr, .. }) => {
                matches!(crate::lower::unparenthesised(expr), syn::Expr::If(_))
            }
            Some(Kind::Reborrow(of)) => self.is_choice(*of),
            _ => false,
        }
    }

    /// How many references the variable is behind: what is read of it is the value itself.
    fn reference_depth(&self, home: &crate::ir::Home) -> usize {
        let versions = self.function.values.iter().map(|(_, value)| value);
        let here = versions.filter(|value| value.home.as_ref() == Some(home));
        here.map(|value| value.ty.ref_depth()).max().unwrap_or(0)
    }
}

/// Whether tokens are this variable and nothing else.
fn is_word(tokens: &TokenStream, name: &Ident) -> bool {
    let mut trees = tokens.clone().into_iter();
    let first = trees.next();
    matches!(first, Some(TokenTree::Ident(word)) if word == *name) && trees.next().is_none()
}

/// Tokens with a variable replaced; fields and methods of its name stay.
fn substituted(
    tokens: TokenStream,
    name: &Ident,
    (value, depth): (&TokenStream, usize),
) -> TokenStream {
    let mut after_dot = false;
    let mut replaced: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(tree) = tokens.next() {
        let dot = is_punct(&tree, '.');
        match tree {
            TokenTree::Ident(ident) if ident == *name && !after_dot => {
                let followed = tokens.peek().is_some_and(|next| is_punct(next, '.'));
                replaced = behind_references(replaced, followed, (value, depth));
            }
            TokenTree::Group(group) => {
                let inner = substituted(group.stream(), name, (value, depth));
                let mut changed = Group::new(group.delimiter(), inner);
                changed.set_span(group.span());
                replaced.push(TokenTree::Group(changed));
            }
            tree => replaced.push(tree),
        }
        after_dot = dot;
    }
    replaced.into_iter().collect()
}

/// A value in place of references to it: `*x` is the value itself, `x` a new reference.
fn behind_references(
    before: Vec<TokenTree>,
    followed: bool,
    (value, depth): (&TokenStream, usize),
) -> Vec<TokenTree> {
    let mut before = before;
    let mut depth = depth;
    // A star after an operand is a product.
    while depth > 0 && before.last().is_some_and(|last| is_punct(last, '*')) {
        let operand = before.len().checked_sub(2).and_then(|at| before.get(at));
        let is_product = operand.is_some_and(|tree| match tree {
            TokenTree::Punct(_) => false,
            TokenTree::Ident(_) | TokenTree::Literal(_) | TokenTree::Group(_) => true,
        });
        if is_product {
            break;
        }
        before.pop();
        depth -= 1;
    }
    let site = Span::mixed_site();
    let ampersands: TokenStream = std::iter::repeat_n(quote_spanned!(site=> &), depth).collect();
    let referenced = if followed || depth == 0 {
        value.clone()
    } else {
        quote_spanned!(site=> (#ampersands #value))
    };
    before.extend(referenced);
    before
}

fn is_punct(tree: &TokenTree, character: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == character)
}
