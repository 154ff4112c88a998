//! Expressions, by kind.

use proc_macro2::Delimiter;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, UnOp};

use super::operand::{Marked, Operand, Passive, Wrap, commas, expression, tokens};
use super::{Lowered, Lowerer};
use crate::diagnostics::{Refusal, Refused};
use crate::ir::{Active, Effect, FloatTy, Kind, Len, Member, Piece, Ty, ValueId};
use crate::rules::Op;

impl Lowerer<'_> {
    /// Lowers an expression in a place where its value counts.
    pub(crate) fn expr<'e>(&mut self, expr: &'e Expr) -> Lowered<Operand<'e>> {
        if self.follows_refusal(expr) {
            return Err(Refused);
        }
        match expr {
            Expr::Paren(paren) => Ok(self.parenthesised(expr, &paren.expr)?),
            Expr::Group(group) => self.expr(&group.expr),
            Expr::Lit(_) => Ok(passive(expr, literal_ty(expr), Effect::Pure)),
            Expr::Path(path) => self.path(expr, path),
            Expr::Unary(unary) => self.unary(expr, unary),
            Expr::Binary(binary) if super::is_compound(&binary.op) => {
                self.passive_or(expr, &Refusal::HiddenAssignment)
            }
            Expr::Binary(binary) => self.binary(expr, binary),
            Expr::MethodCall(call) if self.is_pop_unwrapped(call) => self.pop_unwrapped(call),
            Expr::MethodCall(call) => self.method_call(expr, call),
            Expr::Call(call) if is_new_vec(call) => self.new_vec(expr),
            Expr::Call(call) => self.call(expr, call),
            Expr::Cast(cast) => self.cast(expr, cast),
            Expr::Tuple(tuple) => self.tuple(expr, tuple),
            Expr::Array(array) => self.array(expr, array),
            Expr::Repeat(repeat) => self.repeated(expr, repeat),
            Expr::Index(index) => self.index(expr, index),
            Expr::Field(field) => self.field(expr, field),
            Expr::Reference(reference) => self.reference(expr, reference),
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) => self.control(expr, true),
            Expr::Assign(_) => self.passive_or(expr, &Refusal::HiddenAssignment),
            Expr::Closure(_) => self.passive_or(expr, &Refusal::Closure),
            Expr::Macro(mac) if mac.mac.path.is_ident("vec") => self.vec_macro(expr, &mac.mac),
            Expr::Macro(mac) => self.macro_expr(expr, &mac.mac),
            Expr::Struct(literal) => self.struct_literal(expr, literal),
            Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => self.repeat(expr),
            Expr::Unsafe(_) => self.passive_or(expr, &Refusal::UnsafeBlock),
            Expr::Async(_) | Expr::Await(_) | Expr::Yield(_) => {
                self.refuse(&Refusal::Async, expr.span())
            }
            Expr::Try(question) => self.refuse(&Refusal::Exit("?"), question.question_token.span()),
            Expr::Return(exit) => self.refuse(&Refusal::Exit("return"), exit.return_token.span()),
            Expr::Break(exit) => self.refuse(&Refusal::Exit("break"), exit.break_token.span()),
            Expr::Continue(exit) => {
                self.refuse(&Refusal::Exit("continue"), exit.continue_token.span())
            }
            _ => self.passive_or(expr, &Refusal::Expression),
        }
    }

    fn parenthesised<'e>(&mut self, whole: &'e Expr, inner: &'e Expr) -> Lowered<Operand<'e>> {
        Ok(match self.expr(inner)? {
            Operand::Passive(inner) => Operand::Passive(Passive { expr: whole, ..inner }),
            Operand::Read(value, _) => Operand::Read(value, whole),
            Operand::Computed(value, _) => Operand::Computed(value, Wrap::Parens),
            Operand::Nothing(span) => Operand::Nothing(span),
        })
    }

    fn path<'e>(&mut self, expr: &'e Expr, path: &syn::ExprPath) -> Lowered<Operand<'e>> {
        if self.is_alias(expr) {
            return self.read_alias(expr);
        }
        let binding = path.path.get_ident().and_then(|ident| self.scopes.lookup(ident));
        let Some(value) = binding.and_then(|binding| self.scopes.version(binding)) else {
            return Ok(passive(expr, constant_ty(&path.path), Effect::Pure));
        };
        if self.is_active(value) {
            return Ok(Operand::Read(value, expr));
        }
        if binding.is_some_and(|binding| self.closures.contains_key(&binding)) {
            return self.passive_or(expr, &Refusal::Closure);
        }
        let ty = self.ty(value).clone();
        Ok(Operand::Passive(Passive { expr, reads: vec![value], effect: Effect::Pure, ty }))
    }

    fn unary<'e>(&mut self, expr: &'e Expr, unary: &'e syn::ExprUnary) -> Lowered<Operand<'e>> {
        match &unary.op {
            UnOp::Neg(minus) => {
                let marked = self.operands([&*unary.expr])?;
                if let Some(operand) = self.all_passive(expr, &marked) {
                    return Ok(operand);
                }
                let syntax = super::operator::place(unary);
                if self.is_users_operator(syntax, &marked) {
                    return self.users_operator(("Neg", syntax, minus.span()), marked);
                }
                self.apply(Op::Neg, syntax, marked, minus.span(), |mut pieces| {
                    pieces.insert(0, tokens(minus));
                    pieces
                })
            }
            UnOp::Deref(_) if self.is_element_alias(&unary.expr) => self.read_alias(expr),
            UnOp::Deref(star) => {
                let marked = self.operands([&*unary.expr])?;
                if let Some(operand) = self.all_passive(expr, &marked) {
                    return Ok(operand);
                }
                // Of a field that may be a `Box`, which arithmetic does not look into.
                let kind = if self.is_untold(&marked) && matches!(&*unary.expr, Expr::Field(_)) {
                    Kind::Wrap
                } else {
                    Kind::Reborrow
                };
                self.reborrow(marked, expr, (kind, vec![tokens(star)]), |ty| match ty {
                    Ty::Ref(inner) => *inner,
                    other => other,
                })
            }
            _ => self.inert(expr),
        }
    }

    fn reference<'e>(
        &mut self,
        expr: &'e Expr,
        reference: &'e syn::ExprReference,
    ) -> Lowered<Operand<'e>> {
        let marked = self.operands([&*reference.expr])?;
        if let [(Operand::Passive(inner), _)] = marked.as_slice() {
            let ty = inner.ty.clone();
            let sequence = matches!(inner.reads.as_slice(), &[read] if self.lends_floats(read));
            let operand = self.inert(expr)?;
            return Ok(match operand {
                Operand::Passive(passive) if sequence => {
                    Operand::Passive(Passive { ty: Ty::Ref(Box::new(ty)), ..passive })
                }
                operand => operand,
            });
        }
        if let Some(mutable) = &reference.mutability {
            return self.refuse(&Refusal::MutBorrow, mutable.span());
        }
        let ampersand = vec![tokens(reference.and_token)];
        self.reborrow(marked, expr, (Kind::Reborrow, ampersand), |ty| Ty::Ref(Box::new(ty)))
    }

    /// `&x` or `*x`: the same value; a variable stays one.
    fn reborrow<'e>(
        &mut self,
        marked: Marked<'e>,
        expr: &'e Expr,
        (kind, prefix): (fn(ValueId) -> Kind, Vec<Piece>),
        ty: impl Fn(Ty) -> Ty,
    ) -> Lowered<Operand<'e>> {
        let settled = self.settle(marked);
        let Some((value, piece)) = settled.into_iter().next() else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let ty = ty(self.ty(value).clone());
        let (hint, active) = (self.hint(value).to_owned(), self.function.values[value].active);
        let mut pieces = prefix;
        pieces.push(piece);
        let result = self.push_value(
            (ty, &hint, active),
            kind(value),
            Some(expression(pieces)),
            expr.span(),
        );
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    fn binary<'e>(&mut self, expr: &'e Expr, binary: &'e syn::ExprBinary) -> Lowered<Operand<'e>> {
        let Some(op) = arithmetic(&binary.op) else {
            return self.inert(expr);
        };
        let (syntax, span) = (super::operator::place(binary), binary.op.span());
        if self.facts.is_count(syntax) {
            return self.counted_as((expr, expr), Ty::Inert, |pieces| pieces);
        }
        let marked = self.operands([&*binary.left, &*binary.right])?;
        self.operands_told_float(binary, &marked);
        if let Some(operand) = self.all_passive(expr, &marked) {
            return Ok(operand);
        }
        if let (true, Some(name)) =
            (self.is_users_operator(syntax, &marked), super::operator::operator_name(&binary.op))
        {
            return self.users_operator((name, syntax, span), marked);
        }
        if let Some(refusal) = self.of_different_types(binary, &marked) {
            return Err(self.diagnostics.leave_to_rustc(&refusal));
        }
        self.apply(op, syntax, marked, span, |mut pieces| {
            pieces.insert(1, tokens(binary.op));
            pieces
        })
    }

    /// What rustc says of these operands, and would say once more of each companion.
    fn of_different_types(&self, binary: &syn::ExprBinary, marked: &Marked<'_>) -> Option<Refusal> {
        let mut widths = marked.iter().map(|(operand, _)| self.primitive(operand));
        match (widths.next().flatten(), widths.next().flatten()) {
            (Some(left), Some(right)) => (left != right).then_some(Refusal::MixedWidths),
            (Some(_), None) => is_integer(&binary.right).then_some(Refusal::IntegerLiteral),
            (None, Some(_)) => is_integer(&binary.left).then_some(Refusal::IntegerLiteral),
            (None, None) => None,
        }
    }

    /// A row of the rule table on these operands; `print` turns their pieces into the expression.
    /// The number says where the syntax is kept.
    pub(crate) fn apply<'e>(
        &mut self,
        op: Op,
        syntax: usize,
        marked: Marked<'_>,
        span: proc_macro2::Span,
        print: impl FnOnce(Vec<Piece>) -> Vec<Piece>,
    ) -> Lowered<Operand<'e>> {
        let exponent = marked.iter().enumerate().find_map(|(position, (operand, _))| {
            op.inert_operand(position).then(|| self.active_exponent(operand))?
        });
        if let Some(exponent) = exponent {
            return self.refuse(&Refusal::ActiveExponent, exponent);
        }
        let settled = self.settle(marked).into_iter();
        let (args, pieces): (Vec<ValueId>, Vec<Piece>) =
            settled.map(|(value, piece)| (value, self.assumed(value, piece))).unzip();
        self.note_untold(syntax, args.iter().map(|&arg| (arg, Vec::new())).collect());
        let float = args.iter().find_map(|&arg| match self.ty(arg).behind_refs() {
            Ty::Float(float) if *float != FloatTy::Inferred => Some(float.clone()),
            _ => None,
        });
        let ty = Ty::Float(float.unwrap_or(FloatTy::Inferred));
        let hint = self.operation_hint(op, &args);
        let active = self.any_active(&args);
        let syntax = Some(expression(print(pieces)));
        let result =
            self.push_value((ty, &hint, active), Kind::Apply(op, args.into()), syntax, span);
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// Where an exponent stands that is active. A field is an integer there, or rustc refuses it.
    fn active_exponent(&mut self, operand: &Operand<'_>) -> Option<proc_macro2::Span> {
        if let Operand::Read(value, _) | Operand::Computed(value, _) = operand {
            if self.is_kept(*value) && matches!(self.ty(*value).behind_refs(), Ty::Unknown) {
                self.function.values[*value].active = Active::No;
            }
            // Arithmetic with fields, which was taken for that of floats.
            self.found.exponents.push(*value);
        }
        self.active_span(operand)
    }

    /// Where an operand stands, if it is active.
    fn active_span(&self, operand: &Operand<'_>) -> Option<proc_macro2::Span> {
        match operand {
            Operand::Read(value, expr) => self.is_active(*value).then(|| expr.span()),
            Operand::Computed(value, _) => {
                self.is_active(*value).then(|| self.function.values[*value].span)
            }
            Operand::Passive(_) | Operand::Nothing(_) => None,
        }
    }

    /// `sin_x` for the sine of a variable, `exp` for that of an expression.
    fn operation_hint(&self, op: Op, args: &[ValueId]) -> String {
        let name = match op {
            Op::Add => "sum",
            Op::Sub => "difference",
            Op::Mul => "product",
            Op::Div => "quotient",
            Op::Neg => "negated",
            _ => op.name(),
        };
        match args {
            [arg] if self.function.values[*arg].home.is_some() => {
                format!("{name}_{}", self.hint(*arg))
            }
            _ => name.to_owned(),
        }
    }

    fn cast<'e>(&mut self, expr: &'e Expr, cast: &'e syn::ExprCast) -> Lowered<Operand<'e>> {
        let float = match super::types::spelled(&cast.ty, &self.known) {
            Ty::Float(float) => float,
            Ty::Inert => return self.inert(expr),
            // Whether it is a float, another name of one say, only rustc knows.
            _ => return self.passive_or(expr, &Refusal::CastType),
        };
        let marked = self.operands([&*cast.expr])?;
        if let Some(Operand::Passive(operand)) = self.all_passive(expr, &marked) {
            return Ok(Operand::Passive(Passive { ty: Ty::Float(float), ..operand }));
        }
        if self.is_untold(&marked) {
            let rest = [tokens(cast.as_token), tokens(&cast.ty)];
            return self.counted_field((expr, &cast.expr), float, |mut pieces| {
                pieces.extend(rest);
                pieces
            });
        }
        let (mut values, mut pieces): (Vec<_>, Vec<_>) = self.settle(marked).into_iter().unzip();
        let Some(value) = values.pop() else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let hint = self.hint(value).to_owned();
        pieces.push(tokens(cast.as_token));
        pieces.push(tokens(&cast.ty));
        let result = self.push_value(
            (Ty::Float(float.clone()), &hint, Active::Yes),
            Kind::Cast(value, float),
            Some(expression(pieces)),
            expr.span(),
        );
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    fn tuple<'e>(&mut self, expr: &'e Expr, tuple: &'e syn::ExprTuple) -> Lowered<Operand<'e>> {
        let marked = self.operands(&tuple.elems)?;
        if let Some(operand) = self.all_passive(expr, &marked) {
            return Ok(operand);
        }
        let (args, pieces): (Vec<ValueId>, Vec<Piece>) = self.settle(marked).into_iter().unzip();
        let ty = Ty::Tuple(args.iter().map(|&arg| self.ty(arg).clone()).collect());
        let syntax = expression(vec![Piece::Group(Delimiter::Parenthesis, commas(pieces))]);
        let parts = args.iter().map(|&arg| self.function.values[arg].active).collect();
        let whole = self.aggregate(expr, (ty, "tuple"), Kind::Tuple(args), syntax)?;
        if let Operand::Computed(value, _) = whole {
            self.tuples.insert(value, parts);
        }
        Ok(whole)
    }

    fn array<'e>(&mut self, expr: &'e Expr, array: &'e syn::ExprArray) -> Lowered<Operand<'e>> {
        let marked = self.operands(&array.elems)?;
        let first = marked.first().map(|(operand, _)| self.ty_of(operand));
        if let Some(operand) = self.all_passive(expr, &marked) {
            let len = Len::Literal(marked.len());
            return Ok(typed(operand, first.map(|ty| (ty, len))));
        }
        let (args, pieces): (Vec<ValueId>, Vec<Piece>) = self.settle(marked).into_iter().unzip();
        let mut types = args.iter().map(|&arg| self.ty(arg));
        let element = types.find(|ty| !ty.has_unknown()).cloned().unwrap_or(Ty::Unknown);
        let ty = Ty::Array(Box::new(element), Len::Literal(args.len()));
        let syntax = expression(vec![Piece::Group(Delimiter::Bracket, commas(pieces))]);
        self.aggregate(expr, (ty, "array"), Kind::Array(args), syntax)
    }

    fn repeated<'e>(
        &mut self,
        expr: &'e Expr,
        repeat: &'e syn::ExprRepeat,
    ) -> Lowered<Operand<'e>> {
        let marked = self.operands([&*repeat.expr])?;
        let first = marked.first().map(|(operand, _)| self.ty_of(operand));
        if let Some(operand) = self.all_passive(expr, &marked) {
            let len = super::types::length(&repeat.len);
            return Ok(typed(operand, first.map(|ty| (ty, len))));
        }
        let Some((value, piece)) = self.settle(marked).pop() else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let spelled = super::types::length(&repeat.len);
        let ty = Ty::Array(Box::new(self.ty(value).clone()), spelled);
        let inside = vec![piece, tokens(repeat.semi_token), tokens(&repeat.len)];
        let syntax = expression(vec![Piece::Group(Delimiter::Bracket, inside)]);
        self.aggregate(expr, (ty, "array"), Kind::Repeat(value), syntax)
    }

    fn aggregate<'e>(
        &mut self,
        expr: &Expr,
        (ty, hint): (Ty, &str),
        kind: Kind,
        syntax: crate::ir::Syntax,
    ) -> Lowered<Operand<'e>> {
        let result = self.push_value((ty, hint, Active::Yes), kind, Some(syntax), expr.span());
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    fn index<'e>(&mut self, expr: &'e Expr, index: &'e syn::ExprIndex) -> Lowered<Operand<'e>> {
        let mark = self.insts.len();
        let base = (self.expr(&index.expr)?, mark);
        if base.0.is_passive() {
            return self.inert(expr);
        }
        if matches!(&*index.index, Expr::Range(_)) {
            return self.sub_slice(expr, index, base);
        }
        let place = (self.inert(&index.index)?, self.insts.len());
        let (reads, repeats) = match &place.0 {
            Operand::Passive(passive) => (passive.reads.clone(), passive.effect != Effect::Any),
            _ => (Vec::new(), false),
        };
        let (place, place_piece) = self.settle_index(place.0, place.1);
        let Some((base, base_piece)) = self.settle(vec![base]).pop() else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let ty = self.ty(base).element();
        let hint = match &*index.index {
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(n), .. }) => {
                format!("{}_{}", self.hint(base), n.base10_digits())
            }
            _ => format!("{}_element", self.hint(base)),
        };
        let inside = Piece::Group(Delimiter::Bracket, vec![place_piece]);
        let syntax = expression(vec![base_piece, inside]);
        // What has been read before is read again by the user's tokens only.
        let key = (base, index.index.to_token_stream().to_string(), reads);
        let kind = match self.elements.get(&key) {
            Some(&known) if repeats => Kind::Reborrow(known),
            _ => Kind::Index(base, place),
        };
        let first = repeats && matches!(kind, Kind::Index(..));
        let result = self.push_value((ty, &hint, Active::Yes), kind, Some(syntax), expr.span());
        if first {
            self.elements.insert(key, result);
        }
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// `a[lo..hi]`
    fn sub_slice<'e>(
        &mut self,
        expr: &'e Expr,
        index: &'e syn::ExprIndex,
        base: (Operand<'e>, usize),
    ) -> Lowered<Operand<'e>> {
        let Some((of, piece)) = self.settle(vec![base]).pop() else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let (crate::ir::Step::Range(bounds), inside) = self.index_step(&index.index)? else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let ty = Ty::Slice(Box::new(self.ty(of).element()));
        let hint = format!("{}_part", self.hint(of));
        let pieces = vec![piece, Piece::Group(Delimiter::Bracket, inside)];
        let kind = Kind::Slice(of, bounds);
        let syntax = Some(expression(pieces));
        let result = self.push_value((ty, &hint, Active::Yes), kind, syntax, expr.span());
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    fn field<'e>(&mut self, expr: &'e Expr, field: &'e syn::ExprField) -> Lowered<Operand<'e>> {
        let marked = self.operands([&*field.base])?;
        if let Some(operand) = self.all_passive(expr, &marked) {
            return Ok(operand);
        }
        let Some((base, piece)) = self.settle(marked).pop() else {
            return self.refuse(&Refusal::Expression, expr.span());
        };
        let member = Member::of(&field.member);
        let ty = self.ty(base).field(member);
        let active = self.part_active(base, member);
        let hint = format!("{}_{member}", self.hint(base));
        let pieces = vec![piece, tokens(field.dot_token), tokens(&field.member)];
        let (kind, syntax) = (Kind::Field(base, member), Some(expression(pieces)));
        let span = field.member.span();
        let result = self.push_value((ty, &hint, active), kind, syntax, span);
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// The whole expression as one passive operand, if all of its operands are.
    pub(crate) fn all_passive<'e>(
        &self,
        expr: &'e Expr,
        marked: &Marked<'e>,
    ) -> Option<Operand<'e>> {
        let mut whole = Passive { expr, reads: Vec::new(), effect: Effect::Pure, ty: Ty::Unknown };
        let mut floats = true;
        for (operand, _) in marked {
            let Operand::Passive(part) = operand else {
                return None;
            };
            whole.reads.extend(&part.reads);
            whole.effect = worse(whole.effect, part.effect);
            match part.ty.behind_refs() {
                Ty::Float(_) => whole.ty = part.ty.behind_refs().clone(),
                _ => floats = false,
            }
        }
        // Integer arithmetic may overflow, and what is not known to be a float may be an integer.
        let arithmetic = matches!(expr, Expr::Binary(_) | Expr::Unary(_) | Expr::Index(_));
        if arithmetic && !floats {
            whole.effect = worse(whole.effect, Effect::MayPanic);
        }
        if matches!(expr, Expr::Tuple(_) | Expr::Array(_) | Expr::Repeat(_)) {
            whole.ty = Ty::Unknown;
        }
        Some(Operand::Passive(whole))
    }
}

/// An array without a derivative: of what it is, where that is a float or made of floats.
fn typed(operand: Operand<'_>, array: Option<(Ty, Len)>) -> Operand<'_> {
    match (operand, array) {
        (Operand::Passive(passive), Some((element, len))) if element.is_differentiable() => {
            let ty = Ty::Array(Box::new(element), len);
            Operand::Passive(Passive { ty, ..passive })
        }
        (operand, _) => operand,
    }
}

/// `Vec::new()` or `Vec::with_capacity(n)`
pub(crate) fn is_new_vec(call: &syn::ExprCall) -> bool {
    let Expr::Path(path) = &*call.func else { return false };
    let mut names = path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
    let made = names.next().is_some_and(|name| name == "new" || name == "with_capacity");
    made && names.next().is_some_and(|name| name == "Vec")
}

/// The stronger of two effects.
pub(crate) fn worse(a: Effect, b: Effect) -> Effect {
    match (a, b) {
        (Effect::Any, _) | (_, Effect::Any) => Effect::Any,
        (Effect::MayPanic, _) | (_, Effect::MayPanic) => Effect::MayPanic,
        (Effect::Pure, Effect::Pure) => Effect::Pure,
    }
}

pub(crate) fn passive(expr: &Expr, ty: Ty, effect: Effect) -> Operand<'_> {
    Operand::Passive(Passive { expr, reads: Vec::new(), effect, ty })
}

/// The operator of the rule table.
pub(crate) fn arithmetic(op: &BinOp) -> Option<Op> {
    match op {
        BinOp::Add(_) | BinOp::AddAssign(_) => Some(Op::Add),
        BinOp::Sub(_) | BinOp::SubAssign(_) => Some(Op::Sub),
        BinOp::Mul(_) | BinOp::MulAssign(_) => Some(Op::Mul),
        BinOp::Div(_) | BinOp::DivAssign(_) => Some(Op::Div),
        BinOp::Rem(_) | BinOp::RemAssign(_) => Some(Op::Rem),
        _ => None,
    }
}

fn literal_ty(expr: &Expr) -> Ty {
    let Expr::Lit(lit) = expr else {
        return Ty::Unknown;
    };
    match &lit.lit {
        syn::Lit::Float(float) => Ty::Float(suffix(float.suffix())),
        syn::Lit::Int(int) => match int.suffix() {
            "f32" | "f64" => Ty::Float(suffix(int.suffix())),
            _ => Ty::Inert,
        },
        _ => Ty::Inert,
    }
}

fn suffix(suffix: &str) -> FloatTy {
    match suffix {
        "f32" => FloatTy::F32,
        "f64" => FloatTy::F64,
        _ => FloatTy::Inferred,
    }
}

/// `f64::consts::PI` and the like are floats; of other constants only rustc knows.
fn constant_ty(path: &syn::Path) -> Ty {
    let mut segments = path.segments.iter().map(|segment| segment.ident.to_string());
    if segments.any(|segment| segment == "f64" || segment == "f32") {
        let text = path.to_token_stream().to_string();
        let float = if text.contains("f32") { FloatTy::F32 } else { FloatTy::F64 };
        return Ty::Float(float);
    }
    match super::option::variant(path) {
        Some(_) => Ty::Option(Box::new(Ty::Unknown)),
        None => Ty::Unknown,
    }
}

/// `2`, `-2`, `2_i32`; not `2_f64`.
pub(crate) fn is_integer(expr: &Expr) -> bool {
    match super::unparenthesised(expr) {
        Expr::Unary(of) if matches!(of.op, syn::UnOp::Neg(_)) => is_integer(&of.expr),
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Int(number) => !number.suffix().starts_with('f'),
            _ => false,
        },
        _ => false,
    }
}
