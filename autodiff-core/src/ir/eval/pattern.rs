//! Patterns: whether a value matches, and which arm a `match` or `if let` takes.

use proc_macro2::TokenStream;
use syn::{Expr, Pat};

use super::source::{Env, Local};
use super::{EvalError, Value, number};

/// The arm that runs, and the variables that its pattern binds.
pub(super) struct Choice {
    pub(super) arm: usize,
    pub(super) bound: Vec<Local>,
}

impl Choice {
    /// An arm without a pattern.
    pub(super) fn of_arm(arm: usize) -> Self {
        Self { arm, bound: Vec::new() }
    }
}

impl Env<'_> {
    /// Which arm of a `match`, or of an `if` with `let` in its condition, is taken.
    pub(super) fn choose(
        &mut self,
        expr: &Expr,
        scrutinee: Option<Value>,
    ) -> Result<Choice, EvalError> {
        match expr {
            Expr::Match(matching) => {
                let value = scrutinee.map_or_else(|| self.expr(&matching.expr), Ok)?;
                self.choose_arm(&matching.arms, &value)
            }
            Expr::If(conditional) => {
                let mark = self.mark();
                let holds = self.condition(&conditional.cond)?;
                let bound = self.leave(mark);
                Ok(if holds { Choice { arm: 0, bound } } else { Choice::of_arm(1) })
            }
            Expr::Paren(inner) => self.choose(&inner.expr, scrutinee),
            Expr::Group(inner) => self.choose(&inner.expr, scrutinee),
            _ => Err(super::source::unsupported(expr)),
        }
    }

    /// The first arm whose pattern matches and whose guard holds.
    pub(super) fn choose_arm(
        &mut self,
        arms: &[syn::Arm],
        value: &Value,
    ) -> Result<Choice, EvalError> {
        for (arm, pattern) in arms.iter().map(|arm| &arm.pat).enumerate() {
            if let Some(bound) = self.matches(pattern, value)? {
                return Ok(Choice { arm, bound });
            }
        }
        Err(EvalError::Broken("no arm of a `match` matches".to_owned()))
    }

    /// The condition of an `if`; what its `let`s bind stays bound.
    pub(super) fn condition(&mut self, cond: &Expr) -> Result<bool, EvalError> {
        match cond {
            Expr::Let(binding) => {
                let value = self.expr(&binding.expr)?;
                let Some(bound) = self.matches(&binding.pat, &value)? else {
                    return Ok(false);
                };
                self.bind(bound);
                Ok(true)
            }
            Expr::Binary(binary) if matches!(binary.op, syn::BinOp::And(_)) => {
                Ok(self.condition(&binary.left)? && self.condition(&binary.right)?)
            }
            Expr::Paren(inner) => self.condition(&inner.expr),
            other => self.expr(other)?.bool(),
        }
    }

    /// The variables of a pattern that cannot fail, as the tokens of a `let` have it.
    pub(super) fn destructure(
        &mut self,
        pattern: &TokenStream,
        value: &Value,
    ) -> Result<Vec<Local>, EvalError> {
        let whole = quote::quote!(let #pattern;);
        let Ok(syn::Stmt::Local(local)) = syn::parse2::<syn::Stmt>(whole) else {
            return Err(EvalError::Unsupported(format!("pattern `{pattern}`")));
        };
        let bound = self.matches(&local.pat, value)?;
        bound.ok_or_else(|| EvalError::Broken(format!("`{pattern}` does not match")))
    }

    /// The variables that `pattern` binds, if it matches and its guard holds.
    pub(super) fn matches(
        &mut self,
        pattern: &Pat,
        value: &Value,
    ) -> Result<Option<Vec<Local>>, EvalError> {
        let mut bound = Vec::new();
        Ok(self.pattern(pattern, value, &mut bound)?.then_some(bound))
    }

    fn pattern(
        &mut self,
        pattern: &Pat,
        value: &Value,
        bound: &mut Vec<Local>,
    ) -> Result<bool, EvalError> {
        match pattern {
            Pat::Wild(_) | Pat::Rest(_) => Ok(true),
            Pat::Paren(inner) => self.pattern(&inner.pat, value, bound),
            Pat::Reference(inner) => self.pattern(&inner.pat, value, bound),
            Pat::Type(inner) => self.pattern(&inner.pat, value, bound),
            Pat::Lit(literal) => Ok(self.expr(&Expr::Lit(literal.clone()))? == *value),
            Pat::Path(path) => Ok(self.expr(&Expr::Path(path.clone()))? == *value),
            Pat::Range(range) => self.in_range(range, value),
            Pat::Ident(ident) => self.ident(ident, value, bound),
            Pat::Or(alternatives) => {
                for case in &alternatives.cases {
                    let kept = bound.len();
                    if self.pattern(case, value, bound)? {
                        return Ok(true);
                    }
                    bound.truncate(kept);
                }
                Ok(false)
            }
            Pat::Tuple(tuple) => match value {
                Value::Tuple(parts) => self.parts(&tuple.elems, parts, bound),
                _ => Err(value.is_not("a tuple")),
            },
            Pat::Slice(slice) => match value {
                Value::Array(parts) => self.parts(&slice.elems, parts, bound),
                _ => Err(value.is_not("an array")),
            },
            Pat::TupleStruct(of) if super::source::last_segment(&of.path) == "Some" => {
                match value {
                    Value::Optional(Some(held)) => {
                        self.parts(&of.elems, std::slice::from_ref(held), bound)
                    }
                    Value::Optional(None) => Ok(false),
                    _ => Err(value.is_not("an option")),
                }
            }
            Pat::Guard(guarded) => self.guarded(guarded, value, bound),
            _ => {
                let text = quote::quote!(#pattern).to_string();
                Err(EvalError::Unsupported(format!("pattern `{text}`")))
            }
        }
    }

    fn ident(
        &mut self,
        ident: &syn::PatIdent,
        value: &Value,
        bound: &mut Vec<Local>,
    ) -> Result<bool, EvalError> {
        let name = ident.ident.to_string();
        if let Some(constant) = self.constant(&name) {
            return Ok(constant == *value);
        }
        bound.push(Local::new(name, Vec::new(), value.clone()));
        match &ident.subpat {
            Some((_, inner)) => self.pattern(inner, value, bound),
            None => Ok(true),
        }
    }

    fn guarded(
        &mut self,
        guarded: &syn::PatGuard,
        value: &Value,
        bound: &mut Vec<Local>,
    ) -> Result<bool, EvalError> {
        if !self.pattern(&guarded.pat, value, bound)? {
            return Ok(false);
        }
        let mark = self.mark();
        self.bind(bound.clone());
        let holds = self.condition(&guarded.guard);
        self.leave(mark);
        holds
    }

    /// The parts of a tuple or array; `..` stands for any number of them.
    fn parts<'p>(
        &mut self,
        patterns: impl IntoIterator<Item = &'p Pat>,
        parts: &[Value],
        bound: &mut Vec<Local>,
    ) -> Result<bool, EvalError> {
        let patterns: Vec<&Pat> = patterns.into_iter().collect();
        let rest = patterns.iter().position(|pattern| matches!(pattern, Pat::Rest(_)));
        let (front, back) = match rest {
            Some(at) => (at, patterns.len() - at - 1),
            None => (patterns.len(), 0),
        };
        if parts.len() < front + back || (rest.is_none() && parts.len() != front) {
            return Ok(false);
        }
        let head = patterns.iter().zip(parts).take(front);
        let tail = patterns.iter().rev().zip(parts.iter().rev()).take(back);
        for (pattern, part) in head.chain(tail) {
            if !self.pattern(pattern, part, bound)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn in_range(&mut self, range: &syn::PatRange, value: &Value) -> Result<bool, EvalError> {
        if let Some(start) = &range.start
            && !number::less_eq(&self.expr(start)?, value)?
        {
            return Ok(false);
        }
        let Some(end) = &range.end else {
            return Ok(true);
        };
        let end = self.expr(end)?;
        match range.limits {
            syn::RangeLimits::HalfOpen(_) => number::less(value, &end),
            syn::RangeLimits::Closed(_) => number::less_eq(value, &end),
        }
    }
}
