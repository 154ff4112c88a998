//! `if` and `match`: what follows moves into the arm that goes on, if there is only one.

use proc_macro2::Span;
use syn::{Block, Expr, ExprBlock, ExprIf, ExprMatch, Pat, Stmt};

use super::Structurer;
use super::continuation::Cont;
use super::mentions::{Variable, bound_by, bound_in_condition, holds};
use super::{falls, jumps, syntax};

/// An arm as the distribution sees it.
struct Way {
    /// Whether it goes on.
    falls: bool,
    /// The variables in whose scope it is.
    bound: Vec<Variable>,
}

/// Whether what follows can be moved into the arms, given whether `held` is kept alive by them.
fn can_move(ways: &[Way], held: bool, next: &Cont) -> bool {
    let mut on = ways.iter().filter(|way| way.falls);
    match (on.next(), on.next()) {
        (None, _) => true,
        (Some(only), None) => next.is_free() || !(held || next.hidden_by(&only.bound)),
        _ => next.is_free(),
    }
}

/// The continuation of an arm.
fn way_on(falls: bool, next: &Cont) -> Cont {
    if falls { next.clone() } else { Cont::End(next.end()) }
}

impl Structurer {
    pub(super) fn conditional(&mut self, mut expr: ExprIf, next: Cont) -> Vec<Stmt> {
        if self.refuse_inside(&expr.cond) {
            return Vec::new();
        }
        let bound = bound_in_condition(&expr.cond);
        let held = has_let(&expr.cond) && holds(&expr.cond);
        let otherwise = expr.else_branch.as_ref().is_none_or(|(_, other)| falls::expr(other));
        let ways = [
            Way { falls: falls::block(&expr.then_branch), bound },
            Way { falls: otherwise, bound: Vec::new() },
        ];
        let next = match next {
            Cont::Then(then) if !can_move(&ways, held, &Cont::Then(then.clone())) => {
                return self.join(*then, |structurer, next| structurer.conditional(expr, next));
            }
            next => next,
        };
        let site = self.site;
        let [then, otherwise] = ways.map(|way| way_on(way.falls, &next));
        *expr.cond = self.nested(*expr.cond);
        let then_stmts = std::mem::take(&mut expr.then_branch.stmts);
        expr.then_branch.stmts = self.arm(syntax::block_expr(then_stmts, site), then);
        expr.else_branch = match expr.else_branch {
            None => syntax::else_branch(self.follow(otherwise), site),
            Some((keyword, other)) => {
                let brace = brace_of(&other);
                let stmts = self.arm(*other, otherwise);
                let other = match (<[Stmt; 1]>::try_from(stmts), brace) {
                    (Ok([Stmt::Expr(inner @ Expr::If(_), None)]), None) => inner,
                    (Ok(single), brace) => braced(single.into(), brace, site),
                    (Err(stmts), brace) => braced(stmts, brace, site),
                };
                Some((keyword, Box::new(other)))
            }
        };
        vec![Stmt::Expr(Expr::If(expr), None)]
    }

    pub(super) fn matching(&mut self, mut expr: ExprMatch, next: Cont) -> Vec<Stmt> {
        let mut refused = self.refuse_inside(&expr.expr);
        for arm in &expr.arms {
            if let Pat::Guard(guarded) = &arm.pat {
                refused |= self.refuse_inside(&guarded.guard);
            }
        }
        if refused {
            return Vec::new();
        }
        let way = |arm: &syn::Arm| Way { falls: falls::expr(&arm.body), bound: bound_by(&arm.pat) };
        let ways: Vec<Way> = expr.arms.iter().map(way).collect();
        let next = match next {
            Cont::Then(then) if !can_move(&ways, holds(&expr.expr), &Cont::Then(then.clone())) => {
                return self.join(*then, |structurer, next| structurer.matching(expr, next));
            }
            next => next,
        };
        let site = self.site;
        *expr.expr = self.nested(*expr.expr);
        for (arm, way) in expr.arms.iter_mut().zip(ways) {
            let next = way_on(way.falls, &next);
            if matches!(next, Cont::End(_)) && jumps::in_expr(&arm.body).count == 0 {
                continue;
            }
            let body = std::mem::replace(&mut *arm.body, super::list::taken());
            *arm.body = match (brace_of(&body), self.arm(body, next)) {
                (Some(brace), stmts) => braced(stmts, Some(brace), site),
                (None, stmts) => syntax::value_of(stmts, site),
            };
        }
        vec![Stmt::Expr(Expr::Match(expr), None)]
    }
}

/// Whether a condition binds variables, and so keeps temporaries.
fn has_let(cond: &Expr) -> bool {
    match cond {
        Expr::Let(_) => true,
        Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        Expr::Paren(inner) => has_let(&inner.expr),
        Expr::Group(inner) => has_let(&inner.expr),
        _ => false,
    }
}

/// The braces of a block, to be kept.
fn brace_of(expr: &Expr) -> Option<syn::token::Brace> {
    match expr {
        Expr::Block(block) if block.label.is_none() && block.attrs.is_empty() => {
            Some(block.block.brace_token)
        }
        _ => None,
    }
}

fn braced(stmts: Vec<Stmt>, brace: Option<syn::token::Brace>, site: Span) -> Expr {
    let brace_token = brace.unwrap_or(syn::token::Brace(site));
    let block = Block { brace_token, stmts };
    Expr::Block(ExprBlock { attrs: Vec::new(), label: None, block })
}
