//! Prints places: shadows and parts of them.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::along::Memory;
use super::printed::{Printed, Tightness};
use super::printer::{Printer, Shadow};
use crate::ir::{Bounds, End, Place, Step, ValueId, VarId};

impl Printer<'_> {
    /// A shadow, or a part of it.
    pub(crate) fn place(&mut self, place: &Place, root: &TokenStream) -> TokenStream {
        if let [Step::Index(at)] | [Step::Range(_), Step::Index(at)] = place.path.as_slice()
            && let Some(lent) = self.lent_element(Memory::Shadow(place.var), *at)
        {
            return lent;
        }
        if let Some(element) = self.zipped_element(place) {
            return element;
        }
        self.steps(&place.path, root.clone())
    }

    pub(crate) fn steps(&mut self, path: &[Step], root: TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let mut tokens = root;
        let mut path = path.iter().peekable();
        while let Some(step) = path.next() {
            if let (Step::Range(bounds), Some(Step::Index(index))) = (step, path.peek()) {
                let index = self.within(bounds, *index);
                tokens = quote_spanned!(site=> #tokens[#index]);
                path.next();
                continue;
            }
            tokens = match step {
                Step::Field(n) => {
                    let n = n.behind(self.at);
                    quote_spanned!(site=> #tokens #n)
                }
                Step::Index(index) => {
                    let index = self.read(*index).tokens;
                    quote_spanned!(site=> #tokens[#index])
                }
                Step::Range(Bounds { lo, hi, end }) => {
                    let mut bound = |value: &Option<ValueId>| {
                        value.map(|value| self.read(value).at_least(Tightness::Sum))
                    };
                    let (lo, hi) = (bound(lo), bound(hi));
                    match end {
                        End::Open => quote_spanned!(site=> #tokens[#lo..#hi]),
                        End::Closed => quote_spanned!(site=> #tokens[#lo..=#hi]),
                    }
                }
            };
        }
        tokens
    }

    /// The index in the whole of an element of a part: `lo + i`.
    pub(super) fn within(&mut self, bounds: &Bounds, index: ValueId) -> TokenStream {
        let Some(lo) = bounds.lo else { return self.read(index).tokens };
        if self.is_zero(index) {
            return self.read(lo).tokens;
        }
        if self.is_zero(lo) {
            return self.read(index).tokens;
        }
        let index = self.read(index).at_least(Tightness::Sum);
        let lo = self.read(lo).at_least(Tightness::Sum);
        quote_spanned!(Span::mixed_site()=> #lo + #index)
    }

    pub(crate) fn is_zero(&self, index: ValueId) -> bool {
        let literal = self.definitions.get(&index);
        literal.is_some_and(|inst| crate::differentiate::literal_index(&inst.kind) == Some(0))
    }

    pub(super) fn load(&mut self, place: &Place) -> Printed {
        let behind = matches!(self.shadows.get(&place.var), Some(Shadow::Sum(_)));
        let target = self.target(place);
        if behind && place.path.is_empty() {
            return Printed::new(target, Tightness::Unary);
        }
        Printed::atom(target)
    }

    /// The name of a shadow, declared or not.
    pub(crate) fn shadow_name(&mut self, var: VarId) -> proc_macro2::Ident {
        if let Some(
            Shadow::Local(name)
            | Shadow::Buffer(name)
            | Shadow::Sum(name)
            | Shadow::Accumulator(name),
        ) = self.shadows.get(&var)
        {
            return name.clone();
        }
        let name = self.names.fresh(&self.function.vars[var].hint);
        self.shadows.insert(var, Shadow::Local(name.clone()));
        name
    }
}
