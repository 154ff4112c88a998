//! Places: what can be assigned to.

use syn::{Expr, Member, UnOp};

use super::{Machine, Run, Val, panic, text, unknown};
use crate::support::dual::Num;

/// A step into an aggregate.
enum Part {
    Field(usize),
    Element(i128),
}

impl<T: Num> Machine<'_, T> {
    pub(super) fn store(&mut self, place: &Expr, value: Val<T>) -> Run<T, ()> {
        match (place, value) {
            (Expr::Infer(_), _) => Ok(()),
            (Expr::Tuple(places), Val::Tuple(parts)) => {
                let pairs = places.elems.iter().zip(parts);
                pairs.into_iter().try_for_each(|(place, part)| self.store(place, part))
            }
            (Expr::Array(places), Val::Array(parts)) => {
                let pairs = places.elems.iter().zip(parts);
                pairs.into_iter().try_for_each(|(place, part)| self.store(place, part))
            }
            (place, value) => {
                *self.place(place)? = value;
                Ok(())
            }
        }
    }

    fn place(&mut self, place: &Expr) -> Run<T, &mut Val<T>> {
        let mut path = Vec::new();
        let name = self.path_to(place, &mut path)?;
        let known = self.variables.iter_mut().rev().find(|(known, _)| *known == name);
        let Some((_, whole)) = known else {
            return Err(unknown(&format!("variable `{name}`")));
        };
        let mut part = whole;
        for step in path {
            let inner = match (step, part) {
                (Part::Field(n), Val::Tuple(fields)) => fields.get_mut(n),
                (Part::Element(n), Val::Array(elements)) => {
                    usize::try_from(n).ok().and_then(|n| elements.get_mut(n))
                }
                _ => None,
            };
            part = inner.ok_or_else(|| panic(format!("no place `{}`", text(place))))?;
        }
        Ok(part)
    }

    /// The variable of a place, and the steps from it.
    fn path_to(&mut self, place: &Expr, path: &mut Vec<Part>) -> Run<T, String> {
        match place {
            Expr::Path(variable) => match variable.path.get_ident() {
                Some(ident) => Ok(ident.to_string()),
                None => Err(unknown(&text(place))),
            },
            Expr::Paren(inner) => self.path_to(&inner.expr, path),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
                self.path_to(&unary.expr, path)
            }
            Expr::Field(field) => {
                let name = self.path_to(&field.base, path)?;
                let Member::Unnamed(n) = &field.member else {
                    return Err(unknown("a named field"));
                };
                path.push(Part::Field(n.index as usize));
                Ok(name)
            }
            Expr::Index(index) => {
                let name = self.path_to(&index.expr, path)?;
                path.push(Part::Element(self.int(&index.index)?));
                Ok(name)
            }
            other => Err(unknown(&text(other))),
        }
    }
}
