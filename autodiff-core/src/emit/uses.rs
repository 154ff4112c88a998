//! Who reads what: decides between a name and an expression in place.

use std::collections::{HashMap, HashSet};

use crate::ir::{
    BindingId, Branch, CallForm, Function, Head, Inst, Kind, Leaves, Loop, Piece, Region, Role,
    ValueId,
};

/// Expressions of more operations than this get a name, so that lines stay short.
const LONGEST_EXPRESSION: usize = 7;

/// What the printer must know of a function before it starts.
pub(crate) struct Uses {
    /// Values from here on were added by a transform.
    primal: usize,
    /// How often each value is read by something printed from its operation.
    reads: HashMap<ValueId, usize>,
    /// Values that stand in the tokens of an instruction that is printed.
    mentioned: HashSet<ValueId>,
    /// Values that anything reads at all.
    read: HashSet<ValueId>,
    /// How many instructions give each variable a value, a `let` among them.
    definers: HashMap<BindingId, usize>,
    /// How many operations a value is, printed in place.
    weights: HashMap<ValueId, usize>,
    /// Values read from memory that is written afterwards.
    overwritten: HashSet<ValueId>,
}

impl Uses {
    pub(crate) fn of(function: &Function, primal: usize) -> Self {
        let mut uses = Self {
            primal,
            reads: HashMap::new(),
            mentioned: HashSet::new(),
            read: HashSet::new(),
            definers: HashMap::new(),
            weights: HashMap::new(),
            overwritten: HashSet::new(),
        };
        uses.region(function, &function.body);
        uses.overwritten = super::order::overwritten(function);
        for &value in &function.body.yields {
            uses.count(value);
            uses.mentioned.insert(value);
        }
        uses
    }

    /// Whether a value is of the primal, not of the derivative.
    pub(crate) fn is_primal(&self, value: ValueId) -> bool {
        value.index() < self.primal
    }

    /// Whether the tokens of another instruction hold this value.
    pub(crate) fn is_mentioned(&self, value: ValueId) -> bool {
        self.mentioned.contains(&value)
    }

    /// Whether anything reads this value.
    pub(crate) fn is_read(&self, value: ValueId) -> bool {
        self.read.contains(&value)
    }

    /// How many instructions give this variable a value.
    pub(crate) fn definers(&self, binding: BindingId) -> usize {
        self.definers.get(&binding).copied().unwrap_or(0)
    }

    /// Whether a value that is printed from its operation gets a name.
    pub(crate) fn deserves_name(&self, value: ValueId) -> bool {
        let reads = self.reads.get(&value).copied().unwrap_or(0);
        let weight = self.weights.get(&value).copied().unwrap_or(0);
        let changes = reads > 0 && self.overwritten.contains(&value);
        changes || (reads > 1 && weight > 0) || (reads > 0 && weight > LONGEST_EXPRESSION)
    }

    /// How often something of ours reads a value.
    pub(crate) fn reads(&self, value: ValueId) -> usize {
        self.reads.get(&value).copied().unwrap_or(0)
    }

    fn count(&mut self, value: ValueId) {
        *self.reads.entry(value).or_insert(0) += 1;
        self.read.insert(value);
    }

    fn region(&mut self, function: &Function, region: &Region) {
        for inst in &region.insts {
            self.inst(function, inst);
        }
    }

    fn inst(&mut self, function: &Function, inst: &Inst) {
        match &inst.syntax {
            Some(syntax) => self.pieces(&syntax.pieces),
            None => inst.kind.operands().into_iter().for_each(|value| self.count(value)),
        }
        self.read.extend(inst.kind.operands());
        self.definitions(function, inst);
        self.weigh(inst);
        match &inst.kind {
            Kind::Loop(of) => self.repeat(function, inst, of),
            Kind::Block(region) => {
                self.region(function, region);
                self.mentioned.extend(&region.yields);
                self.read.extend(&region.yields);
            }
            Kind::Branch(branch) => self.branch(function, branch),
            Kind::Call(call) if matches!(call.form, CallForm::Pullback { .. }) => {}
            Kind::Call(call) => {
                // The pullback is given the arguments again.
                call.args.iter().for_each(|&arg| self.read_in_passing(arg));
                call.dots.iter().flatten().for_each(|&dot| self.count(dot));
            }
            _ => {}
        }
    }

    fn repeat(&mut self, function: &Function, inst: &Inst, of: &Loop) {
        if let Head::While { reads, .. } = &of.head {
            self.read.extend(reads);
        }
        self.region(function, &of.body);
        for ((role, &init), &next) in of.roles.iter().zip(&of.init).zip(&of.body.yields) {
            self.read.insert(next);
            match role {
                Role::Extra => {
                    // The operands of what a transform makes are counted already.
                    if inst.syntax.is_some() {
                        self.count(init);
                    }
                    self.count(next);
                }
                Role::Merge(binding) if inst.syntax.is_some() => {
                    *self.definers.entry(*binding).or_insert(0) += 1;
                }
                Role::Merge(_) | Role::Value | Role::ArmNumber => {}
            }
        }
        if of.leaves == Leaves::Flag {
            of.body.yields.last().into_iter().for_each(|&flag| self.count(flag));
        }
    }

    fn read_in_passing(&mut self, value: ValueId) {
        self.read.insert(value);
    }

    fn branch(&mut self, function: &Function, branch: &Branch) {
        for arm in &branch.arms {
            self.region(function, arm);
            for (role, &value) in branch.roles.iter().zip(&arm.yields) {
                self.read.insert(value);
                match role {
                    Role::Value => {
                        self.mentioned.insert(value);
                    }
                    Role::Extra => self.count(value),
                    Role::ArmNumber | Role::Merge(_) => {}
                }
            }
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Value(value) | Piece::Parens(value) | Piece::Before(value) => {
                    self.mentioned.insert(*value);
                    self.read.insert(*value);
                }
                Piece::Group(_, inner) => self.pieces(inner),
                Piece::Tokens(_) | Piece::Region(_) | Piece::Mut(_) | Piece::Binder(_) => {}
            }
        }
    }

    fn definitions(&mut self, function: &Function, inst: &Inst) {
        if inst.syntax.is_none() {
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
            | Kind::Opaque { .. } => 0,
            Kind::Reborrow(value) | Kind::Field(value, _) => self.weight(*value),
            Kind::Select { .. } => LONGEST_EXPRESSION + 1,
            kind => {
                let parts = kind.operands();
                1 + parts.into_iter().map(|part| self.weight(part)).sum::<usize>()
            }
        };
        for &result in &inst.results {
            self.weights.insert(result, weight);
        }
    }

    fn weight(&self, value: ValueId) -> usize {
        let named = self.reads.get(&value).copied().unwrap_or(0) > 1;
        let weight = self.weights.get(&value).copied().unwrap_or(0);
        if named || weight > LONGEST_EXPRESSION { 0 } else { weight }
    }
}
