//! Iterators: what a `for` loop of the user's goes through.

use syn::{Expr, ExprForLoop, ExprLoop, ExprWhile, RangeLimits};

use super::chain::listed as elements;
use super::source::{Env, unsupported};
use super::{EvalError, Value, number};
use crate::structure::mentions::mentioned;

/// Iterators without an end, and loops, stop after that many items.
const MOST_ITEMS: usize = 100_000;

impl Env<'_> {
    /// All that an iterator gives.
    pub(super) fn items(&mut self, expr: &Expr) -> Result<Vec<Value>, EvalError> {
        match expr {
            Expr::Paren(of) => self.items(&of.expr),
            Expr::Group(of) => self.items(&of.expr),
            Expr::Reference(of) => self.items(&of.expr),
            Expr::Range(range) => self.range(range),
            Expr::MethodCall(call) => match self.adapted(call)? {
                Some(items) => Ok(items),
                None => elements(self.expr(expr)?),
            },
            _ => elements(self.expr(expr)?),
        }
    }

    fn range(&mut self, range: &syn::ExprRange) -> Result<Vec<Value>, EvalError> {
        let mut bound = |end: &Option<Box<Expr>>| match end {
            Some(end) => self.expr(end)?.int().map(Some),
            None => Ok(None),
        };
        let lo = bound(&range.start)?.ok_or_else(|| unsupported(range))?;
        let hi = bound(&range.end)?;
        let past = i128::from(matches!(range.limits, RangeLimits::Closed(_)));
        let hi = hi.map_or(i128::MAX, |hi| hi + past);
        Ok((lo..hi).take(MOST_ITEMS).map(Value::Int).collect())
    }

    /// A part of an array.
    pub(super) fn slice(&mut self, index: &syn::ExprIndex) -> Result<Value, EvalError> {
        let Expr::Range(range) = &*index.index else { return Err(unsupported(index)) };
        let of = elements(self.expr(&index.expr)?)?;
        let mut bound = |end: &Option<Box<Expr>>, otherwise| match end {
            Some(end) => number::len(&self.expr(end)?),
            None => Ok(otherwise),
        };
        let (lo, hi) = (bound(&range.start, 0)?, bound(&range.end, of.len())?);
        let hi = hi + usize::from(matches!(range.limits, RangeLimits::Closed(_)));
        let part = of.get(lo..hi).ok_or_else(|| EvalError::Panic("out of bounds".to_owned()))?;
        Ok(Value::Array(part.to_vec()))
    }

    /// The items of an adaptor, or of what makes an iterator of an array.
    pub(super) fn adapted(
        &mut self,
        call: &syn::ExprMethodCall,
    ) -> Result<Option<Vec<Value>>, EvalError> {
        let method = call.method.to_string();
        if super::chain::adapts(&method) {
            let items = self.items(&call.receiver)?;
            return self.adapted_by(call, items).map(Some);
        }
        let known = [
            "iter",
            "iter_mut",
            "into_iter",
            "copied",
            "cloned",
            "rev",
            "enumerate",
            "zip",
            "skip",
            "take",
            "step_by",
            "chunks",
            "chunks_exact",
            "chunks_mut",
            "windows",
            "rchunks",
            "rchunks_exact",
        ];
        if !known.contains(&method.as_str()) {
            return Ok(None);
        }
        let mut items = self.items(&call.receiver)?;
        if method == "rev" {
            items.reverse();
        }
        if method == "enumerate" {
            let numbered =
                (0..).zip(items).map(|(n, item)| Value::Tuple(vec![Value::Int(n), item]));
            return Ok(Some(numbered.collect()));
        }
        let Some(arg) = call.args.first() else { return Ok(Some(items)) };
        if method == "zip" {
            let others = self.items(arg)?;
            let pairs = items.into_iter().zip(others).map(|(a, b)| Value::Tuple(vec![a, b]));
            return Ok(Some(pairs.collect()));
        }
        let n = number::len(&self.expr(arg)?)?;
        let parts = |parts: &mut dyn Iterator<Item = &[Value]>| -> Vec<Value> {
            parts.map(|part| Value::Array(part.to_vec())).collect()
        };
        Ok(Some(match method.as_str() {
            "skip" => items.into_iter().skip(n).collect(),
            "take" => items.into_iter().take(n).collect(),
            _ if n == 0 => return Err(EvalError::Panic(format!("`{method}(0)`"))),
            "step_by" => items.into_iter().step_by(n).collect(),
            "windows" => parts(&mut items.windows(n)),
            "rchunks" => parts(&mut items.rchunks(n)),
            "rchunks_exact" => parts(&mut items.rchunks_exact(n)),
            "chunks_exact" => parts(&mut items.chunks_exact(n)),
            _ => parts(&mut items.chunks(n)),
        }))
    }

    /// A method that changes an array where it is; gives what it returns.
    pub(super) fn changed(
        &mut self,
        call: &syn::ExprMethodCall,
        args: &[Value],
    ) -> Result<Option<Value>, EvalError> {
        let method = call.method.to_string();
        let known = ["push", "pop", "swap", "fill", "reverse", "truncate", "next"];
        if !known.contains(&method.as_str()) {
            return Ok(None);
        }
        let Ok(Value::Array(elements)) = self.place(&call.receiver) else { return Ok(None) };
        match (method.as_str(), args) {
            ("push", [value]) => elements.push(value.clone()),
            ("swap", [a, b]) => {
                let (a, b) = (number::len(a)?, number::len(b)?);
                if a.max(b) >= elements.len() {
                    return Err(EvalError::Panic("index out of bounds".to_owned()));
                }
                elements.swap(a, b);
            }
            ("fill", [value]) => elements.fill(value.clone()),
            ("reverse", []) => elements.reverse(),
            ("truncate", [len]) => elements.truncate(number::len(len)?),
            // The variable is an iterator.
            ("next", []) if elements.is_empty() => return Ok(Some(Value::Optional(None))),
            ("next", []) => return Ok(Some(Value::Optional(Some(Box::new(elements.remove(0)))))),
            ("pop", []) => {
                return Ok(Some(Value::Optional(elements.pop().map(Box::new))));
            }
            _ => return Ok(None),
        }
        Ok(Some(Value::Unit))
    }

    /// A `for` that the compiler keeps as tokens.
    pub(super) fn for_loop(&mut self, of: &ExprForLoop) -> Result<Value, EvalError> {
        let words = mentioned(&of.expr);
        if ["mut", "iter_mut", "chunks_mut"].iter().any(|word| words.contains(*word)) {
            // Names for parts would have to be followed.
            return Err(unsupported(quote::quote!(iter_mut)));
        }
        for item in self.items(&of.expr)? {
            let mark = self.mark();
            let bound = self.matches(&of.pat, &item)?;
            self.bind(bound.ok_or_else(|| unsupported(&of.pat))?);
            let ran = self.block(&of.body);
            self.leave(mark);
            ran?;
            if self.take_break() {
                break;
            }
        }
        Ok(Value::Unit)
    }

    pub(super) fn while_loop(&mut self, of: &ExprWhile) -> Result<Value, EvalError> {
        for _ in 0..MOST_ITEMS {
            let mark = self.mark();
            let again = self.condition(&of.cond)?;
            let ran = if again { self.block(&of.body) } else { Ok(Value::Unit) };
            self.leave(mark);
            ran?;
            if self.take_break() || !again {
                return Ok(Value::Unit);
            }
        }
        Err(unsupported(of))
    }

    pub(super) fn endless_loop(&mut self, of: &ExprLoop) -> Result<Value, EvalError> {
        for _ in 0..MOST_ITEMS {
            self.block(&of.body)?;
            if self.take_break() {
                return Ok(Value::Unit);
            }
        }
        Err(unsupported(of))
    }
}
