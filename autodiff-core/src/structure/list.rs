//! Lists of statements: where one of them may jump, what follows it becomes its continuation.

use proc_macro2::TokenStream;
use syn::{Expr, ExprMacro, Local, Stmt};

use super::Structurer;
use super::continuation::{Cont, Then, Use, is_plain_place};
use super::falls;
use super::jumps::{self, Found};
use super::mentions::{bound_by, holds};
use super::syntax;

impl Structurer {
    /// The statements of a list, the last of which may be its value, and what comes after.
    pub(super) fn list(&mut self, stmts: Vec<Stmt>, next: Cont) -> Vec<Stmt> {
        let mut done = Vec::new();
        let mut stmts = stmts.into_iter();
        while let Some(stmt) = stmts.next() {
            let last = stmts.as_slice().is_empty();
            match stmt {
                Stmt::Expr(value, None) if last => {
                    done.extend(self.flow(value, next));
                    return done;
                }
                Stmt::Macro(mac)
                    if last && mac.semi_token.is_none() && !matches!(next, Cont::End(_)) =>
                {
                    let value = Expr::Macro(ExprMacro { attrs: mac.attrs, mac: mac.mac });
                    done.extend(self.apply(value, next));
                    return done;
                }
                stmt => {
                    let found = jumps::in_stmt(&stmt);
                    if found.count == 0 {
                        done.push(stmt);
                        continue;
                    }
                    let own = is_exit_of_its_own(&stmt) && !falls::conditionally_compiled(&stmt);
                    if own || !found.escaping.is_empty() {
                        let (items, rest) = stmts.partition(is_item);
                        done.extend(items);
                        done.extend(self.exiting(stmt, &found, rest, next));
                        return done;
                    }
                    done.push(self.nested_stmt(stmt));
                }
            }
        }
        done.extend(self.follow(next));
        done
    }

    /// A statement in which there are jumps, and those that follow it.
    fn exiting(&mut self, stmt: Stmt, found: &Found, rest: Vec<Stmt>, next: Cont) -> Vec<Stmt> {
        self.site = found.first.map_or(self.site, syntax::site);
        if falls::conditionally_compiled(&stmt) {
            return self.refuse(found);
        }
        match stmt {
            Stmt::Local(local) => self.local(local, rest, next),
            Stmt::Expr(Expr::Assign(mut assign), _) => {
                if self.refuse_inside(&assign.left) {
                    return Vec::new();
                }
                let value = std::mem::replace(&mut *assign.right, taken());
                self.flow(value, Cont::then(Use::Assign(assign), rest, next))
            }
            Stmt::Expr(Expr::Binary(mut binary), _)
                if crate::lower::is_compound(&binary.op) && is_plain_place(&binary.left) =>
            {
                let value = std::mem::replace(&mut *binary.right, taken());
                self.flow(value, Cont::then(Use::Compound(binary), rest, next))
            }
            Stmt::Expr(expr, semi) => {
                let binding = semi.map_or(Use::Unit, |semi| Use::Discard(semi.span));
                self.flow(expr, Cont::then(binding, rest, next))
            }
            Stmt::Item(_) | Stmt::Macro(_) => self.refuse(found),
        }
    }

    fn local(&mut self, mut local: Local, rest: Vec<Stmt>, next: Cont) -> Vec<Stmt> {
        let Some(init) = &mut local.init else {
            return Vec::new();
        };
        let value = std::mem::replace(&mut *init.expr, taken());
        let exits = init
            .diverge
            .as_ref()
            .is_some_and(|(_, otherwise)| !jumps::in_expr(otherwise).escaping.is_empty());
        if exits && jumps::in_expr(&value).escaping.is_empty() {
            let value = self.nested(value);
            return self.let_else(local, value, Then { binding: Use::Unit, rest, next });
        }
        self.flow(value, Cont::then(Use::Let(local), rest, next))
    }

    /// `let pattern = value else { …exit }; rest` → `if let pattern = value { rest } else { …exit }`
    fn let_else(&mut self, local: Local, value: Expr, then: Then) -> Vec<Stmt> {
        let Some((_, otherwise)) = local.init.and_then(|init| init.diverge) else {
            return Vec::new();
        };
        let site = self.site;
        let mut stmts = Vec::new();
        let (pattern, value) = match local.pat {
            syn::Pat::Type(typed) => {
                let kept = self.names.fresh("kept");
                let pattern = syntax::pattern(kept.clone(), None);
                stmts.push(syntax::binding(pattern, Some(*typed.ty), value, site));
                (*typed.pat, syntax::variable(&kept))
            }
            pattern => (pattern, value),
        };
        if holds(&value) {
            stmts.extend(self.let_else_flagged((pattern, value), *otherwise, then));
            return stmts;
        }
        let exit = Cont::End(then.next.end());
        let rest = self.list(then.rest, then.next);
        let otherwise = self.flow(*otherwise, exit);
        stmts.push(Stmt::Expr(syntax::if_let((pattern, value), rest, otherwise, site), None));
        stmts
    }

    /// The same where the temporaries of `value` must be gone before what follows: the variables
    /// of the pattern are handed out.
    fn let_else_flagged(
        &mut self,
        (pattern, value): (syn::Pat, Expr),
        otherwise: Expr,
        then: Then,
    ) -> Vec<Stmt> {
        let site = self.site;
        let (failed, kept) = (self.names.fresh("failed"), self.names.fresh("kept"));
        let bound = bound_by(&pattern);
        let values = bound.iter().map(|(ident, _)| syntax::variable(ident)).collect();
        let values = vec![Stmt::Expr(syntax::tuple(values, site), None)];
        let none = vec![
            syntax::assignment(&failed, syntax::truth(true, site), site),
            Stmt::Expr(syntax::placeholder(site), None),
        ];
        let chosen = syntax::if_let((pattern, value), values, none, site);
        let variables = bound.into_iter().map(|(ident, mutable)| syntax::pattern(ident, mutable));
        let variables = syntax::tuple_pattern(variables.collect(), site);
        let end = then.next.end();
        let mut rest = vec![syntax::binding(variables, None, syntax::variable(&kept), site)];
        rest.extend(self.list(then.rest, then.next));
        let otherwise = self.flow(otherwise, Cont::End(end));
        vec![
            syntax::declaration(failed.clone(), None, syntax::truth(false, site), site),
            syntax::binding(syntax::pattern(kept, None), None, chosen, site),
            Stmt::Expr(syntax::conditional(syntax::variable(&failed), otherwise, rest, site), None),
        ]
    }

    /// Reports every jump that leads out of a statement.
    pub(super) fn refuse(&mut self, found: &Found) -> Vec<Stmt> {
        self.refused.extend(found.escaping.iter().map(jumps::Jump::unstructured));
        Vec::new()
    }

    /// Reports every jump that leads out of an expression; whether there is one.
    pub(super) fn refuse_inside(&mut self, expr: &Expr) -> bool {
        let found = jumps::in_expr(expr);
        self.refuse(&found);
        !found.escaping.is_empty()
    }
}

/// Stands where an expression has been taken out.
pub(super) fn taken() -> Expr {
    Expr::Verbatim(TokenStream::new())
}

/// An item is visible in all of its block, so it is left where it is. Not so a macro.
fn is_item(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Item(item) if !matches!(item, syn::Item::Macro(_)))
}

/// Whether a statement is, or initialises a variable with, a loop or a labelled block: its flags
/// are declared before the statement.
fn is_exit_of_its_own(stmt: &Stmt) -> bool {
    let expr = match stmt {
        Stmt::Local(Local { init: Some(init), .. }) => &*init.expr,
        Stmt::Expr(Expr::Assign(assign), _) => &*assign.right,
        Stmt::Expr(expr, _) => expr,
        Stmt::Local(_) | Stmt::Item(_) | Stmt::Macro(_) => return false,
    };
    match expr {
        Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => true,
        Expr::Block(block) => block.label.is_some(),
        _ => false,
    }
}
