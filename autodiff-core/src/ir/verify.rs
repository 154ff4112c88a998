//! The invariants of the IR, as listed in the [module documentation](super), checked.

use super::table::ValueSet;
use super::{
    Assignment, Branch, Call, CallForm, Decision, Edit, Function, Head, Inst, Kind, Leaves, Loop,
    Place, Region, Replay, Role, Step, Target, ValueId, VarId,
};
use crate::hash::HashSet;

/// Checks `function` against the invariants of the IR.
///
/// # Errors
/// The first violation found, with the name of the function.
pub fn verify(function: &Function) -> Result<(), String> {
    let mut check = Check {
        function,
        defined: ValueSet::new(),
        visible: ValueSet::new(),
        allocated: HashSet::default(),
        declared: HashSet::default(),
    };
    check.whole().map_err(|violation| format!("`{}`: {violation}", function.name))
}

type Checked = Result<(), String>;

/// What is known where the check has got to.
struct Check<'f> {
    function: &'f Function,
    /// Every value that was defined anywhere so far.
    defined: ValueSet,
    /// The values whose definition dominates this point.
    visible: ValueSet,
    /// The variables whose allocation dominates this point.
    allocated: HashSet<VarId>,
    /// Every variable that was allocated anywhere so far.
    declared: HashSet<VarId>,
}

impl Check<'_> {
    fn whole(&mut self) -> Checked {
        for param in &self.function.params {
            self.define(*param)?;
        }
        let body = &self.function.body;
        self.region(body)?;
        let (yields, outputs) = (body.yields.len(), self.function.outputs.len());
        require(yields == outputs, || format!("{yields} yields for {outputs} outputs"))?;
        let reverse_from = self.function.reverse_from.unwrap_or(0);
        require(reverse_from <= body.insts.len(), || {
            "the reverse sweep starts after the end".to_owned()
        })
    }

    fn define(&mut self, value: ValueId) -> Checked {
        let known = value.index() < self.function.values.len();
        require(known, || format!("{} is not in the arena", name(value)))?;
        let new = !self.defined.contains(value);
        require(new, || format!("{} is defined twice", name(value)))?;
        self.defined.mark(value);
        self.visible.mark(value);
        Ok(())
    }

    fn used(&self, value: ValueId) -> Checked {
        require(self.visible.contains(value), || {
            let why = if self.defined.contains(value) { "not visible" } else { "not defined" };
            format!("{} is used where it is {why}", name(value))
        })
    }

    fn region(&mut self, region: &Region) -> Checked {
        for inst in &region.insts {
            self.inst(inst).map_err(|violation| self.located(inst, &violation))?;
        }
        region.yields.iter().try_for_each(|value| self.used(*value))
    }

    /// A violation, with the results of the innermost instruction concerned.
    fn located(&self, inst: &Inst, violation: &str) -> String {
        if violation.starts_with("in ") || inst.results.is_empty() {
            return violation.to_owned();
        }
        let known = |id: &&ValueId| id.index() < self.function.values.len();
        let results: Vec<String> = inst
            .results
            .iter()
            .filter(known)
            .map(|id| format!("{} {}", name(*id), self.function.values[*id].hint))
            .collect();
        format!("in `{}`: {violation}", results.join(", "))
    }

    fn inst(&mut self, inst: &Inst) -> Checked {
        let mut operands = Vec::new();
        inst.kind.visit_operands(&mut |operand| operands.push(operand));
        operands.iter().try_for_each(|operand| self.used(*operand))?;
        self.shape(inst)?;
        if let Kind::Branch(branch) = &inst.kind {
            self.branch(inst, branch)?;
        }
        if let Kind::Block(region) = &inst.kind {
            self.region(region)?;
            let (yields, results) = (region.yields.len(), inst.results.len());
            require(yields == results, || {
                format!("a block yields {yields} values for {results} results")
            })?;
        }
        if let Kind::Loop(of) = &inst.kind {
            self.repeated(inst, of)?;
        }
        if let Kind::Replay(of) = &inst.kind {
            self.replayed(of)?;
        }
        if let Kind::Zero { var, .. }
        | Kind::Define { var, .. }
        | Kind::Tape(var)
        | Kind::Reserve(var) = &inst.kind
        {
            self.allocate(*var)?;
        }
        inst.results.iter().try_for_each(|result| self.define(*result))?;
        self.activity(inst, &operands)
    }

    /// An arm sees what is outside, and nothing of it is seen after it.
    fn branch(&mut self, inst: &Inst, branch: &Branch) -> Checked {
        let (roles, results) = (branch.roles.len(), inst.results.len());
        require(roles == results, || format!("{roles} roles for {results} results"))?;
        for arm in &branch.arms {
            let outside = (self.visible.clone(), self.allocated.clone());
            self.region(arm)?;
            (self.visible, self.allocated) = outside;
            let yields = arm.yields.len();
            require(yields == results, || {
                format!("an arm yields {yields} values for {results} results")
            })?;
        }
        match &branch.decision {
            Decision::If(_) => require(branch.arms.len() == 2, || {
                format!("an `if` with {} arms", branch.arms.len())
            }),
            Decision::Number(_) => require(!branch.arms.is_empty(), no_arm),
            Decision::User { .. } => {
                require(!branch.arms.is_empty(), no_arm)?;
                let numbers = branch.roles.iter().skip(1).any(|role| *role == Role::ArmNumber);
                require(!numbers, || "the number of the arm is not the first result".to_owned())
            }
        }
    }

    /// The body sees what is outside, and nothing of it is seen after it.
    fn repeated(&mut self, inst: &Inst, of: &Loop) -> Checked {
        let carried = of.params.len();
        for (what, count) in
            [("results", inst.results.len()), ("inits", of.init.len()), ("roles", of.roles.len())]
        {
            require(count == carried, || format!("{count} {what} for {carried} carried values"))?;
        }
        let outside = (self.visible.clone(), self.allocated.clone());
        of.params.iter().chain(of.head.defined()).try_for_each(|value| self.define(*value))?;
        if let Head::While { reads, .. } = &of.head {
            reads.iter().try_for_each(|value| self.used(*value))?;
        }
        self.region(&of.body)?;
        (self.visible, self.allocated) = outside;
        let due = carried + usize::from(of.leaves == Leaves::Flag);
        let yields = of.body.yields.len();
        require(yields == due, || format!("a body yields {yields} values where {due} are due"))
    }

    /// One iteration and its reverse see what is outside, and nothing of them is seen after it.
    fn replayed(&mut self, of: &Replay) -> Checked {
        let outside = (self.visible.clone(), self.allocated.clone());
        let defined = of.of.params.iter().chain(of.of.head.defined()).chain(&of.bars);
        defined.copied().collect::<Vec<_>>().into_iter().try_for_each(|it| self.define(it))?;
        self.region(&of.step)?;
        (self.visible, self.allocated) = outside;
        let (carried, init, yields) = (of.bars.len(), of.init.len(), of.step.yields.len());
        require(init == carried && yields == carried, || {
            format!("{init} inits and {yields} yields for {carried} carried cotangents")
        })
    }

    fn allocate(&mut self, var: VarId) -> Checked {
        let known = var.index() < self.function.vars.len();
        require(known, || format!("{} is not in the arena", variable(var)))?;
        let first = self.declared.insert(var) || !self.allocated.contains(&var);
        require(first, || format!("{} is allocated twice", variable(var)))?;
        self.allocated.insert(var);
        Ok(())
    }

    fn place(&self, place: &Place) -> Checked {
        let allocated = self.allocated.contains(&place.var);
        require(allocated, || format!("{} is used before its allocation", variable(place.var)))?;
        self.steps(&place.path)
    }

    fn steps(&self, path: &[Step]) -> Checked {
        let mut read = Vec::new();
        path.iter().for_each(|step| step.visit_operands(&mut |value| read.push(value)));
        let active = read.into_iter().find(|index| self.function.is_active(*index));
        active.map_or(Ok(()), |index| Err(format!("the index {} is active", name(index))))
    }

    fn tape(&self, tape: VarId) -> Checked {
        let known = self.allocated.contains(&tape);
        require(known, || format!("{} is used before its declaration", variable(tape)))
    }

    /// The numbers of operands and results, and the places.
    fn shape(&self, inst: &Inst) -> Checked {
        let results = inst.results.len();
        let expected = match &inst.kind {
            Kind::Apply(op, operands) => {
                let (has, wants) = (operands.len(), op.arity());
                require(has == wants, || format!("`{}` of {has} operands", op.name()))?;
                Some(1)
            }
            Kind::Bind(of) => Some(of.len()),
            Kind::PatternBound(of) => {
                require(of.len() <= 1, || "a pattern of several values".to_owned())?;
                None
            }
            Kind::AddTo(place, _) | Kind::Store(place, _) => {
                self.place(place)?;
                Some(0)
            }
            Kind::Load(place) | Kind::Take(place) => {
                self.place(place)?;
                Some(1)
            }
            Kind::Edit(place, edit) => {
                self.place(place)?;
                Some(usize::from(*edit == Edit::RemoveLast))
            }
            Kind::Update { path, by, .. } => {
                self.steps(path)?;
                Some(if *by == Assignment::RemoveLast { 2 } else { 1 })
            }
            Kind::Slice(_, bounds) => {
                self.steps(&[Step::Range(*bounds)])?;
                Some(1)
            }
            Kind::Push(tape, _) => {
                self.tape(*tape)?;
                Some(0)
            }
            Kind::Pop(tape) => {
                self.tape(*tape)?;
                None
            }
            Kind::Call(call) => Some(self.call(call)?),
            Kind::Declare(_)
            | Kind::Zero { .. }
            | Kind::Define { .. }
            | Kind::Tape(_)
            | Kind::Reserve(_) => Some(0),
            Kind::Run(of) => Some(of.params.len()),
            Kind::Replay(of) => Some(of.bars.len()),
            Kind::Opaque { .. } | Kind::Branch(_) | Kind::Block(_) | Kind::Loop(_) => None,
            Kind::Const(_)
            | Kind::Scale { .. }
            | Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Finite(_)
            | Kind::Select { .. }
            | Kind::Tuple(_)
            | Kind::Keep(_)
            | Kind::Struct { .. }
            | Kind::Array(_)
            | Kind::Repeat(_)
            | Kind::Filled(..)
            | Kind::Sum(_)
            | Kind::Field(..)
            | Kind::Index(..)
            | Kind::Reborrow(_)
            | Kind::Wrap(_)
            | Kind::Payload(_)
            | Kind::Cast(..)
            | Kind::Optional(_)
            | Kind::Len(_)
            | Kind::ZeroOf(_)
            | Kind::Copy(_)
            | Kind::Integer(..)
            | Kind::Number(_)
            | Kind::Present(_) => Some(1),
        };
        let wants = expected.unwrap_or(results);
        require(results == wants, || format!("{results} results where {wants} are due"))
    }

    /// How many results a call has.
    fn call(&self, call: &Call) -> Result<usize, String> {
        let (args, dots) = (call.args.len(), call.dots.len());
        let components = call.components();
        require(components.is_power_of_two() && dots == (components - 1) * args, || {
            format!("{dots} tangents of {args} arguments")
        })?;
        let results = match &call.form {
            CallForm::Primal => 1,
            CallForm::Split => 2,
            CallForm::Pullback { targets, y_bar_dots, .. } => {
                let (count, seeds) = (targets.len(), y_bar_dots.len());
                let tangents = dots > 0 && count == components * args;
                require(count == args || tangents, || {
                    format!("{count} targets for {args} arguments")
                })?;
                require(seeds + 1 == components, || {
                    format!("{seeds} tangents of a cotangent in {components} components")
                })?;
                let mut values = 0;
                for target in targets {
                    match target {
                        Target::Value => values += 1,
                        Target::Place(place) | Target::Exchange(place) => self.place(place)?,
                        Target::Ignore => {}
                    }
                }
                if tangents {
                    return Ok(values);
                }
                values
            }
        };
        let (lent, places) = (call.lends().len(), call.dot_places.len());
        require(places == (components - 1) * lent, || {
            format!("{places} places of tangents of {lent} arguments that are lent")
        })?;
        Ok(lent + components * results)
    }

    /// An active result needs something active that it depends on, and the user's own tokens,
    /// which have no derivative, have no active result.
    fn activity(&self, inst: &Inst, operands: &[ValueId]) -> Checked {
        let active = |value: &ValueId| self.function.is_active(*value);
        let Some(result) = inst.results.iter().find(|result| active(result)) else {
            return Ok(());
        };
        // A variable that grows is active before anything active is put into it.
        if matches!(inst.kind, Kind::Bind(_)) {
            return Ok(());
        }
        let inert = matches!(inst.kind, Kind::Opaque { .. } | Kind::PatternBound(_));
        // A shadow holds what was added to it.
        let loaded =
            matches!(inst.kind, Kind::Load(_) | Kind::Take(_) | Kind::Pop(_) | Kind::Edit(..));
        let yielded = |region: &Region| region.yields.iter().any(active);
        // What is carried may be active from an iteration that is not run.
        let carried = match &inst.kind {
            Kind::Loop(of) | Kind::Run(of) => of.params.iter().any(active),
            Kind::Replay(of) => of.bars.iter().any(active),
            _ => false,
        };
        let made_of =
            carried || operands.iter().any(active) || inst.kind.regions().iter().any(yielded);
        // What a callee writes through a `&mut` may be anything.
        let written = matches!(&inst.kind, Kind::Call(call) if !call.writes.is_empty());
        let may_be = written || loaded || (made_of && !inert);
        require(may_be, || format!("{} is active, but nothing that it is made from", name(*result)))
    }
}

fn require(holds: bool, violation: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(violation()) }
}

fn no_arm() -> String {
    "a branch without arms".to_owned()
}

fn name(value: ValueId) -> String {
    format!("%{}", value.index())
}

fn variable(var: VarId) -> String {
    format!("${}", var.index())
}

#[cfg(test)]
mod tests;
