//! The tangents of values: of sums and products, of parts and of what they are put together to.

use super::Forward;
use crate::differentiate::builder::{Memo, Weighting};
use crate::hash::HashMap;
use crate::ir::{Kind, Member, Place, Step, Ty, ValueId, Var};
use crate::rules::Op;

impl Forward<'_> {
    /// The tangent of the result of an instruction that has one result at most.
    pub(super) fn of(&mut self, kind: &Kind, result: ValueId) -> Option<ValueId> {
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
            Kind::Field(of, n) => match self.part_of_tuple(*of, n) {
                Some(part) => self.tangent(part),
                None => self.lifted(*of, result, |dot| Kind::Field(dot, *n)),
            },
            Kind::Index(of, index) => self.lifted(*of, result, |dot| Kind::Index(dot, *index)),
            Kind::Reborrow(of) => self.lifted(*of, result, Kind::Reborrow),
            Kind::Copy(of) => self.lifted(*of, result, Kind::Copy),
            // The tangent is that of what it holds.
            Kind::Wrap(of) | Kind::Payload(of) => self.tangent(*of),
            Kind::Cast(of, width) => self.lifted(*of, result, |dot| Kind::Cast(dot, width.clone())),
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
            | Kind::Finite(_)
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
            | Kind::Keep(_)
            | Kind::Run(_)
            | Kind::Replay(_)
            | Kind::Edit(..)
            | Kind::AddTo(..) => None,
        }
    }

    /// s = S { f: v, ..b }: ṡ is ḃ with v̇ as its f, zero where there is none.
    pub(super) fn structure(
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
    pub(super) fn apply(&mut self, op: Op, args: &[ValueId], y: ValueId) -> Option<ValueId> {
        if !args.iter().any(|&arg| self.has_tangent(arg)) {
            return None;
        }
        let (ty, hint) = (self.builder.ty(y), self.builder.dot(y));
        let partials = self.builder.partials(op, args, y);
        let mut memo: Memo = HashMap::default();
        let mut sum = None;
        for (arg, partial) in args.iter().zip(&partials) {
            let (Some(dot), Some(partial)) = (self.tangent(*arg), partial) else { continue };
            let factor = self.builder.dereferenced(dot);
            let weighting = Weighting { row: (op, args), factor, partial, ty: &ty, hint: &hint };
            let term = self.builder.weighted(&weighting, &mut memo);
            sum = Some(match sum {
                Some(sum) => self.builder.apply(Op::Add, [sum, term], (&ty, &hint)),
                None => term,
            });
        }
        sum
    }

    /// y = c ⊗ p: ẏ = ċ ⊗ p + c ⊗ ṗ
    pub(super) fn scale(
        &mut self,
        cotangent: ValueId,
        partial: ValueId,
        y: ValueId,
    ) -> Option<ValueId> {
        let first = self.tangent(cotangent).map(|dot| Kind::Scale { cotangent: dot, partial });
        let second = self.tangent(partial).map(|dot| Kind::Scale { cotangent, partial: dot });
        let first = first.map(|kind| self.like(y, kind));
        let second = second.map(|kind| self.like(y, kind));
        match (first, second) {
            (Some(one), Some(other)) => {
                Some(self.like(y, Kind::Apply(Op::Add, [one, other].into())))
            }
            (one, other) => one.or(other),
        }
    }

    /// What a tuple has here, where it is made and taken apart at once.
    fn part_of_tuple(&self, tuple: ValueId, at: &Member) -> Option<ValueId> {
        let (Some(definition), Member::Unnamed(at)) = (self.origins.definition(tuple), at) else {
            return None;
        };
        let Kind::Tuple(parts) = &definition.inst.kind else { return None };
        parts.get(usize::try_from(*at).ok()?).copied()
    }

    /// Linear in its one operand.
    pub(super) fn lifted(
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
}
