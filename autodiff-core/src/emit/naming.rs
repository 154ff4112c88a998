//! What values are called: names of the user's while they last, names of ours for the rest.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::borrow::Access;
use super::moved::copy;
use super::printed::unparenthesised;
use super::printer::{Depth, Printer, dereferenced};
use crate::ir::{BindingId, Ty, ValueId};

/// A name of ours.
pub(super) struct Bound {
    name: Ident,
    /// Whether it is a reference to the value.
    is_reference: bool,
    /// The lists in which it can be seen, outermost first.
    lists: Vec<usize>,
}

impl Printer<'_> {
    pub(super) fn hold(&mut self, value: ValueId) {
        if let Some(home) = &self.function.values[value].home {
            let binding = home.binding;
            self.scope.declare(binding);
            self.holds.insert(binding, value);
        }
    }

    /// Saves what a variable holds under a name of ours, if it will be read after the variable is
    /// overwritten or out of reach.
    pub(super) fn keep(&mut self, value: ValueId) {
        if !self.needs.contains(value) || self.is_named(value) {
            return;
        }
        if self.is_out_of_reach(value) {
            self.unreached.push(value);
        } else if let Some(home) = self.use_home(value) {
            if self.is_exit(value) {
                let copy = self.copy_of_exit(value, &home);
                self.bind_name(value, copy, false);
                return;
            }
            if self.copied.contains(&value) {
                let copy = self.copy_of_exit(value, &home);
                self.bind_name(value, copy, false);
                return;
            }
            let binding = self.function.values[value].home.as_ref().map(|home| home.binding);
            let borrowed = binding.is_some_and(|binding| self.access(binding) != Access::Direct);
            let is_reference = self.is_reference(value) && !borrowed;
            if self.function.values[value].ty.is_run_time_sized() && !is_reference {
                // It is about to change: a copy is kept.
                let plain = home.0;
                let copy = copy(&self.function.values[value].ty);
                self.bind_name(value, quote_spanned!(Span::mixed_site()=> #plain.#copy), false);
                return;
            }
            if matches!(self.function.values[value].ty, Ty::Named(_)) {
                // Whether it can be copied, only rustc knows.
                let (plain, private) = (home.0, self.facade.private());
                let copy = quote_spanned!(Span::mixed_site()=> #private::kept(&#plain));
                self.bind_name(value, copy, false);
                return;
            }
            let held = if borrowed { home.1 } else { home.0 };
            self.bind_name(value, held, is_reference);
        }
    }

    /// Whether a part of the variable of a value is borrowed.
    fn is_out_of_reach(&self, value: ValueId) -> bool {
        let home = self.function.values[value].home.as_ref();
        home.is_some_and(|home| self.access(home.binding) == Access::None)
    }

    /// What a reference refers to, copied.
    fn copy_of_exit(
        &self,
        value: ValueId,
        (plain, behind): &(TokenStream, TokenStream),
    ) -> TokenStream {
        if self.function.values[value].ty.is_run_time_sized() {
            let copy = copy(&self.function.values[value].ty);
            return quote_spanned!(Span::mixed_site()=> #plain.#copy);
        }
        behind.clone()
    }

    /// `let name = expression;`, visible where it is needed.
    pub(crate) fn bind_name(
        &mut self,
        value: ValueId,
        expression: TokenStream,
        is_reference: bool,
    ) -> Ident {
        let depth = self.needs.get(value).copied().unwrap_or(usize::MAX);
        let expression = self.number_of(value, unparenthesised(expression));
        let expression = self.behind_reference(value, expression);
        let is_reference = is_reference && !self.copied.contains(&value);
        let name = self.names.fresh(&self.name_hint(value));
        let site = Span::mixed_site();
        if depth < self.depth() {
            self.slots += 1;
            self.push_at(depth, quote_spanned!(site=> let #name;));
            self.push(quote_spanned!(site=> #name = #expression;));
        } else {
            self.push(quote_spanned!(site=> let #name = #expression;));
        }
        self.note_name(value, name.clone(), is_reference, depth.min(self.depth()));
        name
    }

    /// What the user's expression refers to, where a pullback cannot keep the reference: operators
    /// and indexing take either.
    fn behind_reference(&self, value: ValueId, expression: TokenStream) -> TokenStream {
        let info = &self.function.values[value];
        if !self.copied.contains(&value) || info.home.is_some() {
            return expression;
        }
        if info.ty.is_run_time_sized() {
            let copy = copy(&info.ty);
            return quote_spanned!(Span::mixed_site()=> (#expression).#copy);
        }
        let users = self.definitions.get(&value).is_some_and(|inst| inst.syntax.is_some());
        // A part that is read again is the value already.
        let depth = if users { info.ty.ref_depth() } else { 0 };
        if depth == 0 {
            return expression;
        }
        dereferenced(depth, &quote_spanned!(Span::mixed_site()=> (#expression)))
    }

    /// `let name;`, where the value is needed: it is assigned further in.
    pub(crate) fn declare_slot(&mut self, value: ValueId, name: &Ident) {
        let depth = self.needs.get(value).copied().unwrap_or(usize::MAX).min(self.depth());
        self.slots += 1;
        self.push_at(depth, quote_spanned!(Span::mixed_site()=> let #name;));
        self.note_name(value, name.clone(), false, depth);
    }

    /// Whether a value must be visible further out than where it is computed.
    pub(crate) fn is_needed_outside(&self, value: ValueId) -> bool {
        self.needs.get(value).is_some_and(|&depth| depth < self.depth())
    }

    /// A name of ours that can be seen from a depth on.
    pub(super) fn note_name(
        &mut self,
        value: ValueId,
        name: Ident,
        is_reference: bool,
        depth: Depth,
    ) {
        let lists = self.lists.iter().take(depth + 1).map(|list| list.serial).collect();
        self.named.insert(value, Bound { name, is_reference, lists });
    }

    /// A name that is bound in the innermost list.
    pub(crate) fn name_here(&mut self, value: ValueId, name: Ident, is_reference: bool) {
        self.note_name(value, name, is_reference, self.depth());
    }

    /// A name that is bound where the next list opens.
    pub(crate) fn name_next(&mut self, value: ValueId, name: Ident) {
        self.next_names.push((value, name));
    }

    /// The name of a value and whether it is a reference, if it can be seen here. If it is out
    /// of reach, it must be declared further out in the next round.
    pub(crate) fn name_of(&mut self, value: ValueId) -> Option<(Ident, bool)> {
        let kept = |bound: &&Bound| !bound.is_reference || !self.is_borrowed(value);
        let bound = self.named.get(value).filter(kept)?;
        let shared =
            bound.lists.iter().zip(&self.lists).take_while(|(a, b)| **a == b.serial).count();
        if shared == bound.lists.len() {
            return Some((bound.name.clone(), bound.is_reference));
        }
        self.miss_at(value, shared.saturating_sub(1));
        None
    }

    /// Whether a value has a name of ours, in reach or not.
    pub(crate) fn is_named(&self, value: ValueId) -> bool {
        self.named.contains(value)
    }

    /// The name that a value would get.
    pub(crate) fn name_hint(&self, value: ValueId) -> String {
        let is_result = self.function.body.yields.first() == Some(&value);
        let info = &self.function.values[value];
        match info.home {
            None if is_result && self.uses.is_primal(value) => "value".to_owned(),
            _ => info.hint.clone(),
        }
    }

    /// The user's variable that holds `value`, to be printed.
    pub(crate) fn use_home(&mut self, value: ValueId) -> Option<(TokenStream, TokenStream)> {
        let home = self.home(value);
        if home.is_some() {
            self.used.mark(value);
        }
        home
    }

    /// The user's variable that holds `value` here: as it is, and dereferenced to a value.
    pub(crate) fn home(&self, value: ValueId) -> Option<(TokenStream, TokenStream)> {
        let info = &self.function.values[value];
        let home = info.home.as_ref().filter(|_| !self.is_borrowed(value))?;
        let ident = &self.function.bindings[home.binding].ident;
        if !self.scope.sees(home.binding) || self.holds.get(&home.binding) != Some(&value) {
            return None;
        }
        let (ident, depth) = match self.access(home.binding) {
            Access::Direct => (ident, info.ty.ref_depth()),
            Access::Through(alias) => (alias, info.ty.ref_depth() + 1),
            Access::None => return None,
        };
        let plain = TokenStream::from(TokenTree::Ident(ident.clone()));
        let behind = if depth == 0 { plain.clone() } else { dereferenced(depth, &plain) };
        Some((plain, behind))
    }

    /// The name of a variable that can be read here, whatever it holds.
    pub(crate) fn visible_name(&self, binding: BindingId) -> Option<Ident> {
        let ident = &self.function.bindings[binding].ident;
        let exit = self.function.exits().any(|(_, exit)| exit == binding);
        // In a loop that runs again, it is a copy of its state.
        let lent = self.outlives && exit && !self.again;
        let same = self.scope.sees(binding) && !lent;
        match self.access(binding) {
            Access::Direct => same.then(|| ident.clone()),
            Access::Through(alias) => same.then(|| alias.clone()),
            Access::None => None,
        }
    }

    pub(crate) fn is_reference(&self, value: ValueId) -> bool {
        self.function.values[value].ty.ref_depth() > 0
    }

    /// Generated code reads a value that cannot be had here: it must get a name.
    pub(crate) fn miss(&mut self, value: ValueId) -> Ident {
        if self.is_borrowed(value) {
            self.copied.insert(value);
        }
        self.miss_at(value, self.depth());
        super::names::local("missing")
    }

    fn miss_at(&mut self, value: ValueId, depth: Depth) {
        self.missed.push((value, depth));
    }
}
