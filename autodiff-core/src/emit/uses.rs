//! Who reads what: decides between a name and an expression in place.

use crate::hash::{HashMap, HashSet};
use crate::ir::table::{Table, ValueSet};
use crate::ir::{
    BindingId, Branch, Call, CallForm, Function, Head, Inst, Kind, Leaves, Loop, Region, Role, Ty,
    ValueId, VarId,
};

/// Expressions of more operations than this get a name, so that lines stay short.
const LONGEST_EXPRESSION: usize = 7;

/// What the printer must know of a function before it starts.
pub(crate) struct Uses {
    /// Values from here on were added by a transform.
    primal: usize,
    /// How often each value is read by something printed from its operation.
    reads: Table<usize>,
    /// Values that stand in the tokens of an instruction that is printed.
    mentioned: ValueSet,
    /// Values that anything reads at all.
    read: ValueSet,
    /// How many instructions give each variable a value, a `let` among them.
    definers: HashMap<BindingId, usize>,
    /// How many operations a value is, printed in place.
    weights: Table<usize>,
    /// Values read from memory that is written afterwards.
    overwritten: HashSet<ValueId>,
    /// Values that are allocated where they stand.
    built: HashSet<ValueId>,
    /// Values that a variable of a transform is given.
    kept: HashSet<ValueId>,
    /// The variables whose length changes.
    resized: HashSet<BindingId>,
    /// The variables that are moved into others.
    moved: HashSet<BindingId>,
    /// The tapes that are one row.
    rows: HashSet<VarId>,
    /// Other tapes on which records stand side by side.
    side_by_side: HashSet<VarId>,
    /// Variables that patterns bind, perhaps to references, which something of ours reads as
    /// floats.
    numbers: HashSet<ValueId>,
    /// Values of which parts are read.
    parted: ValueSet,
    /// How often each value is passed by value.
    passed: Table<usize>,
    /// How many loops the walk is in.
    loops: usize,
    /// How many loops each float that an operation gives is computed in.
    depths: Table<usize>,
}

impl Uses {
    pub(crate) fn of(function: &Function, primal: usize) -> Self {
        let mut uses = Self {
            primal,
            reads: Table::new(),
            mentioned: ValueSet::new(),
            read: ValueSet::new(),
            definers: HashMap::default(),
            weights: Table::new(),
            overwritten: HashSet::default(),
            built: HashSet::default(),
            kept: HashSet::default(),
            resized: function.resized(),
            moved: function.moved(),
            rows: HashSet::default(),
            side_by_side: HashSet::default(),
            numbers: super::numbers::numbers(function),
            parted: ValueSet::new(),
            passed: Table::new(),
            loops: 0,
            depths: Table::new(),
        };
        uses.region(function, &function.body);
        uses.overwritten = super::order::overwritten(function);
        for &value in &function.body.yields {
            uses.count(value);
            uses.mentioned.mark(value);
        }
        uses
    }

    /// Whether a value is of the primal, not of the derivative.
    pub(crate) fn is_primal(&self, value: ValueId) -> bool {
        value.index() < self.primal
    }

    /// Whether the tokens of another instruction hold this value.
    pub(crate) fn is_mentioned(&self, value: ValueId) -> bool {
        self.mentioned.contains(value)
    }

    /// Whether a value is a float, or a reference to one: only rustc knows.
    pub(crate) fn may_be_lent(&self, value: ValueId) -> bool {
        self.numbers.contains(&value)
    }

    /// Whether a value has parts that are read.
    pub(crate) fn is_parted(&self, value: ValueId) -> bool {
        self.parted.contains(value)
    }

    /// Whether memory that a value is read from is written before the value is printed.
    pub(crate) fn is_overwritten(&self, value: ValueId) -> bool {
        self.overwritten.contains(&value)
    }

    /// Whether exactly one instruction of a transform reads this value.
    pub(crate) fn is_read_once(&self, value: ValueId) -> bool {
        self.reads.get(value) == Some(&1)
    }

    /// Whether anything reads this value.
    pub(crate) fn is_read(&self, value: ValueId) -> bool {
        self.read.contains(value)
    }

    /// Whether a variable changes its length.
    pub(crate) fn is_resized(&self, binding: BindingId) -> bool {
        self.resized.contains(&binding)
    }

    /// Whether a variable is moved into another.
    pub(crate) fn is_moved(&self, binding: BindingId) -> bool {
        self.moved.contains(&binding)
    }

    /// Whether a tape is one row.
    pub(crate) fn is_row(&self, tape: VarId) -> bool {
        self.rows.contains(&tape)
    }

    /// Whether a tape is one row for each run of a loop.
    pub(crate) fn is_side_by_side(&self, tape: VarId) -> bool {
        self.side_by_side.contains(&tape)
    }

    /// How many instructions give this variable a value.
    pub(crate) fn definers(&self, binding: BindingId) -> usize {
        self.definers.get(&binding).copied().unwrap_or(0)
    }

    /// Whether a value that is printed from its operation gets a name.
    pub(crate) fn deserves_name(&self, value: ValueId) -> bool {
        let reads = self.reads.get(value).copied().unwrap_or(0);
        let weight = self.weights.get(value).copied().unwrap_or(0);
        let changes = reads > 0 && self.overwritten.contains(&value);
        let allocates = self.built.contains(&value) && !(reads == 1 && self.kept.contains(&value));
        changes
            || (reads > 0 && allocates)
            || (reads > 1 && weight > 0)
            || (reads > 0 && weight > LONGEST_EXPRESSION)
    }

    /// How often something of ours reads a value.
    pub(crate) fn reads(&self, value: ValueId) -> usize {
        self.reads.get(value).copied().unwrap_or(0)
    }

    /// What an iteration reads from outside of its loop is read by the others too.
    fn count(&mut self, value: ValueId) {
        let again = self.depths.get(value).is_some_and(|&depth| depth < self.loops);
        self.reads.count(value, if again { 2 } else { 1 });
        self.read.mark(value);
    }

    fn region(&mut self, function: &Function, region: &Region) {
        for inst in &region.insts {
            self.inst(function, inst);
        }
    }

    fn inst(&mut self, function: &Function, inst: &Inst) {
        inst.visit_pieces(&mut |value| {
            self.mentioned.mark(value);
            self.read.mark(value);
        });
        match &inst.kind {
            // The user's loop reads what it names.
            Kind::Replay(of) => of.init.iter().for_each(|&value| self.count(value)),
            kind if inst.syntax.is_none() || matches!(kind, Kind::Copy(_)) => {
                kind.visit_operands(&mut |value| self.count(value));
            }
            _ => {}
        }
        inst.kind.visit_operands(&mut |value| self.read.mark(value));
        if let Kind::Apply(..) | Kind::Scale { .. } | Kind::Sum(_) = &inst.kind {
            inst.results.iter().for_each(|&result| self.depths.insert(result, self.loops));
        }
        self.allocations(function, inst);
        self.definitions(function, inst);
        self.weigh(inst);
        match &inst.kind {
            Kind::Field(of, _) | Kind::Index(of, _) => self.parted.mark(*of),
            Kind::Loop(of) => self.repeat(function, inst, of),
            Kind::Run(of) => of.roles.iter().for_each(|role| self.assigned(*role)),
            Kind::Replay(of) => {
                self.loops += 1;
                self.region(function, &of.step);
                self.loops -= 1;
                of.step.yields.iter().for_each(|&value| self.count(value));
            }
            Kind::Block(region) => {
                self.region(function, region);
                self.mentioned.mark_all(&region.yields);
                self.read.mark_all(&region.yields);
            }
            Kind::Branch(branch) => self.branch(function, branch),
            Kind::Call(call) if matches!(call.form, CallForm::Pullback { .. }) => {}
            Kind::Call(call) => {
                // The pullback is given the arguments again.
                call.args.iter().for_each(|&arg| self.read_in_passing(arg));
                self.pass(call);
                call.dots.iter().flatten().for_each(|&dot| self.count(dot));
            }
            _ => {}
        }
    }

    /// Counts what is passed by value.
    fn pass(&mut self, call: &Call) {
        for (at, is_reference) in call.references.iter().enumerate() {
            let dots = call.dots.iter().skip(at).step_by(call.args.len().max(1));
            for value in call.args.get(at).copied().into_iter().chain(dots.copied().flatten()) {
                self.passed.count(value, usize::from(!is_reference));
            }
        }
    }

    /// Whether a value is passed by value more than once: then it is copied wherever it is read.
    pub(crate) fn is_passed_often(&self, value: ValueId) -> bool {
        self.passed.get(value).is_some_and(|&times| times > 1)
    }

    fn repeat(&mut self, function: &Function, inst: &Inst, of: &Loop) {
        if let Head::While { reads, .. } = &of.head {
            self.read.mark_all(reads);
        }
        if let Some(row) = of.row {
            let rows = if row.alone { &mut self.rows } else { &mut self.side_by_side };
            rows.insert(row.tape);
            if inst.syntax.is_some() {
                // The row is as long as the loop.
                of.head.visit_ends(&mut |end| self.count(end));
            }
        }
        self.loops += 1;
        self.region(function, &of.body);
        self.loops -= 1;
        for ((role, &init), &next) in of.roles.iter().zip(&of.init).zip(&of.body.yields) {
            self.read.mark(next);
            match role {
                Role::Extra => {
                    // The operands of what a transform makes are counted already.
                    if inst.syntax.is_some() {
                        self.count(init);
                    }
                    self.count(next);
                    // `if c { x = …; }` at the end of the body.
                    if of.is_choice(next) {
                        self.weights.insert(next, 1);
                    }
                }
                Role::Merge(_) if inst.syntax.is_some() => self.assigned(*role),
                Role::Merge(_) | Role::Value | Role::ArmNumber => {}
            }
        }
        if of.leaves == Leaves::Flag {
            of.body.yields.last().into_iter().for_each(|&flag| self.count(flag));
        }
    }

    /// A variable that the user's tokens assign.
    fn assigned(&mut self, role: Role) {
        if let Role::Merge(binding) = role {
            *self.definers.entry(binding).or_insert(0) += 1;
        }
    }

    /// A `Vec` is built once: under a name, or in the variable that keeps it.
    fn allocations(&mut self, function: &Function, inst: &Inst) {
        match &inst.kind {
            Kind::Filled(..) | Kind::Array(_) if inst.syntax.is_none() => {
                let is_vec = |value: &&ValueId| matches!(function.values[**value].ty, Ty::Vec(_));
                self.built.extend(inst.results.iter().filter(is_vec));
            }
            Kind::Define { value, .. } | Kind::Store(_, value) => {
                self.kept.insert(*value);
            }
            _ => {}
        }
    }

    fn read_in_passing(&mut self, value: ValueId) {
        self.read.mark(value);
    }

    fn branch(&mut self, function: &Function, branch: &Branch) {
        for arm in &branch.arms {
            self.region(function, arm);
            for (role, &value) in branch.roles.iter().zip(&arm.yields) {
                self.read.mark(value);
                match role {
                    Role::Value => {
                        self.mentioned.mark(value);
                    }
                    Role::Extra => self.count(value),
                    Role::ArmNumber | Role::Merge(_) => {}
                }
            }
        }
    }

    fn definitions(&mut self, function: &Function, inst: &Inst) {
        let written = matches!(inst.kind, Kind::Update { .. } | Kind::Bind(_));
        if inst.syntax.is_none() && !written {
            return;
        }
        if let Kind::Opaque { expr, reads, .. } = &inst.kind
            && matches!(&**expr, syn::Expr::Reference(borrow) if borrow.mutability.is_some())
            && let Some(home) = reads.first().and_then(|&read| function.values[read].home.as_ref())
        {
            *self.definers.entry(home.binding).or_insert(0) += 1;
        }
        let defines = matches!(
            inst.kind,
            Kind::Bind(_)
                | Kind::Opaque { .. }
                | Kind::PatternBound(_)
                | Kind::Update { .. }
                | Kind::Call(_)
        );
        if defines {
            for &result in &inst.results {
                if let Some(home) = &function.values[result].home {
                    *self.definers.entry(home.binding).or_insert(0) += 1;
                }
            }
        }
    }

    /// A name or a number weighs nothing.
    fn weigh(&mut self, inst: &Inst) {
        if inst.syntax.is_some() {
            return;
        }
        let weight = match &inst.kind {
            Kind::Const(_)
            | Kind::Bind(_)
            | Kind::PatternBound(_)
            | Kind::Number(_)
            | Kind::Len(_)
            | Kind::ZeroOf(_)
            | Kind::Opaque { .. } => 0,
            Kind::Reborrow(value) | Kind::Field(value, _) => self.weight(*value),
            Kind::Select { .. } => LONGEST_EXPRESSION + 1,
            kind => {
                let mut weight = 1;
                kind.visit_operands(&mut |part| weight += self.weight(part));
                weight
            }
        };
        for &result in &inst.results {
            self.weights.insert(result, weight);
        }
    }

    fn weight(&self, value: ValueId) -> usize {
        let named = self.reads.get(value).copied().unwrap_or(0) > 1;
        let weight = self.weights.get(value).copied().unwrap_or(0);
        if named || weight > LONGEST_EXPRESSION { 0 } else { weight }
    }
}
