//! Prints lengths: of the user's variables where those still have them, else as they were noted.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::borrow::Access;
use super::printed::Printed;
use super::printer::Printer;
use crate::ir::{Kind, Step, ValueId};

impl Printer<'_> {
    /// `v.len()`
    pub(crate) fn length(&mut self, value: ValueId, of: ValueId) -> Printed {
        let site = Span::mixed_site();
        // What a tuple of references refers to.
        let of = self.owned(of);
        if self.is_borrowed(self.way(of).0) {
            // The number is kept, not what it is the length of.
            let name = self.miss(value);
            return Printed::atom(quote_spanned!(site=> #name));
        }
        if let Some(of) = self.sequence(of) {
            return Printed::atom(quote_spanned!(site=> #of.len()));
        }
        if self.changes_or_goes(of) {
            let name = self.miss(value);
            return Printed::atom(quote_spanned!(site=> #name));
        }
        let of = self.base(of);
        Printed::atom(quote_spanned!(site=> #of.len()))
    }

    /// The length where it is noted: nothing has changed it yet.
    pub(crate) fn length_here(&mut self, of: ValueId) -> TokenStream {
        let site = Span::mixed_site();
        let (root, path) = self.way(of);
        if let Some(home) = self.function.values[root].home.as_ref() {
            // What runs over it next is the user's, so that no part of it is lent any more.
            self.end_borrows_of(home.binding);
        }
        let tokens = match self.use_home(root) {
            Some((root, _)) => self.steps(&path, root),
            None => self.base(of),
        };
        quote_spanned!(site=> #tokens.len())
    }

    /// The part of a variable whose length is asked for: any version has the same, unless the
    /// variable changes its length, or is moved away.
    fn sequence(&mut self, of: ValueId) -> Option<TokenStream> {
        let (root, path) = self.way(of);
        let info = &self.function.values[root];
        let home = info.home.as_ref().filter(|home| home.fields.is_empty())?;
        let binding = home.binding;
        if self.uses.is_resized(binding) || self.uses.is_moved(binding) {
            return None;
        }
        let name = self.visible_name(binding)?;
        Some(self.steps(&path, quote_spanned!(Span::mixed_site()=> #name)))
    }

    /// Whether a variable changes its length, is moved away, or cannot be read here.
    fn changes_or_goes(&self, of: ValueId) -> bool {
        let (root, _) = self.way(of);
        let home = self.function.values[root].home.as_ref();
        home.is_some_and(|home| {
            self.uses.is_resized(home.binding)
                || self.uses.is_moved(home.binding)
                || self.access(home.binding) == Access::None
        })
    }

    /// From a variable to a part of it, through what has no tokens.
    fn way(&self, of: ValueId) -> (ValueId, Vec<Step>) {
        let mut path = Vec::new();
        let mut root = of;
        while let Some(inst) = self.definitions.get(&root)
            && self.function.values[root].home.is_none()
        {
            let (of, step) = match &inst.kind {
                Kind::Index(of, index) => (*of, Some(Step::Index(*index))),
                Kind::Field(of, n) => (*of, Some(Step::Field(*n))),
                Kind::Slice(of, bounds) => (*of, Some(Step::Range(*bounds))),
                Kind::Reborrow(of) => (*of, None),
                _ => break,
            };
            path.extend(step);
            root = of;
        }
        if self.function.values[root].home.is_none() {
            return (of, Vec::new());
        }
        path.reverse();
        (root, path)
    }
}
