//! Loops, updates in place, tapes.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Pat;
use syn::parse::Parser;

use super::source::Local;
use super::{EvalError, Frame, Value, number};
use crate::ir::{
    Assignment, Bounds, Edit, End, Head, Inst, IntOp, Kind, Leaves, Loop, Member, Order, Piece,
    Place, Replay, Step, ValueId, VarId,
};

/// More iterations than these are taken for a loop that never ends.
const MOST_TRIPS: usize = 100_000;

/// The numbers that a counted loop goes through.
struct Rounds {
    lo: i128,
    hi: i128,
    order: Order,
}

impl Rounds {
    fn get(&self, trip: usize) -> Option<i128> {
        let trip = i128::try_from(trip).ok()?;
        let number = match self.order {
            Order::Up => self.lo + trip,
            Order::Down => self.hi - 1 - trip,
        };
        (self.lo..self.hi).contains(&number).then_some(number)
    }
}

impl Frame<'_> {
    /// Runs a loop; gives the carried values after it.
    pub(super) fn repeat_region(
        &mut self,
        inst: &Inst,
        of: &Loop,
    ) -> Result<Vec<Value>, EvalError> {
        let carried = self.cloned(&of.init)?;
        self.repeat_from(inst, of, carried, &mut |_| ())
    }

    /// Reverses a loop from a state that was kept. The interpreter keeps all the others, too.
    pub(super) fn replay(&mut self, inst: &Inst, of: &Replay) -> Result<Vec<Value>, EvalError> {
        let Value::Tuple(start) = self.get(of.start)?.clone() else {
            return Err(EvalError::Broken("a state that is no tuple".to_owned()));
        };
        let mut states = Vec::new();
        self.repeat_from(inst, &of.of, start, &mut |state| states.push(state.to_vec()))?;
        let rounds = self.rounds(&of.of.head)?;
        let mut bars = self.cloned(&of.init)?;
        for (trip, state) in states.into_iter().enumerate().rev() {
            for (&param, value) in of.of.params.iter().zip(state) {
                self.set(param, value);
            }
            self.begins(&of.of, rounds.as_ref(), trip)?;
            for (&bar, value) in of.bars.iter().zip(bars) {
                self.set(bar, value);
            }
            bars = self.region(&of.step)?;
        }
        Ok(bars)
    }

    /// Runs a loop from these carried values, which `visit` sees before each iteration.
    fn repeat_from(
        &mut self,
        inst: &Inst,
        of: &Loop,
        mut carried: Vec<Value>,
        visit: &mut dyn FnMut(&[Value]),
    ) -> Result<Vec<Value>, EvalError> {
        let items = self.items(inst, of)?;
        let rounds = match (&of.head, &items) {
            (Head::Items { .. }, Some((_, items))) => Some(Rounds {
                lo: 0,
                hi: items.len().try_into().unwrap_or(i128::MAX),
                order: Order::Up,
            }),
            (head, _) => self.rounds(head)?,
        };
        let mut trips = 0;
        loop {
            for (param, value) in of.params.iter().zip(&carried) {
                self.set(*param, value.clone());
            }
            if !self.begins(of, rounds.as_ref(), trips)? {
                return Ok(carried);
            }
            if let Some((pattern, items)) = &items {
                let item = items.get(trips).cloned().unwrap_or(Value::Unit);
                self.bound = self.env(&[])?.matches(pattern, &item)?.unwrap_or_default();
            }
            visit(&carried);
            carried = self.region(&of.body)?;
            trips += 1;
            if of.leaves == Leaves::Flag
                && carried.pop().is_some_and(|flag| flag == Value::Bool(true))
            {
                return Ok(carried);
            }
            if trips > MOST_TRIPS {
                return Err(EvalError::Unsupported("a loop of that many iterations".to_owned()));
            }
        }
    }

    /// The pattern of the user's `for`, and what its iterator gives, where the body reads it.
    fn items(&self, inst: &Inst, of: &Loop) -> Result<Option<(Pat, Vec<Value>)>, EvalError> {
        let binds = |inst: &Inst| matches!(&inst.kind, Kind::PatternBound(of) if of.is_empty());
        let needed = matches!(of.head, Head::Items { .. }) || of.body.insts.iter().any(binds);
        let is_for = !matches!(of.head, Head::While { .. } | Head::Endless);
        let Some(syntax) = inst.syntax.as_ref().filter(|_| needed && is_for) else {
            return Ok(None);
        };
        let [_, _, pattern, _, iterator, ..] = syntax.pieces.as_slice() else {
            return Err(EvalError::Broken("a `for` without its iterator".to_owned()));
        };
        let mut values = Vec::new();
        let pattern = self.spelled(pattern, &mut values);
        let iterator = self.spelled(iterator, &mut values);
        let unknown = |tokens: &TokenStream| EvalError::Unsupported(format!("`{tokens}`"));
        let pattern = Pat::parse_single.parse2(pattern.clone()).map_err(|_| unknown(&pattern))?;
        let iterator = syn::parse2(iterator.clone()).map_err(|_| unknown(&iterator))?;
        let mut env = self.env(&of.reads)?;
        env.bind(values);
        Ok(Some((pattern, env.items(&iterator)?)))
    }

    /// A part of syntax; values in it become variables.
    fn spelled(&self, piece: &Piece, values: &mut Vec<Local>) -> TokenStream {
        match piece {
            Piece::Tokens(tokens) | Piece::Checked(tokens, _) => tokens.clone(),
            Piece::Value(value) | Piece::Parens(value) => {
                let name = format_ident!("value_{}", value.index());
                if let Ok(value) = self.get(*value) {
                    values.push(Local::new(name.to_string(), Vec::new(), value.clone()));
                }
                quote!(#name)
            }
            Piece::Binder(value) => {
                let home = self.function.values[*value].home.as_ref();
                home.map_or_else(
                    || quote!(_),
                    |home| {
                        let ident = &self.function.bindings[home.binding].ident;
                        quote!(#ident)
                    },
                )
            }
            Piece::Assumed(pieces) => {
                pieces.iter().map(|piece| self.spelled(piece, values)).collect()
            }
            Piece::Group(delimiter, pieces) => {
                let inside = pieces.iter().map(|piece| self.spelled(piece, values)).collect();
                match delimiter {
                    Delimiter::None => inside,
                    _ => Group::new(*delimiter, inside).into_token_stream(),
                }
            }
            Piece::Mut(_)
            | Piece::Region(_)
            | Piece::Before(_)
            | Piece::Asserted(..)
            | Piece::Runtime(_) => TokenStream::new(),
        }
    }

    /// The values that a counted loop goes through.
    fn rounds(&self, head: &Head) -> Result<Option<Rounds>, EvalError> {
        let (lo, hi, order) = match head {
            Head::Range { lo, hi, end, order, .. } => {
                let past = i128::from(*end == End::Closed);
                (self.get(*lo)?.int()?, self.get(*hi)?.int()? + past, *order)
            }
            Head::Count { trips, order, .. } => (0, self.get(*trips)?.int()?, *order),
            Head::Items { .. } => {
                return Err(EvalError::Unsupported("an iterator".to_owned()));
            }
            Head::While { .. } | Head::Endless => return Ok(None),
        };
        Ok(Some(Rounds { lo, hi, order }))
    }

    /// Whether another iteration begins; its index is set.
    fn begins(
        &mut self,
        of: &Loop,
        rounds: Option<&Rounds>,
        trips: usize,
    ) -> Result<bool, EvalError> {
        match &of.head {
            Head::Range { index: number, .. }
            | Head::Count { number, .. }
            | Head::Items { number } => {
                let round = rounds.and_then(|rounds| rounds.get(trips));
                if let Some(round) = round {
                    self.set(*number, Value::Int(round));
                }
                Ok(round.is_some())
            }
            Head::While { reads, cond } => self.env(reads)?.expr(cond)?.bool(),
            Head::Endless => Ok(true),
        }
    }

    /// The aggregate with one part replaced.
    pub(super) fn replaced(
        &self,
        of: ValueId,
        path: &[Step],
        value: Value,
    ) -> Result<Value, EvalError> {
        let mut whole = self.get(of)?.clone();
        write(&mut whole, &self.resolved(path)?, &mut |part| {
            *part = value.clone();
            Ok(())
        })?;
        Ok(whole)
    }

    /// The aggregate with one part replaced or added to.
    pub(super) fn update(
        &mut self,
        of: ValueId,
        path: &[Step],
        by: Assignment,
        value: ValueId,
    ) -> Result<Vec<Value>, EvalError> {
        let mut whole = self.get(of)?.clone();
        let value = self.get(value)?.clone();
        let steps = self.resolved(path)?;
        let mut removed = None;
        write(&mut whole, &steps, &mut |part| match by {
            Assignment::Set => {
                *part = value.clone();
                Ok(())
            }
            Assignment::Add => part.add_tangent(&value),
            Assignment::Sub => {
                let mut negative = value.clone();
                negative.scale(-1.0);
                part.add_tangent(&negative)
            }
            Assignment::Fill => {
                part.elements_mut()?.fill(value.clone());
                Ok(())
            }
            Assignment::Append => {
                part.elements_mut()?.push(value.clone());
                Ok(())
            }
            Assignment::Resize => {
                part.elements_mut()?.resize(number::len(&value)?, Value::Float(0.0));
                Ok(())
            }
            Assignment::RemoveLast => {
                removed = part.elements_mut()?.pop();
                Ok(())
            }
            Assignment::Reverse => {
                part.elements_mut()?.reverse();
                Ok(())
            }
            Assignment::Swap(other) => {
                let (a, b) = (number::len(&value)?, number::len(self.get(other)?)?);
                swap(part.elements_mut()?, a, b)
            }
        })?;
        Ok(removed.into_iter().chain(std::iter::once(whole)).collect())
    }

    /// Changes what a place holds as a whole; gives what is removed.
    fn edit(&mut self, place: &Place, edit: Edit) -> Result<Vec<Value>, EvalError> {
        let mut read = Vec::new();
        edit.visit_operands(&mut |value| read.push(value));
        let values = self.cloned(&read)?;
        let value = values.first().cloned().unwrap_or(Value::Unit);
        let mut removed = None;
        self.change(place, &mut |part| {
            let elements = part.elements_mut()?;
            match edit {
                Edit::Fill(_) => elements.fill(value.clone()),
                Edit::Append(_) => elements.push(value.clone()),
                Edit::Resize(_) => elements.resize(number::len(&value)?, Value::Float(0.0)),
                Edit::RemoveLast => removed = elements.pop(),
                Edit::Reverse => elements.reverse(),
                Edit::Swap(..) => {
                    let other = values.get(1).unwrap_or(&value);
                    swap(elements, number::len(&value)?, number::len(other)?)?;
                }
            }
            Ok(())
        })?;
        Ok(removed.into_iter().collect())
    }

    /// A part of an aggregate.
    pub(super) fn slice(&self, of: ValueId, bounds: &Bounds) -> Result<Value, EvalError> {
        read(self.get(of)?, &self.resolved(&[Step::Range(*bounds)])?)
    }

    pub(super) fn len(&self, of: ValueId) -> Result<Value, EvalError> {
        let Value::Array(elements) = self.get(of)? else {
            return Err(self.get(of)?.is_not("an array"));
        };
        let len = i128::try_from(elements.len());
        len.map(Value::Int).map_err(|_| EvalError::Broken("a length".to_owned()))
    }

    pub(super) fn integer(&self, op: IntOp, a: ValueId, b: ValueId) -> Result<Value, EvalError> {
        let (a, b) = (self.get(a)?.int()?, self.get(b)?.int()?);
        let zero = || EvalError::Panic("division by zero".to_owned());
        Ok(Value::Int(match op {
            IntOp::Add => a + b,
            IntOp::Sub => a - b,
            IntOp::Mul => a * b,
            IntOp::Div => a.checked_div(b).ok_or_else(zero)?,
            IntOp::DivCeil => (a + b - 1).checked_div(b).ok_or_else(zero)?,
            IntOp::Min => a.min(b),
            IntOp::Between => (b - a).max(0),
            IntOp::Less => return Ok(Value::Bool(a < b)),
        }))
    }

    /// What a place holds.
    pub(super) fn load(&mut self, place: &Place) -> Result<Value, EvalError> {
        let steps = self.resolved(&place.path)?;
        read(self.held(place.var)?, &steps)
    }

    /// Changes what a place holds.
    pub(super) fn change(
        &mut self,
        place: &Place,
        change: &mut dyn FnMut(&mut Value) -> Result<(), EvalError>,
    ) -> Result<(), EvalError> {
        let steps = self.resolved(&place.path)?;
        write(self.held(place.var)?, &steps, change)
    }

    pub(super) fn store(&mut self, place: &Place, value: &Value) -> Result<(), EvalError> {
        self.change(place, &mut |part| {
            part.clone_from(value);
            Ok(())
        })
    }

    pub(super) fn take(&mut self, place: &Place) -> Result<Value, EvalError> {
        let value = self.load(place)?;
        self.change(place, &mut |part| {
            part.scale(0.0);
            Ok(())
        })?;
        Ok(value)
    }

    pub(super) fn record(&mut self, tape: VarId, items: &[ValueId]) -> Result<(), EvalError> {
        let items = self.cloned(items)?;
        match self.held(tape)? {
            Value::Tape(records) => records.push(items),
            other => return Err(other.is_not("a tape")),
        }
        Ok(())
    }

    pub(super) fn last_record(&mut self, tape: VarId) -> Result<Vec<Value>, EvalError> {
        match self.held(tape)? {
            Value::Tape(records) => {
                let last = records.pop();
                last.ok_or_else(|| EvalError::Broken("the tape is empty".to_owned()))
            }
            other => Err(other.is_not("a tape")),
        }
    }

    fn held(&mut self, var: VarId) -> Result<&mut Value, EvalError> {
        let missing = || EvalError::Broken(format!("v{} is not allocated", var.index()));
        self.var(var)?.as_mut().ok_or_else(missing)
    }

    /// A path with its indices as numbers.
    fn resolved(&self, path: &[Step]) -> Result<Vec<At>, EvalError> {
        let index = |id: ValueId| number::len(self.get(id)?);
        path.iter()
            .map(|step| match step {
                Step::Field(n) => Ok(At::Field(*n)),
                Step::Index(id) => Ok(At::Index(self.get(*id)?.clone())),
                Step::Range(Bounds { lo, hi, end }) => {
                    let past = usize::from(*end == End::Closed);
                    let lo = lo.map_or(Ok(0), index)?;
                    Ok(At::Range(lo, hi.map(index).transpose()?.map(|hi| hi + past)))
                }
            })
            .collect()
    }
}

/// A step with its index known.
enum At {
    Field(Member),
    Index(Value),
    Range(usize, Option<usize>),
}

fn read(of: &Value, path: &[At]) -> Result<Value, EvalError> {
    match path.split_first() {
        None => Ok(of.clone()),
        Some((At::Field(n), rest)) => read(of.field(*n)?, rest),
        Some((At::Index(index), rest)) => read(of.element(index)?, rest),
        Some((At::Range(lo, hi), rest)) => {
            let Value::Array(elements) = of else { return Err(of.is_not("an array")) };
            let part = elements.get(*lo..hi.unwrap_or(elements.len()));
            read(&Value::Array(part.ok_or_else(out_of_range)?.to_vec()), rest)
        }
    }
}

fn write(
    of: &mut Value,
    path: &[At],
    change: &mut dyn FnMut(&mut Value) -> Result<(), EvalError>,
) -> Result<(), EvalError> {
    match path.split_first() {
        None => change(of),
        Some((At::Field(n), rest)) => write(of.field_mut(*n)?, rest, change),
        Some((At::Index(index), rest)) => write(of.element_mut(index)?, rest, change),
        Some((At::Range(lo, hi), rest)) => {
            let error = of.is_not("an array");
            let Value::Array(elements) = of else { return Err(error) };
            let hi = hi.unwrap_or(elements.len());
            let slots = elements.get_mut(*lo..hi).ok_or_else(out_of_range)?;
            let mut part = Value::Array(slots.to_vec());
            write(&mut part, rest, change)?;
            let Value::Array(changed) = part else { return Err(part.is_not("an array")) };
            slots.iter_mut().zip(changed).for_each(|(slot, value)| *slot = value);
            Ok(())
        }
    }
}

/// Two elements change places.
fn swap(elements: &mut [Value], a: usize, b: usize) -> Result<(), EvalError> {
    if a.max(b) >= elements.len() {
        return Err(out_of_range());
    }
    elements.swap(a, b);
    Ok(())
}

fn out_of_range() -> EvalError {
    EvalError::Panic("range out of bounds".to_owned())
}

/// The kinds that this file runs; `None` for the others.
pub(super) fn run(frame: &mut Frame<'_>, kind: &Kind) -> Result<Option<Vec<Value>>, EvalError> {
    let one = match kind {
        Kind::Pop(tape) => return frame.last_record(*tape).map(Some),
        Kind::Push(tape, items) => {
            frame.record(*tape, items)?;
            return Ok(Some(Vec::new()));
        }
        // It holds something by the time that it is read.
        Kind::Reserve(var) => return frame.allocate(*var, Value::Tuple(Vec::new())).map(Some),
        Kind::Tape(var) => return frame.allocate(*var, Value::Tape(Vec::new())).map(Some),
        Kind::Define { var, value } => {
            let value = frame.get(*value)?.clone();
            return frame.allocate(*var, value).map(Some);
        }
        Kind::Store(place, value) => {
            let value = frame.get(*value)?.clone();
            frame.store(place, &value)?;
            return Ok(Some(Vec::new()));
        }
        Kind::AddTo(place, value) => {
            let value = frame.get(*value)?.clone();
            frame.change(place, &mut |part| part.add_tangent(&value))?;
            return Ok(Some(Vec::new()));
        }
        Kind::Load(place) => frame.load(place)?,
        Kind::Take(place) => frame.take(place)?,
        Kind::Update { of, path, by, value } => {
            return frame.update(*of, path, *by, *value).map(Some);
        }
        Kind::Edit(place, edit) => return frame.edit(place, *edit).map(Some),
        Kind::Slice(of, bounds) => frame.slice(*of, bounds)?,
        Kind::Len(of) => frame.len(*of)?,
        Kind::Integer(op, a, b) => frame.integer(*op, *a, *b)?,
        Kind::Number(n) => {
            let n = i128::try_from(*n);
            Value::Int(n.map_err(|_| EvalError::Broken("a number".to_owned()))?)
        }
        _ => return Ok(None),
    };
    Ok(Some(vec![one]))
}
