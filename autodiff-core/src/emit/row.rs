//! Prints loops whose iterations leave their records side by side, in a row of the tape.
//!
//! The row has its length before the first iteration, so that both loops go along it with a slice
//! iterator, and neither asks whether there is room, or anything left.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::printed::Tightness;
use super::printer::Printer;
use super::repeat::record;
use crate::ir::{Head, Inst, Kind, Loop, Order, Row, Ty};

/// What a reverse loop goes along.
pub(crate) struct Records {
    /// The pattern of one of them.
    pattern: TokenStream,
    /// All of them: what has a method `iter`, and what is iterated over.
    row: TokenStream,
    items: TokenStream,
}

impl<'f> Printer<'f> {
    /// Makes room for the records of a loop. Gives the name of the place of one of them, and the
    /// slice of all.
    pub(crate) fn open_row(&mut self, of: &'f Loop) -> Option<(Ident, TokenStream)> {
        let row = of.row?;
        let items = of.body.insts.iter().find_map(|inst| match &inst.kind {
            Kind::Push(tape, items) if *tape == row.tape => Some(items),
            _ => None,
        })?;
        let site = Span::mixed_site();
        self.name_trips(&of.head);
        let (tape, trips) = (self.shadow_name(row.tape), self.trips(&of.head, Tightness::Sum));
        let blank = match items.as_slice() {
            [one] if matches!(self.function.values[*one].ty.behind_refs(), Ty::Float(_)) => {
                self.facade.zero(&self.function.values[*one].ty)
            }
            _ => quote_spanned!(site=> ::core::default::Default::default()),
        };
        let places = if row.alone {
            self.push(if let Some(workspace) = &self.workspace {
                quote_spanned!(site=> let mut #tape = #workspace.row(#trips);)
            } else {
                quote_spanned!(site=> let mut #tape = ::std::vec![#blank; #trips];)
            });
            quote_spanned!(site=> &mut #tape)
        } else {
            quote_spanned!(site=> #tape.open(#trips))
        };
        let place = self.names.fresh("kept");
        self.places.push((row.tape, place.clone()));
        Some((place, places))
    }

    /// The user's `for` along other things, from its pieces: label, `for`, pattern, `in`, iterator,
    /// body. Each of them has a name for one of its items.
    pub(crate) fn for_along(
        &mut self,
        inst: &'f Inst,
        others: Vec<(Ident, TokenStream)>,
    ) -> TokenStream {
        let pieces = inst.syntax.as_ref().map_or(&[][..], |syntax| &syntax.pieces);
        let mut printed: Vec<TokenStream> =
            pieces.iter().map(|piece| self.pieces(std::slice::from_ref(piece), inst)).collect();
        let site = Span::mixed_site();
        if let [_, _, pattern, _, iterator, _] = printed.as_mut_slice() {
            for (item, items) in others {
                *pattern = quote_spanned!(site=> (#pattern, #item));
                *iterator = quote_spanned!(site=> ::core::iter::zip(#iterator, #items));
            }
        }
        printed.into_iter().collect()
    }

    /// The row that the forward sweep has left for a loop of the reverse sweep.
    pub(crate) fn records(&mut self, of: &'f Loop) -> Option<Records> {
        let Row { tape, alone } = of.row?;
        let pops = |inst: &&Inst| matches!(inst.kind, Kind::Pop(other) if other == tape);
        let pop = of.body.insts.iter().find(pops)?;
        let (site, tape) = (Span::mixed_site(), self.shadow_name(tape));
        let (row, items) = if alone {
            (tape.to_token_stream(), quote_spanned!(site=> &#tape))
        } else {
            let trips = self.trips(&of.head, Tightness::Sum);
            let row = quote_spanned!(site=> #tape.close(#trips));
            (row.clone(), row)
        };
        let names: Vec<TokenStream> = pop
            .results
            .iter()
            .map(|&item| {
                let name = self.names.fresh(&self.function.values[item].hint);
                self.name_next(item, name.clone());
                name.to_token_stream()
            })
            .collect();
        let record = record(&names);
        Some(Records { pattern: quote_spanned!(site=> &#record), row, items })
    }

    /// The head of a loop along the records, the last first.
    pub(crate) fn head_along(&mut self, head: &Head, records: &Records) -> TokenStream {
        let (site, Records { pattern, row, items }) = (Span::mixed_site(), records);
        match self.numbered(head) {
            Some((Some(index), range, Order::Down)) => quote_spanned!(site=>
                for (#index, #pattern) in ::core::iter::zip(#range, #items).rev()
            ),
            Some((Some(index), range, Order::Up)) => quote_spanned!(site=>
                for (#index, #pattern) in ::core::iter::zip(#range, #row.iter().rev())
            ),
            Some((None, ..)) | None => quote_spanned!(site=> for #pattern in #row.iter().rev()),
        }
    }

    /// What takes an operation to compute is computed once: the reverse loop asks for it, too.
    fn name_trips(&mut self, head: &Head) {
        let Head::Count { trips, .. } = *head else { return };
        let definition = self.definitions.get(&trips).map(|inst| &inst.kind);
        if matches!(definition, Some(Kind::Integer(..))) && !self.is_named(trips) {
            let number = self.read(trips).tokens;
            self.bind_name(trips, number, false);
        }
    }

    /// How often a loop runs, of which that is known beforehand.
    fn trips(&mut self, head: &Head, tightness: Tightness) -> TokenStream {
        let (lo, hi) = match head {
            Head::Count { trips, .. } => return self.read(*trips).at_least(tightness),
            Head::Range { lo, hi, .. } => (*lo, *hi),
            Head::While { .. } | Head::Items { .. } | Head::Endless => return TokenStream::new(),
        };
        if self.is_zero(lo) {
            return self.read(hi).at_least(tightness);
        }
        let hi = self.read(hi).at_least(Tightness::Sum);
        let lo = self.read(lo).at_least(Tightness::Sum);
        quote_spanned!(Span::mixed_site()=> (#lo..#hi).len())
    }
}
