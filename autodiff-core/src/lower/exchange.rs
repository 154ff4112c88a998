//! `mem::swap`, `mem::replace` and `mem::take`: variables and parts that change places.

use proc_macro2::Delimiter;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprReference, Local, Pat, Stmt};

use super::call::calls;
use super::operand::{commas, statement, tokens};
use super::pattern::Bound;
use super::place::Part;
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Active, Assignment, BindingId, Effect, Kind, Piece, Ty, ValueId};

impl Lowerer<'_> {
    /// Whether a statement is `mem::swap(&mut a, &mut b);`, or of references, of something active.
    pub(crate) fn exchanges_active(&self, call: &ExprCall) -> bool {
        let known = calls(call, "mem", &["swap"]) && call.args.len() == 2;
        let scan = self.scan(|scan| syn::visit::Visit::visit_expr_call(scan, call));
        known
            && (scan.active || scan.writes_active)
            && call.args.iter().all(|arg| self.is_place(arg))
    }

    fn is_place(&self, argument: &Expr) -> bool {
        match argument {
            Expr::Reference(borrow) => {
                borrow.mutability.is_some() && self.root_binding(&borrow.expr).is_some()
            }
            // A reference already.
            Expr::Path(_) => self.root_binding(argument).is_some(),
            _ => false,
        }
    }

    /// `mem::swap(&mut a, &mut b);`
    pub(crate) fn exchange(&mut self, stmt: &Stmt, call: &ExprCall) -> Lowered<()> {
        let mut parts = Vec::new();
        let mut arguments = Vec::new();
        for argument in &call.args {
            let part = match argument {
                Expr::Reference(borrow) => {
                    let part = self.place(&borrow.expr)?;
                    arguments.push(borrowed(borrow, &part));
                    part
                }
                reference => {
                    let part = self.place(reference)?;
                    arguments.push(Piece::Group(Delimiter::None, part.pieces.clone()));
                    part
                }
            };
            parts.push(part);
        }
        let list = Piece::Group(Delimiter::Parenthesis, commas(arguments));
        let syntax = statement(vec![tokens(&call.func), list, super::assign::semicolon(stmt)]);
        let [a, b] = parts.as_slice() else {
            return self.refuse(&Refusal::MutBorrow, call.func.span());
        };
        let span = call.func.span();
        let (old_a, old_b) = (self.read_place(a, span), self.read_place(b, span));
        if a.path.is_empty() && b.path.is_empty() {
            let mut bound = Bound::default();
            for (part, value) in [(a, old_b), (b, old_a)] {
                let (ty, active) = (self.ty(old_a).clone(), self.function.values[value].active);
                bound.parts.push(value);
                bound.versions.push(self.version(part.root, ty, active));
            }
            self.bind(bound, syntax, span);
            return Ok(());
        }
        let reads = [a, b].iter().filter_map(|part| self.scopes.version(part.root)).collect();
        let expr = Box::new(Expr::Call(call.clone()));
        let kind = Kind::Opaque { expr, reads, effect: Effect::Any };
        self.push(Vec::new(), kind, Some(syntax), span);
        self.write(a, (Assignment::Set, old_b), None, span);
        self.write(b, (Assignment::Set, old_a), None, span);
        Ok(())
    }

    /// `let old = mem::replace(&mut a, new);`, `let old = mem::take(&mut a);` of a variable that
    /// is active, or becomes so.
    pub(crate) fn is_replacement<'e>(
        &self,
        pattern: &Pat,
        init: &'e Expr,
    ) -> Option<(&'e ExprCall, BindingId)> {
        let Expr::Call(call) = init else { return None };
        let count = if calls(call, "mem", &["replace"]) { 2 } else { 1 };
        let Some(Expr::Reference(borrow)) = call.args.first() else { return None };
        let root = self.root_binding(&borrow.expr)?;
        let whole = matches!(&*borrow.expr, Expr::Path(_)) && !self.is_alias(&borrow.expr);
        let scan = self.scan(|scan| syn::visit::Visit::visit_expr(scan, init));
        let fits = calls(call, "mem", &["replace", "take"])
            && call.args.len() == count
            && matches!(pattern, Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none());
        let active = scan.active || scan.writes_active;
        (fits && whole && active && borrow.mutability.is_some()).then_some((call, root))
    }

    /// The old value gets a name of its own, while the variable gets the new one.
    pub(crate) fn replacement(
        &mut self,
        local: &Local,
        (call, root): (&ExprCall, BindingId),
    ) -> Lowered<()> {
        let span = call.func.span();
        let old = self.scopes.version(root).unwrap_or_else(|| self.never(span));
        let mut arguments: Vec<Piece> = call.args.first().map(tokens).into_iter().collect();
        let new = if let Some(argument) = call.args.iter().nth(1) {
            let operand = self.expr(argument)?;
            let (value, piece) = self.settle_at(operand, self.insts.len());
            arguments.push(piece);
            value
        } else {
            self.default_of(old)
        };
        let mut bound = Bound::default();
        let binders = self.destructure(&local.pat, old, &mut bound)?;
        let ty = self.ty(old).clone();
        let active = self.function.values[new].active;
        bound.parts.push(new);
        bound.versions.push(self.version(root, ty, active));
        let mut list = commas(arguments);
        if call.args.len() == 1 {
            list.pop();
        }
        let list = Piece::Group(Delimiter::Parenthesis, list);
        let mut pieces = vec![tokens(local.let_token), binders];
        pieces.extend(local.init.as_ref().map(|init| tokens(init.eq_token)));
        pieces.extend([tokens(&call.func), list, tokens(local.semi_token)]);
        self.bind(bound, statement(pieces), local.span());
        Ok(())
    }

    /// What `mem::take` leaves.
    fn default_of(&mut self, old: ValueId) -> ValueId {
        let ty = self.ty(old).behind_refs().clone();
        let text = if let Ty::Vec(_) = ty {
            quote!(::std::vec::Vec::new())
        } else {
            quote!(::core::default::Default::default())
        };
        let expr = Box::new(syn::parse2(text.clone()).unwrap_or(Expr::Verbatim(text)));
        let kind = Kind::Opaque { expr, reads: Vec::new(), effect: Effect::Pure };
        let span = self.function.values[old].span;
        self.push_value((ty, "default", Active::No), kind, None, span)
    }
}

fn borrowed(borrow: &ExprReference, part: &Part) -> Piece {
    let mut pieces = vec![tokens(borrow.and_token), tokens(borrow.mutability)];
    pieces.extend(part.pieces.clone());
    Piece::Group(Delimiter::None, pieces)
}
