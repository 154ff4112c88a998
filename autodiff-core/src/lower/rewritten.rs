//! Statements that are rewritten before anything else is known of them: `while let`, and `let` of
//! a borrow that a branch chooses. Only where a name in them may be of something active.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Local, Pat, Stmt};

use super::Signature;
use crate::hash::HashSet;
use crate::structure::mentions::{bound_by, mentioned};

/// The body with those statements rewritten.
#[must_use]
pub fn rewritten(mut body: Block, signature: &Signature) -> Block {
    let mut candidates = Candidates { any: false };
    candidates.visit_block(&body);
    if !candidates.any {
        return body;
    }
    let mut names = HashSet::default();
    for param in signature.params.iter().filter(|param| param.active) {
        names.extend(bound_by(&param.item.pat).iter().map(|(name, _)| super::plain_name(name)));
    }
    let mut taint = Taint { names, changed: true };
    while std::mem::take(&mut taint.changed) {
        taint.visit_block(&body);
    }
    super::izip::written_out(&mut body, &|mac| taint.is_active(&mac.tokens));
    Rewriter { taint }.visit_block_mut(&mut body);
    body
}

/// Whether a body has a statement that may be rewritten.
struct Candidates {
    any: bool,
}

impl<'ast> Visit<'ast> for Candidates {
    fn visit_local(&mut self, local: &'ast Local) {
        self.any |= local.init.as_ref().is_some_and(|init| is_choice(&init.expr));
        visit::visit_local(self, local);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.any |= match expr {
            Expr::While(_) => true,
            Expr::Macro(of) => super::izip::is_izip(&of.mac),
            _ => false,
        };
        visit::visit_expr(self, expr);
    }
}

/// The names of variables that may hold something active.
struct Taint {
    names: HashSet<String>,
    changed: bool,
}

impl Taint {
    fn is_active(&self, node: impl ToTokens) -> bool {
        mentioned(node).iter().any(|name| self.names.contains(name))
    }

    fn bind(&mut self, pattern: &Pat, from: impl ToTokens) {
        if self.is_active(from) {
            for (name, _) in bound_by(pattern) {
                self.changed |= self.names.insert(super::plain_name(&name));
            }
        }
    }

    /// What is assigned, or given to a method of, becomes active as a whole.
    fn assign(&mut self, place: &Expr, from: impl ToTokens) {
        if self.is_active(from) {
            for name in mentioned(place) {
                self.changed |= self.names.insert(name);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Taint {
    fn visit_local(&mut self, local: &'ast Local) {
        if let Some(init) = &local.init {
            self.bind(&local.pat, &init.expr);
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_let(&mut self, binding: &'ast syn::ExprLet) {
        self.bind(&binding.pat, &binding.expr);
        visit::visit_expr_let(self, binding);
    }

    fn visit_expr_for_loop(&mut self, of: &'ast syn::ExprForLoop) {
        self.bind(&of.pat, &of.expr);
        visit::visit_expr_for_loop(self, of);
    }

    fn visit_expr_match(&mut self, matching: &'ast syn::ExprMatch) {
        for arm in &matching.arms {
            self.bind(&arm.pat, &matching.expr);
        }
        visit::visit_expr_match(self, matching);
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.assign(&assign.left, &assign.right);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if super::is_compound(&binary.op) {
            self.assign(&binary.left, &binary.right);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if matches!(*call.receiver, Expr::Path(_)) {
            self.assign(&call.receiver, call.args.to_token_stream());
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        for arg in &call.args {
            if let Expr::Reference(borrow) = arg
                && borrow.mutability.is_some()
            {
                self.assign(&borrow.expr, call.args.to_token_stream());
            }
        }
        visit::visit_expr_call(self, call);
    }
}

struct Rewriter {
    taint: Taint,
}

impl Rewriter {
    /// `while let pattern = value { body }` → `loop { if let pattern = value { body } else { break } }`
    fn while_let(&self, expr: &mut Expr) {
        let Expr::While(of) = expr else { return };
        let Expr::Let(question) = &*of.cond else { return };
        if !self.taint.is_active(&question.expr) {
            return;
        }
        let site = Span::mixed_site().located_at(of.while_token.span());
        let (label, cond, body) = (&of.label, &of.cond, &of.body);
        let endless = quote_spanned!(site=> #label loop { if #cond #body else { break; } });
        if let Ok(endless) = syn::parse2(endless) {
            *expr = endless;
        }
    }

    /// `let mut it = items; while let Some(x) = it.next() { … }` → `for x in items { … }`, where
    /// nothing else mentions `it`, and nothing in between changes what `items` is made of.
    fn iterators(&self, stmts: &mut Vec<Stmt>) {
        let mut at = 0;
        while at < stmts.len() {
            match self.looped(stmts, at) {
                Some((position, of)) => {
                    if let Some(stmt) = stmts.get_mut(position) {
                        *stmt = of;
                    }
                    stmts.remove(at);
                }
                None => at += 1,
            }
        }
    }

    fn looped(&self, stmts: &[Stmt], at: usize) -> Option<(usize, Stmt)> {
        let Stmt::Local(Local { pat: Pat::Ident(name), init: Some(init), .. }) = stmts.get(at)?
        else {
            return None;
        };
        if init.diverge.is_some()
            || !self.taint.is_active(&init.expr)
            || !crate::chain::is_iterator(&init.expr)
        {
            return None;
        }
        let iterator = super::plain_name(&name.ident);
        let rest = stmts.get(at + 1..)?;
        let uses = rest.iter().filter(|stmt| mentioned(stmt).contains(&iterator)).count();
        let position = rest.iter().position(|stmt| mentioned(stmt).contains(&iterator))?;
        let Stmt::Expr(Expr::While(of), _) = rest.get(position)? else { return None };
        let (pattern, body) = next_of(of, &iterator)?;
        let between = rest.get(..position)?;
        let sources = mentioned(&init.expr);
        if uses > 1
            || occurrences(&of.to_token_stream(), &iterator) > 1
            || !unchanged(between, &sources)
        {
            return None;
        }
        let site = Span::mixed_site().located_at(of.while_token.span());
        let (label, items) = (&of.label, &init.expr);
        let written = quote_spanned!(site=> #label for #pattern in #items #body);
        let of: Expr = syn::parse2(written).ok()?;
        Some((at + 1 + position, Stmt::Expr(of, None)))
    }

    /// `let r = if c { &mut a } else { &mut b }; rest` → `if c { let r = &mut a; rest } else { … }`
    fn borrows(&self, stmts: &mut Vec<Stmt>) {
        let chosen = stmts.iter().position(|stmt| match stmt {
            Stmt::Local(Local { init: Some(init), pat, .. }) => {
                init.diverge.is_none()
                    && matches!(pat, Pat::Ident(_))
                    && is_choice(&init.expr)
                    && lends(&init.expr)
                    && self.taint.is_active(&init.expr)
            }
            _ => false,
        });
        let Some(at) = chosen else { return };
        let mut rest = stmts.split_off(at);
        let Stmt::Local(local) = rest.remove(0) else { return };
        self.borrows(&mut rest);
        let Some(init) = &local.init else { return };
        let expr = chosen_by((*init.expr).clone(), &local, &rest);
        stmts.push(Stmt::Expr(expr, None));
    }
}

impl VisitMut for Rewriter {
    fn visit_block_mut(&mut self, block: &mut Block) {
        self.iterators(&mut block.stmts);
        self.borrows(&mut block.stmts);
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        self.while_let(expr);
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// The pattern and the body of `while let Some(pattern) = it.next() { body }`.
fn next_of<'w>(of: &'w syn::ExprWhile, iterator: &str) -> Option<(&'w Pat, &'w Block)> {
    let Expr::Let(question) = &*of.cond else { return None };
    let (Pat::TupleStruct(some), Expr::MethodCall(next)) = (&*question.pat, &*question.expr) else {
        return None;
    };
    let Expr::Path(path) = &*next.receiver else { return None };
    let called = path.path.get_ident().map(super::plain_name)?;
    let fits = called == iterator && next.method == "next" && some.path.is_ident("Some");
    match some.elems.first() {
        Some(pattern) if fits && some.elems.len() == 1 && is_irrefutable(pattern) => {
            Some((pattern, &of.body))
        }
        _ => None,
    }
}

/// Whether a pattern matches every item: names, and tuples and references of them.
fn is_irrefutable(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(ident) => {
            ident.subpat.is_none() && !ident.ident.to_string().starts_with(char::is_uppercase)
        }
        Pat::Wild(_) => true,
        Pat::Tuple(tuple) => tuple.elems.iter().all(is_irrefutable),
        Pat::Reference(reference) => is_irrefutable(&reference.pat),
        Pat::Paren(paren) => is_irrefutable(&paren.pat),
        _ => false,
    }
}

/// How often a name stands in tokens.
fn occurrences(tokens: &TokenStream, name: &str) -> usize {
    tokens
        .clone()
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Ident(ident) => usize::from(super::plain_name(&ident) == name),
            TokenTree::Group(group) => occurrences(&group.stream(), name),
            TokenTree::Punct(_) | TokenTree::Literal(_) => 0,
        })
        .sum()
}

/// Whether statements are declarations that hide and change none of these names.
fn unchanged(stmts: &[Stmt], names: &HashSet<String>) -> bool {
    stmts.iter().all(|stmt| match stmt {
        Stmt::Local(local) => {
            let bound = bound_by(&local.pat);
            let hides = bound.iter().any(|(name, _)| names.contains(&super::plain_name(name)));
            !hides && !mentioned(stmt).iter().any(|name| names.contains(name))
        }
        Stmt::Item(_) | Stmt::Expr(..) | Stmt::Macro(_) => false,
    })
}

/// Whether an expression is an `if` with an `else`, or a `match`.
fn is_choice(expr: &Expr) -> bool {
    match expr {
        Expr::If(conditional) => conditional.else_branch.is_some(),
        Expr::Match(_) => true,
        _ => false,
    }
}

/// Whether some arm of a choice gives a `&mut`.
fn lends(expr: &Expr) -> bool {
    match expr {
        Expr::Reference(borrow) => borrow.mutability.is_some(),
        Expr::Paren(inner) => lends(&inner.expr),
        Expr::Block(block) => last_lends(&block.block),
        Expr::If(conditional) => {
            last_lends(&conditional.then_branch)
                || conditional.else_branch.as_ref().is_some_and(|(_, other)| lends(other))
        }
        Expr::Match(matching) => matching.arms.iter().any(|arm| lends(&arm.body)),
        _ => false,
    }
}

fn last_lends(block: &Block) -> bool {
    matches!(block.stmts.last(), Some(Stmt::Expr(last, None)) if lends(last))
}

/// The choice, where each arm binds what it gives and goes on with `rest`.
fn chosen_by(expr: Expr, local: &Local, rest: &[Stmt]) -> Expr {
    match expr {
        Expr::If(mut conditional) => {
            conditional.then_branch = going_on(conditional.then_branch, local, rest);
            conditional.else_branch = conditional
                .else_branch
                .map(|(keyword, other)| (keyword, Box::new(chosen_by(*other, local, rest))));
            Expr::If(conditional)
        }
        Expr::Match(mut matching) => {
            for arm in &mut matching.arms {
                let body = std::mem::replace(&mut *arm.body, Expr::Verbatim(TokenStream::new()));
                *arm.body = chosen_by(body, local, rest);
                arm.comma.get_or_insert_with(Default::default);
            }
            Expr::Match(matching)
        }
        Expr::Block(mut block) if block.label.is_none() => {
            block.block = going_on(block.block, local, rest);
            Expr::Block(block)
        }
        Expr::Paren(inner) => chosen_by(*inner.expr, local, rest),
        value => {
            let stmts = vec![Stmt::Expr(value, None)];
            let block = Block { brace_token: syn::token::Brace::default(), stmts };
            let block = going_on(block, local, rest);
            Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block })
        }
    }
}

fn going_on(mut block: Block, local: &Local, rest: &[Stmt]) -> Block {
    match block.stmts.pop() {
        Some(Stmt::Expr(choice, None)) if is_choice(&choice) => {
            block.stmts.push(Stmt::Expr(chosen_by(choice, local, rest), None));
        }
        Some(Stmt::Expr(value, None)) => {
            let mut bound = local.clone();
            if let Some(init) = &mut bound.init {
                *init.expr = value;
            }
            block.stmts.push(Stmt::Local(bound));
            block.stmts.extend(rest.iter().cloned());
        }
        // It never gives anything.
        last => block.stmts.extend(last),
    }
    block
}
