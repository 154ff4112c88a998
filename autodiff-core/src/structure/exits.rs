//! A jump where it is written: a value where it ends up anyway, assignments elsewhere.

use proc_macro2::Span;
use syn::{Expr, Stmt};

use super::Structurer;
use super::continuation::{Cont, End, Use};
use super::jumps::{Jump, JumpKind, label_name};
use super::syntax;

impl Structurer {
    /// `return`, `break` or `continue`, written in a list that ends with `end`.
    pub(super) fn jump(&mut self, expr: Expr, end: End) -> Vec<Stmt> {
        let (kind, label, span, value) = match expr {
            Expr::Return(exit) => {
                let kind = JumpKind::Return { valued: exit.expr.is_some() };
                (kind, None, exit.return_token.span, exit.expr)
            }
            Expr::Break(exit) => {
                let kind = JumpKind::Break { valued: exit.expr.is_some() };
                (kind, exit.label, exit.break_token.span, exit.expr)
            }
            Expr::Continue(exit) => {
                (JumpKind::Continue, exit.label, exit.continue_token.span, None)
            }
            other => return self.in_place(other, Cont::End(end)),
        };
        let jump = Jump { kind, label: label.as_ref().map(label_name), span };
        self.exit(&jump, value.map(|value| *value), end)
    }

    /// A jump with a value, in which there may be other jumps.
    pub(super) fn exit(&mut self, jump: &Jump, value: Option<Expr>, end: End) -> Vec<Stmt> {
        self.site = syntax::site(jump.span);
        let Some(target) = self.target(jump) else {
            self.refused.push(jump.unstructured());
            return Vec::new();
        };
        let ends_here = target == self.innermost() && end.tail;
        let next = match (ends_here, self.level_wants(target)) {
            (true, true) => Cont::End(end),
            (true, false) => Cont::then(Use::Discard(self.site), Vec::new(), Cont::End(end)),
            (false, _) => Cont::Jump(target, (jump.kind, jump.span), end),
        };
        match value {
            Some(value) => self.flow(value, next),
            None => self.follow(next),
        }
    }

    /// Uses a value that has no jump in it, and goes on.
    pub(super) fn apply(&mut self, value: Expr, next: Cont) -> Vec<Stmt> {
        match next {
            Cont::End(_) => vec![syntax::tail(value, self.site)],
            Cont::Jump(target, jump, end) => self.set(target, jump, Some(value), end),
            Cont::Then(then) => {
                let then = *then;
                if then.binding.wants() {
                    let mut rest = vec![then.binding.stmt(value, self.site)];
                    rest.extend(then.rest);
                    return self.list(rest, then.next);
                }
                let mut stmts = effects(then.binding, value, self.site);
                stmts.extend(self.list(then.rest, then.next));
                stmts
            }
        }
    }

    /// Goes on without a value.
    pub(super) fn follow(&mut self, next: Cont) -> Vec<Stmt> {
        match next {
            Cont::End(_) => Vec::new(),
            Cont::Jump(target, jump, end) => self.set(target, jump, None, end),
            Cont::Then(then) if then.binding.wants() => {
                let unit = syntax::unit(self.site);
                self.apply(unit, Cont::Then(then))
            }
            Cont::Then(then) => self.list(then.rest, then.next),
        }
    }
}

/// An expression for its effects.
pub(super) fn effects(binding: Use, value: Expr, site: Span) -> Vec<Stmt> {
    match value {
        Expr::Lit(_) => Vec::new(),
        Expr::Tuple(tuple) if tuple.elems.is_empty() => Vec::new(),
        Expr::Block(inner) if inner.label.is_none() && inner.attrs.is_empty() => {
            let mut stmts = inner.block.stmts;
            if !declares(&stmts) {
                terminate(&mut stmts, &binding, site);
                return stmts;
            }
            let inner = syn::ExprBlock { block: syn::Block { stmts, ..inner.block }, ..inner };
            vec![binding.stmt(Expr::Block(inner), site)]
        }
        value => vec![binding.stmt(value, site)],
    }
}

/// Whether a list declares something that ends with it.
pub(super) fn declares(stmts: &[Stmt]) -> bool {
    stmts.iter().any(|stmt| matches!(stmt, Stmt::Local(_) | Stmt::Item(_)))
}

/// Makes a statement of the value of a list.
pub(super) fn terminate(stmts: &mut Vec<Stmt>, binding: &Use, site: Span) {
    match stmts.pop() {
        Some(Stmt::Expr(value, None)) => stmts.push(binding.clone().stmt(value, site)),
        Some(Stmt::Macro(mut mac)) => {
            mac.semi_token.get_or_insert(syn::Token![;](site));
            stmts.push(Stmt::Macro(mac));
        }
        last => stmts.extend(last),
    }
}
