//! Forward mode as a transform of functions.
//!
//! One sweep may take several directions: what is known of each is a [`Lane`].

mod control;
mod lane;
mod memory;
mod record;
mod values;

pub(crate) use lane::Forward;

use crate::ir::{Active, Form, Function, Inst, Kind, Output, Place, Region, Ty, ValueId};

/// tangent : (x ↦ y) → (x, ẋ ↦ y, ẏ), ẏ = Σ ∂y/∂xᵢ · ẋᵢ
///
/// The parameters are those of `f` and then a tangent of each active one, of the same type. The
/// results are those of `f` and then [`Output::Tangent`] of each active one.
///
/// The instructions of `f` keep their tokens; tangents stand after the statement to which they
/// belong, or before a branch, a block or a call that reads them. Where `f` may fail, what begins
/// with [`Function::reverse_from`] still does: after a failure there is no reverse sweep.
#[must_use]
pub fn tangent(f: &Function) -> Function {
    let mut forward = Forward::of_function(f, 1);
    for &param in &f.params {
        let is_active = f.is_active(param);
        let dot = is_active.then(|| {
            let (ty, hint) = (f.values[param].ty.clone(), forward.builder.dot(param));
            let dot = forward.builder.fresh(ty, &hint, Active::Yes);
            forward.builder.function.params.push(dot);
            dot
        });
        forward.seed(param, dot);
    }
    forward.sweep(f);
    let (mut yields, mut outputs) = (f.body.yields.clone(), f.outputs.clone());
    for (n, (output, &value)) in f.outputs.iter().zip(&f.body.yields).enumerate() {
        if f.is_active(value) || *output != Output::Value {
            yields.push(forward.tangent_or_zero(value));
            outputs.push(Output::Tangent(n));
        }
    }
    forward.closed(yields, outputs)
}

impl Forward<'_> {
    /// Begins with the tangent of a parameter, if it has one.
    pub(crate) fn seed(&mut self, param: ValueId, dot: Option<ValueId>) {
        let cell = self.origins.cell(param);
        match (dot, cell) {
            (Some(dot), Some(cell)) => self.define_cell(cell, dot),
            (Some(dot), None) => {
                self.tangents.insert(param, dot);
            }
            // It becomes active as it is updated.
            (None, Some(cell)) if cell.active => self.zero_cell(cell, param),
            (None, _) => {}
        }
    }

    /// The sweep over the body, after the parameters.
    pub(crate) fn sweep(&mut self, f: &Function) {
        self.in_each_lane(|this| this.retain(&f.params));
        self.flush();
        let start = f.reverse_from.filter(|_| f.may_fail());
        let (forward, reverse) = f.body.insts.split_at(start.unwrap_or(f.body.insts.len()));
        self.insts(forward);
        if start.is_some() {
            self.flush();
            self.builder.function.reverse_from = self.done.last().map(Vec::len);
        }
        self.insts(reverse);
    }

    /// The function that yields these.
    pub(crate) fn closed(mut self, yields: Vec<ValueId>, outputs: Vec<Output>) -> Function {
        self.flush();
        let insts = self.done.pop().unwrap_or_default();
        let body = Region { insts, yields };
        Function { body, outputs, ..self.builder.function }
    }

    pub(super) fn insts(&mut self, insts: &[Inst]) {
        for (at, inst) in insts.iter().enumerate() {
            self.builder.span = inst.span;
            self.inst(inst);
            self.in_each_lane(|this| {
                this.retain(&inst.results);
                if let Kind::Declare(binding) = inst.kind {
                    this.reserve(binding, insts.get(at + 1..).unwrap_or_default());
                }
            });
            if inst.syntax.as_ref().is_some_and(|syntax| syntax.form == Form::Stmt) {
                self.flush();
            }
        }
    }

    /// Puts the waiting tangents in their place.
    pub(crate) fn flush(&mut self) {
        let waiting = self.builder.flush();
        if let Some(region) = self.done.last_mut() {
            region.extend(waiting);
        }
    }

    /// Puts a primal instruction in its place.
    pub(crate) fn keep(&mut self, inst: Inst) {
        if let Some(region) = self.done.last_mut() {
            region.push(inst);
        }
    }

    pub(super) fn inst(&mut self, inst: &Inst) {
        match &inst.kind {
            Kind::Branch(branch) => return self.branch(inst, branch),
            Kind::Block(region) => return self.block(inst, region),
            Kind::Call(call) => return self.call(inst, call),
            Kind::Loop(of) => return self.repeat(inst, of),
            Kind::Push(tape, items) => return self.push(inst, *tape, items),
            Kind::Pop(tape) => return self.pop(inst, *tape),
            _ => {}
        }
        self.give_tangents(inst.kind.moved());
        self.keep(inst.clone());
        self.in_each_lane(|this| this.simple(inst));
    }

    /// Zeros for what has no tangent, while the values that they are like are there.
    fn give_tangents(&mut self, moved: &[ValueId]) {
        self.in_each_lane(|this| {
            for &value in moved {
                if !this.has_tangent(value) && this.ty(value).may_move() {
                    let zero = this.tangent_or_zero(value);
                    this.tangents.insert(value, zero);
                }
            }
        });
        if !moved.is_empty() {
            self.flush();
        }
    }

    /// The tangent of an instruction that has no region.
    pub(super) fn simple(&mut self, inst: &Inst) {
        match &inst.kind {
            Kind::AddTo(place, value) => self.add_to(place, *value),
            Kind::Zero { var, like, len } => self.zero(*var, *like, *len),
            Kind::Edit(place, edit) => self.edit(inst, place, *edit),
            Kind::Bind(values) => self.bindings(&inst.results, values),
            // What a pattern names in something inert is what it is.
            Kind::PatternBound(_) => self.bindings(&inst.results, &inst.results),
            Kind::Update { of, path, by, value } => self.update(inst, (*of, path), *by, *value),
            Kind::Define { var, value } => self.define(*var, *value),
            Kind::Store(place, value) => self.store(place, *value),
            Kind::Reserve(var) => {
                let var = self.var(*var);
                self.builder.generate(Vec::new(), Kind::Reserve(var));
            }
            Kind::Tape(tape) if !self.is_joint(*tape) => {
                let tape = self.var(*tape);
                self.builder.generate(Vec::new(), Kind::Tape(tape));
            }
            _ => {
                if let Some(&result) = inst.results.first()
                    && let Some(dot) = self.of(&inst.kind, result)
                {
                    self.tangents.insert(result, dot);
                }
            }
        }
    }

    /// A value that is the tangent of another from here on.
    pub(super) fn fresh_tangent(&mut self, of: ValueId) -> ValueId {
        let (ty, hint) = (self.ty(of), self.builder.dot(of));
        let dot = self.builder.fresh(ty, &hint, Active::Yes);
        self.tangents.insert(of, dot);
        dot
    }

    /// v̇, where it is no structural zero.
    pub(crate) fn tangent(&mut self, value: ValueId) -> Option<ValueId> {
        if let Some(&dot) = self.tangents.get(&value) {
            return Some(dot);
        }
        let cell = self.cell_of(value)?;
        let var = self.cells.get(&cell.root).copied()?;
        let place = Place { var, path: Vec::new() };
        Some(self.like(value, Kind::Load(place)))
    }

    /// Whether v̇ is no structural zero.
    pub(super) fn has_tangent(&self, value: ValueId) -> bool {
        self.tangents.contains_key(&value) || self.cell_of(value).is_some()
    }

    /// v̇, also where it is zero.
    pub(crate) fn tangent_or_zero(&mut self, value: ValueId) -> ValueId {
        if let Some(dot) = self.tangent(value) {
            return dot;
        }
        if self.absent.contains(&value) {
            return self.like(value, Kind::Optional(None));
        }
        let hint = self.builder.dot(value);
        self.builder.zero(value, &hint)
    }

    /// The tangents of several values, unless all are zero.
    pub(super) fn all(&mut self, values: &[ValueId]) -> Option<Vec<ValueId>> {
        let any = values.iter().any(|&value| self.has_tangent(value));
        any.then(|| values.iter().map(|&value| self.tangent_or_zero(value)).collect())
    }

    pub(super) fn ty(&self, value: ValueId) -> Ty {
        self.builder.function.values[value].ty.payload().clone()
    }

    /// An instruction that gives the tangent of a value, of the same type.
    pub(super) fn like(&mut self, value: ValueId, kind: Kind) -> ValueId {
        let (ty, hint) = (self.ty(value), self.builder.dot(value));
        self.builder.push(ty, &hint, kind)
    }
}
