//! The tangents of memory: each variable that is updated in place has one that is, too.

use super::Forward;
use crate::differentiate::origin::{Cell, Origins, steps};
use crate::ir::{Assignment, Edit, Inst, Kind, Place, Step, Ty, ValueId, Var, VarId};
use crate::rules::Op;

impl Forward<'_> {
    pub(super) fn copies(&mut self, results: &[ValueId], values: &[ValueId]) {
        for (&result, &value) in results.iter().zip(values) {
            if let Some(dot) = self.tangent(value) {
                self.tangents.insert(result, dot);
            }
        }
    }

    /// place += v: the tangent of the place += v̇
    pub(super) fn add_to(&mut self, place: &Place, value: ValueId) {
        if let Some(dot) = self.tangent(value) {
            self.touched.insert(place.var);
            let place = self.place(place);
            self.builder.generate(Vec::new(), Kind::AddTo(place, dot));
        }
    }

    /// Names; a variable that is updated in place has a tangent that is, too.
    pub(super) fn bindings(&mut self, results: &[ValueId], values: &[ValueId]) {
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
    pub(super) fn retain(&mut self, versions: &[ValueId]) {
        for &version in versions {
            if self.outlived.contains(&version)
                && let Some(dot) = self.tangent(version)
            {
                self.tangents.insert(version, dot);
            }
        }
    }

    pub(super) fn define_cell(&mut self, cell: Cell, value: ValueId) {
        if let Some(&var) = self.cells.get(&cell.root) {
            let place = Place { var, path: Vec::new() };
            return self.builder.generate(Vec::new(), Kind::Store(place, value));
        }
        let var = self.cell_var(cell);
        self.builder.generate(Vec::new(), Kind::Define { var, value });
    }

    /// A variable that is updated in place holds something without a derivative.
    pub(super) fn zero_cell(&mut self, cell: Cell, value: ValueId) {
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
    pub(super) fn edit(&mut self, inst: &Inst, place: &Place, edit: Edit) {
        self.touched.insert(place.var);
        let place = self.place(place);
        let edit = match edit {
            Edit::Fill(value) => Edit::Fill(self.tangent_or_zero(value)),
            Edit::Append(value) => Edit::Append(self.tangent_or_zero(value)),
            Edit::RemoveLast | Edit::Resize(_) | Edit::Swap(..) | Edit::Reverse => edit,
        };
        let mut results = Vec::new();
        for &removed in &inst.results {
            results.push(self.fresh_tangent(removed));
        }
        self.builder.generate(results, Kind::Edit(place, edit));
    }

    /// The variable that an active version belongs to.
    pub(super) fn cell_of(&self, value: ValueId) -> Option<Cell> {
        self.origins.cell(value).filter(|_| self.builder.function.is_active(value))
    }

    pub(super) fn is_in_cell(&self, part: ValueId) -> bool {
        let root = self.origins.origin(part).root;
        root != part && self.cells.contains_key(&root)
    }

    /// A part of a variable that is updated in place.
    pub(super) fn part_of_cell(&mut self, part: ValueId) -> Option<ValueId> {
        let origin = self.origins.origin(part);
        let var = *self.cells.get(&origin.root)?;
        if matches!(self.builder.ty(part), Ty::Inert) || !self.builder.function.is_active(part) {
            return None;
        }
        let place = Place { var, path: steps(&origin.path) };
        Some(self.like(part, Kind::Load(place)))
    }

    /// a[i] = v: ȧᵢ = v̇
    pub(super) fn update(
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
                let negative = self.builder.apply(Op::Neg, [dot], (&ty, &hint));
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
            results.push(self.fresh_tangent(removed));
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

    pub(super) fn define(&mut self, var: VarId, value: ValueId) {
        let value = self.tangent_or_zero(value);
        self.touched.insert(var);
        let var = self.var(var);
        self.builder.generate(Vec::new(), Kind::Define { var, value });
    }

    pub(super) fn store(&mut self, place: &Place, value: ValueId) {
        let value = self.tangent_or_zero(value);
        self.touched.insert(place.var);
        let place = self.place(place);
        self.builder.generate(Vec::new(), Kind::Store(place, value));
    }

    pub(super) fn zero(&mut self, var: VarId, like: ValueId, len: Option<ValueId>) {
        let var = self.var(var);
        self.builder.generate(Vec::new(), Kind::Zero { var, like, len });
    }

    pub(super) fn var(&mut self, var: VarId) -> VarId {
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
