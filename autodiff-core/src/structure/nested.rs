//! Constructs inside of expressions that no jump leaves: each is rewritten where it stands.

use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprClosure, Stmt};

use super::continuation::{Cont, End};
use super::jumps::{self, JumpKind};
use super::list::taken;
use super::{Structurer, Wants, syntax};

/// Nothing follows, and jumps that end inside do not need to know more.
const PLACE: End = End { tail: false, wants: false };

impl Structurer {
    /// An expression with the loops, labelled blocks and closures in it rewritten.
    pub(super) fn nested(&mut self, mut expr: Expr) -> Expr {
        self.visit_expr_mut(&mut expr);
        expr
    }

    /// The same for a statement.
    pub(super) fn nested_stmt(&mut self, mut stmt: Stmt) -> Stmt {
        self.visit_stmt_mut(&mut stmt);
        stmt
    }

    fn closure(&mut self, closure: &mut ExprClosure) {
        let exits = jumps::in_expr(&closure.body).escaping;
        let valued = exits.iter().any(|exit| exit.kind == JumpKind::Return { valued: true });
        let wants = match &closure.output {
            syn::ReturnType::Default => Wants { value: valued, ty: None },
            output @ syn::ReturnType::Type(..) => Wants::of(output),
        };
        let annotated = wants.ty.is_some() || wants.value && !valued;
        let body = std::mem::replace(&mut *closure.body, taken());
        let stmts = match body {
            Expr::Block(block) if block.label.is_none() && block.attrs.is_empty() => {
                block.block.stmts
            }
            body => vec![Stmt::Expr(body, None)],
        };
        let stmts = self.function(stmts, wants);
        *closure.body = if annotated {
            syntax::block_expr(stmts, self.site)
        } else {
            syntax::value_of(stmts, self.site)
        };
    }
}

impl VisitMut for Structurer {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let found = jumps::in_expr(expr);
        if found.count == 0 {
            return;
        }
        self.site = found.first.map_or(self.site, syntax::site);
        match expr {
            Expr::Closure(closure) => self.closure(closure),
            Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => {
                let stmts = self.looped(std::mem::replace(expr, taken()), Cont::End(PLACE));
                *expr = syntax::value_of(stmts, self.site);
            }
            Expr::Block(block) if block.label.is_some() => {
                if let Expr::Block(block) = std::mem::replace(expr, taken()) {
                    let stmts = self.labelled(block, Cont::End(PLACE));
                    *expr = syntax::value_of(stmts, self.site);
                }
            }
            expr => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        if jumps::in_block(block).count > 0 {
            let stmts = std::mem::take(&mut block.stmts);
            block.stmts = self.list(stmts, Cont::End(PLACE));
        }
    }

    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_expr_const_mut(&mut self, _: &mut syn::ExprConst) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    fn visit_type_mut(&mut self, _: &mut syn::Type) {}
}
