//! `Option`s that lie in memory, in fields, elements and parameters: what one holds is a place, as the
//! field of a variant is. Those that functions give are in no place (`option`), and cannot go to one.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::control::Arm;
use super::operand::expression;
use super::{Lowered, Lowerer};
use crate::diagnostics::Refusal;
use crate::ir::{Inst, Kind, Member, Piece, Role, Ty, ValueId};

impl Lowerer<'_> {
    /// Which of the results of an instruction lie in memory, or are copies of what does.
    pub(super) fn note_kept(&mut self, results: &[ValueId], kind: &Kind) {
        let kept = |lowerer: &Self, value: &ValueId| lowerer.is_kept(*value);
        let noted: Vec<ValueId> = match kind {
            // What is known of a tuple is known of its fields.
            Kind::Field(of, _) if matches!(self.ty(*of).behind_refs(), Ty::Tuple(_)) => Vec::new(),
            Kind::Field(..) | Kind::Index(..) => results.to_vec(),
            Kind::Reborrow(of) | Kind::Wrap(of) if kept(self, of) => results.to_vec(),
            Kind::Bind(parts) => {
                let pairs = results.iter().zip(parts);
                pairs.filter(|(_, part)| kept(self, part)).map(|(&result, _)| result).collect()
            }
            Kind::Block(region) => {
                let pairs = results.iter().zip(&region.yields);
                pairs.filter(|(_, yielded)| kept(self, yielded)).map(|(&it, _)| it).collect()
            }
            Kind::Branch(branch) => {
                let columns = branch.roles.iter().enumerate().zip(results);
                columns
                    .filter(|((_, role), _)| !matches!(role, Role::ArmNumber))
                    .filter(|((at, _), _)| {
                        let row = branch.arms.iter().filter_map(|arm| arm.yields.get(*at));
                        row.clone().any(|value| kept(self, value))
                    })
                    .map(|(_, &result)| result)
                    .collect()
            }
            _ => return,
        };
        self.kept.extend(noted);
    }

    /// Whether an `Option` of this value would lie in memory.
    pub(super) fn is_kept(&self, value: ValueId) -> bool {
        matches!(self.ty(value).behind_refs(), Ty::Named(_)) || self.kept.contains(&value)
    }

    /// The place of what an `Option` in memory holds; `None` where the value is something else.
    pub(super) fn held(&self, value: ValueId) -> Option<Member> {
        let untold = matches!(self.ty(value).behind_refs(), Ty::Named(_) | Ty::Unknown);
        (untold && self.is_kept(value)).then(|| self.held_member())
    }

    pub(super) fn held_member(&self) -> Member {
        let private: &TokenStream = &self.private;
        Member::indexed_by(&quote!(#private::Held))
    }

    /// Values that go to memory, and may be `Option`s.
    pub(super) fn keep_all(&mut self, values: &[ValueId]) -> Lowered<()> {
        values.iter().try_for_each(|&value| self.keep(value))
    }

    /// The same of one: an `Option` that was built for this is a variant with a field.
    pub(super) fn keep(&mut self, value: ValueId) -> Lowered<()> {
        if !self.is_active(value) || !matches!(self.ty(value), Ty::Option(_)) {
            return Ok(());
        }
        let mut insts = std::mem::take(&mut self.insts);
        let kept = self.keep_in(&mut insts, value);
        self.insts = insts;
        if kept {
            Ok(())
        } else {
            self.refuse(&Refusal::KeptOption, self.function.values[value].span)
        }
    }

    /// Where one arm gives an `Option` from memory, the others do, too.
    pub(super) fn keep_alike(&mut self, row: &[ValueId], arms: &mut [Arm]) {
        if row.iter().any(|&value| self.held(value).is_some()) {
            for (arm, &value) in arms.iter_mut().zip(row) {
                // What cannot be kept is refused there.
                self.in_arm(arm, |lowerer| lowerer.keep(value).is_ok());
            }
        }
    }

    /// What the function returns is no `Option` in memory, if it is an `Option`.
    pub(super) fn check_given(&mut self, value: ValueId) {
        if self.is_active(value) && self.held(value).is_some() {
            let span = self.function.values[value].span;
            self.diagnostics.refuse(&Refusal::GivenOption, span);
        }
    }

    fn keep_in(&mut self, insts: &mut [Inst], value: ValueId) -> bool {
        if !self.is_active(value) {
            // `None`: whatever else is there instead, it is no float.
            if let Ty::Option(of) = &mut self.function.values[value].ty {
                **of = Ty::Unknown;
            }
            return true;
        }
        let held = self.held_member();
        let Some(at) = insts.iter().rposition(|inst| inst.results.contains(&value)) else {
            return false;
        };
        let (before, rest) = insts.split_at_mut(at);
        let Some(inst) = rest.first_mut() else { return false };
        let position = inst.results.iter().position(|&result| result == value).unwrap_or_default();
        let kept = match &mut inst.kind {
            Kind::Wrap(of) if !matches!(self.ty(*of), Ty::Option(_)) => {
                inst.kind = Kind::Struct { fields: vec![(held, *of)], base: None };
                true
            }
            Kind::Bind(parts) => match parts.get(position) {
                Some(&part) => self.keep_in(before, part),
                None => false,
            },
            Kind::Branch(branch) => branch.arms.iter_mut().all(|arm| {
                let yielded = arm.yields.get(position).copied();
                yielded.is_some_and(|value| {
                    self.held(value).is_some()
                        || self.function.values[value].hint == "never"
                        || self.keep_in(&mut arm.insts, value)
                })
            }),
            Kind::Block(region) => match region.yields.get(position).copied() {
                Some(value) => self.keep_in(&mut region.insts, value),
                None => false,
            },
            _ => false,
        };
        if kept {
            self.function.values[value].ty = in_memory();
        }
        kept
    }

    /// `damping.as_ref()`: another name for an `Option` in memory.
    pub(super) fn another_name(
        &mut self,
        value: ValueId,
        pieces: Vec<Piece>,
        span: Span,
    ) -> ValueId {
        let ty = Ty::Ref(Box::new(self.ty(value).behind_refs().clone()));
        let (hint, active) = (self.hint(value).to_owned(), self.function.values[value].active);
        self.push_value((ty, &hint, active), Kind::Reborrow(value), Some(expression(pieces)), span)
    }
}

/// The type of an `Option` there.
pub(super) fn in_memory() -> Ty {
    Ty::Named(quote!(::core::option::Option<_>))
}

/// Whether a type is spelled as an `Option`.
pub(super) fn is_option(name: &TokenStream) -> bool {
    let path = syn::parse2::<syn::Path>(name.clone()).ok();
    let last = path.and_then(|path| path.segments.last().map(|last| last.ident.to_string()));
    matches!(last.as_deref(), Some("Option" | "Result"))
}
