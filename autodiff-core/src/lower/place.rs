//! Places: parts of variables that are read and written where they are.
//!
//! An array is a value like any other: an assignment to an element makes a new version of the
//! variable ([`Kind::Update`]). A binding that borrows mutably (`let row = &mut a[i..j]`) is another
//! name for a part of a variable, an alias: writing through it makes a new version of that.

use proc_macro2::{Delimiter, Span};
use syn::spanned::Spanned;
use syn::{Expr, ExprReference, Pat, Stmt, UnOp};

use super::operand::{Operand, Wrap, expression, statement, tokens};
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{
    Active, Assertion, Assignment, BindingId, Bounds, End, FloatTy, Kind, Member, Piece, Step,
    Syntax, Ty, ValueId,
};
use crate::rules::Op;

/// A part of a variable.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) root: BindingId,
    pub(crate) path: Vec<Step>,
    /// Its tokens.
    pub(crate) pieces: Vec<Piece>,
}

impl Lowerer<'_> {
    /// Declares another name for a part of a variable.
    pub(crate) fn alias(&mut self, ident: &syn::Ident, (root, path): (BindingId, Vec<Step>)) {
        let binding = self.declare(ident, false);
        self.function.bindings[binding].alias = true;
        self.aliases.insert(binding, (root, path));
    }

    /// The variable that a place is a part of, through its aliases.
    pub(crate) fn root_binding(&self, place: &Expr) -> Option<BindingId> {
        let named = match place {
            Expr::Path(path) => self.scopes.lookup(path.path.get_ident()?)?,
            Expr::Index(of) => return self.root_binding(&of.expr),
            Expr::Field(of) => return self.root_binding(&of.base),
            Expr::Paren(of) => return self.root_binding(&of.expr),
            Expr::Group(of) => return self.root_binding(&of.expr),
            Expr::MethodCall(of) => return self.root_binding(&end_of(of)?.receiver),
            Expr::Unary(of) if matches!(of.op, UnOp::Deref(_)) => {
                return self.root_binding(&of.expr);
            }
            _ => return None,
        };
        Some(self.aliased(named))
    }

    /// The variable behind a name.
    pub(crate) fn aliased(&self, binding: BindingId) -> BindingId {
        self.aliases.get(&binding).map_or(binding, |(root, _)| *root)
    }

    /// The place that an expression names; its indices are evaluated here.
    pub(crate) fn place(&mut self, expr: &Expr) -> Lowered<Part> {
        match expr {
            Expr::Path(path) => {
                let ident = path.path.get_ident();
                let Some(binding) = ident.and_then(|ident| self.scopes.lookup(ident)) else {
                    return self.refuse(&Refusal::Assignment, expr.span());
                };
                let (root, path) = match self.aliases.get(&binding) {
                    Some((root, path)) => (*root, path.clone()),
                    None => (binding, Vec::new()),
                };
                Ok(Part { root, path, pieces: vec![tokens(expr)] })
            }
            Expr::Paren(of) => {
                let part = self.place(&of.expr)?;
                let pieces = vec![Piece::Group(Delimiter::Parenthesis, part.pieces)];
                Ok(Part { pieces, ..part })
            }
            Expr::Group(of) => self.place(&of.expr),
            Expr::Unary(of) if matches!(of.op, UnOp::Deref(_)) => {
                let mut part = self.place(&of.expr)?;
                part.pieces.insert(0, tokens(of.op));
                Ok(part)
            }
            Expr::Field(of) => self.field_place(of),
            Expr::Index(of) => self.index_place(of),
            Expr::MethodCall(of) => self.end_place(of),
            _ => self.refuse(&Refusal::Assignment, expr.span()),
        }
    }

    fn field_place(&mut self, of: &syn::ExprField) -> Lowered<Part> {
        let mut part = self.place(&of.base)?;
        part.path.push(Step::Field(Member::of(&of.member)));
        part.pieces.extend([tokens(of.dot_token), tokens(&of.member)]);
        Ok(part)
    }

    fn index_place(&mut self, of: &syn::ExprIndex) -> Lowered<Part> {
        let mut part = self.place(&of.expr)?;
        let (step, inside) = self.index_step(&of.index)?;
        part.path.push(step);
        part.pieces.push(Piece::Group(Delimiter::Bracket, inside));
        Ok(part)
    }

    /// `a.first_mut().unwrap()`, `a.last_mut().unwrap()`
    fn end_place(&mut self, unwrap: &syn::ExprMethodCall) -> Lowered<Part> {
        let Some(end) = end_of(unwrap) else {
            return self.refuse(&Refusal::Method(unwrap.method.to_string()), unwrap.method.span());
        };
        let mut part = self.place(&end.receiver)?;
        let span = end.method.span();
        let index = if end.method == "first_mut" {
            self.number(0, span)
        } else {
            let whole = self.read_place(&part, span);
            let len = self.length_of(whole, span);
            let one = self.number(1, span);
            self.integer(crate::ir::IntOp::Sub, (len, one), "last", span)
        };
        part.path.push(Step::Index(index));
        let nothing = || Piece::Group(Delimiter::Parenthesis, Vec::new());
        part.pieces.extend([tokens(end.dot_token), tokens(&end.method), nothing()]);
        part.pieces.extend([tokens(unwrap.dot_token), tokens(&unwrap.method)]);
        part.pieces.push(Piece::Group(Delimiter::Parenthesis, vec![tokens(&unwrap.args)]));
        Ok(part)
    }

    /// `let (left, right) = a.split_at_mut(k);`: two names for parts.
    pub(crate) fn split_let(
        &mut self,
        local: &syn::Local,
        (pattern, call): (&syn::PatTuple, &syn::ExprMethodCall),
    ) -> Lowered<()> {
        let part = self.place(&call.receiver)?;
        let Some(argument) = call.args.first() else {
            return self.refuse(&Refusal::Method("split_at_mut".to_owned()), call.method.span());
        };
        let operand = self.inert(argument)?;
        let (at, piece) = self.settle_index(operand, self.insts.len());
        let mut reads: Vec<ValueId> = self.scopes.version(part.root).into_iter().collect();
        part.path.iter().for_each(|step| step.visit_operands(&mut |read| reads.push(read)));
        reads.push(at);
        let ends = [(None, Some(at)), (Some(at), None)];
        for (name, (lo, hi)) in pattern.elems.iter().zip(ends) {
            let mut path = part.path.clone();
            path.push(Step::Range(Bounds { lo, hi, end: End::Open }));
            match name {
                Pat::Ident(ident) => self.alias(&ident.ident, (part.root, path)),
                Pat::Wild(_) => {}
                _ => return self.refuse_pattern(name.span()),
            }
        }
        let borrow = ExprReference {
            attrs: Vec::new(),
            and_token: syn::token::And::default(),
            mutability: Some(syn::token::Mut::default()),
            expr: call.receiver.clone(),
        };
        let mut pieces = vec![tokens(local.let_token), tokens(&local.pat)];
        pieces.extend(local.init.as_ref().map(|init| tokens(init.eq_token)));
        pieces.extend(part.pieces);
        pieces.extend([tokens(call.dot_token), tokens(&call.method)]);
        pieces.push(Piece::Group(Delimiter::Parenthesis, vec![piece]));
        pieces.push(tokens(local.semi_token));
        let expr = Box::new(Expr::Reference(borrow));
        let kind = Kind::Opaque { expr, reads, effect: crate::ir::Effect::Any };
        self.push(Vec::new(), kind, Some(statement(pieces)), local.span());
        Ok(())
    }

    /// Whether a `let` splits a variable that is active, or will be.
    pub(crate) fn is_split_let<'e>(
        &self,
        pattern: &'e Pat,
        init: &'e Expr,
    ) -> Option<(&'e syn::PatTuple, &'e syn::ExprMethodCall)> {
        let (Pat::Tuple(pattern), Expr::MethodCall(call)) = (pattern, init) else { return None };
        self.root_binding(&call.receiver)?;
        let fits = call.method == "split_at_mut" && call.args.len() == 1;
        (fits && pattern.elems.len() == 2).then_some((pattern, call))
    }

    /// An index or a range of them, and its tokens.
    pub(crate) fn index_step(&mut self, index: &Expr) -> Lowered<(Step, Vec<Piece>)> {
        let Expr::Range(range) = index else {
            let operand = self.inert(index)?;
            let (value, piece) = self.settle_index(operand, self.insts.len());
            return Ok((Step::Index(value), vec![piece]));
        };
        let mut pieces = Vec::new();
        let mut ends = [None, None];
        let bounds = [(&range.start, false), (&range.end, true)];
        for (slot, (bound, last)) in ends.iter_mut().zip(bounds) {
            if last {
                pieces.push(tokens(range.limits));
            }
            if let Some(bound) = bound {
                let operand = self.inert(bound)?;
                let (value, piece) = self.settle_index(operand, self.insts.len());
                *slot = Some(value);
                pieces.push(piece);
            }
        }
        let end = match range.limits {
            syn::RangeLimits::HalfOpen(_) => End::Open,
            syn::RangeLimits::Closed(_) => End::Closed,
        };
        let [lo, hi] = ends;
        Ok((Step::Range(Bounds { lo, hi, end }), pieces))
    }

    /// What a place holds, without tokens; the last step may be given the tokens of the place.
    pub(crate) fn read_place(&mut self, part: &Part, span: Span) -> ValueId {
        self.read_part(part, None, span)
    }

    pub(super) fn read_part(&mut self, part: &Part, syntax: Option<Syntax>, span: Span) -> ValueId {
        let mut value = match self.scopes.version(part.root) {
            Some(version) => version,
            None => self.never(span),
        };
        let last = part.path.len().saturating_sub(1);
        for (at, step) in part.path.iter().enumerate() {
            let syntax = syntax.clone().filter(|_| at == last);
            value = self.read_step(value, *step, syntax, span);
        }
        value
    }

    fn read_step(
        &mut self,
        of: ValueId,
        step: Step,
        syntax: Option<Syntax>,
        span: Span,
    ) -> ValueId {
        let active = self.function.values[of].active;
        let (kind, ty, hint) = match step {
            Step::Field(n) => {
                (Kind::Field(of, n), self.ty(of).field(n), format!("{}_{n}", self.hint(of)))
            }
            Step::Index(index) => {
                let hint = format!("{}_element", self.hint(of));
                (Kind::Index(of, index), self.ty(of).element(), hint)
            }
            Step::Range(bounds) => {
                let ty = Ty::Slice(Box::new(self.ty(of).element()));
                (Kind::Slice(of, bounds), ty, format!("{}_part", self.hint(of)))
            }
        };
        let active = if matches!(ty, Ty::Inert) { Active::No } else { active };
        self.push_value((ty, &hint, active), kind, syntax, span)
    }

    /// A name that is an alias, as an expression.
    pub(crate) fn read_alias<'e>(&mut self, expr: &'e Expr) -> Lowered<Operand<'e>> {
        let part = self.place(expr)?;
        if part.path.is_empty() {
            let version = self.scopes.version(part.root);
            return Ok(version.map_or(Operand::Nothing(expr.span()), |v| Operand::Read(v, expr)));
        }
        let mut pieces = part.pieces.clone();
        let value = self.read_part(&part, None, expr.span());
        if self.is_alias(expr) && matches!(self.ty(value), Ty::Float(_) | Ty::Unknown) {
            // The name is a reference: what it refers to is meant.
            let star = Piece::Tokens(quote::quote!(*));
            pieces.insert(0, star);
            pieces = vec![Piece::Group(Delimiter::Parenthesis, pieces)];
        }
        if let Some(inst) = self.insts.last_mut() {
            inst.syntax = Some(expression(pieces));
        }
        Ok(Operand::Computed(value, Wrap::Bare))
    }

    /// Whether an expression is a name for a part of a variable, not for all of it.
    pub(crate) fn is_element_alias(&self, expr: &Expr) -> bool {
        !self.alias_path(expr).is_empty()
    }

    /// What a name that borrows a part of another variable leads to in that.
    pub(crate) fn alias_path(&self, expr: &Expr) -> &[Step] {
        let alias = self.variable(expr).and_then(|binding| self.aliases.get(&binding));
        alias.map_or(&[], |(_, path)| path)
    }

    /// The variable that an expression is.
    pub(crate) fn variable(&self, expr: &Expr) -> Option<BindingId> {
        let Expr::Path(path) = super::unparenthesised(expr) else { return None };
        self.scopes.lookup(path.path.get_ident()?)
    }

    /// Whether an expression is a name that is an alias.
    pub(crate) fn is_alias(&self, expr: &Expr) -> bool {
        let Expr::Path(path) = expr else { return false };
        let binding = path.path.get_ident().and_then(|ident| self.scopes.lookup(ident));
        binding.is_some_and(|binding| self.aliases.contains_key(&binding))
    }

    /// `let name = &mut place;`: nothing happens yet.
    pub(crate) fn alias_let(
        &mut self,
        local: &syn::Local,
        ident: &syn::PatIdent,
        borrow: &ExprReference,
    ) -> Lowered<()> {
        let part = self.place(&borrow.expr)?;
        let mut reads: Vec<ValueId> = self.scopes.version(part.root).into_iter().collect();
        part.path.iter().for_each(|step| step.visit_operands(&mut |read| reads.push(read)));
        self.alias(&ident.ident, (part.root, part.path));
        let mut pieces = vec![tokens(local.let_token), tokens(&local.pat)];
        pieces.extend(local.init.as_ref().map(|init| tokens(init.eq_token)));
        pieces.extend([tokens(borrow.and_token), tokens(borrow.mutability)]);
        pieces.extend(part.pieces);
        pieces.push(tokens(local.semi_token));
        let expr = Box::new(Expr::Reference(borrow.clone()));
        let kind = Kind::Opaque { expr, reads, effect: crate::ir::Effect::Any };
        self.push(Vec::new(), kind, Some(statement(pieces)), local.span());
        Ok(())
    }

    /// Whether a `let` is one of an alias: `&mut` to a part of a variable that is active, or will
    /// be.
    pub(crate) fn is_alias_let<'e>(
        &self,
        pattern: &'e Pat,
        init: &'e Expr,
    ) -> Option<(&'e syn::PatIdent, &'e ExprReference)> {
        let Expr::Reference(borrow) = init else { return None };
        borrow.mutability?;
        self.root_binding(&borrow.expr)?;
        let mut pattern = pattern;
        while let Pat::Type(typed) = pattern {
            pattern = &typed.pat;
        }
        match pattern {
            Pat::Ident(ident) if ident.subpat.is_none() && ident.by_ref.is_none() => {
                Some((ident, borrow))
            }
            _ => None,
        }
    }

    /// A new version of the variable that a place is part of, with `value` written to it.
    pub(crate) fn write(
        &mut self,
        part: &Part,
        (by, value): (Assignment, ValueId),
        syntax: Option<Syntax>,
        span: Span,
    ) {
        if self.keep(value).is_err() {
            return;
        }
        let of = match self.scopes.version(part.root) {
            Some(version) => version,
            None => self.never(span),
        };
        let active = self.any_active(&[of, value]);
        let ty = self.ty(of).clone();
        let path = part.path.clone();
        let result = self.version(part.root, ty, active);
        self.push(vec![result], Kind::Update { of, path, by, value }, syntax, span);
    }

    /// `place = value;` where the place is a part of a variable.
    pub(crate) fn assign_part(&mut self, stmt: &Stmt, assign: &syn::ExprAssign) -> Lowered<()> {
        let operand = self.expr(&assign.right)?;
        let mark = self.insts.len();
        let (value, piece) = self.settle_at(operand, mark);
        let part = self.place(&assign.left)?;
        let mut pieces = part.pieces.clone();
        pieces.extend([tokens(assign.eq_token), piece, super::assign::semicolon(stmt)]);
        let syntax = Some(statement(pieces));
        self.write(&part, (Assignment::Set, value), syntax, assign.span());
        Ok(())
    }

    /// `place op= value;` where the place is a part of a variable.
    pub(crate) fn compound_part(
        &mut self,
        stmt: &Stmt,
        binary: &syn::ExprBinary,
        op: Op,
    ) -> Lowered<()> {
        let operand = self.expr(&binary.right)?;
        let mark = self.insts.len();
        let (value, piece) = self.settle_at(operand, mark);
        let part = self.place(&binary.left)?;
        let span = binary.op.span();
        if let Some(name) = self.users_assignment(binary, &part, value) {
            let operator = (name, super::operator::place(binary), span);
            return self.assign_operated(stmt, operator, &part, (value, piece));
        }
        if let Some(version) = self.scopes.version(part.root) {
            let operands = vec![(version, part.path.clone()), (value, Vec::new())];
            self.note_untold(super::operator::place(binary), operands);
        }
        let mut pieces = part.pieces.clone();
        let assumed = self.scopes.version(part.root).is_some_and(|version| {
            let ty = self.function.part_ty(self.ty(version), &part.path);
            self.is_assumed_part(version, &ty)
        });
        if assumed && self.has_effects(&part) {
            return self.refuse(&Refusal::Assignment, span);
        }
        let asserted = assumed.then(|| Piece::Asserted(Assertion::Number, part.pieces.clone()));
        let piece = self.assumed(value, piece);
        let (by, value) = match op {
            Op::Add => (Assignment::Add, value),
            Op::Sub => (Assignment::Sub, value),
            _ => {
                let old = self.read_part(&part, Some(expression(part.pieces.clone())), span);
                pieces.insert(0, Piece::Before(old));
                let active = self.any_active(&[old, value]);
                let ty = match self.ty(old).behind_refs() {
                    Ty::Unknown => Ty::Float(FloatTy::Inferred),
                    ty => ty.clone(),
                };
                let hint = self.hint(old).to_owned();
                let kind = Kind::Apply(op, [old, value].into());
                (Assignment::Set, self.push_value((ty, &hint, active), kind, None, span))
            }
        };
        pieces.extend([tokens(binary.op), piece, super::assign::semicolon(stmt)]);
        if let Some(asserted) = asserted {
            pieces.insert(0, asserted);
        }
        self.write(&part, (by, value), Some(statement(pieces)), binary.span());
        Ok(())
    }

    /// Whether an index of a place cannot be evaluated twice.
    pub(super) fn has_effects(&self, part: &Part) -> bool {
        part.path.iter().any(|step| {
            let Step::Index(index) = step else { return false };
            let defined = self.insts.iter().rev().find(|inst| inst.results.contains(index));
            defined.is_some_and(|inst| {
                matches!(inst.kind, Kind::Opaque { effect: crate::ir::Effect::Any, .. })
            })
        })
    }

    /// One operand as a value whose instruction stands at `mark`.
    pub(crate) fn settle_at(&mut self, operand: Operand<'_>, mark: usize) -> (ValueId, Piece) {
        let settled = self.settle(vec![(operand, mark)]).pop();
        match settled {
            Some((value, Piece::Parens(_))) => (value, Piece::Value(value)),
            Some(settled) => settled,
            None => {
                let value = self.never(Span::call_site());
                (value, Piece::Value(value))
            }
        }
    }
}

/// The call of `a.first_mut()` or `a.last_mut()` whose result is unwrapped.
pub(crate) fn end_of(unwrap: &syn::ExprMethodCall) -> Option<&syn::ExprMethodCall> {
    let Expr::MethodCall(end) = &*unwrap.receiver else { return None };
    let unwraps = unwrap.method == "unwrap" || unwrap.method == "expect";
    let known = end.method == "first_mut" || end.method == "last_mut";
    (unwraps && known && end.args.is_empty()).then_some(end)
}
