//! Calls of functions that have companions: split in the forward sweep, pulled back in reverse.

use proc_macro2::Delimiter;

use super::cotangent::{Again, Reverse};
use super::tangent::Forward;
use crate::ir::{
    Active, Call, CallForm, Form, Function, Inst, Kind, Member, Piece, Place, Region, Step, Syntax,
    Target, Ty, ValueId, Write,
};

impl Reverse<'_> {
    /// y = g(x): forward (y, record) = `g_split(x)`, reverse x̄ += pullback(record, x, ȳ)
    ///
    /// A call whose result has no cotangent stays as it is.
    pub(crate) fn call(&mut self, inst: &Inst, call: &Call) -> Inst {
        let is_primal = matches!(call.form, CallForm::Primal) && call.dots.is_empty();
        let (Some(&y), true) = (inst.results.first(), is_primal) else { return inst.clone() };
        let y_bar = match self.take(y) {
            Some(y_bar) => y_bar,
            None if call.writes.is_empty() => return inst.clone(),
            // Nobody reads its result; what it writes is another matter.
            None => self.builder.default_value(),
        };
        let hint = format!("{}_record", self.builder.function.values[y].hint);
        let record = self.builder.fresh(Ty::Unknown, &hint, Active::Yes);
        self.pull_back((inst, call), record, y_bar);
        let split = Call { form: CallForm::Split, ..call.clone() };
        let mut results = inst.results.clone();
        results.insert(1, record);
        Inst { results, kind: Kind::from(split), ..inst.clone() }
    }

    fn pull_back(&mut self, (inst, call): (&Inst, &Call), record: ValueId, y_bar: ValueId) {
        let (mut targets, mut values): (Vec<Target>, Vec<_>) = (Vec::new(), Vec::new());
        for (at, &arg) in call.args.iter().enumerate() {
            let write = call.writes.iter().find(|write| write.arg == at);
            targets.push(match write {
                Some(write) => {
                    let var = self.shadow(write.of);
                    Target::Exchange(Place { var, path: write.path.clone() })
                }
                None => self.target(arg, &targets, &mut values),
            });
        }
        let form = CallForm::Pullback { record, y_bar, y_bar_dots: Vec::new(), targets };
        let results = values.iter().map(|&(_, cotangent)| cotangent).collect();
        let mut pulled = Call { form, ..call.clone() };
        for write in &mut pulled.writes {
            // What was lent is not passed again: it has changed.
            write.of = match self.again {
                Again::No => record,
                Again::Yes => self.copied(inst, write),
            };
            write.path.clear();
            if let Some(arg) = pulled.args.get_mut(write.arg) {
                *arg = write.of;
            }
        }
        self.builder.generate(results, Kind::from(pulled));
        for (arg, cotangent) in values {
            self.add(arg, cotangent);
        }
    }

    /// A copy of what is lent to a callee, made before the call.
    fn copied(&mut self, inst: &Inst, write: &Write) -> ValueId {
        let hint = format!("{}_before", self.builder.name(write.of));
        let mut part = write.of;
        for &step in &write.path {
            let ty = self.builder.function.part_ty(&self.builder.ty(part), &[step]);
            let kind = match step {
                Step::Field(member) => Kind::Field(part, member),
                Step::Index(index) => Kind::Index(part, index),
                Step::Range(bounds) => Kind::Slice(part, bounds),
            };
            part = self.push_before(ty, &hint, kind);
        }
        let ty = match self.builder.ty(part) {
            Ty::Slice(element) => Ty::Vec(element),
            ty => ty,
        };
        let copy = self.push_before(ty, &hint, Kind::Copy(part));
        if let Some(last) = self.before.last_mut() {
            // What is reached through a name of the user's has no other one meanwhile.
            last.syntax = lent_place(inst, write.arg);
        }
        copy
    }

    /// An instruction of the forward sweep, before the one that is being reversed.
    fn push_before(&mut self, ty: Ty, hint: &str, kind: Kind) -> ValueId {
        let active = self.builder.function.activity(&kind);
        let value = self.builder.fresh(ty, hint, active);
        self.before.push(Inst::generated(vec![value], kind, self.builder.span));
        value
    }

    /// Where the cotangent of an argument goes; if it is a value, it is noted in `values`.
    fn target(
        &mut self,
        arg: ValueId,
        before: &[Target],
        values: &mut Vec<(ValueId, ValueId)>,
    ) -> Target {
        if !self.is_active(arg) {
            return Target::Ignore;
        }
        // Memory is lent once: `dot(a, a)` gets a sum of its own for the second.
        let is_lent = |place: &Place| {
            before.iter().any(|target| match target {
                Target::Place(lent) | Target::Exchange(lent) => overlap(lent, place),
                Target::Value | Target::Ignore => false,
            })
        };
        if let Some(place) = self.place(arg).filter(|place| !is_lent(place)) {
            return Target::Place(place);
        }
        let (ty, hint) = (self.builder.ty(arg), self.builder.bar(arg));
        values.push((arg, self.builder.fresh(ty, &hint, Active::Yes)));
        Target::Value
    }
}

/// The tokens of a `&mut` argument without the `&mut`.
fn lent_place(call: &Inst, arg: usize) -> Option<Syntax> {
    let Kind::Call(of) = &call.kind else { return None };
    let pieces = &call.syntax.as_ref()?.pieces;
    let Some(Piece::Group(_, written)) = pieces.last() else { return None };
    // Between arguments are commas, and before them may be the receiver.
    let receivers = of.args.len().saturating_sub(written.len().div_ceil(2));
    let piece = match arg.checked_sub(receivers) {
        Some(at) => written.get(2 * at)?,
        None => pieces.first()?,
    };
    let Piece::Group(Delimiter::None, place) = piece else { return None };
    let borrows = matches!(place.first(), Some(Piece::Tokens(first)) if first.to_string() == "&");
    let place = place.get(if borrows { 2 } else { 0 }..)?;
    Some(Syntax { pieces: place.to_vec(), form: Form::Expr })
}

/// The tangent of a pullback, which computes what it needs from the arguments: a record that
/// nothing else reads is not kept.
pub(crate) fn without_records(mut f: Function) -> Function {
    forget_records(&mut f.body);
    f
}

fn forget_records(region: &mut Region) {
    for inst in &mut region.insts {
        if let Kind::Call(call) = &mut inst.kind {
            let carries_tangents = call.is_tangent();
            if let CallForm::Pullback { record, y_bar, .. } = &mut call.form
                && carries_tangents
            {
                *record = *y_bar;
            }
        }
        inst.kind.regions_mut().iter_mut().for_each(forget_records);
    }
}

/// Whether rustc may take two places for the same memory: of elements, and of fields of variants, it
/// borrows the whole.
fn overlap(a: &Place, b: &Place) -> bool {
    let is_part = |step: &Step| matches!(step, Step::Field(Member::Unnamed(_) | Member::Named(_)));
    let is_field = |(one, other): &(&Step, &Step)| is_part(one) && is_part(other);
    let mut fields = a.path.iter().zip(&b.path).take_while(is_field);
    a.var == b.var && !fields.any(|(one, other)| one != other)
}

impl Forward<'_> {
    /// (y, ẏ) = g(x, ẋ), and the same for what the adjoint or an earlier tangent makes of a call:
    /// what it has for each component, it has for the tangent of each component, too.
    pub(crate) fn call(&mut self, inst: &Inst, call: &Call) {
        let lends = call.lends();
        let mut dots = Vec::new();
        for (at, &arg) in call.args.iter().enumerate() {
            // Of what is lent, it is in a place; of an inert part of something active, nobody asks
            // for it.
            let inert =
                !lends.is_empty() && call.is_lent(at) || !self.builder.function.is_active(arg);
            dots.push(if inert { None } else { self.tangent(arg) });
        }
        dots.extend(self.tangents(&call.dots));
        let seeds = match &call.form {
            CallForm::Pullback { y_bar, y_bar_dots, .. } => {
                let first = self.tangent(*y_bar);
                std::iter::once(first).chain(self.tangents(y_bar_dots)).collect()
            }
            CallForm::Primal | CallForm::Split => Vec::new(),
        };
        if dots.iter().chain(&seeds).all(Option::is_none) && call.writes.is_empty() {
            self.keep(inst.clone());
            return;
        }
        self.flush();
        let mut dot_places = call.dot_places.clone();
        dot_places.extend(lends.iter().filter_map(|write| self.written(write)));
        for place in &call.dot_places {
            self.touched.insert(place.var);
            dot_places.push(self.place(place));
        }
        self.flush();
        let mut results = inst.results.clone();
        let versions = call.versions();
        for (at, &result) in inst.results.iter().enumerate() {
            if versions.contains(&at) {
                continue;
            }
            let ty = self.builder.function.values[result].ty.clone();
            let hint = self.builder.dot(result);
            let dot = self.builder.fresh(ty, &hint, Active::Yes);
            self.tangents.insert(result, dot);
            results.push(dot);
        }
        let form = self.form(&call.form, &seeds);
        let dots = [call.dots.as_slice(), &dots].concat();
        let kind = Kind::from(Call { form, dots, dot_places, ..call.clone() });
        self.keep(Inst { results, kind, ..inst.clone() });
    }

    fn tangents(&mut self, of: &[Option<ValueId>]) -> Vec<Option<ValueId>> {
        of.iter().map(|value| value.and_then(|value| self.tangent(value))).collect()
    }

    fn form(&mut self, form: &CallForm, seeds: &[Option<ValueId>]) -> CallForm {
        match form {
            CallForm::Primal => CallForm::Primal,
            CallForm::Split => CallForm::Split,
            CallForm::Pullback { record, y_bar, y_bar_dots, targets } => {
                let mut all = targets.clone();
                for target in targets {
                    all.push(match target {
                        Target::Place(place) => {
                            self.touched.insert(place.var);
                            Target::Place(self.place(place))
                        }
                        Target::Exchange(place) => {
                            self.touched.insert(place.var);
                            Target::Exchange(self.place(place))
                        }
                        Target::Value => Target::Value,
                        Target::Ignore => Target::Ignore,
                    });
                }
                let (record, y_bar) = (*record, *y_bar);
                let y_bar_dots = [y_bar_dots.as_slice(), seeds].concat();
                CallForm::Pullback { record, y_bar, y_bar_dots, targets: all }
            }
        }
    }
}
