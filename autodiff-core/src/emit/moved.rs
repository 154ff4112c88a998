//! Prints arguments that a callee takes by value, as its pullback is given them again: a copy of what
//! is not copied by itself.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::printer::Printer;
use crate::ir::{Active, Call, CallForm, Inst, Kind, Piece, Ty, ValueId};

impl<'f> Printer<'f> {
    /// The arguments of a call, as the user wrote them: of what it would use up, and something else
    /// reads, a copy.
    pub(crate) fn passed(
        &mut self,
        call: &'f Call,
        pieces: &'f [Piece],
        inst: &'f Inst,
    ) -> TokenStream {
        if call.foreign.is_some() {
            return self.pieces(pieces, inst);
        }
        // A pushforward is not given them again; but what is computed later may read a variable.
        let again = call.dots.is_empty();
        let is_primal = again && matches!(call.form, CallForm::Primal);
        let skipped = call.args.len().saturating_sub(pieces.len().div_ceil(2));
        let mut tokens = TokenStream::new();
        for (at, piece) in pieces.iter().enumerate() {
            let printed = self.pieces(std::slice::from_ref(piece), inst);
            let arg = at / 2 + skipped;
            let by_value = at % 2 == 0 && call.references.get(arg) == Some(&false);
            let by_value = by_value && (again || matches!(piece, Piece::Tokens(_)));
            // Memory that is lent is not handed out again.
            let by_value = by_value && !call.is_lent(arg);
            let is_used_up =
                |value| self.is_moved(value) && (!is_primal || self.uses.is_read(value));
            let moved = call.args.get(arg).filter(|&&value| by_value && is_used_up(value));
            tokens.extend(match moved {
                Some(&value) => self.copy_of(value, printed),
                None => printed,
            });
        }
        tokens
    }

    /// Whether passing a value may use it up.
    pub(crate) fn is_moved(&self, value: ValueId) -> bool {
        let found = &self.function.values[value];
        match found.ty {
            // What only rustc knows the type of: nothing is moved twice, or out of an element.
            Ty::Unknown => {
                let kind = self.definitions.get(&value).map(|inst| &inst.kind);
                found.active == Active::Yes
                    && !self.uses.is_passed_often(value)
                    && !matches!(kind, Some(Kind::Index(..) | Kind::Load(_) | Kind::Apply(..)))
            }
            _ => found.ty.may_move(),
        }
    }

    /// A copy of a value that these tokens read.
    pub(crate) fn copy_of(&self, value: ValueId, tokens: TokenStream) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        match &self.function.values[value].ty {
            // Its tangent may be a slice of another.
            Ty::Vec(_) | Ty::Slice(_) if tokens.clone().into_iter().count() == 1 => {
                quote_spanned!(site=> #tokens.to_vec())
            }
            Ty::Vec(_) | Ty::Slice(_) => quote_spanned!(site=> (#tokens).to_vec()),
            _ => quote_spanned!(site=> #private::kept(&#tokens)),
        }
    }
}

/// The call that copies what has a length known at run time only.
pub(crate) fn copy(ty: &Ty) -> TokenStream {
    let site = Span::mixed_site();
    match ty.behind_refs() {
        // Its tangent may be a slice of another.
        Ty::Slice(_) | Ty::Vec(_) => quote_spanned!(site=> to_vec()),
        _ => quote_spanned!(site=> clone()),
    }
}
