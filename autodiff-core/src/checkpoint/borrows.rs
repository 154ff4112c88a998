//! What is borrowed mutably before a loop that uses the borrow: its state would be in two places.

use proc_macro2::Span;
use quote::ToTokens;
use syn::visit::{Visit, visit_expr, visit_local, visit_pat};
use syn::{Block, Expr, ExprForLoop, Local, Pat};

use crate::structure::mentions::mentioned;

/// The first name of a mutable borrow, made outside of a loop, that the loop mentions.
pub(super) fn borrowed(body: &Block, of: &ExprForLoop) -> Option<Span> {
    let mut search = Search { of, names: mentioned(of.to_token_stream()), found: None };
    search.visit_block(body);
    search.found
}

struct Search<'a> {
    of: &'a ExprForLoop,
    names: crate::hash::HashSet<String>,
    found: Option<Span>,
}

impl Visit<'_> for Search<'_> {
    fn visit_local(&mut self, local: &Local) {
        if local.init.as_ref().is_some_and(|init| borrows(&init.expr)) {
            self.bound(&local.pat);
        }
        visit_local(self, local);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        // What it borrows itself, it borrows anew.
        if !matches!(expr, Expr::ForLoop(of) if of == self.of) {
            visit_expr(self, expr);
        }
    }
}

impl Search<'_> {
    fn bound(&mut self, pattern: &Pat) {
        let mut names = Names(Vec::new());
        names.visit_pat(pattern);
        for name in names.0 {
            if self.names.contains(&crate::lower::plain_name(&name)) {
                self.found.get_or_insert(name.span());
            }
        }
    }
}

struct Names(Vec<syn::Ident>);

impl Visit<'_> for Names {
    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Ident(of) = pattern {
            self.0.push(of.ident.clone());
        }
        visit_pat(self, pattern);
    }
}

/// Whether a mutable borrow comes out of an expression.
fn borrows(expr: &Expr) -> bool {
    match expr {
        Expr::Reference(of) => of.mutability.is_some(),
        Expr::MethodCall(of) => of.method.to_string().ends_with("_mut") || borrows(&of.receiver),
        Expr::Tuple(of) => of.elems.iter().any(borrows),
        Expr::Paren(of) => borrows(&of.expr),
        Expr::If(of) => of.then_branch.stmts.last().is_some_and(gives_borrow),
        Expr::Block(of) => of.block.stmts.last().is_some_and(gives_borrow),
        _ => false,
    }
}

fn gives_borrow(stmt: &syn::Stmt) -> bool {
    matches!(stmt, syn::Stmt::Expr(expr, None) if borrows(expr))
}
