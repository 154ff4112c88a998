//! Prints copies of memory that a callee changes: its second derivatives start from what was there.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::borrow::Access;
use super::printed::{Tightness, unparenthesised};
use super::printer::Printer;
use crate::ir::{Kind, Piece, Step, Ty, ValueId};

impl<'f> Printer<'f> {
    /// `u[lo..].to_vec()`, before the call that is lent `&mut u[lo..]`.
    pub(super) fn copy_before(&mut self, copy: ValueId, of: ValueId) -> TokenStream {
        let definition = self.definitions.get(&copy).copied();
        if let Some(syntax) = definition.and_then(|inst| inst.syntax.as_ref())
            && self.is_elsewhere(of)
        {
            let place = self.place_again(&syntax.pieces);
            let is_name = matches!(syntax.pieces.as_slice(), [Piece::Tokens(_)]);
            let place =
                if is_name { quote_spanned!(Span::mixed_site()=> (*#place)) } else { place };
            return unparenthesised(self.copied(copy, &place));
        }
        let place = match self.definitions.get(&of).map(|inst| &inst.kind) {
            Some(&Kind::Slice(whole, bounds)) if !self.is_named(of) => {
                let whole = self.base(whole);
                self.steps(&[Step::Range(bounds)], whole)
            }
            _ if self.function.values[copy].ty.is_run_time_sized() => self.base(of),
            _ => self.read(of).at_least(Tightness::Atom),
        };
        unparenthesised(self.copied(copy, &place))
    }

    /// `&mut { before }`: memory that the callee changes, and nobody reads afterwards. Where there is
    /// no such tangent, it is zero.
    pub(super) fn lent_before(&mut self, of: Option<ValueId>, like: ValueId) -> TokenStream {
        let site = Span::mixed_site();
        let memory = self.base(of.unwrap_or(like));
        let Some(of) = of else {
            let zero = super::shape::zero(&self.function.values[like].ty, &memory, self.facade);
            return quote_spanned!(site=> &mut #zero);
        };
        let is_its_own = self.is_named(of) && self.uses.is_read_once(of);
        if is_its_own || matches!(self.function.values[of].ty, Ty::Float(_)) {
            return quote_spanned!(site=> &mut { #memory });
        }
        let copy = self.copied(of, &memory);
        quote_spanned!(site=> &mut #copy)
    }

    /// The same of a receiver.
    pub(super) fn receiver_before(&mut self, of: ValueId) -> TokenStream {
        let memory = self.base(of);
        self.copied(of, &memory)
    }

    /// A copy of what these tokens reach, as long as that is.
    fn copied(&self, copy: ValueId, memory: &TokenStream) -> TokenStream {
        let (site, private) = (Span::mixed_site(), self.facade.private());
        match self.function.values[copy].ty {
            Ty::Float(_) => memory.clone(),
            Ty::Slice(_) | Ty::Vec(_) => quote_spanned!(site=> #memory.to_vec()),
            _ => quote_spanned!(site=> #private::kept(&#memory)),
        }
    }

    /// Whether a value is a part of a variable that is reached through a borrow of a part.
    fn is_elsewhere(&self, of: ValueId) -> bool {
        if let Some(home) = &self.function.values[of].home {
            return self.access(home.binding) == Access::None;
        }
        match self.definitions.get(&of).map(|inst| &inst.kind) {
            Some(Kind::Slice(whole, _) | Kind::Index(whole, _) | Kind::Field(whole, _)) => {
                self.is_elsewhere(*whole)
            }
            _ => false,
        }
    }

    /// The user's tokens of a place, before they are printed where they belong: what is inside of
    /// them is evaluated once.
    fn place_again(&mut self, pieces: &'f [Piece]) -> TokenStream {
        let mut tokens = TokenStream::new();
        for piece in pieces {
            match piece {
                Piece::Tokens(own) | Piece::Checked(own, _) => tokens.extend(own.clone()),
                Piece::Value(value) | Piece::Parens(value) => {
                    tokens.extend(self.read(*value).tokens);
                }
                Piece::Group(delimiter, inner) => {
                    let inner = self.place_again(inner);
                    tokens.extend([TokenTree::Group(Group::new(*delimiter, inner))]);
                }
                Piece::Assumed(inner) => tokens.extend(self.place_again(inner)),
                Piece::Region(_)
                | Piece::Mut(_)
                | Piece::Binder(_)
                | Piece::Asserted(..)
                | Piece::Runtime(_)
                | Piece::Before(_) => {}
            }
        }
        tokens
    }
}
