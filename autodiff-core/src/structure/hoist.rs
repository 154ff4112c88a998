//! Jumps in the middle of an expression → statements before it.
//!
//! `x * f(y)? + 1.0` becomes `let kept = f(y)?; x * kept + 1.0`. What is evaluated before the jump is
//! bound before it too, unless it is a literal or a variable that what follows leaves alone. What
//! may not be evaluated at all, the right side of `&&` say, stays where it is.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Stmt};

use super::continuation::is_plain_place;
use super::{jumps, syntax};
use crate::emit::names::Names;

/// The block, where no jump that could be a statement of its own is in the middle of an expression.
pub(super) fn hoisted(mut block: Block, names: &mut Names) -> Block {
    Hoist { names }.visit_block_mut(&mut block);
    block
}

struct Hoist<'n> {
    names: &'n mut Names,
}

impl VisitMut for Hoist<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        let mut stmts = Vec::new();
        for mut stmt in std::mem::take(&mut block.stmts) {
            let mut before = Vec::new();
            if !super::falls::conditionally_compiled(&stmt) {
                self.statement(&mut stmt, &mut before);
            }
            stmts.extend(before);
            stmts.push(stmt);
        }
        block.stmts = stmts;
    }

    /// The arms of a `match`, and an `else if`, get lists of their own.
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Match(matching) => {
                for arm in &mut matching.arms {
                    if is_hidden(&arm.body) {
                        in_a_block(&mut arm.body);
                    }
                }
            }
            Expr::If(conditional) => {
                if let Some((_, other)) = &mut conditional.else_branch
                    && let Expr::If(inner) = &**other
                    && leaves(&inner.cond)
                {
                    in_a_block(other);
                }
            }
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_expr_const_mut(&mut self, _: &mut syn::ExprConst) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

impl Hoist<'_> {
    fn statement(&mut self, stmt: &mut Stmt, before: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Local(local) => {
                if let Some(init) = &mut local.init {
                    self.flowing(&mut init.expr, before);
                }
            }
            Stmt::Expr(Expr::Assign(assign), _) if !leaves(&assign.left) => {
                self.flowing(&mut assign.right, before);
            }
            Stmt::Expr(Expr::Binary(binary), _) if crate::lower::is_compound(&binary.op) => {
                if is_plain_place(&binary.left) {
                    self.flowing(&mut binary.right, before);
                }
            }
            Stmt::Expr(expr, _) => self.flowing(expr, before),
            Stmt::Item(_) | Stmt::Macro(_) => {}
        }
    }

    /// An expression in a place where a jump at its top is a statement.
    fn flowing(&mut self, expr: &mut Expr, before: &mut Vec<Stmt>) {
        if !leaves(expr) {
            return;
        }
        match expr {
            Expr::Paren(inner) => self.flowing(&mut inner.expr, before),
            Expr::Group(inner) => self.flowing(&mut inner.expr, before),
            Expr::Try(inner) => self.middle(&mut inner.expr, before),
            Expr::Return(syn::ExprReturn { expr: Some(value), .. })
            | Expr::Break(syn::ExprBreak { expr: Some(value), .. }) => self.flowing(value, before),
            Expr::If(conditional) if !matches!(*conditional.cond, Expr::Let(_)) => {
                self.middle(&mut conditional.cond, before);
            }
            Expr::If(conditional) => {
                if let Expr::Let(binding) = &mut *conditional.cond {
                    self.middle(&mut binding.expr, before);
                }
            }
            Expr::Match(matching) => self.middle(&mut matching.expr, before),
            Expr::ForLoop(of) => self.middle(&mut of.expr, before),
            Expr::Block(_)
            | Expr::Unsafe(_)
            | Expr::Loop(_)
            | Expr::While(_)
            | Expr::Return(_)
            | Expr::Break(_)
            | Expr::Continue(_) => {}
            _ => self.operands(expr, before),
        }
    }

    /// An expression in which no jump may stay.
    fn middle(&mut self, expr: &mut Expr, before: &mut Vec<Stmt>) {
        if !leaves(expr) {
            return;
        }
        match expr {
            Expr::Try(_) | Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Loop(_) => {
                self.flowing(expr, before);
                self.keep(expr, before);
            }
            _ => self.operands(expr, before),
        }
    }

    /// The operands of an expression, in the order in which they are evaluated.
    fn operands(&mut self, expr: &mut Expr, before: &mut Vec<Stmt>) {
        let mut operands = evaluated(expr);
        let Some(last) = operands.iter().rposition(|operand| leaves(operand)) else { return };
        let changes = operands.iter().take(last + 1).any(|operand| writes(operand));
        if changes {
            // An operand before it could have been read too late.
            return;
        }
        for operand in operands.iter_mut().take(last + 1) {
            if leaves(operand) {
                self.middle(operand, before);
            } else if !is_plain_place(operand) {
                self.keep(operand, before);
            }
        }
    }

    /// `let kept = expr;` before, and `kept` in its place.
    fn keep(&mut self, expr: &mut Expr, before: &mut Vec<Stmt>) {
        let found = jumps::in_expr(expr).first;
        let site = found.map_or(Span::mixed_site(), syntax::site);
        let mut name = self.names.fresh("kept");
        name.set_span(site);
        let value = std::mem::replace(expr, syntax::variable(&name));
        before.push(syntax::binding(syntax::pattern(name, None), None, value, site));
    }
}

/// The operands of an expression, all of which are evaluated, in order; none where that is not so.
fn evaluated(expr: &mut Expr) -> Vec<&mut Expr> {
    match expr {
        Expr::Binary(binary) => match binary.op {
            op if crate::lower::is_compound(&op) => Vec::new(),
            // The right side may not be evaluated.
            syn::BinOp::And(_) | syn::BinOp::Or(_) => vec![&mut binary.left],
            _ => vec![&mut binary.left, &mut binary.right],
        },
        Expr::Call(call) => call.args.iter_mut().collect(),
        Expr::MethodCall(call) => {
            std::iter::once(&mut *call.receiver).chain(call.args.iter_mut()).collect()
        }
        Expr::Tuple(tuple) => tuple.elems.iter_mut().collect(),
        Expr::Array(array) => array.elems.iter_mut().collect(),
        Expr::Unary(unary) => vec![&mut unary.expr],
        Expr::Cast(cast) => vec![&mut cast.expr],
        Expr::Field(field) => vec![&mut field.base],
        Expr::Reference(reference) => vec![&mut reference.expr],
        Expr::Index(index) => vec![&mut index.expr, &mut index.index],
        Expr::Paren(inner) => vec![&mut inner.expr],
        Expr::Group(inner) => vec![&mut inner.expr],
        Expr::Repeat(repeat) => vec![&mut repeat.expr],
        Expr::Range(range) => {
            range.start.iter_mut().chain(range.end.iter_mut()).map(|end| &mut **end).collect()
        }
        Expr::Try(inner) => vec![&mut inner.expr],
        _ => Vec::new(),
    }
}

/// Whether a jump leads out of an expression.
fn leaves(expr: &Expr) -> bool {
    !jumps::in_expr(expr).escaping.is_empty()
}

/// Whether there is a jump in an expression that is not one itself.
fn is_hidden(expr: &Expr) -> bool {
    let is_flowing = matches!(
        expr,
        Expr::Block(_) | Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) | Expr::Try(_)
    );
    leaves(expr) && (!is_flowing || has_inner(expr))
}

/// Whether a jump has another one in it.
fn has_inner(expr: &Expr) -> bool {
    match expr {
        Expr::Return(syn::ExprReturn { expr: Some(inner), .. })
        | Expr::Break(syn::ExprBreak { expr: Some(inner), .. }) => leaves(inner),
        Expr::Try(inner) => leaves(&inner.expr),
        _ => false,
    }
}

fn in_a_block(expr: &mut Expr) {
    let site = jumps::in_expr(expr).first.map_or(Span::mixed_site(), syntax::site);
    let value = std::mem::replace(expr, Expr::Verbatim(TokenStream::new()));
    *expr = syntax::block_expr(vec![Stmt::Expr(value, None)], site);
}

/// Whether an expression may change a variable, as far as its tokens tell.
fn writes(expr: &Expr) -> bool {
    fn any(tokens: TokenStream) -> bool {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        trees.iter().enumerate().any(|(at, tree)| match tree {
            TokenTree::Ident(ident) => ident == "mut",
            TokenTree::Group(group) => any(group.stream()),
            TokenTree::Punct(punct) if punct.as_char() == '=' => {
                let next = trees.get(at + 1);
                let before = at.checked_sub(1).and_then(|at| trees.get(at));
                !is_one_of(next, &['=', '>']) && !is_one_of(before, &['=', '!', '<', '>', '.'])
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    any(expr.to_token_stream())
}

fn is_one_of(tree: Option<&TokenTree>, chars: &[char]) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if chars.contains(&punct.as_char()))
}
