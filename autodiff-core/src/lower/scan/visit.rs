//! The walk through what is passed through.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Pat};

use super::Scan;
use crate::diagnostics::Refusal;
use crate::ir::Effect;
use crate::lower::operand::is_comparison;
use crate::lower::scope::Name;

impl<'ast> Visit<'ast> for Scan<'_, '_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Assign(e) => self.write_root(&e.left),
            Expr::Binary(e) if is_comparison(&e.op) => {
                self.comparisons += 1;
                visit::visit_expr(self, expr);
                self.comparisons -= 1;
                return;
            }
            Expr::Binary(e) => self.binary(e),
            Expr::Reference(e) if e.mutability.is_some() => self.write_root(&e.expr),
            Expr::MethodCall(e) if self.counts_items(e) => {
                self.method(e);
                self.counts += 1;
                visit::visit_expr(self, expr);
                self.counts -= 1;
                return;
            }
            Expr::MethodCall(e) => self.method(e),
            Expr::Call(e) => self.function_call(e),
            Expr::Index(_) => self.add_effect(Effect::MayPanic),
            Expr::Macro(_) | Expr::Struct(_) | Expr::Unsafe(_) => self.effect = Effect::Any,
            Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => {
                if let Expr::ForLoop(of) = expr
                    && let Some(binding) = self.root(&of.expr)
                    && self.lowerer.is_mut_reference(binding)
                {
                    self.write(binding);
                }
                self.effect = Effect::Any;
                self.loops += 1;
                visit::visit_expr(self, expr);
                self.loops -= 1;
                return;
            }
            Expr::Closure(_) => {
                self.closures += 1;
                visit::visit_expr(self, expr);
                self.closures -= 1;
                return;
            }
            Expr::Return(e) => self.exit("return", e.return_token.span()),
            Expr::Try(e) => self.exit("?", e.question_token.span()),
            Expr::Break(e) if self.loops == 0 || e.label.is_some() => {
                self.exit("break", e.break_token.span());
            }
            Expr::Continue(e) if self.loops == 0 || e.label.is_some() => {
                self.exit("continue", e.continue_token.span());
            }
            Expr::Await(e) => self.refuse(Refusal::Async, e.await_token.span()),
            Expr::Yield(e) => self.refuse(Refusal::Async, e.yield_token.span()),
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_stmt(&mut self, stmt: &'ast syn::Stmt) {
        self.at_statement = matches!(stmt, syn::Stmt::Expr(Expr::MethodCall(_), _));
        visit::visit_stmt(self, stmt);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(binding) = path.path.get_ident().and_then(|ident| self.find(&Name::of(ident))) {
            let named = self.lowerer.closures.get(&binding);
            if named.is_some_and(|named| !named.writes().is_empty()) {
                self.refuse(Refusal::Closure, path.span());
            }
            self.read(binding);
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.effect = Effect::Any;
        // What it is made of is evaluated, and nothing else happens.
        if let Some(parts) = crate::lower::vec::parts_of_vec(mac) {
            for part in &parts {
                let inner = self.within(part);
                self.include(inner);
            }
            return;
        }
        let may_write = !crate::lower::call::is_reading_macro(mac);
        if !may_write {
            self.macro_arguments(mac);
        }
        for binding in self.mentioned(mac.tokens.clone()) {
            self.read(binding);
            let root = self.lowerer.aliased(binding);
            if may_write && self.lowerer.function.bindings[root].mutable {
                self.write(binding);
            }
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let mark = self.shadows.enter();
        visit::visit_block(self, block);
        self.shadows.leave(&mark);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        visit::visit_local(self, local);
        self.shadows.declare(&local.pat);
    }

    fn visit_expr_let(&mut self, condition: &'ast syn::ExprLet) {
        visit::visit_expr_let(self, condition);
        self.shadows.declare(&condition.pat);
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        let mark = self.shadows.enter();
        self.visit_expr(&branch.cond);
        self.visit_block(&branch.then_branch);
        self.shadows.leave(&mark);
        if let Some((_, otherwise)) = &branch.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_expr_while(&mut self, of: &'ast syn::ExprWhile) {
        let mark = self.shadows.enter();
        visit::visit_expr_while(self, of);
        self.shadows.leave(&mark);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let mark = self.shadows.enter();
        self.shadows.declare(&arm.pat);
        visit::visit_arm(self, arm);
        self.shadows.leave(&mark);
    }

    fn visit_expr_for_loop(&mut self, of: &'ast syn::ExprForLoop) {
        self.visit_expr(&of.expr);
        let mark = self.shadows.enter();
        self.shadows.declare(&of.pat);
        self.visit_pat(&of.pat);
        self.visit_block(&of.body);
        self.shadows.leave(&mark);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        let mark = self.shadows.enter();
        closure.inputs.iter().for_each(|input| self.shadows.declare(input));
        visit::visit_expr_closure(self, closure);
        self.shadows.leave(&mark);
    }

    fn visit_pat(&mut self, pat: &'ast Pat) {
        if matches!(pat, Pat::Macro(_) | Pat::Const(_)) {
            self.effect = Effect::Any;
        }
        visit::visit_pat(self, pat);
    }
}
