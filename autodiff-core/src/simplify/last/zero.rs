//! What is zero because cotangents are.

use crate::ir::table::ValueSet;
use crate::ir::{Effect, Inst, Kind, Literal, Loop, Region, ValueId};
use crate::rules::Op;

/// The values that are zero where some cotangents are.
pub(super) struct Zeros {
    values: ValueSet,
}

impl Zeros {
    /// Where cotangents are zero, beside the constants that are.
    pub(super) fn of(cotangents: &[ValueId], constants: &ValueSet) -> Self {
        let mut values = constants.clone();
        values.mark_all(cotangents);
        Self { values }
    }

    /// Whether a value is zero.
    pub(super) fn contains(&self, value: ValueId) -> bool {
        self.values.contains(value)
    }

    /// Notes that a value is another.
    pub(super) fn copy(&mut self, value: ValueId, of: ValueId) {
        if self.values.contains(of) {
            self.values.mark(value);
        }
    }

    /// Whether instructions change nothing then: they add zeros at most.
    pub(super) fn vanish(&mut self, insts: &[Inst]) -> bool {
        insts.iter().all(|inst| self.inst(inst))
    }

    fn inst(&mut self, inst: &Inst) -> bool {
        let zero = |value: &ValueId| self.values.contains(*value);
        let is_zero = match &inst.kind {
            Kind::Const(Literal::Number(number)) => *number == 0.0,
            Kind::Apply(Op::Mul, args) => args.iter().any(zero),
            Kind::Apply(Op::Add | Op::Sub | Op::Neg, args) => args.iter().all(zero),
            Kind::Apply(Op::Div, args) => args.first().is_some_and(zero),
            Kind::Scale { cotangent, .. } => zero(cotangent),
            Kind::Select { yes, no, .. } => zero(yes) && zero(no),
            Kind::Reborrow(of) | Kind::Cast(of, _) => zero(of),
            Kind::AddTo(_, value) => return zero(value),
            Kind::Opaque { effect: Effect::Any, .. } => return false,
            Kind::Branch(branch) => return self.branch(inst, &branch.arms),
            Kind::Loop(of) => return self.repeat(inst, of),
            Kind::Const(_)
            | Kind::Apply(..)
            | Kind::Index(..)
            | Kind::Slice(..)
            | Kind::Field(..)
            | Kind::Len(_)
            | Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Number(_)
            | Kind::Integer(..)
            | Kind::Opaque { .. } => false,
            // Whatever else there is may be noticed.
            _ => return false,
        };
        if is_zero {
            self.values.mark_all(&inst.results);
        }
        inst.syntax.is_none()
    }

    fn branch(&mut self, inst: &Inst, arms: &[Region]) -> bool {
        if !arms.iter().all(|arm| self.vanish(&arm.insts)) {
            return false;
        }
        for (at, &result) in inst.results.iter().enumerate() {
            let mut yields = arms.iter().filter_map(|arm| arm.yields.get(at));
            if yields.all(|&value| self.values.contains(value)) {
                self.values.mark(result);
            }
        }
        true
    }

    /// What starts as zero and stays it.
    fn repeat(&mut self, inst: &Inst, of: &Loop) -> bool {
        let mut zeros: Vec<usize> = (0..of.params.len())
            .filter(|&at| of.init.get(at).is_some_and(|&init| self.values.contains(init)))
            .collect();
        loop {
            let mut inside = Self { values: self.values.clone() };
            inside.values.mark_all(zeros.iter().filter_map(|&at| of.params.get(at)));
            let vanishes = inside.vanish(&of.body.insts);
            let stays = |at: &usize| {
                of.body.yields.get(*at).is_some_and(|&next| inside.values.contains(next))
            };
            let kept: Vec<usize> = zeros.iter().copied().filter(stays).collect();
            if kept.len() == zeros.len() {
                self.values.mark_all(zeros.iter().filter_map(|&at| inst.results.get(at)));
                return vanishes;
            }
            zeros = kept;
        }
    }
}
