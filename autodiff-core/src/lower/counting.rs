//! `len`, `cmp` and their kin, of what only rustc knows the type of: what they give is taken for
//! something without a derivative. A method of the user's may have such a name, so rustc checks it.

use quote::{ToTokens, format_ident, quote_spanned};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprBinary, ExprMethodCall, Member, UnOp};

use super::Lowerer;
use super::methods::INERT_METHODS;
use super::operand::{Marked, is_comparison, tokens};
use crate::ir::{FloatTy, Piece, Ty};

/// What stands in checked tokens for the function of the runtime that checks.
pub(crate) const CHECK: &str = "__counted";

impl Lowerer<'_> {
    /// An expression that is passed through as it is written.
    pub(crate) fn passed_through(&self, expr: &Expr) -> Piece {
        if matches!(expr, Expr::Lit(_) | Expr::Path(_)) {
            return tokens(expr);
        }
        self.checked(expr, |find| find.visit_expr(expr), |check, copy| check.visit_expr_mut(copy))
    }

    /// The same of a statement.
    pub(crate) fn statement_passed_through(&self, stmt: &syn::Stmt) -> Piece {
        self.checked(stmt, |find| find.visit_stmt(stmt), |check, copy| check.visit_stmt_mut(copy))
    }

    fn checked<T: ToTokens + Clone>(
        &self,
        node: &T,
        find: impl FnOnce(&mut Find<'_>),
        check: impl FnOnce(&mut Check<'_>, &mut T),
    ) -> Piece {
        let mut calls = Find { lowerer: self, found: false };
        find(&mut calls);
        if !calls.found {
            return tokens(node);
        }
        let mut checked = node.clone();
        check(&mut Check { lowerer: self }, &mut checked);
        Piece::Checked(node.to_token_stream(), checked.to_token_stream())
    }

    /// Whether a method that is taken for one of `std`'s may be the user's, and of something active.
    fn may_be_users(&self, call: &ExprMethodCall) -> bool {
        let name = call.method.to_string();
        let is_no_floats = || {
            let ty = self.place_ty(&call.receiver);
            ty.is_some_and(|ty| matches!(ty.behind_refs(), Ty::Float(_))) && !of_floats(&name)
        };
        INERT_METHODS.contains(&name.as_str())
            && (self.is_of_untold(&call.receiver) || is_no_floats())
            && self.scan(|scan| scan.visit_expr(&call.receiver)).active
    }

    /// Whether something may be of a type of the user's, for all that is known.
    pub(super) fn is_of_untold(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Paren(of) => self.is_of_untold(&of.expr),
            Expr::Group(of) => self.is_of_untold(&of.expr),
            Expr::Reference(of) => self.is_of_untold(&of.expr),
            Expr::Binary(of) => self.is_of_untold(&of.left) && self.is_of_untold(&of.right),
            Expr::Unary(of) if !matches!(of.op, UnOp::Deref(_)) => self.is_of_untold(&of.expr),
            Expr::Call(_) | Expr::Struct(_) => true,
            Expr::MethodCall(call) => {
                !super::methods::is_known_method(&call.method) && !crate::chain::is_iterator(expr)
            }
            place => self.place_ty(place).is_some_and(|ty| is_untold(ty.behind_refs())),
        }
    }

    /// What stands where a float does is no count: such a method is the user's.
    pub(crate) fn told_float(&mut self, expr: &Expr, by: &Ty) {
        if let (Expr::MethodCall(call), Ty::Float(_)) = (super::unparenthesised(expr), by)
            && self.may_be_users(call)
        {
            self.facts.note_users(super::operator::place(call));
        }
    }

    /// The same of the operands of an operator, each by the other.
    pub(crate) fn operands_told_float(&mut self, binary: &ExprBinary, marked: &Marked<'_>) {
        let [(left, _), (right, _)] = marked.as_slice() else { return };
        let tys = [(&*binary.left, right, &binary.right), (&*binary.right, left, &binary.left)];
        for (expr, operand, other) in tys {
            let is_literal = super::option::is_float(super::unparenthesised(other));
            let float = Ty::Float(FloatTy::Inferred);
            let by = if is_literal { float } else { self.ty_of(operand).behind_refs().clone() };
            self.told_float(expr, &by);
        }
    }

    /// Whether a place is of a type of which the function builds, or takes apart, a structure, or has
    /// fields with names: its methods are the user's.
    pub(super) fn is_structure(&self, place: &Expr) -> bool {
        match self.place_ty(place) {
            Some(ty) => match ty.behind_refs() {
                Ty::Named(name) => self.evidence().is_structure(place, &name.to_string()),
                _ => false,
            },
            None => false,
        }
    }

    /// The type of a place, as far as it is known.
    pub(crate) fn place_ty(&self, place: &Expr) -> Option<Ty> {
        let ty = |of: &Expr| Some(self.place_ty(of)?.behind_refs().clone());
        match place {
            Expr::Path(_) => {
                let named = self.variable(place)?;
                let version = self.scopes.version(self.aliased(named))?;
                Some(self.function.part_ty(self.ty(version), self.alias_path(place)))
            }
            Expr::Paren(of) => self.place_ty(&of.expr),
            Expr::Group(of) => self.place_ty(&of.expr),
            Expr::Unary(of) => ty(&of.expr),
            Expr::Index(of) if matches!(*of.index, Expr::Range(_)) => ty(&of.expr),
            Expr::Index(of) => Some(ty(&of.expr)?.element()),
            Expr::Field(of) => match (ty(&of.base)?, &of.member) {
                (Ty::Tuple(parts), Member::Unnamed(n)) => parts.get(n.index as usize).cloned(),
                _ => Some(Ty::Unknown),
            },
            _ => None,
        }
    }
}

/// Whether floats have a method of this name in `std`.
fn of_floats(name: &str) -> bool {
    let counts = ["len", "is_empty", "cmp"].contains(&name);
    let of_options = name.starts_with("is_some")
        || name.starts_with("is_none")
        || name.starts_with("is_ok")
        || name.starts_with("is_err");
    !counts && !of_options
}

fn is_untold(ty: &Ty) -> bool {
    super::receiver::is_users(ty) || matches!(ty, Ty::Unknown)
}

struct Find<'l> {
    lowerer: &'l Lowerer<'l>,
    found: bool,
}

impl<'ast> Visit<'ast> for Find<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.found |= self.lowerer.may_be_users(call);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        // What is compared needs no derivative, whatever it is.
        if !is_comparison(&binary.op) {
            visit::visit_expr_binary(self, binary);
        }
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        if !super::receiver::is_stopped(expr) {
            visit::visit_expr(self, expr);
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// `v.len()` → `__counted(v.len())`
struct Check<'l> {
    lowerer: &'l Lowerer<'l>,
}

impl VisitMut for Check<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if super::receiver::is_stopped(expr) {
            return;
        }
        let is_one = matches!(&*expr, Expr::MethodCall(call) if self.lowerer.may_be_users(call));
        visit_mut::visit_expr_mut(self, expr);
        if let (true, Expr::MethodCall(call)) = (is_one, &*expr) {
            let check = format_ident!("{CHECK}", span = call.method.span());
            let checked = quote_spanned!(call.method.span()=> #check(#call));
            *expr = Expr::Verbatim(checked);
        }
    }

    fn visit_expr_binary_mut(&mut self, binary: &mut ExprBinary) {
        // What is compared needs no derivative, whatever it is.
        if !is_comparison(&binary.op) {
            visit_mut::visit_expr_binary_mut(self, binary);
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
