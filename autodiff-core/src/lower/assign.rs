//! Assignments: each makes a new version of the variable.

use proc_macro2::Delimiter;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprAssign, ExprBinary, Stmt};

use super::operand::{Operand, commas, statement, tokens};
use super::pattern::Bound;
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{
    Assertion, Assignment, BindingId, Effect, FloatTy, Kind, Member, Piece, Ty, ValueId,
};

impl Lowerer<'_> {
    /// `place = value;`
    pub(crate) fn assign(&mut self, stmt: &Stmt, assign: &ExprAssign) -> Lowered<()> {
        if self.is_part(&assign.left) {
            let scan = self.scan(|scan| syn::visit::Visit::visit_stmt(scan, stmt));
            let involved = scan.active || scan.writes_active;
            return if involved {
                self.assign_part(stmt, assign)
            } else {
                self.passive_statement(stmt)
            };
        }
        let operand = self.expr(&assign.right)?;
        if operand.is_passive() && !self.writes_active(&assign.left) {
            let whole = self.local_of(&assign.left);
            if whole.is_none() {
                return self.passive_statement(stmt);
            }
        }
        let (value, piece) = self.settled(operand);
        let mut bound = Bound::default();
        let target = self.assign_to(&assign.left, value, &mut bound)?;
        let pieces = vec![target, tokens(assign.eq_token), piece, semicolon(stmt)];
        if bound.elements.is_empty() {
            self.bind(bound, statement(pieces), assign.span());
            return Ok(());
        }
        let expr = Box::new(Expr::Assign(assign.clone()));
        let kind = Kind::Opaque { expr, reads: Vec::new(), effect: Effect::Any };
        self.push(Vec::new(), kind, Some(statement(pieces)), assign.span());
        self.push(bound.versions, Kind::Bind(bound.parts), None, assign.span());
        for (part, value) in bound.elements {
            self.write(&part, (Assignment::Set, value), None, assign.span());
        }
        Ok(())
    }

    /// Whether a place is a part of a variable, or reached through a reference: an element, or
    /// what an alias names.
    fn is_part(&self, place: &Expr) -> bool {
        let through = match place {
            Expr::Paren(of) => return self.is_part(&of.expr),
            Expr::Index(_) => true,
            Expr::Unary(of) => {
                let end = matches!(&*of.expr, Expr::MethodCall(call)
                    if super::place::end_of(call).is_some());
                matches!(of.op, syn::UnOp::Deref(_)) && (end || self.is_alias(&of.expr))
            }
            Expr::Field(of) => {
                return self.is_part(&of.base)
                    || self.is_alias(&of.base)
                    || self.is_struct(&of.base)
                    || self.is_field_of_variable(&of.base);
            }
            _ => false,
        };
        through && self.root_binding(place).is_some()
    }

    /// Whether an expression is a field of a variable: that of a tuple is a place of its own where
    /// it is not replaced as a whole.
    fn is_field_of_variable(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Field(of)
            if self.is_field_of_variable(&of.base) || self.local_of(&of.base).is_some())
    }

    /// Whether an expression is a variable with fields that is no tuple: those are several values.
    fn is_struct(&self, expr: &Expr) -> bool {
        let version = self.local_of(expr).and_then(|binding| self.scopes.version(binding));
        version.is_some_and(|version| !matches!(self.ty(version).behind_refs(), Ty::Tuple(_)))
    }

    /// New versions for the variables of an assignment's left side.
    fn assign_to(&mut self, place: &Expr, value: ValueId, bound: &mut Bound) -> Lowered<Piece> {
        match place {
            Expr::Paren(inner) => self.assign_to(&inner.expr, value, bound),
            Expr::Infer(wild) => Ok(tokens(wild)),
            Expr::Tuple(tuple) => {
                let mut pieces = Vec::new();
                for (n, element) in (0_u32..).zip(&tuple.elems) {
                    let n = Member::Unnamed(n);
                    let ty = self.ty(value).field(n);
                    let active = self.part_active(value, n);
                    let hint = format!("{}_{n}", self.hint(value));
                    let kind = Kind::Field(value, n);
                    let part = self.push_value((ty, &hint, active), kind, None, element.span());
                    pieces.push(self.assign_to(element, part, bound)?);
                }
                Ok(Piece::Group(Delimiter::Parenthesis, commas(pieces)))
            }
            Expr::Field(_) if self.is_part(place) => self.assign_element(place, value, bound),
            Expr::Field(field) => self.assign_field(place, field, value, bound),
            Expr::Index(_) => self.assign_element(place, value, bound),
            _ => match self.local_of(place) {
                Some(binding) => {
                    let ty = self.assigned_ty(binding, value);
                    let active = self.function.values[value].active;
                    bound.parts.push(value);
                    bound.versions.push(self.version(binding, ty, active));
                    Ok(tokens(place))
                }
                None => self.refuse(&Refusal::Assignment, place.span()),
            },
        }
    }

    /// An element on the left side of a tuple assignment: `(a[0], x) = …`.
    fn assign_element(
        &mut self,
        place: &Expr,
        value: ValueId,
        bound: &mut Bound,
    ) -> Lowered<Piece> {
        let part = self.place(place)?;
        let pieces = part.pieces.clone();
        bound.elements.push((part, value));
        Ok(Piece::Group(Delimiter::None, pieces))
    }

    /// `t.0 = value`: the tuple with one field replaced.
    fn assign_field(
        &mut self,
        place: &Expr,
        field: &syn::ExprField,
        value: ValueId,
        bound: &mut Bound,
    ) -> Lowered<Piece> {
        let tuple = self.local_of(&field.base).and_then(|b| Some((b, self.scopes.version(b)?)));
        let (Some((binding, old)), syn::Member::Unnamed(n)) = (tuple, &field.member) else {
            return self.refuse(&Refusal::Assignment, field.member.span());
        };
        let Ty::Tuple(fields) = self.ty(old).clone() else {
            return self.refuse(&Refusal::Assignment, field.member.span());
        };
        let span = place.span();
        let mut parts = Vec::new();
        for (m, ty) in (0_u32..).zip(&fields) {
            parts.push(if m == n.index {
                value
            } else {
                let active = self.function.values[old].active;
                let hint = format!("{}_{m}", self.hint(old));
                self.push_value(
                    (ty.clone(), &hint, active),
                    Kind::Field(old, Member::Unnamed(m)),
                    None,
                    span,
                )
            });
        }
        let active = self.any_active(&parts);
        let hint = self.hint(old).to_owned();
        let ty = Ty::Tuple(fields);
        let whole = self.push_value((ty.clone(), &hint, active), Kind::Tuple(parts), None, span);
        bound.parts.push(whole);
        bound.versions.push(self.version(binding, ty, active));
        Ok(tokens(place))
    }

    /// `place op= value;`
    pub(crate) fn compound_assign(&mut self, stmt: &Stmt, binary: &ExprBinary) -> Lowered<()> {
        if self.is_part(&binary.left) {
            let scan = self.scan(|scan| syn::visit::Visit::visit_stmt(scan, stmt));
            if !scan.active && !scan.writes_active {
                return self.passive_statement(stmt);
            }
            return match super::expr::arithmetic(&binary.op) {
                Some(op) => self.compound_part(stmt, binary, op),
                None => self.refuse(&Refusal::Assignment, binary.op.span()),
            };
        }
        let marked = self.operands([&*binary.right])?;
        let passive = marked.iter().all(|(operand, _)| operand.is_passive());
        if let Some(ty) = self.place_ty(&binary.left) {
            self.told_float(&binary.right, ty.behind_refs());
        }
        if passive && !self.writes_active(&binary.left) {
            return self.passive_statement(stmt);
        }
        let Some(op) = super::expr::arithmetic(&binary.op) else {
            return self.refuse(&Refusal::Assignment, binary.op.span());
        };
        let old = self.expr(&binary.left)?;
        if super::expr::is_integer(&binary.right) && self.primitive(&old).is_some() {
            return Err(self.diagnostics.leave_to_rustc(&Refusal::IntegerLiteral));
        }
        let (old, ()) = self.settled_place(old);
        let Some((value, piece)) = self.settle(marked).pop() else {
            return self.refuse(&Refusal::Assignment, binary.op.span());
        };
        let (syntax, span) = (super::operator::place(binary), binary.op.span());
        if let (true, Some(name)) =
            (self.is_users_value(syntax, old), super::operator::operator_name(&binary.op))
        {
            let left = (old, tokens(&binary.left));
            let result = self.operator_call((name, syntax, span), vec![left, (value, piece)]);
            let mut bound = Bound::default();
            let target = self.assign_to(&binary.left, result, &mut bound)?;
            let sign = tokens(syn::token::Eq(binary.op.span()));
            let pieces = vec![target, sign, Piece::Value(result), semicolon(stmt)];
            self.bind(bound, statement(pieces), binary.span());
            return Ok(());
        }
        let args = vec![old, value];
        self.note_untold(syntax, args.iter().map(|&arg| (arg, Vec::new())).collect());
        let active = self.any_active(&args);
        let ty = match self.ty(old).behind_refs() {
            Ty::Float(float) => Ty::Float(float.clone()),
            _ => Ty::Float(FloatTy::Inferred),
        };
        let hint = self.hint(old).to_owned();
        let result = self.push_value((ty, &hint, active), Kind::Apply(op, args.into()), None, span);
        let mut bound = Bound::default();
        let target = self.assign_to(&binary.left, result, &mut bound)?;
        let piece = self.assumed(value, piece);
        let mut pieces = vec![target, tokens(binary.op), piece, semicolon(stmt)];
        if self.is_assumed(old) {
            pieces.insert(0, Piece::Asserted(Assertion::Number, vec![tokens(&binary.left)]));
        }
        self.bind(bound, statement(pieces), binary.span());
        Ok(())
    }

    /// The value of a place that is read and written: it has no tokens of its own.
    fn settled_place(&mut self, operand: Operand<'_>) -> (ValueId, ()) {
        if let Operand::Passive(passive) = &operand
            && let [read] = passive.reads.as_slice()
        {
            return (*read, ());
        }
        (self.settled(operand).0, ())
    }

    /// The type of a variable does not change by assignment.
    fn assigned_ty(&self, binding: BindingId, value: ValueId) -> Ty {
        match self.scopes.version(binding).map(|old| self.ty(old)) {
            Some(ty) if !ty.has_unknown() => ty.clone(),
            _ => self.ty(value).clone(),
        }
    }

    /// The variable that a place is, if it is one whole variable.
    fn local_of(&self, place: &Expr) -> Option<BindingId> {
        match place {
            Expr::Paren(inner) => self.local_of(&inner.expr),
            Expr::Path(path) => path.path.get_ident().and_then(|ident| self.scopes.lookup(ident)),
            _ => None,
        }
    }

    /// Whether a place holds, or is part of, something active.
    fn writes_active(&self, place: &Expr) -> bool {
        let scan = self.scan(|scan| syn::visit::Visit::visit_expr(scan, place));
        scan.active || scan.writes_active
    }
}

pub(crate) fn semicolon(stmt: &Stmt) -> Piece {
    match stmt {
        Stmt::Expr(_, Some(semi)) => tokens(semi),
        _ => tokens(syn::token::Semi::default()),
    }
}

/// `+=` and its kin.
pub(crate) fn is_compound(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}
