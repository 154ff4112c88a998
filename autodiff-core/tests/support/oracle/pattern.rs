//! Patterns. A pattern that matches leaves its variables in scope.

use syn::Pat;

use super::{Machine, Run, Val, text, unknown};
use crate::support::dual::Num;

impl<T: Num> Machine<'_, T> {
    /// Matches a value; on failure, no variable is bound.
    pub(super) fn matches(&mut self, pattern: &Pat, value: &Val<T>) -> Run<T, bool> {
        let before = self.variables.len();
        let matched = self.try_match(pattern, value)?;
        if !matched {
            self.variables.truncate(before);
        }
        Ok(matched)
    }

    fn try_match(&mut self, pattern: &Pat, value: &Val<T>) -> Run<T, bool> {
        match (pattern, value) {
            (Pat::Wild(_), _) => Ok(true),
            (Pat::Paren(p), v) => self.try_match(&p.pat, v),
            (Pat::Type(p), v) => self.try_match(&p.pat, v),
            (Pat::Reference(p), v) => self.try_match(&p.pat, v),
            (Pat::Ident(p), v) => {
                self.variables.push((p.ident.to_string(), v.clone()));
                p.subpat.as_ref().map_or(Ok(true), |(_, inner)| self.try_match(inner, v))
            }
            (Pat::Lit(p), v) => {
                let literal = self.expr(&syn::Expr::Lit(p.clone()))?;
                self.equal(&literal, v)
            }
            (Pat::Range(p), Val::Int(n)) => {
                let above = match &p.start {
                    Some(start) => self.int(start)? <= *n,
                    None => true,
                };
                let below = match (&p.end, &p.limits) {
                    (Some(end), syn::RangeLimits::HalfOpen(_)) => *n < self.int(end)?,
                    (Some(end), syn::RangeLimits::Closed(_)) => *n <= self.int(end)?,
                    (None, _) => true,
                };
                Ok(above && below)
            }
            (Pat::Or(p), v) => {
                for case in &p.cases {
                    if self.matches(case, v)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (Pat::Tuple(p), Val::Tuple(parts)) => self.all(p.elems.iter().collect(), parts),
            (Pat::Slice(p), Val::Array(parts)) => self.all(p.elems.iter().collect(), parts),
            (Pat::Guard(p), v) => Ok(self.try_match(&p.pat, v)? && self.holds(&p.guard)?),
            (other, _) => Err(unknown(&format!("pattern `{}`", text(other)))),
        }
    }

    fn all(&mut self, patterns: Vec<&Pat>, parts: &[Val<T>]) -> Run<T, bool> {
        if patterns.len() != parts.len() {
            return Ok(false);
        }
        for (pattern, part) in patterns.into_iter().zip(parts) {
            if !self.try_match(pattern, part)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
