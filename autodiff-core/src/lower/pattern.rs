//! Patterns that cannot fail: what each variable is a part of.

use proc_macro2::{Delimiter, Span};
use syn::spanned::Spanned;
use syn::{Expr, Pat};

use super::operand::{Operand, commas, tokens};
use super::place::Part;
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Active, BindingId, FloatTy, Kind, Member, Piece, Ty, ValueId};

/// The variables that a pattern binds, with the parts that they name.
#[derive(Default)]
pub(crate) struct Bound {
    pub(crate) parts: Vec<ValueId>,
    pub(crate) versions: Vec<ValueId>,
    /// Variables of the pattern that hold nothing active.
    pub(crate) inert: Vec<ValueId>,
    /// The elements that are assigned, and what.
    pub(crate) elements: Vec<(Part, ValueId)>,
}

impl Lowerer<'_> {
    /// Takes `value` apart as `pattern` says. Returns the pattern's pieces.
    pub(crate) fn destructure(
        &mut self,
        pattern: &Pat,
        value: ValueId,
        bound: &mut Bound,
    ) -> Lowered<Piece> {
        match pattern {
            Pat::Ident(ident) if ident.subpat.is_none() => Ok(self.bind_ident(ident, value, bound)),
            Pat::Wild(wild) => Ok(tokens(wild)),
            Pat::Paren(paren) => self.destructure(&paren.pat, value, bound),
            Pat::Type(typed) => {
                self.annotate(value, &typed.ty);
                self.destructure(&typed.pat, value, bound)
            }
            Pat::Reference(reference) => {
                let inner = self.reference_pattern(&reference.pat, value, bound)?;
                Ok(Piece::Group(Delimiter::None, vec![tokens(reference.and_token), inner]))
            }
            Pat::Tuple(tuple) => self.tuple_pattern(tuple, value, bound),
            Pat::Slice(slice) => self.array_pattern(slice, value, bound),
            Pat::Struct(fields) => self.struct_pattern(fields, value, bound),
            Pat::TupleStruct(fields) => self.tuple_struct_pattern(fields, value, bound),
            _ => self.refuse(&Refusal::Pattern, pattern.span()),
        }
    }

    fn bind_ident(&mut self, ident: &syn::PatIdent, value: ValueId, bound: &mut Bound) -> Piece {
        let binding = self.declare(&ident.ident, ident.mutability.is_some());
        let ty = match &ident.by_ref {
            Some(_) => Ty::Ref(Box::new(self.ty(value).clone())),
            None => self.ty(value).clone(),
        };
        let active = self.function.values[value].active;
        let version = self.version(binding, ty, active);
        bound.parts.push(value);
        bound.versions.push(version);
        if let Some(parts) = self.tuples.get(&value).cloned() {
            self.tuples.insert(version, parts);
        }
        let mut pieces = Vec::new();
        if let Some(by_ref) = &ident.by_ref {
            pieces.push(tokens(by_ref));
        }
        if ident.mutability.is_some() {
            pieces.push(Piece::Mut(binding));
        }
        pieces.push(Piece::Binder(version));
        Piece::Group(Delimiter::None, pieces)
    }

    fn reference_pattern(
        &mut self,
        pattern: &Pat,
        value: ValueId,
        bound: &mut Bound,
    ) -> Lowered<Piece> {
        let part = self.behind(value);
        self.destructure(pattern, part, bound)
    }

    /// What a pattern `&inner` matches `inner` with.
    pub(super) fn behind(&mut self, value: ValueId) -> ValueId {
        let ty = match self.ty(value).clone() {
            Ty::Ref(inner) => *inner,
            other => other,
        };
        self.part(value, ty, Kind::Reborrow(value), "")
    }

    fn tuple_pattern(
        &mut self,
        tuple: &syn::PatTuple,
        value: ValueId,
        bound: &mut Bound,
    ) -> Lowered<Piece> {
        let mut pieces = Vec::new();
        let is_call = self.insts.last().is_some_and(|inst| {
            matches!(inst.kind, Kind::Call(_)) && inst.results.contains(&value)
        });
        let is_unknown = is_call && matches!(self.ty(value), Ty::Unknown);
        if is_unknown {
            // How many things a call gives is all that is known of them.
            let fields = vec![Ty::Unknown; tuple.elems.len()];
            self.function.values[value].ty = Ty::Tuple(fields);
        }
        for (n, element) in (0_u32..).zip(&tuple.elems) {
            if matches!(element, Pat::Rest(_)) {
                return self.refuse(&Refusal::Pattern, element.span());
            }
            if matches!(element, Pat::Wild(_)) && !is_unknown {
                pieces.push(tokens(element));
                continue;
            }
            let part = self.field_part(value, Member::Unnamed(n));
            pieces.push(self.destructure(element, part, bound)?);
        }
        Ok(Piece::Group(Delimiter::Parenthesis, commas(pieces)))
    }

    fn array_pattern(
        &mut self,
        slice: &syn::PatSlice,
        value: ValueId,
        bound: &mut Bound,
    ) -> Lowered<Piece> {
        let mut pieces = Vec::new();
        for (n, element) in slice.elems.iter().enumerate() {
            if matches!(element, Pat::Rest(_)) {
                return self.refuse(&Refusal::Pattern, element.span());
            }
            if matches!(element, Pat::Wild(_)) {
                pieces.push(tokens(element));
                continue;
            }
            let part = self.element_part(value, n, element.span());
            pieces.push(self.destructure(element, part, bound)?);
        }
        let mut list = commas(pieces);
        if slice.elems.len() == 1 {
            list.pop();
        }
        Ok(Piece::Group(Delimiter::Bracket, list))
    }

    /// An element, as a pattern reaches it.
    pub(super) fn element_part(&mut self, value: ValueId, n: usize, span: Span) -> ValueId {
        let ty = self.part_ty(value, self.ty(value).element());
        let index = self.constant_index(n, span);
        self.part(value, ty, Kind::Index(value, index), &format!("_{n}"))
    }

    /// A field, as a pattern reaches it.
    pub(crate) fn field_part(&mut self, value: ValueId, member: Member) -> ValueId {
        if let Some(part) = self.made_of(value, member) {
            return part;
        }
        let ty = self.part_ty(value, self.ty(value).field(member));
        let part = self.part(value, ty, Kind::Field(value, member), &format!("_{member}"));
        if self.part_active(value, member) == Active::No {
            self.function.values[part].active = Active::No;
        }
        part
    }

    /// The float that a tuple is made of, where it is taken apart at once: `let (a, b) = (x, y)`.
    fn made_of(&self, tuple: ValueId, member: Member) -> Option<ValueId> {
        let Member::Unnamed(n) = member else { return None };
        let inst = self.insts.iter().rev().find(|inst| inst.results == [tuple])?;
        let Kind::Tuple(parts) = &inst.kind else { return None };
        let part = *parts.get(n as usize)?;
        (matches!(self.ty(part), Ty::Float(_)) && self.is_active(part)).then_some(part)
    }

    /// Matching through a reference binds references.
    fn part_ty(&self, value: ValueId, part: Ty) -> Ty {
        match (self.ty(value), &part) {
            (Ty::Ref(_), Ty::Float(_) | Ty::Array(..) | Ty::Tuple(_)) => Ty::Ref(Box::new(part)),
            _ => part,
        }
    }

    fn part(&mut self, whole: ValueId, ty: Ty, kind: Kind, suffix: &str) -> ValueId {
        let active = match ty {
            Ty::Inert => Active::No,
            _ => self.function.values[whole].active,
        };
        let hint = format!("{}{suffix}", self.hint(whole));
        let span = self.function.values[whole].span;
        self.push_value((ty, &hint, active), kind, None, span)
    }

    /// A spelled type says more than use does.
    pub(crate) fn annotate(&mut self, value: ValueId, ty: &syn::Type) {
        let known = if self.is_kept(value) { self.known.kept() } else { self.known.clone() };
        let mut spelled = super::types::spelled(ty, &known);
        if let (Ty::Inert, syn::Type::Path(path)) = (&spelled, ty)
            && path.path.segments.last().is_some_and(|last| last.ident == "Vec")
        {
            // It is cloned where it is kept.
            spelled = Ty::Vec(Box::new(Ty::Inert));
        }
        if matches!(spelled, Ty::Inert) && self.is_kept(value) {
            // A field that is a count.
            self.function.values[value].active = Active::No;
        }
        // What is known to be a float or an array, and has a name that these have not, is of an alias.
        let is_literal = || {
            let defined = self.insts.iter().rev().find(|inst| inst.results.contains(&value));
            defined.is_some_and(|inst| matches!(inst.kind, Kind::Const(_)))
        };
        let is_alias = match (&spelled, self.ty(value)) {
            (Ty::Named(_), Ty::Float(FloatTy::Inferred)) => is_literal(),
            (Ty::Named(_), Ty::Float(_) | Ty::Vec(_) | Ty::Array(..)) => true,
            _ => false,
        };
        if !spelled.has_unknown() && !is_alias {
            self.function.values[value].ty = spelled;
            self.found.spelled.push(value);
        }
    }

    /// Declares the variables of a pattern of inert values; their versions in order.
    pub(crate) fn bind_inert(&mut self, pattern: &Pat) -> Vec<ValueId> {
        let mut names = Names::default();
        syn::visit::Visit::visit_pat(&mut names, pattern);
        let mut versions: Vec<ValueId> = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for (ident, mutable) in names.found {
            // The alternatives of an or-pattern bind the same names.
            let text = ident.to_string();
            let constant = text.starts_with(|c: char| c.is_uppercase());
            if constant || seen.contains(&text) {
                continue;
            }
            seen.push(text);
            let binding = self.declare(ident, mutable);
            versions.push(self.version(binding, Ty::Unknown, Active::No));
        }
        versions
    }

    /// A simple binding of an expression that needs no derivative, or of one that does.
    pub(crate) fn bind_plain(&mut self, ident: &syn::PatIdent) -> BindingId {
        self.declare(&ident.ident, ident.mutability.is_some())
    }

    /// Whether a `let` of this operand can be lowered part by part.
    pub(crate) fn is_structural(pattern: &Pat, operand: &Operand<'_>) -> bool {
        match pattern {
            Pat::Ident(ident) => ident.subpat.is_none() && ident.by_ref.is_none(),
            Pat::Type(typed) => Self::is_structural(&typed.pat, operand),
            Pat::Paren(paren) => Self::is_structural(&paren.pat, operand),
            _ => !operand.is_passive(),
        }
    }

    pub(crate) fn refuse_pattern<T>(&mut self, span: Span) -> Lowered<T> {
        self.refuse(&Refusal::Pattern, span)
    }
}

/// The names that a pattern binds.
#[derive(Default)]
struct Names<'ast> {
    found: Vec<(&'ast syn::Ident, bool)>,
}

impl<'ast> syn::visit::Visit<'ast> for Names<'ast> {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.found.push((&pattern.ident, pattern.mutability.is_some()));
        syn::visit::visit_pat_ident(self, pattern);
    }

    fn visit_expr(&mut self, _: &'ast Expr) {}
}
