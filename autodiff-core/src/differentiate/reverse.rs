//! The reverse sweep, instruction by instruction: from the cotangents of its results to
//! contributions to those of its operands.

use super::builder::{Memo, Weighting};
use super::cotangent::Reverse;
use super::origin::{Piece, Storage};
use crate::hash::HashMap;
use crate::ir::{Assignment, Inst, Kind, Len, Literal, Member, Place, Region, Step, Ty, ValueId};
use crate::rules::Op;

impl Reverse<'_> {
    /// Reverses `insts` from the last to the first. Returns the forward sweep: the same
    /// instructions, with what the reverse sweep needs of them.
    pub(crate) fn insts(&mut self, insts: &[Inst]) -> Vec<Inst> {
        let mut forward: Vec<Inst> = Vec::new();
        let outermost = std::ptr::eq(insts, self.primal.body.insts.as_slice());
        for (at, inst) in insts.iter().enumerate().rev() {
            if outermost {
                self.at = at;
            }
            if let Kind::Loop(of) = &inst.kind {
                self.builder.span = inst.span;
                forward.extend(self.repeat(inst, of).into_iter().rev());
            } else {
                forward.push(self.inst(inst));
                let before = std::mem::take(&mut self.before);
                forward.extend(before.into_iter().rev());
            }
        }
        forward.reverse();
        self.with_lengths(forward)
    }

    fn inst(&mut self, inst: &Inst) -> Inst {
        self.builder.span = inst.span;
        match &inst.kind {
            Kind::Bind(values) => self.reverse_bind(inst, values),
            Kind::Update { of, path, by, value } => {
                self.reverse_update(inst, (*of, path), *by, *value);
                self.reverse_edit(inst, (*of, path), *by, *value);
            }
            Kind::Filled(element, _) => self.reverse_filled(inst, *element),
            Kind::Call(call) => return self.call(inst, call),
            Kind::Branch(branch) => return self.branch(inst, branch),
            Kind::Block(region) => {
                let insts = self.insts(&region.insts);
                let insts = self.without_shadows(insts);
                let kind = Kind::Block(Region { insts, yields: region.yields.clone() });
                return Inst { kind, ..inst.clone() };
            }
            Kind::AddTo(place, value) => self.reverse_add_to(place, *value),
            Kind::Apply(op, args) => self.with_cotangent(inst, |this, y, y_bar| {
                this.reverse_apply(*op, args, y, y_bar);
            }),
            Kind::Scale { cotangent, partial } => self.with_cotangent(inst, |this, _, y_bar| {
                this.reverse_scale(*cotangent, *partial, y_bar);
            }),
            Kind::Select { cond, yes, no } => self.with_cotangent(inst, |this, _, y_bar| {
                this.reverse_select(*cond, (*yes, *no), y_bar);
            }),
            Kind::Tuple(parts) | Kind::Array(parts) => self.reverse_aggregate(inst, parts),
            Kind::Struct { fields, base } => self.reverse_struct(inst, fields, *base),
            Kind::Repeat(element) => self.reverse_repeat(inst, *element),
            Kind::Field(..) | Kind::Index(..) | Kind::Slice(..) => self.reverse_part(inst),
            Kind::Take(place) => self.with_cotangent(inst, |this, _, y_bar| {
                let place = this.shadow_place(place);
                this.builder.generate(Vec::new(), Kind::Store(place, y_bar));
            }),
            Kind::Cast(value, _) => self.with_cotangent(inst, |this, _, y_bar| {
                this.reverse_cast(*value, y_bar);
            }),
            Kind::Load(place) => self.with_cotangent(inst, |this, _, y_bar| {
                let place = this.shadow_place(place);
                this.builder.generate(Vec::new(), Kind::AddTo(place, y_bar));
            }),
            Kind::Optional(Some(of)) | Kind::Present(of) => {
                self.with_cotangent(inst, |this, _, y_bar| this.add(*of, y_bar));
            }
            // Copies, where a contribution to one is a contribution to what it is a copy of; and
            // what has no derivative.
            Kind::Reborrow(of) if self.origins.is_read(inst, *of) => {
                self.with_cotangent(inst, |this, _, y_bar| this.add(*of, y_bar));
            }
            // Of run-time length, with a cotangent of its own.
            Kind::Payload(of)
                if inst.results.first().is_some_and(|&part| self.origins.is_own(part)) =>
            {
                self.with_cotangent(inst, |this, _, y_bar| this.add(*of, y_bar));
            }
            Kind::Reborrow(_)
            | Kind::Wrap(_)
            | Kind::Payload(_)
            | Kind::Const(_)
            | Kind::Len(_)
            | Kind::ZeroOf(_)
            | Kind::Copy(_)
            | Kind::Integer(..)
            | Kind::Number(_)
            // Loops have been dealt with; what else is here, no primal has: reverse over reverse
            // is refused by whoever asks for it.
            | Kind::Loop(_)
            | Kind::Define { .. }
            | Kind::Store(..)
            | Kind::Reserve(_)
            | Kind::Tape(_)
            | Kind::Push(..)
            | Kind::Pop(_)
            | Kind::Keep(_)
            | Kind::Run(_)
            | Kind::Replay(_)
            | Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Finite(_)
            | Kind::Opaque { .. }
            | Kind::PatternBound(_)
            | Kind::Declare(_)
            | Kind::Edit(..)
            | Kind::Sum(_)
            | Kind::Optional(None)
            | Kind::Zero { .. } => {}
        }
        inst.clone()
    }

    /// a = v, where a is updated in place: v̄ += ā, and nothing is left of the ā of what a was
    /// before.
    fn reverse_bind(&mut self, inst: &Inst, values: &[ValueId]) {
        // All at once: `(a, b) = (b, a)`.
        let mut bars = Vec::new();
        for (&result, &value) in inst.results.iter().zip(values) {
            if !self.origins.is_own(result) {
                continue;
            }
            let Some(cell) = self.origins.cell(result).filter(|cell| cell.active) else {
                if let Some(bar) = self.take(result) {
                    bars.push((value, bar));
                }
                continue;
            };
            let (var, place) = (self.shadow(cell.root), Vec::new());
            let (ty, hint) = (self.builder.ty(result), self.builder.bar(result));
            let first = cell.root == result;
            let place = Place { var, path: place };
            if !first || self.is_active(value) {
                let whole = place.clone();
                let kind = if first { Kind::Load(place) } else { Kind::Take(place) };
                let sized = ty.is_run_time_sized();
                let bar = self.builder.push(ty, &hint, kind);
                bars.push((value, bar));
                match self.origins.previous(result).filter(|_| !first) {
                    Some(before) if sized => self.restore_length((before, &[]), whole),
                    Some(before) => self.restore_variant((before, &[]), whole),
                    None => {}
                }
            }
        }
        for (value, bar) in bars {
            self.add(value, bar);
        }
    }

    /// a[i] = v: v̄ += āᵢ, āᵢ = 0; a[i] += v: v̄ += āᵢ
    fn reverse_update(
        &mut self,
        inst: &Inst,
        (of, path): (ValueId, &[Step]),
        by: Assignment,
        value: ValueId,
    ) {
        let Some(cell) = self.origins.cell(of).filter(|cell| cell.active) else { return };
        let var = self.shadow(cell.root);
        let place = Place { var, path: path.to_vec() };
        let (ty, hint) = (self.builder.ty(value), self.builder.bar(value));
        let ty = match ty {
            Ty::Inert => Ty::Unknown,
            ty if matches!(path.last(), Some(Step::Range(_))) => Ty::Vec(Box::new(ty.element())),
            ty => ty,
        };
        self.builder.span = inst.span;
        match by {
            Assignment::Set => {
                let is_part = !matches!(path.last(), Some(Step::Range(_)));
                let resizes = is_part && ty.is_run_time_sized();
                let part = place.clone();
                let bar = self.builder.push(ty, &hint, Kind::Take(place));
                if resizes {
                    self.restore_length((of, path), part);
                } else if is_part {
                    self.restore_variant((of, path), part);
                }
                self.add(value, bar);
            }
            Assignment::Add | Assignment::Sub if self.is_active(value) => {
                let bar = self.builder.push(ty.clone(), &hint, Kind::Load(place));
                let bar = match by {
                    Assignment::Sub => self.builder.apply(Op::Neg, [bar], (&ty, &hint)),
                    _ => bar,
                };
                self.add(value, bar);
            }
            Assignment::Add
            | Assignment::Sub
            | Assignment::Fill
            | Assignment::Append
            | Assignment::RemoveLast
            | Assignment::Resize
            | Assignment::Swap(_)
            | Assignment::Reverse => {}
        }
    }

    /// Runs `reverse` with the result and its cotangent, unless that is a structural zero.
    fn with_cotangent(&mut self, inst: &Inst, reverse: impl FnOnce(&mut Self, ValueId, ValueId)) {
        if let Some(&y) = inst.results.first()
            && let Some(y_bar) = self.take(y)
        {
            reverse(self, y, y_bar);
        }
    }

    /// y = op(x₁, …): x̄ᵢ += ȳ · ∂y/∂xᵢ
    fn reverse_apply(&mut self, op: Op, args: &[ValueId], y: ValueId, y_bar: ValueId) {
        let partials = self.builder.partials(op, args, y);
        let mut memo: Memo = HashMap::default();
        for (&arg, partial) in args.iter().zip(&partials).rev() {
            let Some(partial) = partial else { continue };
            let ty = match self.builder.ty(arg) {
                Ty::Unknown => self.builder.ty(y),
                ty => ty,
            };
            let hint = self.builder.bar(self.origins.copied(arg));
            let weighting =
                Weighting { row: (op, args), factor: y_bar, partial, ty: &ty, hint: &hint };
            let contribution = self.builder.weighted(&weighting, &mut memo);
            self.add(arg, contribution);
        }
    }

    /// y = c ⊗ p: c̄ += ȳ ⊗ p, p̄ += ȳ · c
    fn reverse_scale(&mut self, cotangent: ValueId, partial: ValueId, y_bar: ValueId) {
        if self.is_active(cotangent) {
            let (ty, hint) = (self.builder.ty(cotangent), self.builder.bar(cotangent));
            let kind = Kind::Scale { cotangent: y_bar, partial };
            let contribution = self.builder.push(ty, &hint, kind);
            self.add(cotangent, contribution);
        }
        if self.is_active(partial) {
            let (ty, hint) = (self.builder.ty(partial), self.builder.bar(partial));
            let product = self.builder.apply(Op::Mul, [y_bar, cotangent], (&ty, &hint));
            self.add(partial, product);
        }
    }

    /// y = if c { a } else { b }: ā += if c { ȳ } else { 0 }, b̄ += if c { 0 } else { ȳ }
    fn reverse_select(&mut self, cond: ValueId, sides: (ValueId, ValueId), y_bar: ValueId) {
        let (yes, no) = sides;
        if yes == no {
            return self.add(yes, y_bar);
        }
        for side in [yes, no] {
            if !self.is_active(side) {
                continue;
            }
            let (ty, hint) = (self.builder.ty(side), self.builder.bar(side));
            let zero = self.builder.push(ty.clone(), "zero", Kind::Const(Literal::Number(0.0)));
            let (yes, no) = if side == yes { (y_bar, zero) } else { (zero, y_bar) };
            let share = self.builder.push(ty, &hint, Kind::Select { cond, yes, no });
            self.add(side, share);
        }
    }

    /// a = (p₁, …): p̄ᵢ += āᵢ
    fn reverse_aggregate(&mut self, inst: &Inst, parts: &[ValueId]) {
        let Some(&whole) = inst.results.first() else { return };
        let Some(kept) = self.aggregate(whole) else { return };
        for (n, &part) in parts.iter().enumerate() {
            if self.is_active(part) {
                let is_tuple = matches!(inst.kind, Kind::Tuple(_));
                let cotangent = self.element(kept, n, part, is_tuple);
                self.add(part, cotangent);
            }
        }
    }

    /// s = S { f: v, ..b }: v̄ += s̄.f, and b̄ += s̄ without its f
    fn reverse_struct(&mut self, inst: &Inst, fields: &[(Member, ValueId)], base: Option<ValueId>) {
        let Some(&whole) = inst.results.first() else { return };
        let Some(&var) = self.shadows.get(&whole) else { return };
        let base = base.filter(|&base| self.is_active(base));
        for &(member, value) in fields {
            let place = Place { var, path: vec![Step::Field(member)] };
            let (ty, hint) = (self.builder.ty(value), self.builder.bar(value));
            let is_counted = matches!(ty, Ty::Inert);
            let ty = if is_counted { Ty::Unknown } else { ty };
            if self.is_active(value) {
                let kind = if base.is_some() { Kind::Take(place) } else { Kind::Load(place) };
                let bar = self.builder.push(ty, &hint, kind);
                self.add(value, bar);
            } else if base.is_some() && !is_counted {
                self.builder.push(ty, &hint, Kind::Take(place));
            }
        }
        if let Some(base) = base {
            let (ty, hint) = (self.builder.ty(whole), self.builder.bar(base));
            let rest = self.builder.load(var, Vec::new(), ty, &hint);
            self.add(base, rest);
        }
    }

    /// a = [x; n]: x̄ += Σ āᵢ
    fn reverse_repeat(&mut self, inst: &Inst, element: ValueId) {
        let Some(&whole) = inst.results.first() else { return };
        let Ty::Array(_, Len::Literal(len)) = self.builder.ty(whole) else {
            return self.reverse_filled(inst, element);
        };
        if !self.is_active(element) {
            return;
        }
        let Some(kept) = self.aggregate(whole) else { return };
        for n in 0..len {
            let cotangent = self.element(kept, n, element, false);
            self.add(element, cotangent);
        }
    }

    /// a = vec![x; n]: x̄ += Σ āᵢ
    fn reverse_filled(&mut self, inst: &Inst, element: ValueId) {
        let Some(&whole) = inst.results.first() else { return };
        if !self.is_active(element) {
            return;
        }
        if let Some(bar) = self.take(whole) {
            let (ty, hint) = (self.builder.ty(element), self.builder.bar(element));
            let sum = self.builder.push(ty, &hint, Kind::Sum(bar));
            self.add(element, sum);
        }
    }

    /// The cotangent of an aggregate that is built here, where there is any.
    fn aggregate(&mut self, whole: ValueId) -> Option<Kept> {
        match self.origins.storage(whole) {
            Storage::Shadow => self.shadows.get(&whole).copied().map(Kept::Shadow),
            Storage::Direct | Storage::Tree => self.take(whole).map(Kept::Value),
        }
    }

    fn element(&mut self, kept: Kept, n: usize, part: ValueId, is_tuple: bool) -> ValueId {
        let (ty, hint) = (self.builder.ty(part), self.builder.bar(part));
        let position = u32::try_from(n).unwrap_or(u32::MAX);
        match (kept, is_tuple) {
            (Kept::Value(whole), true) => self.project(whole, Piece::Field(position), &ty),
            (Kept::Value(whole), false) => self.project(whole, Piece::Element(position), &ty),
            (Kept::Shadow(var), false) => self.load_element(var, n, ty, &hint),
            (Kept::Shadow(var), true) => {
                let path = vec![Step::Field(Member::Unnamed(position))];
                self.builder.load(var, path, ty, &hint)
            }
        }
    }

    /// p = a[i]: āᵢ += p̄
    fn reverse_part(&mut self, inst: &Inst) {
        let Some(&part) = inst.results.first() else { return };
        let origin = self.origins.origin(part);
        if origin.path.is_empty() || origin.root == part {
            return;
        }
        if let Some(cotangent) = self.take_sum(&super::cotangent::Slot::whole(part)) {
            self.add_part(origin.root, &origin.path, cotangent);
        }
    }

    /// y = x as f32: x̄ += ȳ, in the width of x
    fn reverse_cast(&mut self, value: ValueId, y_bar: ValueId) {
        let (ty, hint) = (self.builder.ty(value), self.builder.bar(value));
        let width = match &ty {
            Ty::Float(width) => width.clone(),
            _ => crate::ir::FloatTy::Inferred,
        };
        let cotangent = self.builder.push(ty, &hint, Kind::Cast(y_bar, width));
        self.add(value, cotangent);
    }

    /// place += v: v̄ += the cotangent of the place
    fn reverse_add_to(&mut self, place: &Place, value: ValueId) {
        if !self.is_active(value) || !self.shadows_of_vars.contains_key(&place.var) {
            return;
        }
        let (ty, hint) = (self.builder.ty(value), self.builder.bar(value));
        let Place { var, path } = self.shadow_place(place);
        let cotangent = self.builder.load(var, path, ty, &hint);
        self.add(value, cotangent);
    }

    fn shadow_place(&mut self, place: &Place) -> Place {
        Place { var: self.shadow_of_var(place.var), path: place.path.clone() }
    }
}

/// Where the cotangent of an aggregate is.
#[derive(Clone, Copy)]
enum Kept {
    Value(ValueId),
    Shadow(crate::ir::VarId),
}
