//! Prints the instructions that a transform added.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::moved::copy;
use super::printed::{Tightness, unparenthesised};
use super::printer::Printer;
use crate::ir::{Inst, Kind, Ty, ValueId};

impl<'f> Printer<'f> {
    /// An instruction that a transform added.
    pub(super) fn generated(&mut self, inst: &'f Inst) {
        self.at = inst.span;
        match &inst.kind {
            Kind::Bind(_) => inst.results.iter().for_each(|&result| self.arrive(result)),
            Kind::PatternBound(_) => {
                inst.results.iter().for_each(|&result| self.arrive(result));
            }
            Kind::Branch(branch) => self.generated_branch(inst, branch),
            Kind::Call(call) => self.generated_call(inst, call),
            Kind::Zero { var, like, len } => self.zero(*var, *like, *len),
            Kind::Edit(place, edit) => self.edit(inst, place, *edit),
            Kind::AddTo(place, value) => self.add_to(place, *value),
            Kind::Loop(of) => self.generated_loop(inst, of),
            Kind::Keep(state) => self.keep_state(inst, state),
            Kind::Replay(of) => self.replay(inst, of),
            Kind::Update { .. } => inst.results.iter().for_each(|&result| self.arrive(result)),
            Kind::Define { var, value } => self.define(*var, *value),
            Kind::Store(place, value) => self.store(place, *value),
            Kind::Take(place) => self.take(inst, place),
            // The loop makes a row of its own.
            Kind::Tape(tape) if self.uses.is_row(*tape) => {}
            Kind::Tape(tape) => self.tape(*tape),
            Kind::Reserve(var) => self.reserve(*var),
            Kind::Copy(_) => {
                let read = inst.results.iter().filter(|&&result| self.uses.is_read(result));
                read.for_each(|&result| self.name_generated(result));
            }
            Kind::Push(tape, items) => self.push_record(*tape, items),
            Kind::Pop(tape) => self.pop_record(inst, *tape),
            // The names in the pattern are what it is.
            Kind::Payload(_) => {}
            _ => {
                // Which item a loop is at is told by the user's iterator, until its reverse.
                let told = matches!(inst.kind, Kind::Integer(..))
                    && self.function.reverse_from.is_some()
                    && !self.loops.is_empty();
                for &result in &inst.results {
                    let deserves = !told && self.uses.deserves_name(result);
                    if self.needs.contains(result) || deserves {
                        self.name_generated(result);
                    }
                }
            }
        }
    }

    /// What is bound to the name of a generated value: what a variable of ours holds is copied,
    /// and a part of the user's is borrowed.
    pub(super) fn named_expression(&mut self, value: ValueId) -> TokenStream {
        let site = Span::mixed_site();
        let kind = self.definitions.get(&value).map(|inst| &inst.kind);
        match kind {
            Some(Kind::Len(of)) => return self.length_here(*of),
            Some(Kind::ZeroOf(of)) if self.is_none(*of) => {
                return quote_spanned!(site=> ::core::option::Option::None);
            }
            Some(Kind::ZeroOf(of)) => {
                let of = self.base(*of);
                return super::shape::zero(&Ty::Unknown, &of, self.facade);
            }
            Some(&Kind::Copy(of)) => return self.copy_before(value, of),
            Some(Kind::Load(_)) if self.function.values[value].ty.is_run_time_sized() => {
                let loaded = self.expression(value).at_least(Tightness::Atom);
                let copy = copy(&self.function.values[value].ty);
                return quote_spanned!(site=> #loaded.#copy);
            }
            Some(Kind::Opaque { expr, .. }) if matches!(**expr, syn::Expr::Path(_)) => {
                return unparenthesised(self.expression(value).tokens);
            }
            _ => {}
        }
        let expression = self.expression(value).tokens;
        if self.is_part_by_reference(value) {
            return quote_spanned!(site=> &#expression);
        }
        let is_left = matches!(kind, Some(Kind::Load(_)))
            && matches!(self.function.values[value].ty, Ty::Named(_))
            && self.uses.is_overwritten(value);
        if is_left || self.is_structured_part(value) {
            let private = self.facade.private();
            return quote_spanned!(site=> #private::kept(&#expression));
        }
        expression
    }

    /// Whether a value is `None` as it stands there, which tells nobody of its type.
    fn is_none(&self, value: ValueId) -> bool {
        let kind = self.definitions.get(&value).map(|inst| &inst.kind);
        let Some(Kind::Opaque { expr, .. }) = kind else { return false };
        matches!(&**expr, syn::Expr::Path(path) if path.path.is_ident("None"))
    }

    /// Whether a value is a part of the user's that cannot be copied.
    pub(super) fn is_part_by_reference(&self, value: ValueId) -> bool {
        let part = self.definitions.get(&value).map(|inst| &inst.kind);
        if let Some(Kind::Reborrow(of)) = part {
            return !self.is_named(*of) && self.is_part_by_reference(*of);
        }
        let known = &self.function.values[value];
        let of_their_own =
            matches!(known.ty.behind_refs(), Ty::Named(_)) && !self.function.is_active(value);
        matches!(part, Some(Kind::Index(..) | Kind::Field(..)))
            && (known.ty.is_run_time_sized()
                || of_their_own
                || self.is_structured_part(value) && !self.uses.is_overwritten(value))
    }

    /// Whether a value is a part of something, and has parts itself: whether it can be copied, only
    /// rustc knows.
    pub(super) fn is_structured_part(&self, value: ValueId) -> bool {
        let part = self.definitions.get(&value).map(|inst| &inst.kind);
        let untold =
            matches!(self.function.values[value].ty.behind_refs(), Ty::Unknown | Ty::Named(_));
        untold
            && self.uses.is_parted(value)
            && matches!(part, Some(Kind::Index(..) | Kind::Field(..) | Kind::Load(_)))
    }

    /// Whether a value is a variable of the user's that is a reference, read as it is.
    pub(crate) fn is_variable_again(&self, value: ValueId) -> bool {
        let kind = self.definitions.get(&value).map(|inst| &inst.kind);
        matches!(kind, Some(Kind::Opaque { expr, .. }) if matches!(**expr, syn::Expr::Path(_)))
            && self.is_reference(value)
    }

    /// Binds a generated value to a name where it is computed.
    pub(crate) fn name_generated(&mut self, value: ValueId) {
        if !self.is_named(value) {
            let expression = self.named_expression(value);
            let is_reference = self.is_part_by_reference(value);
            self.bind_name(value, expression, is_reference);
        }
    }
}
