//! Closures, and chains of iterators that the compiler keeps as tokens: each stage is a list of its
//! items, and an `Option` one of at most one.

use std::cmp::Ordering;

use quote::ToTokens;
use syn::{Expr, ExprClosure, ExprMethodCall};

use super::source::{Env, Local, last_segment, unsupported};
use super::{EvalError, Value, number};
use crate::ir::Member;

/// As many items as are looked at of what goes on without end.
const ENDLESS: usize = 64;

/// Whether a method makes an iterator of another with a closure, or beyond what a loop runs over.
pub(super) fn adapts(method: &str) -> bool {
    [
        "map",
        "filter",
        "filter_map",
        "map_while",
        "take_while",
        "skip_while",
        "flat_map",
        "flatten",
        "scan",
        "inspect",
        "chain",
        "cycle",
    ]
    .contains(&method)
}

/// Whether a method makes one value of an iterator, an `Option` or a comparison.
fn ends(method: &str) -> bool {
    [
        "sum",
        "product",
        "fold",
        "reduce",
        "max_by",
        "min_by",
        "max_by_key",
        "min_by_key",
        "last",
        "next",
        "nth",
        "find",
        "collect",
        "unzip",
        "partition",
        "count",
        "size_hint",
        "any",
        "all",
        "unwrap",
        "unwrap_or",
        "map_or",
        "then",
    ]
    .contains(&method)
}

impl Env<'_> {
    /// A closure as a value: its text, and what the variables hold where it is written.
    pub(super) fn closure(&self, closure: &ExprClosure) -> Value {
        Value::Closure(closure.to_token_stream().to_string(), self.snapshot())
    }

    /// Calls a closure, or a function by its path.
    pub(super) fn apply(&mut self, f: &Expr, args: &[Value]) -> Result<Value, EvalError> {
        match f {
            Expr::Paren(f) => self.apply(&f.expr, args),
            Expr::Reference(f) => self.apply(&f.expr, args),
            Expr::Closure(closure) => self.inline(closure, args),
            Expr::Path(path) if path.path.segments.len() == 2 => {
                let (receiver, rest) = args.split_first().ok_or_else(|| unsupported(f))?;
                number::method(&last_segment(&path.path), receiver, rest)
            }
            Expr::Path(_) => match self.expr(f)? {
                Value::Closure(text, known) => self.call_closure(&text, &known, args),
                _ => Err(unsupported(f)),
            },
            _ => Err(unsupported(f)),
        }
    }

    pub(super) fn call_closure(
        &mut self,
        text: &str,
        known: &[(String, Vec<Member>, Value)],
        args: &[Value],
    ) -> Result<Value, EvalError> {
        let parsed = syn::parse_str::<ExprClosure>(text);
        let closure = parsed.map_err(|_| EvalError::Unsupported(text.to_owned()))?;
        let mark = self.mark();
        let locals = known.iter().cloned();
        self.bind(locals.map(|(name, fields, value)| Local::new(name, fields, value)).collect());
        let value = self.inline(&closure, args);
        self.leave(mark);
        value
    }

    fn holds(&mut self, f: &Expr, item: &Value) -> Result<bool, EvalError> {
        self.apply(f, std::slice::from_ref(item))?.bool()
    }

    /// The items after an adaptor.
    pub(super) fn adapted_by(
        &mut self,
        call: &ExprMethodCall,
        items: Vec<Value>,
    ) -> Result<Vec<Value>, EvalError> {
        let mut out = Vec::new();
        let name = call.method.to_string();
        let args: Vec<&Expr> = call.args.iter().collect();
        match (name.as_str(), args.as_slice()) {
            ("inspect", [_]) => out = items,
            ("cycle", []) if items.is_empty() => {}
            ("cycle", []) => out = items.into_iter().cycle().take(ENDLESS).collect(),
            ("chain", [other]) => out = [items, self.items(other)?].concat(),
            ("scan", [init, f]) => out = self.scan(items, init, f)?,
            ("flatten", []) => {
                for item in items {
                    out.extend(listed(item)?);
                }
            }
            ("map", [f]) => {
                for item in items {
                    out.push(self.apply(f, &[item])?);
                }
            }
            ("filter_map" | "flat_map", [f]) => {
                for item in items {
                    out.extend(listed(self.apply(f, &[item])?)?);
                }
            }
            ("map_while", [f]) => {
                for item in items {
                    let Some(item) = listed(self.apply(f, &[item])?)?.pop() else { break };
                    out.push(item);
                }
            }
            ("filter" | "take_while" | "skip_while", [f]) => {
                for item in items {
                    let skips = name == "skip_while" && !out.is_empty();
                    let holds = skips || self.holds(f, &item)? != (name == "skip_while");
                    if holds {
                        out.push(item);
                    } else if name == "take_while" {
                        break;
                    }
                }
            }
            _ => return Err(unsupported(call)),
        }
        Ok(out)
    }

    /// The state is the first parameter of the closure, which changes it.
    fn scan(&mut self, items: Vec<Value>, init: &Expr, f: &Expr) -> Result<Vec<Value>, EvalError> {
        let Expr::Closure(closure) = f else { return Err(unsupported(f)) };
        let Some(syn::Pat::Ident(name)) = closure.inputs.first() else {
            return Err(unsupported(f));
        };
        let name = name.ident.to_string();
        let mut state = self.expr(init)?;
        let mut out = Vec::new();
        for item in items {
            let mark = self.mark();
            for (pattern, arg) in closure.inputs.iter().zip([&state, &item]) {
                let bound = self.matches(pattern, arg)?;
                self.bind(bound.ok_or_else(|| unsupported(pattern))?);
            }
            let given = self.expr(&closure.body);
            let own = self.leave(mark);
            let after = own.iter().find(|local| local.is(&name, &[]));
            state = after.ok_or_else(|| unsupported(f))?.value().clone();
            let Some(item) = listed(given?)?.pop() else { break };
            out.push(item);
        }
        Ok(out)
    }

    /// A method that makes one value of an iterator; nothing if it is none.
    pub(super) fn ended(&mut self, call: &ExprMethodCall) -> Result<Option<Value>, EvalError> {
        let name = call.method.to_string();
        if !ends(&name) {
            return Ok(None);
        }
        let args: Vec<&Expr> = call.args.iter().collect();
        let of = self.chained(&call.receiver)?;
        let items = match (of, name.as_str(), args.as_slice()) {
            (Value::Bool(holds), "then", [f]) => {
                let value = if holds { Some(Box::new(self.apply(f, &[])?)) } else { None };
                return Ok(Some(Value::Optional(value)));
            }
            (order @ Value::Int(_), "unwrap", []) => return Ok(Some(order)),
            (Value::Array(items), ..) => items,
            (Value::Optional(item), ..) => item.into_iter().map(|item| *item).collect(),
            _ => return Ok(None),
        };
        self.made_of(call, &name, items, &args).map(Some)
    }

    /// An iterator as a list of its items, anything else as the value that it is.
    fn chained(&mut self, expr: &Expr) -> Result<Value, EvalError> {
        match expr {
            Expr::Paren(of) => self.chained(&of.expr),
            Expr::Range(_) => self.items(expr).map(Value::Array),
            _ => self.expr(expr),
        }
    }

    fn made_of(
        &mut self,
        call: &ExprMethodCall,
        name: &str,
        items: Vec<Value>,
        args: &[&Expr],
    ) -> Result<Value, EvalError> {
        let mut rest = items.clone().into_iter();
        Ok(match (name, args) {
            ("sum", []) => self.total(items, -0.0, "+")?,
            ("product", []) => self.total(items, 1.0, "*")?,
            ("count", []) => number::int(items.len()),
            ("size_hint", []) => Value::Tuple(vec![number::int(items.len())]),
            ("collect", []) => Value::Array(items),
            ("fold", [init, f]) => {
                let mut acc = self.expr(init)?;
                for item in items {
                    acc = self.apply(f, &[acc, item])?;
                }
                acc
            }
            ("reduce", [f]) => {
                let Some(mut acc) = rest.next() else { return Ok(Value::Optional(None)) };
                for item in rest {
                    acc = self.apply(f, &[acc, item])?;
                }
                some(Some(acc))
            }
            ("max_by" | "min_by" | "max_by_key" | "min_by_key", [f]) => {
                self.extreme(items, f, name)?
            }
            ("last", []) => some(rest.last()),
            ("next", []) => some(rest.next()),
            ("nth", [n]) => some(rest.nth(number::len(&self.expr(n)?)?)),
            ("find" | "any" | "all" | "partition", [f]) => {
                let kept = items.iter().map(|item| self.holds(f, item));
                let kept = kept.collect::<Result<Vec<bool>, EvalError>>()?;
                let (yes, no): (Vec<_>, Vec<_>) = items.into_iter().zip(kept).partition(|it| it.1);
                let [yes, no] = [yes, no].map(|half| half.into_iter().map(|it| it.0).collect());
                let (yes, no): (Vec<Value>, Vec<Value>) = (yes, no);
                match name {
                    "find" => some(yes.into_iter().next()),
                    "any" => Value::Bool(!yes.is_empty()),
                    "all" => Value::Bool(no.is_empty()),
                    _ => Value::Tuple(vec![Value::Array(yes), Value::Array(no)]),
                }
            }
            ("unzip", []) => {
                let half = |n: u32| -> Result<Vec<Value>, EvalError> {
                    items.iter().map(|item| item.field(Member::Unnamed(n)).cloned()).collect()
                };
                let (left, right) = (half(0)?, half(1)?);
                Value::Tuple(vec![Value::Array(left), Value::Array(right)])
            }
            ("unwrap", []) => {
                rest.next().ok_or_else(|| EvalError::Panic("`unwrap` of nothing".to_owned()))?
            }
            ("unwrap_or", [other]) => {
                let other = self.expr(other)?;
                rest.next().unwrap_or(other)
            }
            ("map_or", [other, f]) => {
                let other = self.expr(other)?;
                match rest.next() {
                    Some(item) => self.apply(f, &[item])?,
                    None => other,
                }
            }
            _ => return Err(unsupported(call)),
        })
    }

    fn total(&mut self, items: Vec<Value>, start: f64, op: &str) -> Result<Value, EvalError> {
        let op = syn::parse_str(op).map_err(|_| EvalError::Unsupported(op.to_owned()))?;
        let mut total = Value::Float(start);
        for item in items {
            total = number::binary(&op, &total, &item)?;
        }
        Ok(total)
    }

    /// The last of the largest, or the first of the smallest.
    fn extreme(&mut self, items: Vec<Value>, f: &Expr, name: &str) -> Result<Value, EvalError> {
        let mut best: Option<Value> = None;
        for item in items {
            let Some(known) = best.take() else {
                best = Some(item);
                continue;
            };
            let order = if name.ends_with("key") {
                let keys = [&known, &item].map(|it| self.apply(f, std::slice::from_ref(it)));
                let [a, b] = keys;
                match (a?, b?) {
                    (Value::Bool(a), Value::Bool(b)) => a.cmp(&b),
                    (a, b) => a.int()?.cmp(&b.int()?),
                }
            } else {
                self.apply(f, &[known.clone(), item.clone()])?.int()?.cmp(&0)
            };
            let better = if name.starts_with("max") { order.is_le() } else { order.is_gt() };
            best = Some(if better { item } else { known });
        }
        Ok(some(best))
    }
}

/// A comparison as a number below, at or above zero.
pub(super) fn compared(order: Ordering) -> Value {
    Value::Int(order as i128)
}

fn some(item: Option<Value>) -> Value {
    Value::Optional(item.map(Box::new))
}

/// The items of an array or an `Option`.
pub(super) fn listed(of: Value) -> Result<Vec<Value>, EvalError> {
    match of {
        Value::Array(elements) => Ok(elements),
        Value::Optional(item) => Ok(item.into_iter().map(|item| *item).collect()),
        other => Err(other.is_not("an iterator")),
    }
}
