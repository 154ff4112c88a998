//! Places: variables and parts of them, which are read, written and borrowed.

use syn::{Expr, Member, UnOp};

use super::{Machine, Run, Val, index, panic, text, unknown};
use crate::support::dual::Num;

/// A step into an aggregate. A range is always the last one.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    Field(usize),
    Element(usize),
    Range(usize, usize),
}

/// A variable, by its position, and the steps from it.
#[derive(Clone, Debug)]
pub struct Place {
    slot: usize,
    path: Vec<Part>,
}

impl Place {
    pub(super) fn of_slot(slot: usize) -> Self {
        Self { slot, path: Vec::new() }
    }

    /// The place of an element; that of a part is one of the whole.
    pub(super) fn element(&self, n: usize) -> Self {
        self.step(|start| Part::Element(start + n))
    }

    pub(super) fn range(&self, start: usize, end: usize) -> Self {
        self.step(|first| Part::Range(first + start, first + end))
    }

    fn step(&self, part: impl FnOnce(usize) -> Part) -> Self {
        let mut place = self.clone();
        let start = match place.path.last() {
            Some(Part::Range(start, _)) => *start,
            Some(Part::Field(_) | Part::Element(_)) | None => 0,
        };
        if let Some(Part::Range(..)) = place.path.last() {
            place.path.pop();
        }
        place.path.push(part(start));
        place
    }
}

impl<T: Num> Machine<'_, T> {
    /// The place that an expression names, if it names one and is no temporary.
    pub(super) fn place_of(&mut self, expr: &Expr) -> Run<T, Option<Place>> {
        Ok(match expr {
            Expr::Paren(e) => self.place_of(&e.expr)?,
            Expr::Path(e) => {
                let ident = e.path.get_ident().map(ToString::to_string);
                ident.and_then(|name| self.slot(&name)).map(Place::of_slot)
            }
            Expr::Unary(e) if matches!(e.op, UnOp::Deref(_)) => match self.place_of(&e.expr)? {
                Some(place) => Some(self.target(place)?),
                None => None,
            },
            Expr::Field(e) => match (self.place_of(&e.base)?, &e.member) {
                (Some(base), Member::Unnamed(n)) => {
                    let mut place = self.target(base)?;
                    place.path.push(Part::Field(n.index as usize));
                    Some(place)
                }
                _ => None,
            },
            Expr::Index(e) => match self.place_of(&e.expr)? {
                Some(base) => {
                    let base = self.target(base)?;
                    let at = self.value(&e.index)?;
                    Some(self.indexed(&base, &at)?)
                }
                None => None,
            },
            _ => None,
        })
    }

    /// `place[at]`, where `at` is an index or a range of them.
    fn indexed(&mut self, place: &Place, at: &Val<T>) -> Run<T, Place> {
        let len = self.len_of(place)?;
        match at {
            Val::Int(n) => Ok(place.element(index(*n, len)?)),
            Val::Range(start, end) => {
                let (start, end) = (start.unwrap_or(0), end.unwrap_or(len as i128));
                if start < 0 || start > end || end > len as i128 {
                    return Err(panic(format!("range {start}..{end} of {len}")));
                }
                Ok(place.range(index(start, len + 1)?, index(end, len + 1)?))
            }
            _ => Err(unknown("an index")),
        }
    }

    /// What a mutable reference refers to; any other place is itself.
    pub(super) fn target(&mut self, mut place: Place) -> Run<T, Place> {
        while let Some(Val::Mut(target)) = self.whole(&place) {
            place = target.clone();
        }
        Ok(place)
    }

    /// How many elements there are at a place.
    pub(super) fn len_of(&self, place: &Place) -> Run<T, usize> {
        match (place.path.last(), self.whole(place)) {
            (Some(Part::Range(start, end)), _) => Ok(end - start),
            (_, Some(Val::Array(elements))) => Ok(elements.len()),
            _ => Err(unknown("the length of this")),
        }
    }

    /// What is at a place; the whole, if it is a range.
    fn whole(&self, place: &Place) -> Option<&Val<T>> {
        let (_, root) = self.variables.get(place.slot)?;
        place.path.iter().try_fold(root, |part, step| match (step, part) {
            (Part::Field(n), Val::Tuple(parts)) | (Part::Element(n), Val::Array(parts)) => {
                parts.get(*n)
            }
            (Part::Range(..), whole) => Some(whole),
            _ => None,
        })
    }

    fn whole_mut(&mut self, place: &Place) -> Option<&mut Val<T>> {
        let (_, root) = self.variables.get_mut(place.slot)?;
        place.path.iter().try_fold(root, |part, step| match (step, part) {
            (Part::Field(n), Val::Tuple(parts)) | (Part::Element(n), Val::Array(parts)) => {
                parts.get_mut(*n)
            }
            (Part::Range(..), whole) => Some(whole),
            _ => None,
        })
    }

    /// Reads a place.
    pub(super) fn load(&self, place: &Place) -> Run<T> {
        match (place.path.last(), self.whole(place)) {
            (Some(Part::Range(start, end)), Some(Val::Array(elements))) => {
                Ok(Val::Array(elements[*start..*end].to_vec()))
            }
            (_, Some(value)) => Ok(value.clone()),
            _ => Err(unknown("a place that is not there")),
        }
    }

    /// Writes a place.
    pub(super) fn store(&mut self, place: &Place, value: Val<T>) -> Run<T, ()> {
        let range = match place.path.last() {
            Some(Part::Range(start, end)) => Some(*start..*end),
            Some(Part::Field(_) | Part::Element(_)) | None => None,
        };
        match (range, self.whole_mut(place), value) {
            (Some(range), Some(Val::Array(elements)), Val::Array(new)) => {
                if range.len() != new.len() {
                    return Err(panic("slices of different lengths".to_owned()));
                }
                elements[range].iter_mut().zip(new).for_each(|(old, new)| *old = new);
                Ok(())
            }
            (None, Some(old), value) => {
                *old = value;
                Ok(())
            }
            _ => Err(unknown("a write to this")),
        }
    }

    /// `left = value`, where `left` may take the value apart.
    pub(super) fn assign(&mut self, left: &Expr, value: Val<T>) -> Run<T, ()> {
        match (left, value) {
            (Expr::Infer(_), _) => Ok(()),
            (Expr::Tuple(places), Val::Tuple(parts)) => {
                let mut pairs = places.elems.iter().zip(parts);
                pairs.try_for_each(|(place, part)| self.assign(place, part))
            }
            (Expr::Array(places), Val::Array(parts)) => {
                let mut pairs = places.elems.iter().zip(parts);
                pairs.try_for_each(|(place, part)| self.assign(place, part))
            }
            (left, value) => match self.place_of(left)? {
                Some(place) => self.store(&place, value),
                None => Err(unknown(&text(left))),
            },
        }
    }

    /// `&mut expr`; a temporary becomes a variable without a name.
    pub(super) fn borrow(&mut self, expr: &Expr) -> Run<T> {
        if let Some(place) = self.place_of(expr)? {
            return Ok(Val::Mut(self.target(place)?));
        }
        let value = self.expr(expr)?;
        self.variables.push((String::new(), value));
        Ok(Val::Mut(Place::of_slot(self.variables.len() - 1)))
    }

    /// What a value is, where a reference is as good as what it refers to.
    pub(super) fn read(&self, value: Val<T>) -> Run<T> {
        match value {
            Val::Mut(place) => self.load(&place).and_then(|value| self.read(value)),
            value => Ok(value),
        }
    }
}
