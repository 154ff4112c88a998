//! `vec![a, b]` and `vec![x; n]`.

use proc_macro2::Delimiter;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Token};

use super::operand::{Operand, Passive, Wrap, commas, expression, tokens};
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Active, Kind, Piece, Ty, ValueId};

impl Lowerer<'_> {
    /// `vec![a, b]`, `vec![x; n]`
    pub(crate) fn vec_macro<'e>(
        &mut self,
        expr: &'e Expr,
        mac: &syn::Macro,
    ) -> Lowered<Operand<'e>> {
        let elements = match Elements::of(mac) {
            Some(Elements::Repeated(repeated)) => return self.filled(expr, mac, &repeated),
            Some(Elements::List(elements)) => elements,
            None => return self.macro_expr(expr, mac),
        };
        let marked = self.operands(&elements)?;
        let ty = marked.first().map_or(Ty::Unknown, |(operand, _)| self.ty_of(operand));
        if marked.iter().all(|(operand, _)| operand.is_passive()) {
            return self.passive_vec(expr, ty);
        }
        let (args, pieces): (Vec<ValueId>, Vec<Piece>) = self.settle(marked).into_iter().unzip();
        let ty = args.first().map_or(Ty::Unknown, |&arg| self.ty(arg).clone());
        let ty = Ty::Vec(Box::new(ty));
        let list = Piece::Group(Delimiter::Bracket, commas(pieces));
        let syntax = Some(expression(vec![tokens(&mac.path), tokens(mac.bang_token), list]));
        let kind = Kind::Array(args);
        let result = self.push_value((ty, "vec", Active::Yes), kind, syntax, expr.span());
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// `vec![x; n]`
    fn filled<'e>(
        &mut self,
        expr: &'e Expr,
        mac: &syn::Macro,
        of: &Repeated,
    ) -> Lowered<Operand<'e>> {
        let mark = self.insts.len();
        let element = self.expr(&of.element)?;
        let ty = self.ty_of(&element);
        if element.is_passive() {
            return self.passive_vec(expr, ty);
        }
        let (value, piece) = self.settle_at(element, mark);
        // The sum of their cotangents needs a zero to begin with.
        let is_users = matches!(self.ty(value).behind_refs(), Ty::Named(_));
        if self.ty(value).is_run_time_sized() || is_users {
            return self.refuse(&Refusal::Vec, mac.path.span());
        }
        let count = self.inert(&of.len)?;
        let (len, count) = self.settle_index(count, self.insts.len());
        let inside = Piece::Group(Delimiter::Bracket, vec![piece, tokens(of.semi), count]);
        let syntax = Some(expression(vec![tokens(&mac.path), tokens(mac.bang_token), inside]));
        let ty = Ty::Vec(Box::new(self.ty(value).clone()));
        let kind = Kind::Filled(value, len);
        let result = self.push_value((ty, "vec", Active::Yes), kind, syntax, expr.span());
        Ok(Operand::Computed(result, Wrap::Bare))
    }

    /// A `Vec` of what needs no derivative.
    fn passive_vec<'e>(&mut self, expr: &'e Expr, element: Ty) -> Lowered<Operand<'e>> {
        let operand = self.inert(expr)?;
        let Operand::Passive(passive) = operand else { return Ok(operand) };
        let ty = match element {
            Ty::Inert => Ty::Unknown,
            element => Ty::Vec(Box::new(element)),
        };
        Ok(Operand::Passive(Passive { ty, ..passive }))
    }
}

/// The expressions that a `vec![..]` evaluates, and nothing else; `None` of another macro.
pub(crate) fn parts_of_vec(mac: &syn::Macro) -> Option<Vec<Expr>> {
    match Elements::of(mac).filter(|_| mac.path.is_ident("vec"))? {
        Elements::Repeated(Repeated { element, len, .. }) => Some(vec![element, len]),
        Elements::List(elements) => Some(elements.into_iter().collect()),
    }
}

/// What stands between the brackets.
enum Elements {
    Repeated(Repeated),
    List(Punctuated<Expr, Token![,]>),
}

impl Elements {
    fn of(mac: &syn::Macro) -> Option<Self> {
        if let Ok(repeated) = mac.parse_body() {
            return Some(Elements::Repeated(repeated));
        }
        mac.parse_body_with(Punctuated::parse_terminated).ok().map(Elements::List)
    }
}

/// `x; n`
struct Repeated {
    element: Expr,
    semi: Token![;],
    len: Expr,
}

impl syn::parse::Parse for Repeated {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self { element: input.parse()?, semi: input.parse()?, len: input.parse()? })
    }
}
