//! Names: those that a pattern binds, those that code mentions. Compared as texts, which errs on
//! the safe side where macros give one text to two variables.

use crate::hash::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, Pat, Token};

/// A variable of a pattern, and whether it is `mut`.
pub(crate) type Variable = (Ident, Option<Token![mut]>);

/// The variables that a pattern binds, each once.
pub(crate) fn bound_by(pattern: &Pat) -> Vec<Variable> {
    let mut bound = Bound(Vec::new());
    bound.visit_pat(pattern);
    bound.0
}

/// The variables that the `let`s of a condition bind.
pub(super) fn bound_in_condition(cond: &Expr) -> Vec<Variable> {
    match cond {
        Expr::Let(binding) => bound_by(&binding.pat),
        Expr::Binary(binary) => {
            let mut bound = bound_in_condition(&binary.left);
            bound.extend(bound_in_condition(&binary.right));
            bound
        }
        Expr::Paren(inner) => bound_in_condition(&inner.expr),
        Expr::Group(inner) => bound_in_condition(&inner.expr),
        _ => Vec::new(),
    }
}

struct Bound(Vec<Variable>);

impl Visit<'_> for Bound {
    fn visit_pat_ident(&mut self, ident: &syn::PatIdent) {
        let name = ident.ident.to_string();
        // `None` and `LIMIT` look like variables.
        let plain = ident.by_ref.is_none() && ident.mutability.is_none();
        let constant = plain && ident.subpat.is_none() && name.starts_with(char::is_uppercase);
        if !constant && !self.0.iter().any(|(known, _)| *known == ident.ident) {
            self.0.push((ident.ident.clone(), ident.mutability));
        }
        visit::visit_pat_ident(self, ident);
    }

    fn visit_expr(&mut self, _: &Expr) {}
}

/// Every name that occurs in tokens, also inside of format strings.
pub(crate) fn mentioned(tokens: impl ToTokens) -> HashSet<String> {
    let mut names = HashSet::default();
    collect(tokens.to_token_stream(), &mut names);
    names
}

fn collect(tokens: TokenStream, names: &mut HashSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => {
                names.insert(crate::lower::plain_name(&ident));
            }
            TokenTree::Group(group) => collect(group.stream(), names),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                names.extend(words.map(str::to_owned));
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// Whether a temporary of an expression may be a lock or a borrow that is checked at run time:
/// it must not be held longer than in the source.
pub(super) fn holds(expr: &Expr) -> bool {
    const GUARDS: [&str; 10] = [
        "borrow",
        "borrow_mut",
        "lock",
        "read",
        "try_borrow",
        "try_borrow_mut",
        "try_lock",
        "try_read",
        "try_write",
        "write",
    ];
    let names = mentioned(expr);
    GUARDS.iter().any(|guard| names.contains(*guard))
}
