//! Closures that are bound to a name: each call is the body in its place.

use std::rc::Rc;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, ExprCall, ExprClosure, Local, Pat};

use super::operand::{Operand, statement, tokens};
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Active, BindingId, Effect, Kind, Ty, ValueId};

/// A closure that has a name.
#[derive(Clone)]
pub(crate) struct Named {
    closure: Rc<ExprClosure>,
    captures: Vec<Capture>,
    writes: Vec<BindingId>,
}

/// A variable from outside, as the closure found it.
#[derive(Clone)]
struct Capture {
    ident: Ident,
    binding: BindingId,
    version: Option<ValueId>,
}

impl Named {
    /// The variables from outside.
    pub(crate) fn captures(&self) -> impl Iterator<Item = BindingId> + '_ {
        self.captures.iter().map(|capture| capture.binding)
    }

    /// Those that a call changes.
    pub(crate) fn writes(&self) -> &[BindingId] {
        &self.writes
    }
}

/// The closure that a `let` names, and the name.
pub(crate) fn named_closure<'e>(
    pattern: &'e Pat,
    init: &'e Expr,
) -> Option<(&'e syn::PatIdent, &'e ExprClosure)> {
    let mut pattern = pattern;
    while let Pat::Type(typed) = pattern {
        pattern = &typed.pat;
    }
    let Pat::Ident(ident) = pattern else { return None };
    let closure = closure_of(init)?;
    (ident.by_ref.is_none() && ident.subpat.is_none()).then_some((ident, closure))
}

fn closure_of(expr: &Expr) -> Option<&ExprClosure> {
    match expr {
        Expr::Closure(closure) => Some(closure),
        Expr::Paren(inner) => closure_of(&inner.expr),
        Expr::Group(inner) => closure_of(&inner.expr),
        Expr::Reference(inner) => closure_of(&inner.expr),
        _ => None,
    }
}

impl Lowerer<'_> {
    /// `let f = |z| …;`: it stays where it is if something that needs no derivative calls it.
    pub(crate) fn closure_let(
        &mut self,
        local: &Local,
        ident: &syn::PatIdent,
        closure: &ExprClosure,
    ) -> Lowered<()> {
        let scan = self.scan(|scan| scan.visit_expr(&closure.body));
        let (reads, mut writes) = (scan.reads, scan.writes);
        let captures = self.captured(closure);
        writes.retain(|written| captures.iter().any(|capture| capture.binding == *written));
        if closure.capture.is_some() && !writes.is_empty() {
            // What it changes is a copy of its own.
            return self.refuse(&Refusal::Closure, local.span());
        }
        let changes = !writes.is_empty();
        let binding = self.declare(&ident.ident, ident.mutability.is_some());
        let closure = Rc::new(closure.clone());
        self.closures.insert(binding, Named { closure, captures, writes });
        let version = self.version(binding, Ty::Unknown, Active::No);
        if !changes {
            let expr = Box::new(Expr::Verbatim(local.to_token_stream()));
            let kind = Kind::Opaque { expr, reads, effect: Effect::Pure };
            self.push(vec![version], kind, Some(statement(vec![tokens(local)])), local.span());
        }
        Ok(())
    }

    /// The variables from outside that a closure mentions.
    fn captured(&self, closure: &ExprClosure) -> Vec<Capture> {
        let own: Vec<Ident> = closure
            .inputs
            .iter()
            .flat_map(crate::structure::mentions::bound_by)
            .map(|(ident, _)| ident)
            .collect();
        let mut captures: Vec<Capture> = Vec::new();
        idents(closure.body.to_token_stream(), &mut |ident| {
            let Some(binding) = self.scopes.lookup(&ident) else { return };
            if !own.contains(&ident) && !captures.iter().any(|known| known.binding == binding) {
                captures.push(Capture { version: self.scopes.version(binding), ident, binding });
            }
        });
        captures
    }

    /// The closure that a name stands for.
    pub(crate) fn closure_named(&self, callee: &Expr) -> Option<&Named> {
        let Expr::Path(path) = callee else { return None };
        self.closures.get(&self.scopes.lookup(path.path.get_ident()?)?)
    }

    /// `f(x)` of a closure by its name, in which something is active.
    pub(crate) fn named_call<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprCall,
        named: &Named,
    ) -> Lowered<Operand<'e>> {
        let scan = self.scan(|scan| scan.visit_expr(expr));
        if !scan.active && !scan.writes_active && named.writes.is_empty() {
            return self.inert(expr);
        }
        let moved = named.closure.capture.is_some();
        let name = call.func.to_token_stream().to_string();
        for capture in &named.captures {
            let captured = super::plain_name(&capture.ident);
            if self.scopes.lookup(&capture.ident) != Some(capture.binding) {
                return self.refuse(&Refusal::Hidden(name, captured), call.func.span());
            }
            if moved && self.scopes.version(capture.binding) != capture.version {
                return self.refuse(&Refusal::Stale(name, captured), call.func.span());
            }
        }
        if call.args.len() != named.closure.inputs.len() {
            return self.refuse(&Refusal::LocalCall(name), call.func.span());
        }
        let closure = &named.closure;
        self.synthetic(expr, |_| {
            let mut closure = (**closure).clone();
            closure.capture = None;
            let args = &call.args;
            let unread = |_| crate::chain::Unread { name, span: call.func.span() };
            let (patterns, body) = (&closure.inputs, &closure.body);
            let site = proc_macro2::Span::mixed_site().located_at(call.func.span());
            syn::parse2(match (is_statement(body), args.len()) {
                (false, _) => quote_spanned!(site=> (#closure)(#args)),
                (true, 0) => quote_spanned!(site=> { #body; }),
                (true, 1) => quote_spanned!(site=> { let #patterns = #args; #body; }),
                (true, _) => quote_spanned!(site=> { let (#patterns) = (#args); #body; }),
            })
            .map_err(unread)
        })
    }
}

/// Whether an expression has no value.
fn is_statement(expr: &Expr) -> bool {
    match expr {
        Expr::Assign(_) | Expr::ForLoop(_) | Expr::While(_) => true,
        Expr::Binary(binary) => super::is_compound(&binary.op),
        Expr::Paren(inner) => is_statement(&inner.expr),
        Expr::Block(of) => match of.block.stmts.last() {
            Some(syn::Stmt::Expr(last, None)) => is_statement(last),
            _ => true,
        },
        Expr::If(of) => of.else_branch.is_none(),
        _ => false,
    }
}

fn idents(tokens: TokenStream, found: &mut impl FnMut(Ident)) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => found(ident),
            TokenTree::Group(group) => idents(group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
