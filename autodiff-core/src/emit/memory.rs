//! Prints shadows: the memory in which cotangents of aggregates are added up.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::printed::Tightness;
use super::printer::{Printer, Shadow};
use super::shown::invented_at;
use crate::ir::{
    CallForm, Edit, FloatTy, Inst, Kind, Place, Region, Step, Target, Ty, ValueId, VarId,
};
use crate::rules::Op;

impl Printer<'_> {
    /// A shadow comes into being, or a buffer is cleared.
    pub(crate) fn zero(&mut self, var: VarId, like: ValueId, len: Option<ValueId>) {
        let site = Span::mixed_site();
        let ty = self.function.values[like].ty.clone();
        match self.shadows.get(&var).cloned() {
            Some(Shadow::Accumulator(_) | Shadow::Sum(_)) => {}
            Some(Shadow::Buffer(name)) => {
                let clear = match ty.behind_refs() {
                    Ty::Slice(element) | Ty::Vec(element) | Ty::Array(element, _)
                        if element.has_literal_zero() =>
                    {
                        let zero = super::shape::zero(element, &TokenStream::new(), self.facade);
                        quote_spanned!(site=> #name.fill(#zero);)
                    }
                    // Rows of lengths of their own.
                    Ty::Slice(_) | Ty::Vec(_) | Ty::Array(..) => {
                        let like = self.base_of(like);
                        let zero = super::shape::zero(&ty, &like, self.facade);
                        quote_spanned!(site=> #name.clone_from_slice(&#zero);)
                    }
                    other => {
                        let like = self.read(like).tokens;
                        let zero = super::shape::zero(other, &like, self.facade);
                        quote_spanned!(site=> *#name = #zero;)
                    }
                };
                self.push(clear);
            }
            Some(Shadow::Local(_)) | None => {
                let name = self.shadow_name(var);
                let zero = match (len, ty.behind_refs()) {
                    (Some(len), Ty::Vec(element) | Ty::Slice(element)) => {
                        let len = self.read(len).tokens;
                        let zero = super::shape::zero(element, &TokenStream::new(), self.facade);
                        quote_spanned!(site=> ::std::vec![#zero; #len])
                    }
                    // The shadow of a tangent starts as it, too.
                    (Some(zero), _) if !self.uses.is_read_once(zero) => {
                        let (zero, private) = (self.read(zero).tokens, self.facade.private());
                        quote_spanned!(site=> #private::kept(&#zero))
                    }
                    (Some(zero), _) => self.read(zero).tokens,
                    _ if ty.has_literal_zero() => {
                        super::shape::zero(&ty, &TokenStream::new(), self.facade)
                    }
                    _ => {
                        let like = self.base_of(like);
                        super::shape::zero(&ty, &like, self.facade)
                    }
                };
                let changes = is_changed(&self.function.body, var);
                let mutable = changes.then(|| quote_spanned!(site=> mut));
                self.push(quote_spanned!(site=> let #mutable #name = #zero;));
            }
        }
    }

    /// `let mut u_dot;`
    pub(crate) fn reserve(&mut self, var: VarId) {
        let name = self.shadow_name(var);
        self.push(quote_spanned!(Span::mixed_site()=> let mut #name;));
    }

    /// `let mut u_dot = value;`
    pub(crate) fn define(&mut self, var: VarId, value: ValueId) {
        if let Some(Shadow::Sum(_)) = self.shadows.get(&var) {
            // It is the caller's, who has set it.
            return;
        }
        let users = self.definitions.get(&value).is_some_and(|inst| inst.syntax.is_some());
        let value = if users && holds_inert(&self.function.values[value].ty) {
            // Of the user's values, only `Vec::new()` is its own tangent. Where indices are beside floats, that is of
            // another type.
            quote_spanned!(Span::mixed_site()=> ::std::vec::Vec::new())
        } else {
            self.stored(value)
        };
        let name = self.shadow_name(var);
        self.push(quote_spanned!(Span::mixed_site()=> let mut #name = #value;));
    }

    /// `u_dot[i] = value;`
    pub(crate) fn store(&mut self, place: &Place, value: ValueId) {
        let site = Span::mixed_site();
        self.slots += 1;
        if matches!(place.path.last(), Some(Step::Range(_))) {
            let value = self.base(value);
            let target = self.target(place);
            return self.push(quote_spanned!(site=> #target.clone_from_slice(&#value[..]);));
        }
        let value = self.stored(value);
        let target = self.target(place);
        self.push(quote_spanned!(site=> #target = #value;));
    }

    /// `u_bar.swap(i, j);` and the other changes of a place as a whole.
    pub(crate) fn edit(&mut self, inst: &Inst, place: &Place, edit: Edit) {
        let site = Span::mixed_site();
        self.slots += 1;
        let target = self.target(place);
        // A method reaches through a reference by itself.
        let receiver = self.part_of_shadow(place);
        let statement = match edit {
            Edit::Fill(value) => {
                let value = self.read(value).tokens;
                quote_spanned!(site=> #receiver.fill(#value);)
            }
            Edit::Append(value) => {
                let value = self.stored(value);
                quote_spanned!(site=> #receiver.push(#value);)
            }
            Edit::Resize(len) => {
                let len = self.read(len).tokens;
                let var = &self.function.vars[place.var].ty;
                let element = self.function.part_ty(var, &place.path).element();
                let zero = if element.is_run_time_sized() {
                    quote_spanned!(site=> ::std::vec::Vec::new())
                } else {
                    super::shape::zero(&element_of(element), &target, self.facade)
                };
                quote_spanned!(site=> #receiver.resize(#len, #zero);)
            }
            Edit::Swap(a, b) => {
                let (a, b) = (self.read(a).tokens, self.read(b).tokens);
                quote_spanned!(site=> #receiver.swap(#a, #b);)
            }
            Edit::Reverse => quote_spanned!(site=> #receiver.reverse();),
            Edit::RemoveLast => {
                let private = self.facade.private();
                let removed = quote_spanned!(site=> #private::removed(&mut #target));
                match inst.results.first() {
                    Some(&result) if self.uses.is_read(result) => {
                        self.bind_name(result, removed, false);
                        return;
                    }
                    _ => quote_spanned!(site=> #receiver.pop();),
                }
            }
        };
        self.push(statement);
    }

    /// `let e_bar = ::core::mem::take(&mut u_bar[i]);`, or `u_bar[i] = 0.0;`
    pub(crate) fn take(&mut self, inst: &Inst, place: &Place) {
        let site = Span::mixed_site();
        let Some(&result) = inst.results.first() else { return };
        let ty = self.function.values[result].ty.behind_refs().clone();
        let target = self.target(place);
        let zero = super::shape::zero(&ty, &target, self.facade);
        let is_simple = matches!(ty, Ty::Float(_) | Ty::Unknown);
        if let (Some(Step::Range(_)), Ty::Vec(element)) = (place.path.last(), &ty)
            && !self.uses.is_read(result)
        {
            let zero = super::shape::zero(&element_of((**element).clone()), &target, self.facade);
            self.push(quote_spanned!(site=> #target.fill(#zero);));
            return;
        }
        let var = &self.function.vars[place.var].ty;
        let is_float = matches!(self.function.part_ty(var, &place.path), Ty::Float(_));
        // A zero that is found by looking at the place cannot be put there in one expression.
        let is_untold = !ty.has_literal_zero() && !ty.is_run_time_sized() && !is_float;
        if is_untold {
            let private = self.facade.private();
            if self.uses.is_read(result) {
                self.bind_name(result, quote_spanned!(site=> #private::take(&mut #target)), false);
            } else {
                self.push(quote_spanned!(site=> #private::Tangent::set_zero(&mut #target);));
            }
            return;
        }
        if !self.uses.is_read(result) {
            let zero = if is_simple { self.facade.zero(&ty) } else { zero };
            self.push(quote_spanned!(site=> #target = #zero;));
            return;
        }
        let taken = if is_simple {
            quote_spanned!(site=> ::core::mem::take(&mut #target))
        } else if ty.is_run_time_sized() {
            let private = self.facade.private();
            quote_spanned!(site=> #private::taken(&mut #target))
        } else {
            quote_spanned!(site=> ::core::mem::replace(&mut #target, #zero))
        };
        self.bind_name(result, taken, false);
    }

    /// `let mut tape = Records::new();`
    pub(crate) fn tape(&mut self, tape: VarId) {
        let site = Span::mixed_site();
        let (name, private) = (self.shadow_name(tape), self.facade.private());
        let rows = self.uses.is_side_by_side(tape);
        self.push(match &self.workspace {
            Some(workspace) if rows => quote_spanned!(site=> let mut #name = #workspace.tape();),
            _ if rows => quote_spanned!(site=> let mut #name = #private::Tape::new();),
            _ => quote_spanned!(site=> let mut #name = #private::Records::new();),
        });
    }

    /// A place to be written.
    pub(crate) fn target(&mut self, place: &Place) -> TokenStream {
        let behind =
            matches!(self.shadows.get(&place.var), Some(Shadow::Buffer(_) | Shadow::Sum(_)));
        let part = self.part_of_shadow(place);
        if behind && place.path.is_empty() {
            quote_spanned!(Span::mixed_site()=> *#part)
        } else {
            part
        }
    }

    /// A place, where a reference to it is as good.
    fn part_of_shadow(&mut self, place: &Place) -> TokenStream {
        let name = self.shadow_name(place.var);
        self.place(place, &quote_spanned!(Span::mixed_site()=> #name))
    }

    /// `x_bar[i] += e;`, or `-=` where that saves a sign.
    pub(crate) fn add_to(&mut self, place: &Place, value: ValueId) {
        let site = invented_at(self.at);
        let name = self.shadow_name(place.var);
        let shadow = self.shadows.get(&place.var).cloned();
        let (sign, addend) = self.signed(value);
        // Of what is not told, the trait knows how it is added.
        let is_aggregate = !matches!(self.function.values[value].ty.behind_refs(), Ty::Float(_));
        let root = if let Some(Shadow::Accumulator(_)) = &shadow {
            quote_spanned!(site=> shadow)
        } else {
            quote_spanned!(site=> #name)
        };
        let target = self.place(place, &root);
        // What is the caller's is a reference already.
        let is_reference = place.path.is_empty() && !matches!(shadow, Some(Shadow::Local(_)));
        let statement = if self.function.values[value].ty.is_run_time_sized() {
            let private = self.facade.private();
            quote_spanned!(site=> #private::add_all(&mut #target[..], &#addend[..]);)
        } else if is_aggregate {
            let private = self.facade.private();
            let borrow = (!is_reference).then(|| quote_spanned!(site=> &mut));
            let addend = self.read(value).at_least(Tightness::Atom);
            quote_spanned!(site=> #private::add(#borrow #target, &#addend);)
        } else if is_reference {
            quote_spanned!(site=> *#target #sign #addend;)
        } else {
            quote_spanned!(site=> #target #sign #addend;)
        };
        let statement = match shadow {
            Some(Shadow::Accumulator(_)) => {
                let accumulator = self.accumulator_now(place.var, &name);
                quote_spanned!(site=>
                    if let ::core::option::Option::Some(shadow) = #accumulator {
                        #statement
                    }
                )
            }
            _ => statement,
        };
        self.push(statement);
    }

    /// A caller's accumulator, borrowed again unless this is the last use of it.
    pub(crate) fn accumulator_now(&mut self, var: VarId, name: &Ident) -> TokenStream {
        let site = Span::mixed_site();
        let used = self.accumulated.entry(var).or_insert(0);
        *used += 1;
        let all = additions(&self.function.body, var);
        if all.len() == *used && all.last() == Some(&false) {
            quote_spanned!(site=> #name)
        } else {
            quote_spanned!(site=> #name.as_deref_mut())
        }
    }

    /// `+=` and the value, or `-=` and its negative.
    fn signed(&mut self, value: ValueId) -> (TokenStream, TokenStream) {
        let site = invented_at(self.at);
        if !self.is_named(value)
            && let Some(inst) = self.definitions.get(&value).copied()
            && let (Kind::Apply(Op::Neg, args), None) = (&inst.kind, &inst.syntax)
            && let [inner] = &**args
        {
            let inner = self.read(*inner).tokens;
            return (quote_spanned!(site=> -=), inner);
        }
        let value = self.read(value).tokens;
        (quote_spanned!(site=> +=), value)
    }

    /// The primal whose length a shadow takes.
    fn base_of(&mut self, value: ValueId) -> TokenStream {
        self.base(value)
    }
}

/// Whether each addition to a shadow, in order, is in a loop.
pub(crate) fn additions(region: &Region, var: VarId) -> Vec<bool> {
    let mut found = Vec::new();
    for inst in &region.insts {
        match &inst.kind {
            Kind::AddTo(place, _) if place.var == var => found.push(false),
            Kind::Call(call) if matches!(call.form, CallForm::Pullback { .. }) => {
                let is_there =
                    |target: &&Target| matches!(target, Target::Place(place) if place.var == var);
                found.extend(call.targets().iter().filter(is_there).map(|_| false));
            }
            kind => {
                let is_loop = matches!(kind, Kind::Loop(_) | Kind::Replay(_));
                let inside = kind.regions().iter().flat_map(|region| additions(region, var));
                found.extend(inside.map(|in_loop| in_loop || is_loop));
            }
        }
    }
    found
}

/// Whether a shadow is more than read.
pub(super) fn is_changed(region: &Region, var: VarId) -> bool {
    region.insts.iter().any(|inst| match &inst.kind {
        Kind::AddTo(place, _)
        | Kind::Store(place, _)
        | Kind::Take(place)
        | Kind::Edit(place, _) => place.var == var,
        Kind::Call(call) => {
            let target = |target: &Target| match target {
                Target::Place(place) | Target::Exchange(place) => place.var == var,
                Target::Value | Target::Ignore => false,
            };
            call.targets().iter().any(target)
                || call.dot_places.iter().any(|place| place.var == var)
        }
        kind => kind.regions().iter().any(|region| is_changed(region, var)),
    })
}

/// What is not known to be something else is a float.
fn element_of(ty: Ty) -> Ty {
    if matches!(ty, Ty::Unknown) { Ty::Float(FloatTy::Inferred) } else { ty }
}

/// Whether elements are tuples of which a part has no derivative.
fn holds_inert(ty: &Ty) -> bool {
    match ty {
        Ty::Vec(element) => {
            matches!(&**element, Ty::Tuple(parts) if parts.iter().any(|part| matches!(part, Ty::Inert)))
        }
        _ => false,
    }
}
