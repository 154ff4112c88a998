//! Writes functions twice: as they are, and with their jumps rewritten.

use std::io::{Error, Result};

use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::{Block, Expr, Item, Stmt, Visibility};

/// Both versions of the functions in `texts`, and a table of the public ones.
pub(crate) fn both(texts: &[String], table: &str) -> Result<String> {
    let mut items = Vec::new();
    for text in texts {
        items.extend(syn::parse_file(text).map_err(Error::other)?.items);
    }
    let (mut rewritten, mut names) = (Vec::new(), Vec::new());
    for item in &items {
        let mut item = item.clone();
        if let Item::Fn(function) = &mut item {
            let name = function.sig.ident.to_string();
            let output = &function.sig.output;
            match autodiff_core::structure::structured(&function.block, output) {
                Ok(block) => *function.block = block,
                Err(exits) => {
                    let exits: Vec<_> = exits.iter().map(|exit| exit.keyword).collect();
                    return Err(Error::other(format!("{name} keeps {exits:?}")));
                }
            }
            let mut audit = Audit(Vec::new());
            audit.visit_block(&function.block);
            if !audit.0.is_empty() {
                return Err(Error::other(format!("{name} has {:?}", audit.0)));
            }
            if matches!(function.vis, Visibility::Public(_)) {
                names.push(function.sig.ident.clone());
            }
        }
        rewritten.push(item);
    }
    let table = syn::Ident::new(table, proc_macro2::Span::call_site());
    let count = names.len();
    let entries = names.iter().map(|name| {
        let text = name.to_string();
        quote!((#text, original::#name, structured::#name))
    });
    let tokens = quote! {
        pub mod original { use super::*; #(#items)* }
        pub mod structured { use super::*; #(#rewritten)* }
        pub const #table: [Entry; #count] = [#(#entries),*];
    };
    Ok(tokens.to_string())
}

/// The jumps that must not be there.
struct Audit(Vec<String>);

impl Audit {
    fn body(&mut self, body: &Block) {
        let mut body = body.clone();
        let last = body.stmts.last();
        if matches!(last, Some(Stmt::Expr(Expr::If(last), _)) if is_exit(last)) {
            body.stmts.pop();
        }
        self.visit_block(&body);
    }
}

fn is_exit(last: &syn::ExprIf) -> bool {
    let text = last.then_branch.to_token_stream().to_string();
    text == "{ break ; }" && matches!(*last.cond, Expr::Path(_)) && last.else_branch.is_none()
}

impl Visit<'_> for Audit {
    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) | Expr::Try(_) => {
                self.0.push(expr.to_token_stream().to_string());
            }
            // A closure that is left by `?` alone stays as it is.
            Expr::Closure(inner) => {
                let mut audit = Audit(Vec::new());
                audit.visit_expr(&inner.body);
                self.0.extend(audit.0.into_iter().filter(|jump| !jump.ends_with('?')));
            }
            Expr::Loop(inner) => self.body(&inner.body),
            Expr::While(inner) => {
                self.visit_expr(&inner.cond);
                self.body(&inner.body);
            }
            Expr::ForLoop(inner) => {
                self.visit_expr(&inner.expr);
                self.body(&inner.body);
            }
            expr => visit::visit_expr(self, expr),
        }
    }

    fn visit_item(&mut self, _: &Item) {}
}
