//! Prints the patterns of arms: what an arm does not read any more, it does not bind.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{FieldPat, Pat};

use super::printer::Printer;
use super::signature::{Mention, mentioned};
use crate::ir::{Inst, Piece};

impl<'f> Printer<'f> {
    /// `pattern => { … }` or `let pattern = scrutinee { … }`, where pieces begin with such an arm,
    /// and how many pieces these are.
    pub(super) fn user_arm_with_pattern(
        &mut self,
        pieces: &'f [Piece],
        inst: &'f Inst,
    ) -> Option<(TokenStream, usize)> {
        let is = |tokens: &TokenStream, text: &str| tokens.to_string() == text;
        if let [
            Piece::Tokens(keyword),
            Piece::Tokens(pattern),
            Piece::Tokens(sign),
            scrutinee,
            Piece::Region(n),
            ..,
        ] = pieces
            && is(keyword, "let")
            && is(sign, "=")
        {
            let scrutinee = self.pieces(std::slice::from_ref(scrutinee), inst);
            let body = self.user_region(inst, *n);
            let mut arm = keyword.clone();
            arm.extend([bound_in(pattern, &body), sign.clone(), scrutinee, body]);
            return Some((arm, 5));
        }
        let [Piece::Tokens(pattern), Piece::Tokens(arrow), Piece::Region(n), ..] = pieces else {
            return None;
        };
        if !is(arrow, "=>") {
            return None;
        }
        let body = self.user_region(inst, *n);
        let mut arm = bound_in(pattern, &body);
        arm.extend(arrow.clone());
        arm.extend(body);
        Some((arm, 3))
    }
}

/// A pattern with the names that its arm reads.
fn bound_in(pattern: &TokenStream, body: &TokenStream) -> TokenStream {
    let parser = |input: syn::parse::ParseStream<'_>| Pat::parse_multi_with_leading_vert(input);
    let Ok(parsed) = syn::parse::Parser::parse2(parser, pattern.clone()) else {
        return pattern.clone();
    };
    let mut read = body.clone();
    if let Pat::Guard(guarded) = &parsed {
        read.extend(guarded.guard.to_token_stream());
    }
    read_in(parsed, &read).map_or_else(|| pattern.clone(), ToTokens::into_token_stream)
}

/// A pattern with the names that tokens read, unless it has no others.
pub(super) fn read_in(mut pattern: Pat, read: &TokenStream) -> Option<Pat> {
    let mut unread = Unread { read, changed: false };
    unread.visit_pat_mut(&mut pattern);
    unread.changed.then_some(pattern)
}

/// Names that nothing reads become `_`.
struct Unread<'b> {
    read: &'b TokenStream,
    changed: bool,
}

impl Unread<'_> {
    fn is_unread(&self, pattern: &Pat) -> bool {
        let Pat::Ident(of) = pattern else { return false };
        let name = of.ident.to_string();
        let is_variable = !name.starts_with(|c: char| c.is_uppercase() || c == '_');
        is_variable && of.subpat.is_none() && mentioned(self.read, &of.ident) == Mention::None
    }
}

impl VisitMut for Unread<'_> {
    fn visit_pat_mut(&mut self, pattern: &mut Pat) {
        if self.is_unread(pattern) {
            self.changed = true;
            let underscore_token = syn::token::Underscore(Span::mixed_site());
            *pattern = Pat::Wild(syn::PatWild { attrs: Vec::new(), underscore_token });
            return;
        }
        visit_mut::visit_pat_mut(self, pattern);
    }

    fn visit_field_pat_mut(&mut self, field: &mut FieldPat) {
        if self.is_unread(&field.pat) {
            field.colon_token.get_or_insert_with(|| syn::token::Colon(Span::mixed_site()));
        }
        visit_mut::visit_field_pat_mut(self, field);
    }

    fn visit_pat_tuple_mut(&mut self, of: &mut syn::PatTuple) {
        visit_mut::visit_pat_tuple_mut(self, of);
        drop_beside_rest(&mut of.elems);
    }

    fn visit_pat_tuple_struct_mut(&mut self, of: &mut syn::PatTupleStruct) {
        visit_mut::visit_pat_tuple_struct_mut(self, of);
        drop_beside_rest(&mut of.elems);
    }

    fn visit_expr_mut(&mut self, _: &mut syn::Expr) {}
}

/// A wildcard beside `..` says nothing more.
fn drop_beside_rest(elements: &mut Elements) {
    let Some(rest) = elements.iter().position(|it| matches!(it, Pat::Rest(_))) else { return };
    let wild = |it: &&Pat| matches!(it, Pat::Wild(_));
    let before = elements.iter().take(rest).rev().take_while(wild).count();
    let after = elements.iter().skip(rest + 1).take_while(wild).count();
    let dropped = |at: usize| at != rest && (rest - before..=rest + after).contains(&at);
    let kept = std::mem::take(elements).into_iter().enumerate();
    *elements = kept.filter(|(at, _)| !dropped(*at)).map(|(_, it)| it).collect();
}

type Elements = syn::punctuated::Punctuated<Pat, syn::Token![,]>;
