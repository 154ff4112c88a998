//! Calls of functions that have companions: split in the forward sweep, pulled back in reverse.

use super::cotangent::Reverse;
use super::tangent::Forward;
use crate::ir::{
    Active, Call, CallForm, Function, Inst, Kind, Member, Place, Region, Step, Target, Ty, ValueId,
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
        self.pull_back(call, record, y_bar);
        let split = Call { form: CallForm::Split, ..call.clone() };
        let mut results = inst.results.clone();
        results.insert(1, record);
        Inst { results, kind: Kind::from(split), ..inst.clone() }
    }

    fn pull_back(&mut self, call: &Call, record: ValueId, y_bar: ValueId) {
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
            // What was lent is not passed again.
            write.of = record;
            write.path.clear();
            if let Some(arg) = pulled.args.get_mut(write.arg) {
                *arg = record;
            }
        }
        self.builder.generate(results, Kind::from(pulled));
        for (arg, cotangent) in values {
            self.add(arg, cotangent);
        }
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
        let written = call.writes.iter().map(|write| write.arg).collect::<Vec<_>>();
        let mut dots = Vec::new();
        for (at, &arg) in call.args.iter().enumerate() {
            // An inert part of something active has a tangent that nobody asks for.
            let inert = written.contains(&at) || !self.builder.function.is_active(arg);
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
        let dot_places: Vec<Place> =
            call.writes.iter().filter_map(|write| self.written(write)).collect();
        self.flush();
        let mut results = inst.results.clone();
        let versions = match call.form {
            CallForm::Primal | CallForm::Split => call.writes.len(),
            CallForm::Pullback { .. } => 0,
        };
        let own = inst.results.len().saturating_sub(versions);
        for &result in inst.results.iter().take(own) {
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
