//! The variables that a transform added: which an instruction reads, writes or declares.

use super::{Kind, Target, VarId};

impl Kind {
    /// Calls `visit` on each variable that the instruction itself uses: regions are not looked into.
    fn visit_own_vars(&self, visit: &mut impl FnMut(VarId)) {
        match self {
            Kind::AddTo(place, _)
            | Kind::Store(place, _)
            | Kind::Load(place)
            | Kind::Take(place)
            | Kind::Edit(place, _) => visit(place.var),
            Kind::Zero { var, .. }
            | Kind::Define { var, .. }
            | Kind::Tape(var)
            | Kind::Push(var, _)
            | Kind::Pop(var) => visit(*var),
            Kind::Call(call) => {
                for target in call.targets() {
                    if let Target::Place(place) | Target::Exchange(place) = target {
                        visit(place.var);
                    }
                }
                call.dot_places.iter().for_each(|place| visit(place.var));
            }
            _ => {}
        }
    }

    /// Calls `visit` on each variable that the instruction uses, also in the regions inside it.
    pub(crate) fn visit_vars(&self, visit: &mut impl FnMut(VarId)) {
        self.visit_own_vars(visit);
        let inside = self.regions().iter().flat_map(|region| &region.insts);
        inside.for_each(|inst| inst.kind.visit_vars(visit));
    }

    /// Whether the instruction uses a variable.
    pub(crate) fn mentions(&self, var: VarId) -> bool {
        let mut found = false;
        self.visit_own_vars(&mut |other| found |= other == var);
        let mut inside = self.regions().iter().flat_map(|region| &region.insts);
        found || inside.any(|inst| inst.kind.mentions(var))
    }
}
