//! Method calls: rows of the rule table, and what needs no derivative.

use proc_macro2::Delimiter;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

use super::methods::INERT_METHODS;
use super::operand::{Marked, Operand, Wrap, commas, expression, tokens};
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Active, FloatTy, Kind, Piece, Ty, ValueId};
use crate::rules::Op;

impl Lowerer<'_> {
    pub(crate) fn method_call<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprMethodCall,
    ) -> Lowered<Operand<'e>> {
        let name = call.method.to_string();
        let is_users = self.facts.is_users(super::operator::place(call));
        if INERT_METHODS.contains(&name.as_str()) && !is_users {
            return self.inert(expr);
        }
        let scan = self.scan(|scan| syn::visit::Visit::visit_expr(scan, expr));
        if !scan.active && !scan.writes_active {
            return self.passive_call(expr, &name);
        }
        if is_users {
            return self.user_method(expr, call);
        }
        if let Some(op) = Op::from_method(&name) {
            return self.table_method(expr, call, op);
        }
        if let Some(op) = Op::from_operator(&name).filter(|op| op.arity() == call.args.len() + 1)
            && let Some(operand) = self.operator_by_name(expr, call, op)
        {
            return operand;
        }
        let copies = matches!(name.as_str(), "clone" | "to_owned") && call.args.is_empty();
        if !copies && self.is_of_users_type(&call.receiver) {
            return self.user_method(expr, call);
        }
        if crate::chain::is_inert_end(call) {
            return self.inert(expr);
        }
        if let Some(operand) = self.chained(expr, call) {
            return operand;
        }
        if let Some(operand) = self.array_map(expr, call) {
            return operand;
        }
        if let Some(operand) = self.option_method(expr, call) {
            return operand;
        }
        match name.as_str() {
            "concat" if call.args.is_empty() => self.concat(expr, call),
            "sin_cos" => self.sin_cos(expr, call),
            "to_f64" if call.args.is_empty() => self.to_f64(expr, call),
            "clone" | "to_owned" | "to_vec" if call.args.is_empty() => self.copy(expr, call),
            _ if crate::chain::is_iterator(expr) || crate::chain::is_iterator(&call.receiver) => {
                self.refuse(&Refusal::Iterator(name), call.method.span())
            }
            _ => match crate::chain::unknown_method(call) {
                Some(unknown) => {
                    self.refuse(&Refusal::Iterator(unknown.to_string()), unknown.span())
                }
                None => self.user_method(expr, call),
            },
        }
    }

    /// A call without active arguments; the type of a table method is that of its receiver.
    fn passive_call<'e>(&mut self, expr: &'e Expr, name: &str) -> Lowered<Operand<'e>> {
        let operand = self.inert(expr)?;
        let Operand::Passive(mut passive) = operand else {
            return Ok(operand);
        };
        if Op::from_method(name).is_some()
            && let Expr::MethodCall(call) = expr
            && let Ok(Operand::Passive(receiver)) = self.expr(&call.receiver)
        {
            passive.ty = receiver.ty.behind_refs().clone();
        }
        Ok(Operand::Passive(passive))
    }

    /// `x.to_f64()` of a type parameter; a type of the user's may have a method of that name.
    fn to_f64<'e>(&mut self, expr: &'e Expr, call: &'e ExprMethodCall) -> Lowered<Operand<'e>> {
        let marked = self.operands([&*call.receiver])?;
        let ty = marked.first().map_or(&Ty::Unknown, |(receiver, _)| self.operand_ty(receiver));
        if !matches!(ty, Ty::Float(_)) {
            return self.user_method(expr, call);
        }
        let (args, pieces): (Vec<ValueId>, Vec<Piece>) = self.settle(marked).into_iter().unzip();
        let Some(&arg) = args.first() else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let hint = self.hint(arg).to_owned();
        let result = self.push_value(
            (Ty::Float(FloatTy::F64), &hint, Active::Yes),
            Kind::Cast(arg, FloatTy::F64),
            Some(expression(method_pieces(call, pieces))),
            expr.span(),
        );
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    fn table_method<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprMethodCall,
        op: Op,
    ) -> Lowered<Operand<'e>> {
        let marked = self.operands(std::iter::once(&*call.receiver).chain(&call.args))?;
        // As in `(x as i32).abs()`, which is not even a function of floats.
        if marked.iter().all(|(operand, _)| operand.is_passive()) {
            return self.passive_call(expr, op.name());
        }
        let fits = marked.len() == op.arity();
        let active = marked.iter().any(|(operand, _)| self.operand_is_active(operand));
        match marked.first().map_or(&Ty::Unknown, |(receiver, _)| self.operand_ty(receiver)) {
            Ty::Float(_) if !fits => {
                let refusal = Refusal::Arguments(call.method.to_string(), op.arity());
                return Err(self.diagnostics.leave_to_rustc(&refusal));
            }
            Ty::Named(_) => return self.user_method(expr, call),
            // A branch that reads something active may still be an integer, and have its methods.
            ty if !fits || (active && !matches!(ty, Ty::Float(_) | Ty::Unknown)) => {
                let refusal = Refusal::Method(call.method.to_string());
                return self.refuse(&refusal, call.method.span());
            }
            _ => {}
        }
        let syntax = super::operator::place(call);
        self.apply(op, syntax, marked, call.method.span(), |pieces| method_pieces(call, pieces))
    }

    /// `x.mul(y)` of a float: of a type of the user's, it may be a method of its own.
    fn operator_by_name<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprMethodCall,
        op: Op,
    ) -> Option<Lowered<Operand<'e>>> {
        let (at, elements) = (self.insts.len(), self.elements.clone());
        let versions = self.scopes.versions().clone();
        let marked = match self.operands(std::iter::once(&*call.receiver).chain(&call.args)) {
            Ok(marked) => marked,
            Err(refused) => return Some(Err(refused)),
        };
        let is_float = |operand: &Operand<'_>| matches!(self.operand_ty(operand), Ty::Float(_));
        if !marked.iter().all(|(operand, _)| is_float(operand)) {
            // Lowered again, as what they are then.
            self.insts.truncate(at);
            self.scopes.restore(versions);
            self.elements = elements;
            return None;
        }
        if let Some(passive) = self.all_passive(expr, &marked) {
            return Some(Ok(passive));
        }
        let (syntax, span) = (super::operator::place(call), call.method.span());
        Some(self.apply(op, syntax, marked, span, |pieces| method_pieces(call, pieces)))
    }

    fn operand_ty<'a>(&'a self, operand: &'a Operand<'_>) -> &'a Ty {
        match operand {
            Operand::Passive(passive) => passive.ty.behind_refs(),
            Operand::Read(value, _) | Operand::Computed(value, _) => self.ty(*value).behind_refs(),
            Operand::Nothing(_) => &Ty::Unknown,
        }
    }

    /// `f64` or `f32`, if an operand is known to be of that type.
    pub(super) fn primitive<'a>(&'a self, operand: &'a Operand<'_>) -> Option<&'a FloatTy> {
        match self.operand_ty(operand) {
            Ty::Float(of @ (FloatTy::F64 | FloatTy::F32)) => Some(of),
            _ => None,
        }
    }

    fn operand_is_active(&self, operand: &Operand<'_>) -> bool {
        match operand {
            Operand::Read(value, _) | Operand::Computed(value, _) => self.is_active(*value),
            Operand::Passive(_) | Operand::Nothing(_) => false,
        }
    }

    /// `x.sin_cos()` is a pair of two rows of the table.
    fn sin_cos<'e>(&mut self, expr: &'e Expr, call: &'e ExprMethodCall) -> Lowered<Operand<'e>> {
        let marked: Marked<'e> = self.operands([&*call.receiver])?;
        if marked.iter().all(|(receiver, _)| receiver.is_passive()) {
            return self.inert(expr);
        }
        let (args, pieces): (Vec<ValueId>, Vec<Piece>) = self.settle(marked).into_iter().unzip();
        let span = call.method.span();
        let Some(&arg) = args.first() else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let ty = self.ty(arg).behind_refs().clone();
        let row = |lowerer: &mut Self, op: Op| {
            let hint = format!("{}_{}", op.name(), lowerer.hint(arg));
            lowerer.push_value(
                (ty.clone(), &hint, Active::Yes),
                Kind::Apply(op, [arg].into()),
                None,
                span,
            )
        };
        let (sin, cos) = (row(self, Op::Sin), row(self, Op::Cos));
        let result = self.push_value(
            (Ty::Tuple(vec![ty.clone(), ty]), "sin_cos", Active::Yes),
            Kind::Tuple(vec![sin, cos]),
            Some(expression(method_pieces(call, pieces))),
            span,
        );
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// `x.clone()`: the value itself.
    fn copy<'e>(&mut self, expr: &'e Expr, call: &'e ExprMethodCall) -> Lowered<Operand<'e>> {
        let marked = self.operands([&*call.receiver])?;
        if marked.iter().all(|(receiver, _)| receiver.is_passive()) {
            return self.inert(expr);
        }
        let (args, pieces): (Vec<ValueId>, Vec<Piece>) = self.settle(marked).into_iter().unzip();
        let Some(&arg) = args.first() else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let (ty, hint) = (self.ty(arg).behind_refs().clone(), self.hint(arg).to_owned());
        let ty = match ty {
            Ty::Slice(element) => Ty::Vec(element),
            Ty::Array(element, _) if call.method == "to_vec" => Ty::Vec(element),
            ty => ty,
        };
        let syntax = Some(expression(method_pieces(call, pieces)));
        let result = self.push_value(
            (ty, &hint, Active::Yes),
            Kind::Reborrow(arg),
            syntax,
            call.method.span(),
        );
        Ok(Operand::Computed(result, Wrap::Bare))
    }
}

/// `receiver.method(args)`.
pub(super) fn method_pieces(call: &ExprMethodCall, mut pieces: Vec<Piece>) -> Vec<Piece> {
    let rest = pieces.split_off(pieces.len().min(1));
    pieces.push(tokens(call.dot_token));
    pieces.push(tokens(&call.method));
    if let Some(turbofish) = &call.turbofish {
        pieces.push(tokens(turbofish));
    }
    let mut args = commas(rest);
    if call.args.len() == 1 {
        args.pop();
    }
    pieces.push(Piece::Group(Delimiter::Parenthesis, args));
    pieces
}
