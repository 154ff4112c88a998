//! Lengths: what the reverse sweep must know of variables that change theirs, and of variables
//! that are gone when it begins.

use super::cotangent::Reverse;
use super::origin::Origins;
use crate::ir::{
    Active, Assignment, Edit, Inst, Kind, Literal, Member, Place, Region, Step, Ty, ValueId,
};

impl Origins<'_> {
    /// The first version of the variable that a value is a version of, where its length never
    /// changes.
    pub(crate) fn one_length(&self, value: ValueId) -> Option<ValueId> {
        self.cell(value).filter(|_| !self.is_resized(value)).map(|cell| cell.root)
    }

    /// Whether a value is a version of a variable whose length changes.
    pub(crate) fn is_resized(&self, value: ValueId) -> bool {
        if value.index() >= self.function.values.len() {
            return false;
        }
        let home = self.function.values[value].home.as_ref();
        home.is_some_and(|home| self.resized.contains(&home.binding))
    }
}

/// Whether a function tells variants apart, and reads their fields.
pub(crate) fn tells_variants(region: &Region) -> bool {
    region.insts.iter().any(|inst| {
        matches!(inst.kind, Kind::Field(_, Member::Variant(_)))
            || inst.kind.regions().iter().any(tells_variants)
    })
}

/// Whether a type may be a struct's, for all that is known.
fn is_untold(ty: &Ty) -> bool {
    matches!(ty, Ty::Named(_) | Ty::Unknown)
}

impl Reverse<'_> {
    /// ā after a change of `of` as a whole: the same change backwards.
    pub(crate) fn reverse_edit(
        &mut self,
        inst: &Inst,
        (of, path): (ValueId, &[Step]),
        by: Assignment,
        value: ValueId,
    ) {
        let Some(cell) = self.origins.cell(of).filter(|cell| cell.active) else { return };
        let place = Place { var: self.shadow(cell.root), path: path.to_vec() };
        let of_ty = self.builder.ty(of);
        let element = self.builder.function.part_ty(&of_ty, path).element();
        let hint = self.builder.bar(value);
        match by {
            Assignment::Fill => {
                let taken = Ty::Vec(Box::new(element.clone()));
                let bar = self.builder.push(taken, &format!("{hint}_all"), Kind::Take(place));
                if self.is_active(value) {
                    let sum = self.builder.push(element, &hint, Kind::Sum(bar));
                    self.add(value, sum);
                }
            }
            Assignment::Append => {
                let bar = self.builder.fresh(element, &hint, Active::Yes);
                self.builder.generate(vec![bar], Kind::Edit(place, Edit::RemoveLast));
                if self.is_active(value) {
                    self.add(value, bar);
                }
            }
            Assignment::RemoveLast => {
                let Some(&removed) = inst.results.first() else { return };
                let bar = match self.take(removed) {
                    Some(bar) => bar,
                    None => self.nothing_like(removed, &element),
                };
                self.builder.generate(Vec::new(), Kind::Edit(place, Edit::Append(bar)));
            }
            Assignment::Resize => self.restore_length((of, path), place),
            Assignment::Reverse => {
                self.builder.generate(Vec::new(), Kind::Edit(place, Edit::Reverse));
            }
            Assignment::Swap(other) => {
                self.builder.generate(Vec::new(), Kind::Edit(place, Edit::Swap(value, other)));
            }
            Assignment::Set | Assignment::Add | Assignment::Sub => {}
        }
    }

    fn nothing_like(&mut self, value: ValueId, ty: &Ty) -> ValueId {
        let hint = self.builder.bar(value);
        if matches!(ty, Ty::Unknown | Ty::Float(_)) {
            let zero = Kind::Const(Literal::Number(0.0));
            return self.builder.push(Ty::Float(crate::ir::FloatTy::Inferred), &hint, zero);
        }
        self.builder.zero(value, &hint)
    }

    /// Gives a part of a shadow the length that its primal had before.
    pub(crate) fn restore_length(&mut self, (of, path): (ValueId, &[Step]), place: Place) {
        let len = self.length_before(of, path);
        self.builder.generate(Vec::new(), Kind::Edit(place, Edit::Resize(len)));
    }

    /// Whether a variable of this type may be given another variant.
    pub(crate) fn may_change_variant(&self, ty: &Ty) -> bool {
        self.tells_variants && matches!(ty, Ty::Named(_) | Ty::Unknown | Ty::Option(_))
    }

    /// Gives a part of a shadow the variant that its primal had before: a cotangent that has been
    /// taken is a zero of the variant that it was taken of.
    pub(crate) fn restore_variant(&mut self, (of, path): (ValueId, &[Step]), place: Place) {
        let ty = self.builder.function.part_ty(&self.builder.ty(of), path);
        if !self.may_change_variant(&ty) {
            return;
        }
        let part = self.part_before(of, path);
        let hint = format!("{}_zero", self.builder.name(of));
        let zero = self.insert_before(Ty::Unknown, &hint, Active::No, Kind::ZeroOf(part));
        self.builder.generate(Vec::new(), Kind::Store(place, zero));
    }

    /// The length of a part, asked for before the instruction that is being reversed.
    fn length_before(&mut self, of: ValueId, path: &[Step]) -> ValueId {
        let value = self.part_before(of, path);
        let hint = format!("{}_len", self.builder.name(of));
        self.insert_before(Ty::Inert, &hint, Active::No, Kind::Len(value))
    }

    /// A part, as it is before the instruction that is being reversed.
    fn part_before(&mut self, of: ValueId, path: &[Step]) -> ValueId {
        let mut value = of;
        for step in path {
            let ty = self.builder.ty(value);
            let (kind, ty) = match *step {
                Step::Field(n) => (Kind::Field(value, n), ty.field(n)),
                Step::Index(index) => (Kind::Index(value, index), ty.element()),
                Step::Range(bounds) => {
                    (Kind::Slice(value, bounds), Ty::Slice(Box::new(ty.element())))
                }
            };
            let active = self.builder.function.values[of].active;
            value = self.insert_before(ty, "part", active, kind);
        }
        value
    }

    fn insert_before(&mut self, ty: Ty, hint: &str, active: Active, kind: Kind) -> ValueId {
        let value = self.builder.fresh(ty, hint, active);
        let span = self.builder.span;
        self.before.push(Inst::generated(vec![value], kind, span));
        value
    }

    /// The version that gave a variable the length of this one. It may be borrowed in part since.
    fn of_same_length(&self, like: ValueId) -> ValueId {
        let mut version = like;
        while let Some(Kind::Update { of, path, by, .. }) =
            self.origins.definition(version).map(|found| &found.inst.kind)
            && !self.primal.changes_length(*of, path, *by)
        {
            version = *of;
        }
        version
    }

    /// The value that holds the length of a shadow, where the variable itself may be gone, or of
    /// another length, when the shadow is made.
    pub(crate) fn length_of(&mut self, like: ValueId) -> Option<ValueId> {
        let function = self.primal;
        if like.index() >= function.values.len() {
            return None;
        }
        let known = &function.values[like];
        let is_flat = matches!(&known.ty, Ty::Vec(element) if element.has_literal_zero());
        let varies = known.home.as_ref().filter(|_| is_flat).is_some_and(|home| {
            self.moved.contains(&home.binding)
                || self.origins.is_resized(like)
                || self.origins.depth(like) > 0
        });
        if !varies && !self.is_moved(like) {
            return None;
        }
        let like = if is_flat { self.of_same_length(like) } else { like };
        let what = if is_flat { "len" } else { "zero" };
        let hint = format!("{}_{what}", self.builder.name(like));
        Some(
            *self
                .lengths
                .entry(like)
                .or_insert_with(|| self.builder.fresh(Ty::Inert, &hint, Active::No)),
        )
    }

    /// Whether a struct is moved away, or lent: its zero is taken while it is there.
    pub(crate) fn is_moved(&self, like: ValueId) -> bool {
        if like.index() >= self.primal.values.len() {
            return false;
        }
        let known = &self.primal.values[like];
        // References that a branch chose are not there when a pullback is called.
        let is_lent = |part: &Ty| matches!(part, Ty::Ref(of) if is_untold(of));
        if matches!(&known.ty, Ty::Tuple(parts) if parts.iter().any(is_lent)) {
            return known.home.is_none();
        }
        let home = known.home.as_ref().filter(|_| is_untold(&known.ty));
        // What a pattern bound a part of may hold another variant by then.
        let is_gone = || self.tells_variants && !self.origins.stays(like);
        home.is_some_and(|home| self.moved.contains(&home.binding) || is_gone())
    }

    /// The forward sweep of a region, with the lengths that its reverse asks for.
    pub(crate) fn with_lengths(&mut self, forward: Vec<Inst>) -> Vec<Inst> {
        let mut insts = Vec::new();
        for inst in forward {
            let measured: Vec<Inst> =
                inst.results.iter().filter_map(|&result| self.measured(result)).collect();
            insts.push(inst);
            insts.extend(measured);
        }
        insts
    }

    /// The instruction that asks for a length, once.
    pub(crate) fn measured(&mut self, like: ValueId) -> Option<Inst> {
        let len = *self.lengths.get(&like).filter(|_| self.asked.insert(like))?;
        let span = self.primal.values[like].span;
        let is_flat = matches!(self.primal.values[like].ty, Ty::Vec(_));
        let kind = if is_flat { Kind::Len(like) } else { Kind::ZeroOf(like) };
        Some(Inst::generated(vec![len], kind, span))
    }
}
