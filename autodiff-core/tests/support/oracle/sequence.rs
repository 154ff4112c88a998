//! Arrays, slices and `Vec`s, and what goes through them.

use syn::{Expr, ExprMethodCall};

use super::place::Place;
use super::{Machine, Run, Val, index, panic, unknown};
use crate::support::dual::Num;

impl<T: Num> Machine<'_, T> {
    /// A method that needs the place of its receiver; nothing if it is none of these.
    pub(super) fn place_method(&mut self, e: &ExprMethodCall) -> Run<T, Option<Val<T>>> {
        const CHANGING: [&str; 9] = [
            "swap",
            "push",
            "fill",
            "iter_mut",
            "split_at_mut",
            "len",
            "sort_by",
            "select_nth_unstable_by",
            "rotate_left",
        ];
        let name = e.method.to_string();
        if !CHANGING.contains(&name.as_str()) {
            return Ok(None);
        }
        let Some(place) = self.place_of(&e.receiver)? else { return Ok(None) };
        let place = self.target(place)?;
        if let Some(f @ Expr::Closure(_)) = e.args.last() {
            return self.sort(&place, f).map(Some);
        }
        let args = self.values(&e.args)?;
        let len = self.len_of(&place)?;
        Ok(Some(match (name.as_str(), args.as_slice()) {
            ("len", []) => Val::Int(len as i128),
            ("swap", [Val::Int(i), Val::Int(j)]) => {
                let (i, j) = (place.element(index(*i, len)?), place.element(index(*j, len)?));
                let (first, second) = (self.load(&i)?, self.load(&j)?);
                self.store(&i, second)?;
                self.store(&j, first)?;
                Val::Unit
            }
            ("fill", [value]) => {
                self.store(&place, Val::Array(vec![value.clone(); len]))?;
                Val::Unit
            }
            ("push" | "rotate_left", [value]) => {
                let Val::Array(mut elements) = self.load(&place)? else {
                    return Err(unknown("what changes this"));
                };
                match value {
                    Val::Int(n) if name == "rotate_left" => {
                        elements.rotate_left(index(*n, len + 1)?);
                    }
                    value => elements.push(value.clone()),
                }
                self.store(&place, Val::Array(elements))?;
                Val::Unit
            }
            ("iter_mut", []) => Val::Items(elements(&place, len)),
            ("split_at_mut", [Val::Int(at)]) => {
                let at = index(*at, len + 1)?;
                let (front, back) = (place.range(0, at), place.range(at, len));
                Val::Tuple(vec![Val::Mut(front), Val::Mut(back)])
            }
            _ => return Err(unknown(&format!("method `{name}`"))),
        }))
    }

    /// Equal elements stay as they are.
    fn sort(&mut self, place: &Place, f: &Expr) -> Run<T> {
        let Val::Array(elements) = self.load(place)? else { return Err(unknown("a sort of this")) };
        let mut sorted: Vec<Val<T>> = Vec::new();
        for element in elements {
            let mut at = 0;
            for (n, other) in sorted.clone().into_iter().enumerate() {
                let Val::Int(order) = self.apply(f, vec![other, element.clone()])? else {
                    return Err(unknown("this order"));
                };
                if order <= 0 {
                    at = n + 1;
                }
            }
            sorted.insert(at, element);
        }
        self.store(place, Val::Array(sorted))?;
        Ok(Val::Unit)
    }

    /// `std::array::from_fn::<f64, 3, _>`, from the type of the elements on.
    pub(super) fn from_fn(&mut self, shape: &str, f: &Expr) -> Run<T> {
        let len = shape.split(',').nth(1).and_then(|len| len.parse().ok());
        let len: i128 = len.ok_or_else(|| unknown("an array of this length"))?;
        let made = (0..len).map(|n| self.apply(f, vec![Val::Int(n)]));
        made.collect::<Run<T, Vec<Val<T>>>>().map(Val::Array)
    }

    /// A method of an iterator, or one that makes a value an iterator.
    pub(super) fn items_method(&mut self, name: &str, of: &Val<T>, args: &[Val<T>]) -> Run<T> {
        let mut items = self.items(of.clone())?;
        match (name, args) {
            ("iter" | "copied" | "cloned" | "into_iter", []) => {}
            ("rev", []) => items.reverse(),
            ("step_by", [Val::Int(step)]) => {
                let step = usize::try_from(*step).ok().filter(|step| *step > 0);
                let step = step.ok_or_else(|| panic("a step of zero".to_owned()))?;
                items = items.into_iter().step_by(step).collect();
            }
            ("enumerate", []) => {
                let numbered = (0_i128..).zip(items);
                items = numbered.map(|(n, item)| Val::Tuple(vec![Val::Int(n), item])).collect();
            }
            ("zip", [other]) => {
                let others = self.items(other.clone())?;
                let pairs = items.into_iter().zip(others);
                items = pairs.map(|(a, b)| Val::Tuple(vec![a, b])).collect();
            }
            ("skip", [Val::Int(n)]) => {
                items = items.into_iter().skip(index(*n, usize::MAX)?).collect();
            }
            ("take", [Val::Int(n)]) => items.truncate(index(*n, usize::MAX)?),
            _ => return Err(unknown(&format!("method `{name}`"))),
        }
        Ok(Val::Items(items))
    }

    /// What a `for` goes through.
    pub(super) fn items(&self, of: Val<T>) -> Run<T, Vec<Val<T>>> {
        match of {
            Val::Range(Some(start), Some(end)) => Ok((start..end).map(Val::Int).collect()),
            Val::Array(items) | Val::Items(items) => Ok(items),
            Val::Mut(place) => Ok(elements(&place, self.len_of(&place)?)),
            _ => Err(unknown("what this goes through")),
        }
    }

    /// `base[at]`, of a temporary.
    pub(super) fn pick(&mut self, base: &Expr, at: &Expr) -> Run<T> {
        let Val::Array(elements) = self.value(base)? else { return Err(unknown("an index")) };
        let n = index(self.int(at)?, elements.len())?;
        Ok(elements[n].clone())
    }
}

/// A mutable reference to each element.
fn elements<T>(place: &Place, len: usize) -> Vec<Val<T>> {
    (0..len).map(|n| Val::Mut(place.element(n))).collect()
}
