//! Whether what an instruction gives depends on a differentiated parameter.

use super::{Active, Function, Inst, Kind, Region, Role, Ty};

impl Function {
    /// Marks the results of an instruction that a transform made or changed: active where
    /// something active that they are made from is.
    pub fn mark_active(&mut self, inst: &Inst) {
        for (at, &result) in inst.results.iter().enumerate() {
            self.values[result].active = match &inst.kind {
                Kind::Branch(branch) => match branch.roles.get(at) {
                    Some(Role::Extra) => self.yielded(&branch.arms, at),
                    Some(Role::ArmNumber | Role::Value | Role::Merge(_)) | None => continue,
                },
                // What a loop carries and what is on a tape was marked where it was made.
                Kind::Loop(_) | Kind::Run(_) | Kind::Replay(_) | Kind::Pop(_) => continue,
                kind => self.activity(kind),
            };
        }
    }

    /// Whether result `at` of a branch is active: if some arm yields something active for it.
    #[must_use]
    pub fn yielded(&self, arms: &[Region], at: usize) -> Active {
        let mut yields = arms.iter().filter_map(|arm| arm.yields.get(at));
        Active::from(yields.any(|&value| self.is_active(value)))
    }

    /// Whether what an instruction without arms gives is active. What was added to memory is.
    #[must_use]
    pub fn activity(&self, kind: &Kind) -> Active {
        if let Kind::Field(of, n) = kind
            && matches!(self.values[*of].ty.field(*n), Ty::Inert)
        {
            // An index beside something active.
            return Active::No;
        }
        let mut active =
            matches!(kind, Kind::Load(_) | Kind::Take(_) | Kind::Pop(_) | Kind::Edit(..));
        if has_derivative(kind) {
            kind.visit_operands(&mut |value| active |= self.is_active(value));
        }
        Active::from(active)
    }
}

impl From<bool> for Active {
    fn from(active: bool) -> Self {
        if active { Active::Yes } else { Active::No }
    }
}

/// Whether an instruction can have a derivative, by what it does.
pub(crate) fn has_derivative(kind: &Kind) -> bool {
    match kind {
        Kind::Const(_)
        | Kind::Less(..)
        | Kind::LessEq(..)
        | Kind::Equal(..)
        | Kind::And(..)
        | Kind::Or(..)
        | Kind::Not(_)
        | Kind::Finite(_)
        | Kind::Opaque { .. }
        | Kind::PatternBound(_)
        | Kind::Len(_)
        | Kind::ZeroOf(_)
        | Kind::Integer(..)
        | Kind::Number(_)
        | Kind::Tape(_)
        | Kind::Reserve(_)
        | Kind::Declare(_)
        | Kind::Keep(_) => false,
        Kind::Apply(..)
        | Kind::Scale { .. }
        | Kind::Select { .. }
        | Kind::Bind(_)
        | Kind::Tuple(_)
        | Kind::Struct { .. }
        | Kind::Array(_)
        | Kind::Repeat(_)
        | Kind::Filled(..)
        | Kind::Sum(_)
        | Kind::Field(..)
        | Kind::Index(..)
        | Kind::Reborrow(_)
        | Kind::Copy(_)
        | Kind::Wrap(_)
        | Kind::Payload(_)
        | Kind::Cast(..)
        | Kind::Call(_)
        | Kind::Branch(_)
        | Kind::Block(_)
        | Kind::Zero { .. }
        | Kind::AddTo(..)
        | Kind::Load(_)
        | Kind::Optional(_)
        | Kind::Loop(_)
        | Kind::Run(_)
        | Kind::Replay(_)
        | Kind::Update { .. }
        | Kind::Slice(..)
        | Kind::Define { .. }
        | Kind::Store(..)
        | Kind::Take(_)
        | Kind::Edit(..)
        | Kind::Push(..)
        | Kind::Pop(_)
        | Kind::Present(_) => true,
    }
}
