//! The values that an instruction reads, and the regions inside it, for every kind alike.

use super::{
    Assignment, Bounds, CallForm, Decision, Head, Inst, Kind, Loop, Piece, Place, Region, Step,
    Target, ValueId,
};

impl Kind {
    /// The operands in order. Regions are not looked into, their yields neither.
    #[must_use]
    pub fn operands(&self) -> Vec<ValueId> {
        let mut found = Vec::new();
        self.visit_operands(&mut |value| found.push(value));
        found
    }

    /// Calls `visit` on each operand in order.
    pub fn visit_operands(&self, visit: &mut impl FnMut(ValueId)) {
        match self {
            Kind::Const(_)
            | Kind::Declare(_)
            | Kind::Block(_)
            | Kind::Optional(None)
            | Kind::Tape(_)
            | Kind::Reserve(_)
            | Kind::Number(_)
            | Kind::Pop(_) => {}
            Kind::Apply(_, args) => visit_all(args, visit),
            Kind::Bind(args)
            | Kind::Tuple(args)
            | Kind::Array(args)
            | Kind::Finite(args)
            | Kind::PatternBound(args)
            | Kind::Keep(args)
            | Kind::Push(_, args)
            | Kind::Opaque { reads: args, .. } => visit_all(args, visit),
            Kind::Less(a, b)
            | Kind::LessEq(a, b)
            | Kind::Equal(a, b)
            | Kind::And(a, b)
            | Kind::Or(a, b)
            | Kind::Scale { cotangent: a, partial: b }
            | Kind::Integer(_, a, b)
            | Kind::Filled(a, b)
            | Kind::Index(a, b) => {
                visit(*a);
                visit(*b);
            }
            Kind::Not(a)
            | Kind::Repeat(a)
            | Kind::Sum(a)
            | Kind::Field(a, _)
            | Kind::Reborrow(a)
            | Kind::Wrap(a)
            | Kind::Payload(a)
            | Kind::Cast(a, _)
            | Kind::Optional(Some(a))
            | Kind::Present(a)
            | Kind::Len(a)
            | Kind::ZeroOf(a)
            | Kind::Copy(a)
            | Kind::Define { value: a, .. }
            | Kind::Zero { like: a, len: None, .. } => visit(*a),
            Kind::Struct { fields, base } => {
                fields.iter().map(|(_, value)| *value).chain(*base).for_each(visit);
            }
            Kind::Zero { len: Some(len), .. } => visit(*len),
            Kind::Select { cond, yes, no } => [*cond, *yes, *no].into_iter().for_each(visit),
            Kind::Call(call) => {
                call.args.iter().copied().for_each(&mut *visit);
                call.dots.iter().flatten().copied().for_each(&mut *visit);
                for write in call.lends() {
                    visit(write.of);
                    write.path.iter().for_each(|step| step.visit_operands(visit));
                }
                call.dot_places.iter().for_each(|place| place.visit_operands(visit));
                call.form.visit_operands(visit);
            }
            Kind::Branch(branch) => match &branch.decision {
                Decision::If(value) | Decision::Number(value) => visit(*value),
                Decision::User { reads, .. } => reads.iter().copied().for_each(visit),
            },
            Kind::AddTo(place, value) | Kind::Store(place, value) => {
                place.visit_operands(visit);
                visit(*value);
            }
            Kind::Load(place) | Kind::Take(place) => place.visit_operands(visit),
            Kind::Edit(place, edit) => {
                place.visit_operands(visit);
                edit.visit_operands(visit);
            }
            Kind::Update { of, path, by, value } => {
                visit(*of);
                path.iter().for_each(|step| step.visit_operands(visit));
                visit(*value);
                if let Assignment::Swap(other) = by {
                    visit(*other);
                }
            }
            Kind::Slice(of, bounds) => {
                visit(*of);
                bounds.visit_operands(visit);
            }
            Kind::Loop(of) => of.visit_operands(visit),
            Kind::Run(of) => {
                of.init.iter().copied().chain(of.reads_outside()).for_each(visit);
            }
            Kind::Replay(of) => {
                visit(of.start);
                of.init.iter().copied().chain(of.of.reads_outside()).for_each(visit);
            }
        }
    }

    /// Replaces each operand by `map` of it.
    pub fn map_operands(&mut self, map: &mut impl FnMut(ValueId) -> ValueId) {
        match self {
            Kind::Const(_)
            | Kind::Declare(_)
            | Kind::Block(_)
            | Kind::Optional(None)
            | Kind::Tape(_)
            | Kind::Reserve(_)
            | Kind::Number(_)
            | Kind::Pop(_) => {}
            Kind::Apply(_, args) => map_all(args, map),
            Kind::Bind(args)
            | Kind::Tuple(args)
            | Kind::Array(args)
            | Kind::Finite(args)
            | Kind::PatternBound(args)
            | Kind::Keep(args)
            | Kind::Push(_, args)
            | Kind::Opaque { reads: args, .. } => map_all(args, map),
            Kind::Less(a, b)
            | Kind::LessEq(a, b)
            | Kind::Equal(a, b)
            | Kind::And(a, b)
            | Kind::Or(a, b)
            | Kind::Scale { cotangent: a, partial: b }
            | Kind::Integer(_, a, b)
            | Kind::Filled(a, b)
            | Kind::Index(a, b) => {
                *a = map(*a);
                *b = map(*b);
            }
            Kind::Not(a)
            | Kind::Repeat(a)
            | Kind::Sum(a)
            | Kind::Field(a, _)
            | Kind::Reborrow(a)
            | Kind::Wrap(a)
            | Kind::Payload(a)
            | Kind::Cast(a, _)
            | Kind::Optional(Some(a))
            | Kind::Present(a)
            | Kind::Len(a)
            | Kind::ZeroOf(a)
            | Kind::Copy(a)
            | Kind::Define { value: a, .. }
            | Kind::Zero { like: a, len: None, .. } => *a = map(*a),
            Kind::Struct { fields, base } => {
                fields.iter_mut().for_each(|(_, value)| *value = map(*value));
                base.iter_mut().for_each(|base| *base = map(*base));
            }
            Kind::Zero { len: Some(len), .. } => *len = map(*len),
            Kind::Select { cond, yes, no } => {
                *cond = map(*cond);
                *yes = map(*yes);
                *no = map(*no);
            }
            Kind::Call(call) => {
                map_all(&mut call.args, map);
                call.dots.iter_mut().flatten().for_each(|dot| *dot = map(*dot));
                for write in &mut call.writes {
                    write.of = map(write.of);
                    write.path.iter_mut().for_each(|step| step.map_operands(map));
                }
                call.dot_places.iter_mut().for_each(|place| place.map_operands(map));
                call.form.map_operands(map);
            }
            Kind::Branch(branch) => match &mut branch.decision {
                Decision::If(value) | Decision::Number(value) => *value = map(*value),
                Decision::User { reads, .. } => map_all(reads, map),
            },
            Kind::AddTo(place, value) | Kind::Store(place, value) => {
                place.map_operands(map);
                *value = map(*value);
            }
            Kind::Load(place) | Kind::Take(place) => place.map_operands(map),
            Kind::Edit(place, edit) => {
                place.map_operands(map);
                *edit = edit.map(map);
            }
            Kind::Update { of, path, by, value } => {
                *of = map(*of);
                path.iter_mut().for_each(|step| step.map_operands(map));
                *value = map(*value);
                if let Assignment::Swap(other) = by {
                    *other = map(*other);
                }
            }
            Kind::Slice(of, bounds) => {
                *of = map(*of);
                bounds.map_operands(map);
            }
            Kind::Loop(of) => of.map_operands(map),
            // The user's tokens read what they name.
            Kind::Run(of) => map_all(&mut of.init, map),
            Kind::Replay(of) => {
                of.start = map(of.start);
                map_all(&mut of.init, map);
            }
        }
    }

    /// The regions inside, in order.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        match self {
            Kind::Branch(branch) => &branch.arms,
            Kind::Block(region) => std::slice::from_ref(region),
            Kind::Loop(of) => std::slice::from_ref(&of.body),
            Kind::Replay(of) => std::slice::from_ref(&of.step),
            Kind::Const(_)
            | Kind::Apply(..)
            | Kind::Scale { .. }
            | Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Finite(_)
            | Kind::Select { .. }
            | Kind::Opaque { .. }
            | Kind::PatternBound(_)
            | Kind::Bind(_)
            | Kind::Tuple(_)
            | Kind::Struct { .. }
            | Kind::Array(_)
            | Kind::Repeat(_)
            | Kind::Filled(..)
            | Kind::Sum(_)
            | Kind::Field(..)
            | Kind::Index(..)
            | Kind::Reborrow(_)
            | Kind::Wrap(_)
            | Kind::Payload(_)
            | Kind::Cast(..)
            | Kind::Declare(_)
            | Kind::Call(_)
            | Kind::Optional(_)
            | Kind::Present(_)
            | Kind::Zero { .. }
            | Kind::AddTo(..)
            | Kind::Load(_)
            | Kind::Update { .. }
            | Kind::Slice(..)
            | Kind::Len(_)
            | Kind::ZeroOf(_)
            | Kind::Copy(_)
            | Kind::Integer(..)
            | Kind::Number(_)
            | Kind::Define { .. }
            | Kind::Store(..)
            | Kind::Take(_)
            | Kind::Edit(..)
            | Kind::Tape(_)
            | Kind::Reserve(_)
            | Kind::Push(..)
            | Kind::Pop(_)
            | Kind::Keep(_)
            | Kind::Run(_) => &[],
        }
    }

    /// The regions inside, to be changed.
    pub fn regions_mut(&mut self) -> &mut [Region] {
        match self {
            Kind::Branch(branch) => &mut branch.arms,
            Kind::Block(region) => std::slice::from_mut(region),
            Kind::Loop(of) => std::slice::from_mut(&mut of.body),
            Kind::Replay(of) => std::slice::from_mut(&mut of.step),
            Kind::Const(_)
            | Kind::Apply(..)
            | Kind::Scale { .. }
            | Kind::Less(..)
            | Kind::LessEq(..)
            | Kind::Equal(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Finite(_)
            | Kind::Select { .. }
            | Kind::Opaque { .. }
            | Kind::PatternBound(_)
            | Kind::Bind(_)
            | Kind::Tuple(_)
            | Kind::Struct { .. }
            | Kind::Array(_)
            | Kind::Repeat(_)
            | Kind::Filled(..)
            | Kind::Sum(_)
            | Kind::Field(..)
            | Kind::Index(..)
            | Kind::Reborrow(_)
            | Kind::Wrap(_)
            | Kind::Payload(_)
            | Kind::Cast(..)
            | Kind::Declare(_)
            | Kind::Call(_)
            | Kind::Optional(_)
            | Kind::Present(_)
            | Kind::Zero { .. }
            | Kind::AddTo(..)
            | Kind::Load(_)
            | Kind::Update { .. }
            | Kind::Slice(..)
            | Kind::Len(_)
            | Kind::ZeroOf(_)
            | Kind::Copy(_)
            | Kind::Integer(..)
            | Kind::Number(_)
            | Kind::Define { .. }
            | Kind::Store(..)
            | Kind::Take(_)
            | Kind::Edit(..)
            | Kind::Tape(_)
            | Kind::Reserve(_)
            | Kind::Push(..)
            | Kind::Pop(_)
            | Kind::Keep(_)
            | Kind::Run(_) => &mut [],
        }
    }
}

impl Kind {
    /// The operands that nobody has afterwards, unless they are copied by being named.
    pub(crate) fn moved(&self) -> &[ValueId] {
        match self {
            Kind::Define { value, .. } | Kind::Store(_, value) => std::slice::from_ref(value),
            Kind::Push(_, values) => values,
            _ => &[],
        }
    }
}

impl CallForm {
    fn visit_operands(&self, visit: &mut impl FnMut(ValueId)) {
        match self {
            CallForm::Primal | CallForm::Split => {}
            CallForm::Pullback { record, y_bar, y_bar_dots, targets } => {
                visit(*record);
                visit(*y_bar);
                y_bar_dots.iter().flatten().copied().for_each(&mut *visit);
                for target in targets {
                    if let Target::Place(place) | Target::Exchange(place) = target {
                        place.visit_operands(visit);
                    }
                }
            }
        }
    }

    fn map_operands(&mut self, map: &mut impl FnMut(ValueId) -> ValueId) {
        match self {
            CallForm::Primal | CallForm::Split => {}
            CallForm::Pullback { record, y_bar, y_bar_dots, targets } => {
                *record = map(*record);
                *y_bar = map(*y_bar);
                y_bar_dots.iter_mut().flatten().for_each(|dot| *dot = map(*dot));
                for target in targets {
                    if let Target::Place(place) | Target::Exchange(place) = target {
                        place.map_operands(map);
                    }
                }
            }
        }
    }
}

impl Place {
    fn visit_operands(&self, visit: &mut impl FnMut(ValueId)) {
        self.path.iter().for_each(|step| step.visit_operands(visit));
    }

    fn map_operands(&mut self, map: &mut impl FnMut(ValueId) -> ValueId) {
        self.path.iter_mut().for_each(|step| step.map_operands(map));
    }
}

impl Step {
    /// Calls `visit` on each value that the step reads.
    pub fn visit_operands(&self, visit: &mut impl FnMut(ValueId)) {
        match self {
            Step::Field(_) => {}
            Step::Index(value) => visit(*value),
            Step::Range(bounds) => bounds.visit_operands(visit),
        }
    }

    /// Replaces each value that the step reads by `map` of it.
    pub fn map_operands(&mut self, map: &mut impl FnMut(ValueId) -> ValueId) {
        match self {
            Step::Field(_) => {}
            Step::Index(value) => *value = map(*value),
            Step::Range(bounds) => bounds.map_operands(map),
        }
    }
}

impl Bounds {
    fn visit_operands(&self, visit: &mut impl FnMut(ValueId)) {
        self.lo.into_iter().chain(self.hi).for_each(visit);
    }

    fn map_operands(&mut self, map: &mut impl FnMut(ValueId) -> ValueId) {
        self.lo = self.lo.map(&mut *map);
        self.hi = self.hi.map(map);
    }
}

impl Loop {
    fn visit_operands(&self, visit: &mut impl FnMut(ValueId)) {
        self.init.iter().chain(&self.reads).copied().for_each(&mut *visit);
        match &self.head {
            Head::Range { lo, hi, .. } => [*lo, *hi].into_iter().for_each(visit),
            Head::Count { trips, .. } => visit(*trips),
            Head::Items { .. } | Head::While { .. } | Head::Endless => {}
        }
    }

    fn map_operands(&mut self, map: &mut impl FnMut(ValueId) -> ValueId) {
        map_all(&mut self.init, map);
        map_all(&mut self.reads, map);
        match &mut self.head {
            Head::Range { lo, hi, .. } => {
                *lo = map(*lo);
                *hi = map(*hi);
            }
            Head::Count { trips, .. } => *trips = map(*trips),
            Head::Items { .. } | Head::While { .. } | Head::Endless => {}
        }
    }
}

impl Inst {
    /// Calls `visit` on each value that the user's tokens of this instruction stand for: for the
    /// most part operands of it, or of an instruction without tokens that it belongs to.
    pub fn visit_pieces(&self, visit: &mut impl FnMut(ValueId)) {
        if let Some(syntax) = &self.syntax {
            visit_pieces(&syntax.pieces, visit);
        }
    }
}

fn visit_pieces(pieces: &[Piece], visit: &mut impl FnMut(ValueId)) {
    for piece in pieces {
        match piece {
            Piece::Value(value) | Piece::Parens(value) | Piece::Before(value) => visit(*value),
            Piece::Group(_, inner) | Piece::Assumed(inner) => visit_pieces(inner, visit),
            Piece::Tokens(_)
            | Piece::Checked(..)
            | Piece::Asserted(..)
            | Piece::Region(_)
            | Piece::Mut(_)
            | Piece::Runtime(_)
            | Piece::Binder(_) => {}
        }
    }
}

fn visit_all(values: &[ValueId], visit: &mut impl FnMut(ValueId)) {
    for &value in values {
        visit(value);
    }
}

fn map_all(values: &mut [ValueId], map: &mut impl FnMut(ValueId) -> ValueId) {
    for value in values {
        *value = map(*value);
    }
}
