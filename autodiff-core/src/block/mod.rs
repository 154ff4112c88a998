//! `#[grad]` on an `impl` block: every function in it that has a derivative.

mod cycles;
mod operator;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::{ImplItem, ItemImpl};

use crate::diagnostics::Diagnostics;
use crate::input::Input;
use crate::lower::Signature;
use crate::lower::signature::Owner;
use crate::options::Options;

/// An `impl` block, of a type or of a trait for a type.
pub(crate) struct Block {
    item: ItemImpl,
}

impl Block {
    /// Reads an item; `None` if it is something else.
    pub(crate) fn read(item: &TokenStream) -> Option<Self> {
        let is_block = item.clone().into_iter().any(|tree| is_impl(&tree));
        is_block.then(|| syn::parse2(item.clone()).ok().map(|item| Self { item })).flatten()
    }

    /// The companions of its functions, as associated functions of the type.
    pub(crate) fn companions(
        &self,
        options: &Options,
        diagnostics: &mut Diagnostics,
    ) -> TokenStream {
        if let Some(operator) = operator::Operator::read(&self.item) {
            return operator.companions(options, diagnostics);
        }
        let mut all = TokenStream::new();
        let cycles = cycles::cycles(&self.item);
        let owner = Owner::of(&self.item);
        for item in &self.item.items {
            let ImplItem::Fn(function) = item else { continue };
            let has_own = function.attrs.iter().any(|attribute| {
                attribute.path().segments.last().is_some_and(|last| last.ident == "grad")
            });
            // One with an attribute of its own is expanded by that; one without a derivative, a
            // constructor from counts say, has no companions.
            if has_own || !has_derivative(function, &owner, options) {
                continue;
            }
            let Some(mut input) = Input::of(function) else { continue };
            if self.item.trait_.is_some() {
                input.visibility = syn::parse_quote!(pub);
            }
            let mut options = options.clone();
            options.recursive |= cycles.contains(&crate::lower::plain_name(&function.sig.ident));
            all.extend(crate::companions(&input, &options, Some(owner.clone()), diagnostics));
        }
        let (generics, _, bounds) = self.item.generics.split_for_impl();
        let ty = &self.item.self_ty;
        quote_spanned!(Span::mixed_site()=> impl #generics #ty #bounds { #all })
    }
}

fn has_derivative(function: &syn::ImplItemFn, owner: &Owner, options: &Options) -> bool {
    let mut ignored = Diagnostics::default();
    Signature::read(&function.sig, options, Some(owner.clone()), &mut ignored).is_some()
}

/// The keyword, which other items may have elsewhere.
fn is_impl(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Ident(ident) if ident == "impl")
}
