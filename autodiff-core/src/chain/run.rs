//! The loops that run over a chain's items.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Pat;

use super::order::Mentions;
use super::read::Iter;
use super::{Built, Scene};
use crate::structure::mentions::mentioned;

/// The state of the rewrite.
pub(super) struct Rewriter<'s> {
    pub(super) scene: Scene<'s>,
    /// Where invented tokens are located.
    pub(super) site: Span,
    /// The method at the end of the chain.
    pub(super) method: Ident,
    /// How often the chain mentions each name.
    pub(super) mentions: Mentions,
    /// How the items are asked for at the place at hand.
    pub(super) drive: Drive,
    /// The variables that tell the loops around to end, the outermost first. Whoever sets one sets
    /// those after it too.
    pub(super) flags: Vec<Ident>,
}

/// How `std` gets the items of an iterator: it decides how often `zip` calls the closures of the
/// longer side.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drive {
    /// One after another, by `next`.
    Asked,
    /// All at once, by `fold`.
    Folded,
    /// In a way that depends on the types.
    Unknown,
}

/// What takes an item: the pattern of its variables, and the statements.
pub(super) struct Taker {
    pub(super) pattern: Pat,
    pub(super) stmts: TokenStream,
}

/// Makes a taker at the place at hand.
pub(super) type Body<'k, 's> = &'k mut dyn FnMut(&mut Rewriter<'s>) -> Built<Taker>;

impl<'s> Rewriter<'s> {
    /// The statements that hand every item of an iterator to `body`.
    pub(super) fn run(&mut self, items: &Iter, body: Body<'_, 's>) -> Built<TokenStream> {
        let site = self.site;
        match items {
            Iter::Source(source) => {
                let taker = body(self)?;
                let Taker { pattern, stmts } = self.parted(source, taker);
                let exit = match self.flags.last() {
                    Some(flag) if mentioned(&stmts).contains(&flag.to_string()) => {
                        quote_spanned!(site=> if #flag { break; })
                    }
                    _ => TokenStream::new(),
                };
                Ok(quote_spanned!(site=> for #pattern in #source { #stmts #exit }))
            }
            Iter::Adapted(inner, adaptor) => self.adapted(inner, adaptor, body),
            Iter::Made(made) => self.run_made(made, body),
            Iter::Joined(one, other) => {
                let first = self.run(one, body)?;
                let second = self.run(other, body)?;
                Ok(match self.flags.last() {
                    Some(flag) if mentioned(&first).contains(&flag.to_string()) => {
                        quote_spanned!(site=> #first if !#flag { #second })
                    }
                    _ => quote_spanned!(site=> #first #second),
                })
            }
        }
    }

    /// A flag that ends the loops which `items` opens; its declaration, and the statements.
    pub(super) fn run_until(
        &mut self,
        items: &Iter,
        mut body: impl FnMut(&mut Self, &TokenStream) -> Built<Taker>,
    ) -> Built<TokenStream> {
        let site = self.site;
        let flag = self.fresh("exit");
        let at = self.flags.len();
        self.flags.push(flag.clone());
        let loops = self.run(items, &mut |rewriter: &mut Self| {
            let flags = rewriter.flags.get(at..).unwrap_or_default();
            let exit = quote_spanned!(site=> #(#flags = true;)*);
            body(rewriter, &exit)
        });
        self.flags.pop();
        let loops = loops?;
        Ok(quote_spanned!(site=> let mut #flag = false; #loops))
    }

    /// The pattern of a variable.
    pub(super) fn variable(&self, ident: &Ident) -> Pat {
        Pat::Ident(syn::PatIdent {
            attrs: Vec::new(),
            by_ref: None,
            mutability: None,
            ident: ident.clone(),
            subpat: None,
        })
    }
}
