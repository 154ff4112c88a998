//! An expression whose value goes on somewhere: taken apart as far as there are jumps in it.

use syn::{Block, Expr, ExprBlock, ExprUnsafe, Stmt, Token};

use super::Structurer;
use super::continuation::{Cont, End, Then, Use, is_plain_place};
use super::exits::{declares, effects};
use super::levels::located;
use super::{falls, jumps, syntax};

impl Structurer {
    /// An expression and what comes after, as the last statements of a list.
    pub(super) fn flow(&mut self, expr: Expr, next: Cont) -> Vec<Stmt> {
        let found = jumps::in_expr(&expr);
        if found.escaping.is_empty() {
            return self.in_place(expr, next);
        }
        self.site = found.first.map_or(self.site, syntax::site);
        // What is never reached is dropped.
        let next = if falls::expr(&expr) { next } else { Cont::End(next.end()) };
        match expr {
            Expr::Paren(inner) => self.flow(*inner.expr, next),
            Expr::Group(inner) => self.flow(*inner.expr, next),
            Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => self.jump(expr, next.end()),
            Expr::Try(inner) => self.question(inner, next),
            Expr::If(conditional) => self.conditional(conditional, next),
            Expr::Match(matching) => self.matching(matching, next),
            Expr::Block(block) if block.label.is_some() => self.labelled(block, next),
            Expr::Block(block) => self.block(block, next),
            Expr::Unsafe(block) => self.unsafe_block(block, next),
            Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => self.looped(expr, next),
            // An assignment as an arm is a statement.
            expr if is_assignment(&expr) && !next.end().wants => {
                let semicolon = Token![;](self.site);
                self.list(vec![Stmt::Expr(expr, Some(semicolon))], next)
            }
            _ => self.refuse(&found),
        }
    }

    /// The same for the body of an arm, which has braces of its own.
    pub(super) fn arm(&mut self, body: Expr, next: Cont) -> Vec<Stmt> {
        match body {
            Expr::Block(block) if is_plain(&block) && next.is_free() => {
                self.list(block.block.stmts, next)
            }
            body => self.flow(body, next),
        }
    }

    /// An expression that no jump leaves.
    pub(super) fn in_place(&mut self, expr: Expr, next: Cont) -> Vec<Stmt> {
        if jumps::in_expr(&expr).count == 0 {
            return self.apply(unwrapped(expr, &next), next);
        }
        match expr {
            Expr::Block(block) if block.label.is_some() => self.labelled(block, next),
            Expr::Block(block) if is_plain(&block) && next.is_free() => self.block(block, next),
            Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => self.looped(expr, next),
            expr => {
                let value = self.nested(expr);
                self.apply(unwrapped(value, &next), next)
            }
        }
    }

    fn block(&mut self, block: ExprBlock, next: Cont) -> Vec<Stmt> {
        match next {
            Cont::Then(then) if !then.is_free() && encloses(&block) => {
                self.join(*then, |structurer, next| structurer.block(block, next))
            }
            next if encloses(&block) && !is_flat(&block) => {
                let stmts = self.list(block.block.stmts, next);
                let inner = Block { stmts, ..block.block };
                vec![Stmt::Expr(Expr::Block(ExprBlock { block: inner, ..block }), None)]
            }
            next => self.list(block.block.stmts, next),
        }
    }

    /// Nothing of the user's is moved into `unsafe`.
    fn unsafe_block(&mut self, block: ExprUnsafe, next: Cont) -> Vec<Stmt> {
        match next {
            Cont::Then(then) if !then.is_free() => {
                self.join(*then, |structurer, next| structurer.unsafe_block(block, next))
            }
            next => {
                let stmts = self.list(block.block.stmts, next);
                let inner = Block { stmts, ..block.block };
                vec![Stmt::Expr(Expr::Unsafe(ExprUnsafe { block: inner, ..block }), None)]
            }
        }
    }

    /// A construct that has several ways on: its value is used after it, unless a jump left it.
    pub(super) fn join(
        &mut self,
        then: Then,
        write: impl FnOnce(&mut Self, Cont) -> Vec<Stmt>,
    ) -> Vec<Stmt> {
        let site = self.site;
        let Then { binding, mut rest, next } = then;
        let inner = Cont::End(End { tail: false, wants: binding.wants() });
        let inner = match &binding {
            Use::Discard(_) => Cont::then(binding.clone(), Vec::new(), inner),
            Use::Unit | Use::Let(_) | Use::Assign(_) | Use::Compound(_) => inner,
        };
        let value = syntax::value_of(write(self, inner), site);
        let mut stmts = match binding {
            binding @ (Use::Unit | Use::Discard(_)) => effects(binding, value, site),
            binding @ Use::Let(_) if !binding.may_fail() => vec![binding.stmt(value, site)],
            // It must not happen after a jump.
            binding => {
                let kept = self.names.fresh("kept");
                rest.insert(0, binding.stmt(syntax::variable(&kept), site));
                vec![syntax::binding(syntax::pattern(kept, None), None, value, site)]
            }
        };
        let end = next.end();
        let rest = self.list(rest, next);
        self.site = site;
        stmts.extend(self.guarded(rest, end));
        stmts
    }

    /// Statements that do not run once the innermost level is being left.
    pub(super) fn guarded(&mut self, stmts: Vec<Stmt>, end: End) -> Vec<Stmt> {
        if stmts.is_empty() && !end.wants {
            return stmts;
        }
        let (site, level) = (self.site, self.innermost());
        let Some(record) = self.record(level) else {
            return stmts;
        };
        record.read = true;
        let flag = syntax::variable(&located(&record.flag, site));
        let guarded = if end.wants {
            let value = if end.tail {
                syntax::variable(&located(&record.value, site))
            } else {
                syntax::placeholder(site)
            };
            syntax::conditional(flag, vec![Stmt::Expr(value, None)], stmts, site)
        } else {
            syntax::conditional(syntax::not(flag, site), stmts, Vec::new(), site)
        };
        vec![Stmt::Expr(guarded, None)]
    }
}

/// A block without label and attributes.
fn is_plain(block: &ExprBlock) -> bool {
    block.label.is_none() && block.attrs.is_empty()
}

/// Whether a block is the scope of something.
fn encloses(block: &ExprBlock) -> bool {
    !block.attrs.is_empty() || declares(&block.block.stmts)
}

/// Whether a block may lose its braces where nothing follows.
fn is_flat(block: &ExprBlock) -> bool {
    block.attrs.is_empty() && !block.block.stmts.iter().any(|stmt| matches!(stmt, Stmt::Item(_)))
}

fn is_assignment(expr: &Expr) -> bool {
    match expr {
        Expr::Assign(_) => true,
        Expr::Binary(binary) => {
            crate::lower::is_compound(&binary.op) && is_plain_place(&binary.left)
        }
        _ => false,
    }
}

/// `{ value }` as `value`, where a statement uses it.
fn unwrapped(expr: Expr, next: &Cont) -> Expr {
    match expr {
        Expr::Block(mut block) if is_plain(&block) && !matches!(next, Cont::End(_)) => {
            match block.block.stmts.as_slice() {
                [Stmt::Expr(_, None)] => match block.block.stmts.pop() {
                    Some(Stmt::Expr(inner, _)) => inner,
                    _ => Expr::Block(block),
                },
                _ => Expr::Block(block),
            }
        }
        expr => expr,
    }
}
