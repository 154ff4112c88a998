//! Forward mode as a transform of functions.

use std::collections::{HashMap, HashSet};

use super::builder::{Builder, Memo, Weighting};
use super::origin::{Cell, Origins};
use super::outlived::outlived;
use crate::ir::{
    Active, Assignment, Branch, CallForm, Edit, Form, Function, Inst, Kind, Leaves, Loop, Member,
    Output, Place, Region, Role, Step, Target, Ty, ValueId, Var, VarId,
};
use crate::rules::Op;

/// tangent : (x ↦ y) → (x, ẋ ↦ y, ẏ), ẏ = Σ ∂y/∂xᵢ · ẋᵢ
///
/// The parameters are those of `f` and then a tangent of each active one, of the same type. The
/// results are those of `f` and then [`Output::Tangent`] of each active one.
///
/// The instructions of `f` keep their tokens; tangents stand after the statement to which they
/// belong, or before a branch, a block or a call that reads them.
#[must_use]
pub fn tangent(f: &Function) -> Function {
    let mut forward = Forward {
        origins: Origins::of(f),
        cells: HashMap::new(),
        builder: Builder::new(f),
        done: vec![Vec::new()],
        tangents: HashMap::new(),
        vars: HashMap::new(),
        touched: HashSet::new(),
        absent: HashSet::new(),
        outlived: outlived(f).into_keys().collect(),
    };
    for &param in &f.params {
        if f.is_active(param) {
            let (ty, hint) = (f.values[param].ty.clone(), forward.builder.dot(param));
            let dot = forward.builder.fresh(ty, &hint, Active::Yes);
            forward.builder.function.params.push(dot);
            match forward.origins.cell(param) {
                Some(cell) => forward.define_cell(cell, dot),
                None => {
                    forward.tangents.insert(param, dot);
                }
            }
        } else if let Some(cell) = forward.origins.cell(param).filter(|cell| cell.active) {
            // It becomes active as it is updated.
            forward.zero_cell(cell, param);
        }
    }
    forward.retain(&f.params);
    forward.flush();
    forward.insts(&f.body.insts);
    let (mut yields, mut outputs) = (f.body.yields.clone(), f.outputs.clone());
    for (n, (output, &value)) in f.outputs.iter().zip(&f.body.yields).enumerate() {
        if f.is_active(value) || *output != Output::Value {
            yields.push(forward.tangent_or_zero(value));
            outputs.push(Output::Tangent(n));
        }
    }
    forward.flush();
    let insts = forward.done.pop().unwrap_or_default();
    let body = Region { insts, yields };
    Function { body, outputs, ..forward.builder.function }
}

/// The state of the sweep: v ↦ v̇, where that is no structural zero.
pub(crate) struct Forward<'f> {
    pub(crate) origins: Origins<'f>,
    /// The variable of the tangent of each variable that is updated in place, by its first version.
    pub(crate) cells: HashMap<ValueId, VarId>,
    /// Its innermost region holds the tangents that wait for the end of the user's statement.
    pub(crate) builder: Builder,
    /// The instructions that are in their place, by open region.
    done: Vec<Vec<Inst>>,
    pub(crate) tangents: HashMap<ValueId, ValueId>,
    /// The variable of the tangent of each variable.
    vars: HashMap<VarId, VarId>,
    /// Variables whose tangent may differ from zero.
    pub(crate) touched: HashSet<VarId>,
    /// Results of [`Kind::Optional`] that hold nothing.
    absent: HashSet<ValueId>,
    /// Versions of variables that are read when the variable holds another.
    outlived: HashSet<ValueId>,
}

impl Forward<'_> {
    fn insts(&mut self, insts: &[Inst]) {
        for (at, inst) in insts.iter().enumerate() {
            self.builder.span = inst.span;
            self.inst(inst);
            self.retain(&inst.results);
            if let Kind::Declare(binding) = inst.kind {
                self.reserve(binding, insts.get(at + 1..).unwrap_or_default());
            }
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

    fn inst(&mut self, inst: &Inst) {
        match &inst.kind {
            Kind::Branch(branch) => return self.branch(inst, branch),
            Kind::Block(region) => return self.block(inst, region),
            Kind::Call(call) => return self.call(inst, call),
            Kind::Loop(of) => return self.repeat(inst, of),
            _ => {}
        }
        self.keep(inst.clone());
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
            Kind::Tape(tape) => {
                let tape = self.var(*tape);
                self.builder.generate(Vec::new(), Kind::Tape(tape));
            }
            Kind::Push(tape, items) => self.record(*tape, items),
            Kind::Pop(tape) => self.last_record(*tape, &inst.results),
            _ => {
                if let Some(&result) = inst.results.first()
                    && let Some(dot) = self.of(&inst.kind, result)
                {
                    self.tangents.insert(result, dot);
                }
            }
        }
    }

    /// The tangent of the result of an instruction that has one result at most.
    fn of(&mut self, kind: &Kind, result: ValueId) -> Option<ValueId> {
        match kind {
            Kind::Apply(op, args) => self.apply(*op, args, result),
            Kind::Scale { cotangent, partial } => self.scale(*cotangent, *partial, result),
            Kind::Select { cond, yes, no } => {
                let dots = self.all(&[*yes, *no])?;
                let [yes, no] = dots.as_slice() else { return None };
                let kind = Kind::Select { cond: *cond, yes: *yes, no: *no };
                Some(self.like(result, kind))
            }
            Kind::Tuple(parts) => {
                let dots = self.all(parts)?;
                Some(self.like(result, Kind::Tuple(dots)))
            }
            Kind::Array(parts) => {
                let dots = self.all(parts)?;
                Some(self.like(result, Kind::Array(dots)))
            }
            Kind::Struct { fields, base } => self.structure(fields, *base, result),
            Kind::Field(of, _) | Kind::Index(of, _) | Kind::Slice(of, _)
                if self.is_in_cell(result) && !self.tangents.contains_key(of) =>
            {
                self.part_of_cell(result)
            }
            Kind::Slice(of, bounds) => self.lifted(*of, result, |dot| Kind::Slice(dot, *bounds)),
            Kind::Take(place) => {
                let place = self.touched.contains(&place.var).then(|| self.place(place))?;
                Some(self.like(result, Kind::Take(place)))
            }
            Kind::Repeat(of) => self.lifted(*of, result, Kind::Repeat),
            Kind::Filled(of, len) => self.lifted(*of, result, |dot| Kind::Filled(dot, *len)),
            Kind::Sum(of) => self.lifted(*of, result, Kind::Sum),
            Kind::Field(of, n) => self.lifted(*of, result, |dot| Kind::Field(dot, *n)),
            Kind::Index(of, index) => self.lifted(*of, result, |dot| Kind::Index(dot, *index)),
            Kind::Reborrow(of) => self.lifted(*of, result, Kind::Reborrow),
            // The tangent is that of what it holds.
            Kind::Wrap(of) | Kind::Payload(of) => self.tangent(*of),
            Kind::Cast(of, width) => self.lifted(*of, result, |dot| Kind::Cast(dot, *width)),
            Kind::Present(of) => self.lifted(*of, result, Kind::Present),
            Kind::Optional(Some(of)) => self.lifted(*of, result, |dot| Kind::Optional(Some(dot))),
            Kind::Optional(None) => {
                self.absent.insert(result);
                None
            }
            Kind::Load(place) => {
                let place = self.touched.contains(&place.var).then(|| self.place(place))?;
                Some(self.like(result, Kind::Load(place)))
            }
            Kind::Const(_)
            | Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Opaque { .. }
            | Kind::PatternBound(_)
            | Kind::Bind(_)
            | Kind::Declare(_)
            | Kind::Call(_)
            | Kind::Branch(_)
            | Kind::Block(_)
            | Kind::Zero { .. }
            | Kind::Loop(_)
            | Kind::Update { .. }
            | Kind::Len(_)
            | Kind::ZeroOf(_)
            | Kind::Integer(..)
            | Kind::Number(_)
            | Kind::Define { .. }
            | Kind::Store(..)
            | Kind::Reserve(_)
            | Kind::Tape(_)
            | Kind::Push(..)
            | Kind::Pop(_)
            | Kind::Edit(..)
            | Kind::AddTo(..) => None,
        }
    }

    /// s = S { f: v, ..b }: ṡ is ḃ with v̇ as its f, zero where there is none.
    fn structure(
        &mut self,
        fields: &[(Member, ValueId)],
        base: Option<ValueId>,
        result: ValueId,
    ) -> Option<ValueId> {
        let base = base.and_then(|base| self.tangent(base));
        let given = || fields.iter().copied();
        if base.is_none() && !given().any(|(_, value)| self.has_tangent(value)) {
            return None;
        }
        let (ty, hint) = (self.builder.ty(result), self.builder.dot(result));
        let var = self.builder.function.vars.push(Var { ty: ty.clone(), hint: hint.clone() });
        let start = match base {
            Some(value) => Kind::Define { var, value },
            None => Kind::Zero { var, like: result, len: None },
        };
        self.builder.generate(Vec::new(), start);
        for (member, value) in given() {
            let is_counted = matches!(self.builder.ty(value), Ty::Inert);
            let dot = match self.tangent(value) {
                None if base.is_none() || is_counted => continue,
                dot => dot.unwrap_or_else(|| self.tangent_or_zero(value)),
            };
            let place = Place { var, path: vec![Step::Field(member)] };
            self.builder.generate(Vec::new(), Kind::Store(place, dot));
        }
        Some(self.builder.load(var, Vec::new(), ty, &hint))
    }

    /// y = op(x₁, …): ẏ = Σ ∂y/∂xᵢ · ẋᵢ
    fn apply(&mut self, op: Op, args: &[ValueId], y: ValueId) -> Option<ValueId> {
        if !args.iter().any(|&arg| self.has_tangent(arg)) {
            return None;
        }
        let (ty, hint) = (self.builder.ty(y), self.builder.dot(y));
        let partials = self.builder.partials(op, args, y);
        let mut memo: Memo = HashMap::new();
        let mut sum = None;
        for (arg, partial) in args.iter().zip(&partials) {
            let (Some(dot), Some(partial)) = (self.tangent(*arg), partial) else { continue };
            let factor = self.builder.dereferenced(dot);
            let weighting = Weighting { row: (op, args), factor, partial, ty: &ty, hint: &hint };
            let term = self.builder.weighted(&weighting, &mut memo);
            sum = Some(match sum {
                Some(sum) => self.builder.apply(Op::Add, vec![sum, term], (&ty, &hint)),
                None => term,
            });
        }
        sum
    }

    /// y = c ⊗ p: ẏ = ċ ⊗ p + c ⊗ ṗ
    fn scale(&mut self, cotangent: ValueId, partial: ValueId, y: ValueId) -> Option<ValueId> {
        let first = self.tangent(cotangent).map(|dot| Kind::Scale { cotangent: dot, partial });
        let second = self.tangent(partial).map(|dot| Kind::Scale { cotangent, partial: dot });
        let first = first.map(|kind| self.like(y, kind));
        let second = second.map(|kind| self.like(y, kind));
        match (first, second) {
            (Some(one), Some(other)) => Some(self.like(y, Kind::Apply(Op::Add, vec![one, other]))),
            (one, other) => one.or(other),
        }
    }

    /// Linear in its one operand.
    fn lifted(
        &mut self,
        of: ValueId,
        result: ValueId,
        kind: impl FnOnce(ValueId) -> Kind,
    ) -> Option<ValueId> {
        let dot = self.tangent(of)?;
        // An inert part of an aggregate has no tangent.
        let inert = matches!(self.builder.ty(result), Ty::Inert);
        (!inert).then(|| self.like(result, kind(dot)))
    }

    fn copies(&mut self, results: &[ValueId], values: &[ValueId]) {
        for (&result, &value) in results.iter().zip(values) {
            if let Some(dot) = self.tangent(value) {
                self.tangents.insert(result, dot);
            }
        }
    }

    /// place += v: the tangent of the place += v̇
    fn add_to(&mut self, place: &Place, value: ValueId) {
        if let Some(dot) = self.tangent(value) {
            self.touched.insert(place.var);
            let place = self.place(place);
            self.builder.generate(Vec::new(), Kind::AddTo(place, dot));
        }
    }

    /// Names; a variable that is updated in place has a tangent that is, too.
    fn bindings(&mut self, results: &[ValueId], values: &[ValueId]) {
        // All at once: `(a, b) = (b, a)`.
        let mut defined = Vec::new();
        for (&result, &value) in results.iter().zip(values) {
            match self.origins.cell(result).filter(|cell| cell.active) {
                None => self.copies(&[result], &[value]),
                Some(cell) => match self.tangent(value) {
                    Some(dot) => defined.push((cell, dot)),
                    None => self.zero_cell(cell, value),
                },
            }
        }
        defined.into_iter().for_each(|(cell, dot)| self.define_cell(cell, dot));
    }

    /// Copies the tangents of those versions that outlive themselves.
    fn retain(&mut self, versions: &[ValueId]) {
        for &version in versions {
            if self.outlived.contains(&version)
                && let Some(dot) = self.tangent(version)
            {
                self.tangents.insert(version, dot);
            }
        }
    }

    fn define_cell(&mut self, cell: Cell, value: ValueId) {
        if let Some(&var) = self.cells.get(&cell.root) {
            let place = Place { var, path: Vec::new() };
            return self.builder.generate(Vec::new(), Kind::Store(place, value));
        }
        let var = self.cell_var(cell);
        self.builder.generate(Vec::new(), Kind::Define { var, value });
    }

    /// A variable that is updated in place holds something without a derivative.
    fn zero_cell(&mut self, cell: Cell, value: ValueId) {
        if self.cells.contains_key(&cell.root) || is_empty_vec(&self.origins, value) {
            let empty = is_empty_vec(&self.origins, value);
            let dot = if empty { value } else { self.tangent_or_zero(value) };
            return self.define_cell(cell, dot);
        }
        let var = self.cell_var(cell);
        self.builder.generate(Vec::new(), Kind::Zero { var, like: value, len: None });
    }

    pub(crate) fn cell_var(&mut self, cell: Cell) -> VarId {
        let (ty, hint) = (self.builder.ty(cell.like), self.builder.dot(cell.root));
        let var = self.builder.function.vars.push(Var { ty, hint });
        self.cells.insert(cell.root, var);
        self.touched.insert(var);
        var
    }

    /// A change of the shadow of a place: of its tangent too.
    fn edit(&mut self, inst: &Inst, place: &Place, edit: Edit) {
        self.touched.insert(place.var);
        let place = self.place(place);
        let edit = match edit {
            Edit::Fill(value) => Edit::Fill(self.tangent_or_zero(value)),
            Edit::Append(value) => Edit::Append(self.tangent_or_zero(value)),
            Edit::RemoveLast | Edit::Resize(_) | Edit::Swap(..) | Edit::Reverse => edit,
        };
        let mut results = Vec::new();
        for &removed in &inst.results {
            let (ty, hint) = (self.ty(removed), self.builder.dot(removed));
            let dot = self.builder.fresh(ty, &hint, Active::Yes);
            self.tangents.insert(removed, dot);
            results.push(dot);
        }
        self.builder.generate(results, Kind::Edit(place, edit));
    }

    /// The variable that an active version belongs to.
    fn cell_of(&self, value: ValueId) -> Option<Cell> {
        self.origins.cell(value).filter(|_| self.builder.function.is_active(value))
    }

    fn is_in_cell(&self, part: ValueId) -> bool {
        let root = self.origins.origin(part).root;
        root != part && self.cells.contains_key(&root)
    }

    /// A part of a variable that is updated in place.
    fn part_of_cell(&mut self, part: ValueId) -> Option<ValueId> {
        let origin = self.origins.origin(part);
        let var = *self.cells.get(&origin.root)?;
        if matches!(self.builder.ty(part), Ty::Inert) || !self.builder.function.is_active(part) {
            return None;
        }
        let place = Place { var, path: super::origin::steps(&origin.path) };
        Some(self.like(part, Kind::Load(place)))
    }

    /// a[i] = v: ȧᵢ = v̇
    fn update(
        &mut self,
        inst: &Inst,
        (of, path): (ValueId, &[Step]),
        by: Assignment,
        value: ValueId,
    ) {
        let Some(cell) = self.origins.cell(of).filter(|cell| cell.active) else { return };
        if !self.cells.contains_key(&cell.root) {
            self.zero_cell(cell, of);
        }
        let Some(&var) = self.cells.get(&cell.root) else { return };
        let place = Place { var, path: path.to_vec() };
        let dot = self.tangent(value).filter(|_| value != of);
        let kind = match (by, dot) {
            (Assignment::Set, None) if matches!(path.last(), Some(Step::Range(_))) => {
                Kind::Edit(place, Edit::Fill(self.builder.number(0.0)))
            }
            (Assignment::Set, _) => {
                let dot = self.tangent_or_zero(value);
                Kind::Store(place, dot)
            }
            (Assignment::Add, Some(dot)) => Kind::AddTo(place, dot),
            (Assignment::Sub, Some(dot)) => {
                let (ty, hint) = (self.builder.ty(value), self.builder.dot(value));
                let negative = self.builder.apply(Op::Neg, vec![dot], (&ty, &hint));
                Kind::AddTo(place, negative)
            }
            (Assignment::Add | Assignment::Sub, None) => return,
            (Assignment::Fill, _) => Kind::Edit(place, Edit::Fill(self.tangent_or_zero(value))),
            (Assignment::Append, _) => Kind::Edit(place, Edit::Append(self.tangent_or_zero(value))),
            (Assignment::RemoveLast, _) => Kind::Edit(place, Edit::RemoveLast),
            (Assignment::Resize, _) => Kind::Edit(place, Edit::Resize(value)),
            (Assignment::Swap(other), _) => Kind::Edit(place, Edit::Swap(value, other)),
            (Assignment::Reverse, _) => Kind::Edit(place, Edit::Reverse),
        };
        let mut results = Vec::new();
        if let (Assignment::RemoveLast, Some(&removed)) = (by, inst.results.first()) {
            let (ty, hint) = (self.ty(removed), self.builder.dot(removed));
            let dot = self.builder.fresh(ty, &hint, Active::Yes);
            self.tangents.insert(removed, dot);
            results.push(dot);
        }
        self.builder.generate(results, kind);
    }

    /// The place of the tangent of a `&mut` argument. A variable that had no tangent before has
    /// one from here on.
    pub(crate) fn written(&mut self, write: &crate::ir::Write) -> Option<Place> {
        let cell = self.origins.cell(write.of)?;
        if !self.cells.contains_key(&cell.root) {
            let zero = self.tangent_or_zero(write.of);
            self.define_cell(cell, zero);
        }
        let var = *self.cells.get(&cell.root)?;
        Some(Place { var, path: write.path.clone() })
    }

    fn define(&mut self, var: VarId, value: ValueId) {
        let value = self.tangent_or_zero(value);
        self.touched.insert(var);
        let var = self.var(var);
        self.builder.generate(Vec::new(), Kind::Define { var, value });
    }

    fn store(&mut self, place: &Place, value: ValueId) {
        let value = self.tangent_or_zero(value);
        self.touched.insert(place.var);
        let place = self.place(place);
        self.builder.generate(Vec::new(), Kind::Store(place, value));
    }

    /// The tangents of what is active go onto a tape of their own.
    fn record(&mut self, tape: VarId, items: &[ValueId]) {
        let active: Vec<ValueId> =
            items.iter().copied().filter(|&item| self.builder.function.is_active(item)).collect();
        let dots = active.into_iter().map(|item| self.tangent_or_zero(item)).collect::<Vec<_>>();
        if !dots.is_empty() {
            let tape = self.var(tape);
            self.builder.generate(Vec::new(), Kind::Push(tape, dots));
        }
    }

    fn last_record(&mut self, tape: VarId, items: &[ValueId]) {
        let mut dots = Vec::new();
        for &item in items {
            if self.builder.function.is_active(item) {
                let (ty, hint) = (self.builder.ty(item), self.builder.dot(item));
                let dot = self.builder.fresh(ty, &hint, Active::Yes);
                self.tangents.insert(item, dot);
                dots.push(dot);
            }
        }
        if !dots.is_empty() {
            let tape = self.var(tape);
            self.builder.generate(dots, Kind::Pop(tape));
        }
    }

    /// The tangents of the carried values are carried too.
    fn repeat(&mut self, inst: &Inst, of: &Loop) {
        written(&of.body.insts, &mut self.touched);
        let mut of = of.clone();
        let (mut results, mut carried) = (inst.results.clone(), Vec::new());
        for (at, (&param, &init)) in of.params.clone().iter().zip(&of.init.clone()).enumerate() {
            if !self.builder.function.is_active(param) || self.origins.cell(param).is_some() {
                continue;
            }
            let init = self.tangent_or_zero(init);
            let (ty, hint) = (self.ty(param), self.builder.dot(param));
            let dot = self.builder.fresh(ty, &hint, Active::Yes);
            self.tangents.insert(param, dot);
            of.init.push(init);
            of.params.push(dot);
            of.roles.push(Role::Extra);
            carried.push(at);
        }
        self.flush();
        let mut insts = self.region(&of.body, &of.params);
        let mut next = Vec::new();
        self.builder.open();
        for &at in &carried {
            if let Some(&value) = of.body.yields.get(at) {
                next.push(self.tangent_or_zero(value));
            }
        }
        insts.extend(self.builder.close());
        let flag = (of.leaves == Leaves::Flag).then(|| of.body.yields.pop()).flatten();
        of.body.yields.extend(next);
        of.body.yields.extend(flag);
        of.body.insts = insts;
        for &at in &carried {
            if let Some(&result) = inst.results.get(at) {
                let (ty, hint) = (self.ty(result), self.builder.dot(result));
                let dot = self.builder.fresh(ty, &hint, Active::Yes);
                self.tangents.insert(result, dot);
                results.push(dot);
            }
        }
        self.keep(Inst { results, kind: Kind::Loop(Box::new(of)), ..inst.clone() });
    }

    fn zero(&mut self, var: VarId, like: ValueId, len: Option<ValueId>) {
        let var = self.var(var);
        self.builder.generate(Vec::new(), Kind::Zero { var, like, len });
    }

    fn var(&mut self, var: VarId) -> VarId {
        if let Some(&known) = self.vars.get(&var) {
            return known;
        }
        let Var { ty, hint } = self.builder.function.vars[var].clone();
        let dot = self.builder.function.vars.push(Var { ty, hint: format!("{hint}_dot") });
        self.vars.insert(var, dot);
        dot
    }

    /// The place of the tangent of a place.
    pub(crate) fn place(&mut self, place: &Place) -> Place {
        Place { var: self.var(place.var), path: place.path.clone() }
    }

    /// A block always runs, so what is in it stays visible.
    fn block(&mut self, inst: &Inst, region: &Region) {
        self.flush();
        for &value in &region.yields {
            self.reserve_beyond(value, region);
        }
        let insts = self.region(region, &[]);
        self.copies(&inst.results, &region.yields);
        let kind = Kind::Block(Region { insts, yields: region.yields.clone() });
        self.keep(Inst { kind, ..inst.clone() });
    }

    fn region(&mut self, region: &Region, versions: &[ValueId]) -> Vec<Inst> {
        self.done.push(Vec::new());
        self.builder.open();
        self.retain(versions);
        self.insts(&region.insts);
        self.flush();
        self.builder.close();
        self.done.pop().unwrap_or_default()
    }

    /// The arms yield the tangents of their results too.
    fn branch(&mut self, inst: &Inst, branch: &Branch) {
        self.flush();
        let mut arms: Vec<Region> = Vec::new();
        for arm in &branch.arms {
            arms.push(Region { insts: self.region(arm, &[]), yields: arm.yields.clone() });
        }
        let mut results = inst.results.clone();
        let mut roles = branch.roles.clone();
        for (at, &result) in inst.results.iter().enumerate() {
            let yielded: Vec<ValueId> =
                branch.arms.iter().filter_map(|arm| arm.yields.get(at).copied()).collect();
            let in_place = self.origins.cell(result).is_some();
            if in_place || !yielded.iter().any(|&value| self.has_tangent(value)) {
                continue;
            }
            for (arm, value) in arms.iter_mut().zip(yielded) {
                self.builder.open();
                let dot = if arm.insts.iter().any(crate::lower::diverges) {
                    // It never gets there, and what it would yield has no type.
                    self.builder.number(0.0)
                } else {
                    self.tangent_or_zero(value)
                };
                arm.insts.extend(self.builder.close());
                arm.yields.push(dot);
            }
            let (ty, hint) = (self.ty(result), self.builder.dot(result));
            let dot = self.builder.fresh(ty, &hint, Active::Yes);
            self.tangents.insert(result, dot);
            results.push(dot);
            roles.push(Role::Extra);
        }
        let branch = Branch { arms, roles, decision: branch.decision.clone() };
        self.keep(Inst { results, kind: Kind::Branch(branch), ..inst.clone() });
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
    fn has_tangent(&self, value: ValueId) -> bool {
        self.tangents.contains_key(&value) || self.cell_of(value).is_some()
    }

    /// v̇, also where it is zero.
    fn tangent_or_zero(&mut self, value: ValueId) -> ValueId {
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
    fn all(&mut self, values: &[ValueId]) -> Option<Vec<ValueId>> {
        let any = values.iter().any(|&value| self.has_tangent(value));
        any.then(|| values.iter().map(|&value| self.tangent_or_zero(value)).collect())
    }

    fn ty(&self, value: ValueId) -> Ty {
        self.builder.function.values[value].ty.payload().clone()
    }

    /// An instruction that gives the tangent of a value, of the same type.
    fn like(&mut self, value: ValueId, kind: Kind) -> ValueId {
        let (ty, hint) = (self.ty(value), self.builder.dot(value));
        self.builder.push(ty, &hint, kind)
    }
}

/// Whether a value is `Vec::new()`: so is its tangent.
fn is_empty_vec(origins: &Origins<'_>, value: ValueId) -> bool {
    let definition = origins.definition(origins.copied(value));
    definition.is_some_and(|definition| match &definition.inst.kind {
        Kind::Opaque { expr, .. } => {
            matches!(&**expr, syn::Expr::Call(call) if crate::lower::is_new_vec(call))
        }
        _ => false,
    })
}

/// The variables that instructions write.
fn written(insts: &[Inst], found: &mut HashSet<VarId>) {
    for inst in insts {
        if let Kind::AddTo(place, _) | Kind::Store(place, _) | Kind::Edit(place, _) = &inst.kind {
            found.insert(place.var);
        }
        if let Kind::Call(call) = &inst.kind
            && let CallForm::Pullback { targets, .. } = &call.form
        {
            for target in targets {
                if let Target::Place(place) | Target::Exchange(place) = target {
                    found.insert(place.var);
                }
            }
        }
        inst.kind.regions().iter().for_each(|region| written(&region.insts, found));
    }
}
