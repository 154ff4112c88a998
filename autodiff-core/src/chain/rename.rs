//! Other names for the variables of closures, where the tokens of others could see them.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprClosure, Stmt};

use super::order::Mentions;
use super::run::Rewriter;
use super::{Built, Unread};
use crate::emit::names::Names;
use crate::hash::HashSet;
use crate::lower::plain_name;
use crate::structure::mentions::{bound_by, mentioned};

impl Rewriter<'_> {
    /// A closure whose variables no other tokens mention.
    pub(super) fn renamed(&mut self, closure: &ExprClosure, method: &Ident) -> Built<ExprClosure> {
        let inside = Mentions::of(closure.to_token_stream());
        let mut closure = closure.clone();
        let mentions = self.mentions.clone();
        let mut others = Others {
            clashes: &|name| mentions.beyond(&inside, name),
            names: self.scene.names,
            site: self.site,
            stuck: false,
        };
        others.closure(&mut closure);
        if others.stuck { Err(Unread::at(method)) } else { Ok(closure) }
    }
}

/// Variables that closures bind and that have names which a closure with a name captures: they get
/// others, or a call of that closure would find them in place of what it captures.
pub(crate) fn apart(expr: &mut Expr, captured: &HashSet<String>, names: &mut Names) {
    if !captured.is_empty() {
        let site = Span::mixed_site();
        let mut others =
            Others { clashes: &|name| captured.contains(name), names, site, stuck: false };
        others.visit_expr_mut(expr);
    }
}

/// Gives the variables of closures other names.
struct Others<'o> {
    clashes: &'o dyn Fn(&str) -> bool,
    names: &'o mut Names,
    site: Span,
    /// One keeps its name: a text may name it, a format string say.
    stuck: bool,
}

impl VisitMut for Others<'_> {
    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        self.closure(closure);
        visit_mut::visit_expr_closure_mut(self, closure);
    }
}

impl Others<'_> {
    /// The parameters, and what `let`s of the body bind.
    fn closure(&mut self, closure: &mut ExprClosure) {
        let params: Vec<Ident> = closure.inputs.iter().flat_map(bound_by).map(|it| it.0).collect();
        for from in params {
            let Some(mut rename) = self.rename(from, &closure.body) else { continue };
            closure.inputs.iter_mut().for_each(|pattern| rename.visit_pat_mut(pattern));
            rename.visit_expr_mut(&mut closure.body);
        }
        if let Expr::Block(of) = &mut *closure.body {
            self.block(&mut of.block);
        }
    }

    fn block(&mut self, block: &mut Block) {
        for at in 0..block.stmts.len() {
            let Some((Stmt::Local(local), rest)) =
                block.stmts.get_mut(at..).and_then(<[Stmt]>::split_first_mut)
            else {
                continue;
            };
            for (from, _) in bound_by(&local.pat) {
                let seen: TokenStream = rest.iter().map(ToTokens::to_token_stream).collect();
                let Some(mut rename) = self.rename(from, seen) else { continue };
                rename.visit_pat_mut(&mut local.pat);
                rest.iter_mut().for_each(|stmt| rename.visit_stmt_mut(stmt));
            }
        }
    }

    /// A new name for a variable that needs one.
    fn rename(&mut self, from: Ident, seen: impl ToTokens) -> Option<Rename> {
        let name = plain_name(&from);
        if !(self.clashes)(&name) {
            return None;
        }
        if in_texts(&seen.to_token_stream(), &name) {
            self.stuck = true;
            return None;
        }
        let mut to = self.names.fresh(&name);
        to.set_span(self.site);
        Some(Rename { from, to })
    }
}

/// Whether a literal in tokens has a name in it.
fn in_texts(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Literal(literal) => mentioned(literal).contains(name),
        TokenTree::Group(group) => in_texts(&group.stream(), name),
        TokenTree::Ident(_) | TokenTree::Punct(_) => false,
    })
}

/// Gives a variable another name, wherever it occurs.
struct Rename {
    from: Ident,
    to: Ident,
}

impl VisitMut for Rename {
    fn visit_pat_ident_mut(&mut self, pattern: &mut syn::PatIdent) {
        if pattern.ident == self.from {
            pattern.ident = self.to.clone();
        }
        visit_mut::visit_pat_ident_mut(self, pattern);
    }

    fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
        if path.path.is_ident(&self.from) {
            path.path = self.to.clone().into();
        }
    }

    /// `Point { x }` is `Point { x: x_1 }`.
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if matches!(&field.expr, Expr::Path(path) if path.path.is_ident(&self.from)) {
            field.colon_token.get_or_insert_with(Default::default);
        }
        visit_mut::visit_field_value_mut(self, field);
    }

    fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
        if bound_by(&field.pat).iter().any(|(ident, _)| *ident == self.from) {
            field.colon_token.get_or_insert_with(Default::default);
        }
        visit_mut::visit_field_pat_mut(self, field);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = self.tokens(mac.tokens.clone());
    }
}

impl Rename {
    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        tokens
            .into_iter()
            .map(|tree| match tree {
                TokenTree::Ident(ident) if ident == self.from => self.to.clone().into(),
                TokenTree::Group(group) => {
                    let inside = self.tokens(group.stream());
                    let mut new = proc_macro2::Group::new(group.delimiter(), inside);
                    new.set_span(group.span());
                    TokenTree::Group(new)
                }
                other => other,
            })
            .collect()
    }
}
