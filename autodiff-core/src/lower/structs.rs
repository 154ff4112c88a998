//! Structs of the user's: what builds them, what takes them apart, and fields that only rustc knows
//! the types of.

use proc_macro2::{Delimiter, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprStruct, Pat};

use super::operand::{Marked, Operand, Passive, Wrap, commas, expression, tokens};
use super::pattern::Bound;
use super::{Lowered, Lowerer};
use crate::ir::{Active, FloatTy, Kind, Member, Piece, Ty, ValueId};

impl Lowerer<'_> {
    /// `Vec3 { x, y: 2.0, ..a }`
    pub(crate) fn struct_literal<'e>(
        &mut self,
        expr: &'e Expr,
        literal: &'e ExprStruct,
    ) -> Lowered<Operand<'e>> {
        let values = literal.fields.iter().map(|field| &field.expr);
        let base = literal.rest.as_deref();
        let marked = self.operands(values.chain(base))?;
        if marked.iter().all(|(operand, _)| operand.is_passive()) {
            return self.inert(expr);
        }
        let variant = is_variant(&literal.path);
        let settled = self.settle(marked);
        settled.iter().try_for_each(|(value, _)| self.keep(*value))?;
        let mut settled = settled.into_iter();
        let (mut fields, mut pieces) = (Vec::new(), Vec::new());
        for (field, (value, piece)) in literal.fields.iter().zip(settled.by_ref()) {
            let member = if variant {
                Member::of_variant(&literal.path, &field.member)
            } else {
                Member::of(&field.member)
            };
            fields.push((member, value));
            pieces.push(Piece::Group(Delimiter::None, vec![named(&field.member), bare(piece)]));
        }
        let base = settled.next().map(|(value, piece)| {
            let dots = quote_spanned!(Span::mixed_site()=> ..);
            pieces.push(Piece::Group(Delimiter::None, vec![Piece::Tokens(dots), bare(piece)]));
            value
        });
        let mut inside = commas(pieces);
        if fields.len() + usize::from(base.is_some()) == 1 {
            inside.pop();
        }
        let inside = Piece::Group(Delimiter::Brace, inside);
        let syntax = expression(vec![tokens(&literal.path), inside]);
        let ty = Ty::Named(type_of(&literal.path));
        let kind = Kind::Struct { fields, base };
        let (hint, span) = (hint(&literal.path), literal.path.span());
        let result = self.push_value((ty, &hint, Active::Yes), kind, Some(syntax), span);
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// `Meters(x)`
    pub(crate) fn tuple_struct<'e>(
        &mut self,
        expr: &'e Expr,
        call: &'e ExprCall,
        path: &syn::ExprPath,
    ) -> Lowered<Operand<'e>> {
        let marked = self.operands(&call.args)?;
        // A variant of the user's that holds a text, say.
        if marked.iter().all(|(operand, _)| operand.is_passive()) {
            return self.inert(expr);
        }
        let (values, pieces): (Vec<ValueId>, Vec<Piece>) = self.settle(marked).into_iter().unzip();
        self.keep_all(&values)?;
        let variant = is_variant(&path.path);
        let member = |n: u32| {
            if variant {
                Member::of_variant(&path.path, &syn::Member::Unnamed(syn::Index::from(n as usize)))
            } else {
                Member::Unnamed(n)
            }
        };
        let fields = (0..).map(member).zip(values).collect();
        let ty = Ty::Named(type_of(&path.path));
        let (hint, span) = (hint(&path.path), call.func.span());
        let syntax = Some(expression(super::call::call_pieces(call, pieces)));
        let kind = Kind::Struct { fields, base: None };
        let result = self.push_value((ty, &hint, Active::Yes), kind, syntax, span);
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// `let Vec3 { x, y: height, .. } = a;`
    pub(crate) fn struct_pattern(
        &mut self,
        pattern: &syn::PatStruct,
        value: ValueId,
        bound: &mut Bound,
    ) -> Lowered<Piece> {
        if is_variant(&pattern.path) {
            return self.refuse_pattern(pattern.path.span());
        }
        let mut pieces = Vec::new();
        for field in &pattern.fields {
            let member = Member::of(&field.member);
            if matches!(&*field.pat, Pat::Wild(_)) {
                pieces.push(tokens(field));
                continue;
            }
            let part = self.field_part(value, member);
            let inner = self.destructure(&field.pat, part, bound)?;
            pieces.push(Piece::Group(Delimiter::None, vec![named(&field.member), inner]));
        }
        let count = pieces.len();
        let mut inside = commas(pieces);
        match &pattern.rest {
            Some(rest) if count > 1 => {
                inside.extend([tokens(syn::token::Comma::default()), tokens(rest)]);
            }
            Some(rest) => inside.push(tokens(rest)),
            None if count == 1 => drop(inside.pop()),
            None => {}
        }
        let inside = Piece::Group(Delimiter::Brace, inside);
        Ok(Piece::Group(Delimiter::None, vec![tokens(&pattern.path), inside]))
    }

    /// `let Meters(x) = length;`
    pub(crate) fn tuple_struct_pattern(
        &mut self,
        pattern: &syn::PatTupleStruct,
        value: ValueId,
        bound: &mut Bound,
    ) -> Lowered<Piece> {
        if is_variant(&pattern.path) || super::option::variant(&pattern.path).is_some() {
            return self.refuse_pattern(pattern.span());
        }
        let mut pieces = Vec::new();
        for (n, element) in (0..).zip(&pattern.elems) {
            if matches!(element, Pat::Rest(_)) {
                return self.refuse_pattern(element.span());
            }
            if matches!(element, Pat::Wild(_)) {
                pieces.push(tokens(element));
                continue;
            }
            let part = self.field_part(value, Member::Unnamed(n));
            pieces.push(self.destructure(element, part, bound)?);
        }
        let mut inside = commas(pieces);
        if pattern.elems.len() == 1 {
            inside.pop();
        }
        let inside = Piece::Group(Delimiter::Parenthesis, inside);
        Ok(Piece::Group(Delimiter::None, vec![tokens(&pattern.path), inside]))
    }

    /// `Shape::Circle { radius }` of a value that may be another variant.
    pub(crate) fn users_variant<'p>(
        &mut self,
        path: &syn::Path,
        fields: impl Iterator<Item = (syn::Member, &'p Pat)>,
        value: ValueId,
        bound: &mut Bound,
    ) -> Lowered<()> {
        let mut fields = fields.peekable();
        while let Some((member, pattern)) = fields.next() {
            if matches!(pattern, Pat::Wild(_)) {
                continue;
            }
            if matches!(pattern, Pat::Rest(_)) {
                // What is behind it would be counted from the other end.
                if fields.peek().is_some() {
                    return self.refuse_pattern(pattern.span());
                }
                break;
            }
            let part = self.field_part(value, Member::of_variant(path, &member));
            self.refutable(pattern, part, bound)?;
        }
        Ok(())
    }

    /// An operand of arithmetic, which is checked to be a float where only rustc knows.
    pub(crate) fn assumed(&self, value: ValueId, piece: Piece) -> Piece {
        if self.is_assumed(value) { Piece::Assumed(vec![piece]) } else { piece }
    }

    /// Whether arithmetic on a value supposes what its type does not tell.
    pub(crate) fn is_assumed(&self, value: ValueId) -> bool {
        self.is_assumed_part(value, self.ty(value))
    }

    /// The same of a part of a value, of this type.
    pub(crate) fn is_assumed_part(&self, value: ValueId, ty: &Ty) -> bool {
        self.is_active(value) && matches!(ty.behind_refs(), Ty::Unknown | Ty::Named(_))
    }

    /// Whether the one operand is a field of which only rustc knows the type.
    pub(crate) fn is_untold(&self, marked: &Marked<'_>) -> bool {
        let [(Operand::Read(value, _) | Operand::Computed(value, _), _)] = marked.as_slice() else {
            return false;
        };
        matches!(self.ty(*value).behind_refs(), Ty::Unknown) && self.is_field(*value)
    }

    /// Whether a value is a field, or a copy of one, that nothing has told to be a float.
    fn is_field(&self, value: ValueId) -> bool {
        let defined = self.insts.iter().rev().find(|inst| inst.results.contains(&value));
        match defined.map(|inst| (&inst.kind, &inst.results)) {
            Some((Kind::Field(..), _)) => true,
            Some((Kind::Reborrow(of), _)) => self.is_field(*of),
            Some((Kind::Bind(parts), results)) => {
                let at = results.iter().position(|&result| result == value);
                at.and_then(|at| parts.get(at)).is_some_and(|&part| self.is_field(part))
            }
            _ => false,
        }
    }

    /// A conversion of a field to a float: the field counts something, and rustc checks that it
    /// does. `around` puts the rest of the expression around the operand.
    pub(crate) fn counted_field<'e>(
        &mut self,
        operands: (&'e Expr, &Expr),
        float: FloatTy,
        around: impl FnOnce(Vec<Piece>) -> Vec<Piece>,
    ) -> Lowered<Operand<'e>> {
        self.counted_as(operands, Ty::Float(float), around)
    }

    /// What is made of counts only, which rustc checks.
    pub(crate) fn counted_as<'e>(
        &mut self,
        (expr, operand): (&'e Expr, &Expr),
        ty: Ty,
        around: impl FnOnce(Vec<Piece>) -> Vec<Piece>,
    ) -> Lowered<Operand<'e>> {
        let whole = self.inert(expr)?;
        let Operand::Passive(Passive { reads, effect, .. }) = whole else { return Ok(whole) };
        let inside = Piece::Group(Delimiter::Parenthesis, vec![tokens(operand)]);
        let syntax = expression(around(vec![Piece::Runtime("counted"), inside]));
        let kind = Kind::Opaque { expr: Box::new(expr.clone()), reads, effect };
        let result = self.push_value((ty, "count", Active::No), kind, Some(syntax), expr.span());
        Ok(Operand::Computed(result, Wrap::Bare))
    }
}

/// `Shape::Circle`: the type stands before the variant.
pub(super) fn is_variant(path: &syn::Path) -> bool {
    let mut segments = path.segments.iter().rev().skip(1);
    let before = segments.next().map(|segment| segment.ident.to_string());
    before.is_some_and(|name| name.starts_with(|c: char| c.is_uppercase()))
}

/// The type that is built: `Shape` of `Shape::Circle`.
fn type_of(path: &syn::Path) -> TokenStream {
    let mut path = path.clone();
    if is_variant(&path) {
        path.segments.pop();
        path.segments.pop_punct();
    }
    path.to_token_stream()
}

/// `Vec3` as the start of a name: `vec3`.
fn hint(path: &syn::Path) -> String {
    let last = path.segments.last().map(|segment| segment.ident.to_string());
    let name = last.unwrap_or_default();
    if name == "Self" { "built".to_owned() } else { name.to_lowercase() }
}

/// `x:` with tokens of our own, so that no lint takes `x: x` for the user's.
fn named(member: &syn::Member) -> Piece {
    let member = Member::of(member).tokens();
    let colon: TokenStream = quote_spanned!(Span::mixed_site()=> :);
    Piece::Tokens(quote_spanned!(Span::mixed_site()=> #member #colon))
}

fn bare(piece: Piece) -> Piece {
    match piece {
        Piece::Parens(value) => Piece::Value(value),
        piece => piece,
    }
}
