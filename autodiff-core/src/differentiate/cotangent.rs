//! Cotangents during the reverse sweep: contributions, their sums, and the shadows of aggregates.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::Seed;
use super::builder::Builder;
use super::counts::Counts;
use super::origin::{Origins, Part, Piece, Storage, part_types, pieces, steps};
use crate::hash::{HashMap, HashSet};
use crate::ir::{
    Active, BindingId, FloatTy, Function, Inst, Kind, Literal, Member, Place, Step, Ty, ValueId,
    Var, VarId,
};
use crate::rules::Op;

/// The state of the reverse sweep: v ↦ the contributions to v̄ found so far.
///
/// What has no entry is a structural zero. A contribution made in an arm is kept in the frame of
/// that arm, until the arm ends and yields it.
pub(crate) struct Reverse<'f> {
    pub(crate) primal: &'f Function,
    pub(crate) origins: Origins<'f>,
    pub(crate) builder: Builder,
    /// What the cotangent of the result is.
    pub(crate) seeded: Seed,
    /// Whether the adjoint is differentiated.
    pub(crate) again: Again,
    /// At which instruction of the body the sweep is.
    pub(crate) at: usize,
    /// One per region that may not run, innermost last; the body's is the first.
    pub(crate) frames: Vec<Frame>,
    /// The shadow of each root that has one so far.
    pub(crate) shadows: HashMap<ValueId, VarId>,
    /// The shadow of each variable of the primal.
    pub(crate) shadows_of_vars: HashMap<VarId, VarId>,
    /// What gives each variable of the primal its shape, and in how many arms it is declared.
    pub(crate) declared: HashMap<VarId, (ValueId, usize)>,
    /// Starts the shadows of the `&mut` parameters.
    pub(crate) given: Vec<Inst>,
    /// How many loops are open.
    pub(crate) loops: usize,
    /// The tapes of the loops so far.
    pub(crate) tapes: Vec<VarId>,
    /// The variables that are moved into others.
    pub(crate) moved: HashSet<BindingId>,
    /// The value that holds the length of each variable that a shadow is made like.
    pub(crate) lengths: HashMap<ValueId, ValueId>,
    /// The variables whose length the forward sweep asks for already.
    pub(crate) asked: HashSet<ValueId>,
    /// Whether the primal reads fields of variants.
    pub(crate) tells_variants: bool,
    /// What is to stand before the instruction that is being reversed.
    pub(crate) before: Vec<Inst>,
    /// The shadows that the forward sweep adds to already.
    pub(crate) hoisted: Vec<Zeroed>,
    /// Those that every iteration of a loop of the forward sweep leaves as zero.
    pub(crate) private: HashSet<VarId>,
    /// The values that are known to be of type `usize`, once a loop has asked for them.
    pub(crate) counts: OnceCell<Counts>,
}

/// Whether an adjoint is differentiated in its turn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    No,
    Yes,
}

/// A shadow that starts as zero, what it is shaped like, and that one's length, if it is kept.
pub(crate) type Zeroed = (VarId, ValueId, Option<ValueId>);

/// What one region has contributed so far.
#[derive(Default)]
pub(crate) struct Frame {
    pub(crate) sums: BTreeMap<Slot, Vec<ValueId>>,
    /// The shadows to declare where the region's reverse sweep begins.
    pub(crate) zeros: Vec<Zeroed>,
}

/// A value, or a float of an aggregate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(crate) root: ValueId,
    pub(crate) path: Vec<Piece>,
}

impl Slot {
    pub(crate) fn whole(root: ValueId) -> Self {
        Self { root, path: Vec::new() }
    }
}

impl Reverse<'_> {
    /// v̄ += c
    pub(crate) fn add(&mut self, value: ValueId, contribution: ValueId) {
        if !self.has_cotangent(value) {
            return;
        }
        let copied = self.origins.copied(value);
        let origin = self.origins.origin(copied);
        if origin.path.is_empty() {
            self.add_part(origin.root, &[], contribution);
        } else {
            // Summed first; added to the aggregate where this part is taken from it.
            self.push(Slot::whole(copied), contribution);
        }
    }

    /// The same for a part of an aggregate.
    pub(crate) fn add_part(&mut self, root: ValueId, path: &[Part], contribution: ValueId) {
        if !self.has_cotangent(root) {
            return;
        }
        match (self.origins.storage(root), pieces(path)) {
            (Storage::Tree, Some(path)) => {
                let ty = self.part_ty(root, &path);
                self.add_leaves(&mut Slot { root, path }, &ty, contribution);
            }
            (Storage::Direct, _) => self.push(Slot::whole(root), contribution),
            (Storage::Shadow, _) | (Storage::Tree, None) => {
                let var = self.shadow(root);
                let place = Place { var, path: steps(path) };
                self.builder.generate(Vec::new(), Kind::AddTo(place, contribution));
            }
        }
    }

    fn add_leaves(&mut self, slot: &mut Slot, ty: &Ty, contribution: ValueId) {
        let parts = part_types(ty);
        if parts.is_empty() && !matches!(ty, Ty::Inert | Ty::Tuple(_) | Ty::Array(..)) {
            self.push(slot.clone(), contribution);
        }
        for (piece, ty) in parts {
            if matches!(ty, Ty::Inert) {
                continue;
            }
            let part = self.project(contribution, piece, &ty);
            slot.path.push(piece);
            self.add_leaves(slot, &ty, part);
            slot.path.pop();
        }
    }

    pub(crate) fn push(&mut self, slot: Slot, contribution: ValueId) {
        if let Some(frame) = self.frames.last_mut() {
            frame.sums.entry(slot).or_default().push(contribution);
        }
    }

    /// A part of an aggregate cotangent.
    pub(crate) fn project(&mut self, whole: ValueId, piece: Piece, ty: &Ty) -> ValueId {
        let name = self.builder.function.values[whole].hint.clone();
        match piece {
            Piece::Field(n) => {
                let hint = format!("{name}_{n}");
                self.builder.push(ty.clone(), &hint, Kind::Field(whole, Member::Unnamed(n)))
            }
            Piece::Element(n) => {
                let index = self.builder.index(n as usize);
                let hint = format!("{name}_{n}");
                self.builder.push(ty.clone(), &hint, Kind::Index(whole, index))
            }
        }
    }

    /// The cotangent of a value where it is defined; afterwards it has none.
    pub(crate) fn take(&mut self, value: ValueId) -> Option<ValueId> {
        match self.origins.storage(value) {
            Storage::Direct => self.take_sum(&Slot::whole(value)),
            Storage::Tree => {
                let frame = self.frames.last()?;
                let first = Slot::whole(value);
                let (found, _) = frame.sums.range(first..).next()?;
                (found.root == value).then(|| {
                    let ty = self.builder.ty(value);
                    self.gather(&mut Slot::whole(value), &ty)
                })
            }
            Storage::Shadow => {
                let root = self.origins.cell(value).map_or(value, |cell| cell.root);
                let var = *self.shadows.get(&root)?;
                let (ty, hint) = (self.builder.ty(value), self.builder.bar(value));
                Some(self.builder.load(var, Vec::new(), ty, &hint))
            }
        }
    }

    /// The aggregate of the sums of its floats, zero where there is no contribution.
    fn gather(&mut self, slot: &mut Slot, ty: &Ty) -> ValueId {
        let hint = self.hint(slot);
        let mut parts = Vec::new();
        for (piece, ty) in part_types(ty) {
            slot.path.push(piece);
            parts.push(self.gather(slot, &ty));
            slot.path.pop();
        }
        match ty {
            Ty::Tuple(_) => self.builder.push(ty.clone(), &hint, Kind::Tuple(parts)),
            Ty::Array(..) => self.builder.push(ty.clone(), &hint, Kind::Array(parts)),
            Ty::Ref(inner) | Ty::Option(inner) => self.gather(slot, inner),
            Ty::Inert => self.builder.push(Ty::Tuple(Vec::new()), &hint, Kind::Tuple(Vec::new())),
            Ty::Float(_) | Ty::Slice(_) | Ty::Vec(_) | Ty::Named(_) | Ty::Unknown => {
                let zero = Kind::Const(Literal::Number(0.0));
                match self.take_sum(slot) {
                    Some(sum) => sum,
                    None => self.builder.push(ty.clone(), &hint, zero),
                }
            }
        }
    }

    /// The sum of the contributions to a slot; afterwards there are none.
    pub(crate) fn take_sum(&mut self, slot: &Slot) -> Option<ValueId> {
        // In the order in which the primal reads the value.
        let mut contributions = self.frames.last_mut()?.sums.remove(slot)?;
        contributions.reverse();
        self.sum(slot, &contributions)
    }

    fn sum(&mut self, slot: &Slot, contributions: &[ValueId]) -> Option<ValueId> {
        let (&first, rest) = contributions.split_first()?;
        if rest.is_empty() {
            return Some(first);
        }
        let (ty, hint) = (self.slot_ty(slot), self.hint(slot));
        if self.is_float(slot) {
            let add = |sum, &next: &ValueId| self.builder.apply(Op::Add, [sum, next], (&ty, &hint));
            return Some(rest.iter().fold(first, add));
        }
        let var = self.builder.function.vars.push(Var { ty: ty.clone(), hint: hint.clone() });
        self.builder.generate(Vec::new(), Kind::Zero { var, like: slot.root, len: None });
        for &contribution in contributions {
            let place = Place { var, path: Vec::new() };
            self.builder.generate(Vec::new(), Kind::AddTo(place, contribution));
        }
        Some(self.builder.load(var, Vec::new(), ty, &hint))
    }

    /// Whether what a slot holds is one float.
    pub(crate) fn is_float(&self, slot: &Slot) -> bool {
        !slot.path.is_empty() || self.origins.is_scalar(slot.root)
    }

    /// The type of what a slot holds.
    pub(crate) fn slot_ty(&self, slot: &Slot) -> Ty {
        let ty = self.part_ty(slot.root, &slot.path);
        match ty {
            Ty::Unknown if self.is_float(slot) => Ty::Float(FloatTy::Inferred),
            ty => ty,
        }
    }

    fn part_ty(&self, root: ValueId, path: &[Piece]) -> Ty {
        let mut ty = self.builder.ty(root);
        for piece in path {
            let found = part_types(&ty).into_iter().find(|(known, _)| known == piece);
            ty = found.map_or(Ty::Unknown, |(_, ty)| ty);
        }
        ty
    }

    /// The name of the cotangent of a slot.
    pub(crate) fn hint(&self, slot: &Slot) -> String {
        let mut hint = self.slot_name(slot);
        hint.push_str("_bar");
        hint
    }

    /// The name of what a slot is the cotangent of.
    pub(crate) fn slot_name(&self, slot: &Slot) -> String {
        let mut name = self.builder.name(slot.root);
        for piece in &slot.path {
            let (Piece::Field(n) | Piece::Element(n)) = piece;
            name.push('_');
            name.push_str(&n.to_string());
        }
        name
    }

    /// The shadow of a root, declared where the reverse sweep of its region begins.
    pub(crate) fn shadow(&mut self, root: ValueId) -> VarId {
        let root = self.origins.cell(root).map_or(root, |cell| cell.root);
        if let Some(&var) = self.shadows.get(&root) {
            return var;
        }
        let like = self.origins.cell(root).map_or(root, |cell| cell.like);
        let like = if self.is_moved(like) { like } else { self.builder.bound_to(like) };
        let (ty, hint) = (self.builder.ty(like), self.builder.bar(root));
        let var = self.builder.function.vars.push(Var { ty, hint });
        self.shadows.insert(root, var);
        let len = self.length_of(like);
        let depth = self.origins.depth(root);
        if let Some(frame) = self.frames.get_mut(depth) {
            frame.zeros.push((var, like, len));
        }
        var
    }

    /// The shadow of a variable that the primal itself declares.
    pub(crate) fn shadow_of_var(&mut self, var: VarId) -> VarId {
        if let Some(&shadow) = self.shadows_of_vars.get(&var) {
            return shadow;
        }
        let Var { ty, hint } = self.builder.function.vars[var].clone();
        let hint = format!("{hint}_bar");
        let shadow = self.builder.function.vars.push(Var { ty, hint });
        self.shadows_of_vars.insert(var, shadow);
        if let Some(&(like, depth)) = self.declared.get(&var)
            && let Some(frame) = self.frames.get_mut(depth)
        {
            frame.zeros.push((shadow, like, None));
        }
        shadow
    }

    /// The place where the cotangent of a part of a root is kept, if it is kept in memory.
    pub(crate) fn place(&mut self, value: ValueId) -> Option<Place> {
        let origin = self.origins.origin(value);
        if self.origins.storage(origin.root) != Storage::Shadow || self.origins.is_scalar(value) {
            return None;
        }
        let var = self.shadow(origin.root);
        Some(Place { var, path: steps(&origin.path) })
    }

    /// A part of the shadow of a root.
    pub(crate) fn load_element(&mut self, var: VarId, index: usize, ty: Ty, hint: &str) -> ValueId {
        let index = self.builder.index(index);
        self.builder.load(var, vec![Step::Index(index)], ty, hint)
    }

    /// A frame's declarations of shadows, to stand before what uses them.
    pub(crate) fn declarations(&mut self, frame: &Frame) -> Vec<Inst> {
        self.builder.open();
        for &(var, like, len) in &frame.zeros {
            match self.taken_apart(like) {
                Some(parts) => {
                    let hint = self.builder.bar(like);
                    let mut zeros = Vec::new();
                    for part in parts {
                        let hint = self.builder.bar(part);
                        zeros.push(self.builder.zero(part, &hint));
                    }
                    let value = self.builder.push(self.builder.ty(like), &hint, Kind::Tuple(zeros));
                    self.builder.generate(Vec::new(), Kind::Define { var, value });
                }
                None => self.builder.generate(Vec::new(), Kind::Zero { var, like, len }),
            }
        }
        self.builder.close()
    }

    /// The parts of a tuple that the user's pattern has moved into variables.
    fn taken_apart(&self, whole: ValueId) -> Option<Vec<ValueId>> {
        let Ty::Tuple(fields) = self.builder.ty(whole) else { return None };
        let moves = |ty: &Ty| matches!(ty, Ty::Unknown) || ty.is_run_time_sized();
        let read: Option<Vec<ValueId>> =
            (0..).take(fields.len()).map(|n| self.origins.field(whole, n)).collect();
        let read = read.filter(|_| fields.iter().any(moves))?;
        // What an arm takes apart is not seen outside.
        let depth = self.origins.depth(whole);
        if read.iter().any(|&part| self.origins.depth(part) > depth) {
            return None;
        }
        let parts: Vec<ValueId> = read.iter().map(|&part| self.builder.bound_to(part)).collect();
        let moved =
            |(part, name): (&ValueId, &ValueId)| part != name && !self.origins.is_scalar(*part);
        read.iter().zip(&parts).any(moved).then_some(parts)
    }

    /// Whether there is a cotangent of a value: of a variable that is updated in place, also
    /// while it holds nothing active.
    fn has_cotangent(&self, value: ValueId) -> bool {
        self.is_active(value) || self.origins.cell(value).is_some_and(|cell| cell.active)
    }

    /// Whether a value is active.
    pub(crate) fn is_active(&self, value: ValueId) -> bool {
        self.builder.function.values[value].active == Active::Yes
    }
}
