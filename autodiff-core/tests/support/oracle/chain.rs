//! Chains of iterators with closures, stage by stage: each stage is a list of its items.
//!
//! An `Option` is an iterator of at most one item. What goes on without end ends after
//! [`ENDLESS`] items: more are never taken.

use std::cmp::Ordering;

use syn::{BinOp, Expr, ExprMethodCall};

use super::place::Place;
use super::{Machine, Run, Val, panic, text, unknown};
use crate::support::dual::Num;

const ENDLESS: usize = 16;

/// The methods that are known here.
const METHODS: [&str; 47] = [
    "all",
    "any",
    "chain",
    "chunks",
    "chunks_exact",
    "collect",
    "concat",
    "count",
    "cycle",
    "filter",
    "filter_map",
    "find",
    "flat_map",
    "flatten",
    "fold",
    "for_each",
    "inspect",
    "is_gt",
    "last",
    "map",
    "map_or",
    "map_while",
    "max_by",
    "max_by_key",
    "min_by",
    "min_by_key",
    "next",
    "nth",
    "partial_cmp",
    "partition",
    "position",
    "product",
    "rchunks",
    "rchunks_exact",
    "reduce",
    "scan",
    "skip_while",
    "sum",
    "take_while",
    "then",
    "total_cmp",
    "unwrap",
    "unwrap_or",
    "unwrap_or_else",
    "unzip",
    "windows",
    "extend",
];

impl<T: Num> Machine<'_, T> {
    /// A method of an iterator that takes closures, or ends it; nothing if it is none of these.
    pub(super) fn chain_method(&mut self, e: &ExprMethodCall) -> Run<T, Option<Val<T>>> {
        let name = e.method.to_string();
        if !METHODS.contains(&name.as_str()) {
            return Ok(None);
        }
        let args: Vec<&Expr> = e.args.iter().collect();
        if name == "extend" {
            return self.extend(e).map(Some);
        }
        let of = self.value(&e.receiver)?;
        match (&of, name.as_str(), args.as_slice()) {
            (Val::Bool(true), "then", [f]) => {
                let value = self.apply(f, vec![])?;
                return Ok(Some(Val::Items(vec![value])));
            }
            (Val::Bool(false), "then", [_]) => return Ok(Some(Val::Items(Vec::new()))),
            (Val::Float(x), "total_cmp" | "partial_cmp", [other]) => {
                let Val::Float(y) = self.value(other)? else { return Err(unknown(&name)) };
                let order = Val::Int(x.value().total_cmp(&y.value()) as i128);
                let partial = name == "partial_cmp";
                return Ok(Some(if partial { Val::Items(vec![order]) } else { order }));
            }
            (Val::Float(_) | Val::Int(_) | Val::Bool(_), ..) => return Ok(None),
            _ => {}
        }
        let items = self.items(of)?;
        match self.adapted(&name, items.clone(), &args)? {
            Some(items) => Ok(Some(Val::Items(items))),
            None => self.ended(&name, items, &args).map(Some),
        }
    }

    /// A function that is given as a value, called.
    pub(super) fn apply(&mut self, f: &Expr, args: Vec<Val<T>>) -> Run<T> {
        let result = match f {
            Expr::Paren(f) => self.apply(&f.expr, args),
            Expr::Reference(f) => self.apply(&f.expr, args),
            Expr::Closure(closure) => self.inline(closure, args),
            Expr::Path(path) => {
                let name = text(path).replace(' ', "");
                let known = self.closures.iter().rev().find(|(known, _)| *known == name);
                match (known.cloned(), name.strip_prefix("f64::"), args.split_first()) {
                    (Some((_, closure)), ..) => self.inline(&closure, args),
                    (None, Some(method), Some((of, rest))) => self.method(method, of, rest),
                    _ => Err(unknown(&name)),
                }
            }
            other => Err(unknown(&text(other))),
        }?;
        self.read(result)
    }

    fn holds_for(&mut self, f: &Expr, item: &Val<T>) -> Run<T, bool> {
        match self.apply(f, vec![item.clone()])? {
            Val::Bool(holds) => Ok(holds),
            _ => Err(unknown(&text(f))),
        }
    }

    /// What a closure gives that gives an `Option`.
    fn option(&mut self, f: &Expr, args: Vec<Val<T>>) -> Run<T, Option<Val<T>>> {
        match self.apply(f, args)? {
            Val::Items(items) => Ok(items.into_iter().next()),
            _ => Err(unknown(&text(f))),
        }
    }

    fn size(&mut self, n: &Expr) -> Run<T, usize> {
        let n = self.int(n)?;
        usize::try_from(n).ok().filter(|n| *n > 0).ok_or_else(|| panic(format!("size {n}")))
    }

    /// The items after an adaptor.
    fn adapted(
        &mut self,
        name: &str,
        items: Vec<Val<T>>,
        args: &[&Expr],
    ) -> Run<T, Option<Vec<Val<T>>>> {
        let mut out = Vec::new();
        match (name, args) {
            ("map", [f]) => {
                for item in items {
                    out.push(self.apply(f, vec![item])?);
                }
            }
            ("inspect", [_]) => out = items,
            ("filter", [f]) => {
                for item in items {
                    if self.holds_for(f, &item)? {
                        out.push(item);
                    }
                }
            }
            ("take_while", [f]) => {
                for item in items {
                    if !self.holds_for(f, &item)? {
                        break;
                    }
                    out.push(item);
                }
            }
            ("skip_while", [f]) => {
                for item in items {
                    if !out.is_empty() || !self.holds_for(f, &item)? {
                        out.push(item);
                    }
                }
            }
            ("filter_map", [f]) => {
                for item in items {
                    out.extend(self.option(f, vec![item])?);
                }
            }
            ("map_while", [f]) => {
                for item in items {
                    let Some(item) = self.option(f, vec![item])? else { break };
                    out.push(item);
                }
            }
            ("scan", [init, f]) => out = self.scan(items, init, f)?,
            ("flat_map", [f]) => {
                for item in items {
                    let inner = self.apply(f, vec![item])?;
                    out.extend(self.items(inner)?);
                }
            }
            ("flatten" | "concat", []) => {
                for item in items {
                    out.extend(self.items(item)?);
                }
            }
            ("chain", [other]) => {
                let other = self.value(other)?;
                out = [items, self.items(other)?].concat();
            }
            ("cycle", []) => {
                let endless = ENDLESS * usize::from(!items.is_empty());
                out = items.into_iter().cycle().take(endless).collect();
            }
            ("windows" | "chunks" | "chunks_exact" | "rchunks" | "rchunks_exact", [n]) => {
                let n = self.size(n)?;
                let part = |part: &[Val<T>]| Val::Array(part.to_vec());
                out = match name {
                    "windows" => items.windows(n).map(part).collect(),
                    "chunks" => items.chunks(n).map(part).collect(),
                    "chunks_exact" => items.chunks_exact(n).map(part).collect(),
                    "rchunks" => items.rchunks(n).map(part).collect(),
                    _ => items.rchunks_exact(n).map(part).collect(),
                };
            }
            _ => return Ok(None),
        }
        Ok(Some(out))
    }

    fn scan(&mut self, items: Vec<Val<T>>, init: &Expr, f: &Expr) -> Run<T, Vec<Val<T>>> {
        let state = self.value(init)?;
        let slot = self.variables.len();
        self.scope(|machine| {
            machine.variables.push((String::new(), state));
            let mut out = Vec::new();
            for item in items {
                let state = Val::Mut(Place::of_slot(slot));
                let Some(item) = machine.option(f, vec![state, item])? else { break };
                out.push(item);
            }
            Ok(out)
        })
    }

    /// What a chain ends in.
    fn ended(&mut self, name: &str, items: Vec<Val<T>>, args: &[&Expr]) -> Run<T> {
        let mut first = items.clone().into_iter();
        Ok(match (name, args) {
            ("sum", []) => self.total(items, -0.0, &BinOp::Add(syn::token::Plus::default()))?,
            ("product", []) => self.total(items, 1.0, &BinOp::Mul(syn::token::Star::default()))?,
            ("fold", [init, f]) => {
                let mut acc = self.value(init)?;
                for item in items {
                    acc = self.apply(f, vec![acc, item])?;
                }
                acc
            }
            ("for_each", [f]) => {
                for item in items {
                    self.apply(f, vec![item])?;
                }
                Val::Unit
            }
            ("reduce", [f]) => {
                let Some(mut acc) = first.next() else { return Ok(Val::Items(items)) };
                for item in first {
                    acc = self.apply(f, vec![acc, item])?;
                }
                Val::Items(vec![acc])
            }
            ("max_by" | "min_by", [f]) => self.extreme(items, f, name == "max_by")?,
            ("max_by_key" | "min_by_key", [f]) => self.by_key(items, f, name == "max_by_key")?,
            ("last", []) => Val::Items(items.into_iter().last().into_iter().collect()),
            ("next", []) => Val::Items(first.next().into_iter().collect()),
            ("nth", [n]) => {
                let n = usize::try_from(self.int(n)?).unwrap_or(0);
                Val::Items(first.nth(n).into_iter().collect())
            }
            ("find", [f]) => {
                for item in items {
                    if self.holds_for(f, &item)? {
                        return Ok(Val::Items(vec![item]));
                    }
                }
                Val::Items(Vec::new())
            }
            ("count", []) => Val::Int(items.len() as i128),
            ("collect", []) => Val::Array(items),
            ("unzip", []) => {
                let (mut left, mut right) = (Vec::new(), Vec::new());
                for item in items {
                    let Val::Tuple(pair) = item else { return Err(unknown("a pair")) };
                    let [a, b] = pair.try_into().map_err(|_| unknown("a pair"))?;
                    left.push(a);
                    right.push(b);
                }
                Val::Tuple(vec![Val::Array(left), Val::Array(right)])
            }
            ("partition", [f]) => {
                let (mut left, mut right) = (Vec::new(), Vec::new());
                for item in items {
                    if self.holds_for(f, &item)? { &mut left } else { &mut right }.push(item);
                }
                Val::Tuple(vec![Val::Array(left), Val::Array(right)])
            }
            ("unwrap", []) => first.next().ok_or_else(|| panic("nothing".to_owned()))?,
            ("map_or", [other, f]) => {
                let other = self.value(other)?;
                match first.next() {
                    Some(item) => self.apply(f, vec![item])?,
                    None => other,
                }
            }
            ("unwrap_or", [other]) => {
                let other = self.value(other)?;
                first.next().unwrap_or(other)
            }
            _ => return Err(unknown(&format!("method `{name}`"))),
        })
    }

    fn total(&mut self, items: Vec<Val<T>>, start: f64, op: &BinOp) -> Run<T> {
        let mut total = Val::Float(T::from_f64(start));
        for item in items {
            total = self.operate(op, &total, &item)?;
        }
        Ok(total)
    }

    /// The last of the largest, or the first of the smallest.
    fn extreme(&mut self, items: Vec<Val<T>>, f: &Expr, largest: bool) -> Run<T> {
        let mut best: Option<Val<T>> = None;
        for item in items {
            let Some(known) = best.take() else {
                best = Some(item);
                continue;
            };
            let Val::Int(order) = self.apply(f, vec![known.clone(), item.clone()])? else {
                return Err(unknown(&text(f)));
            };
            let better = if largest { order <= 0 } else { order > 0 };
            best = Some(if better { item } else { known });
        }
        Ok(Val::Items(best.into_iter().collect()))
    }

    fn by_key(&mut self, items: Vec<Val<T>>, f: &Expr, largest: bool) -> Run<T> {
        let mut best: Option<(i128, Val<T>)> = None;
        for item in items {
            let key = match self.apply(f, vec![item.clone()])? {
                Val::Int(key) => key,
                Val::Bool(key) => i128::from(key),
                _ => return Err(unknown(&text(f))),
            };
            let order = best.as_ref().map_or(Ordering::Less, |(top, _)| top.cmp(&key));
            let better = if largest { order.is_le() } else { order.is_gt() };
            if better || best.is_none() {
                best = Some((key, item));
            }
        }
        Ok(Val::Items(best.map(|(_, item)| item).into_iter().collect()))
    }

    fn extend(&mut self, e: &ExprMethodCall) -> Run<T> {
        let Some(place) = self.place_of(&e.receiver)? else { return Err(unknown(&text(e))) };
        let place = self.target(place)?;
        let mut more = self.values(&e.args)?;
        let (Val::Array(elements), Some(more)) = (self.load(&place)?, more.pop()) else {
            return Err(unknown(&text(e)));
        };
        let all = [elements, self.items(more)?].concat();
        self.store(&place, Val::Array(all))?;
        Ok(Val::Unit)
    }

    /// What a function of `core::iter` makes, or `Some`.
    pub(super) fn made(
        &mut self,
        name: &str,
        args: &[Val<T>],
        f: Option<&Expr>,
    ) -> Run<T, Option<Val<T>>> {
        Ok(Some(Val::Items(match (name, args) {
            ("Some" | "std::iter::once", [item]) => vec![item.clone()],
            ("std::iter::repeat", [item]) => vec![item.clone(); ENDLESS],
            ("std::iter::repeat_n", [item, Val::Int(n)]) => {
                vec![item.clone(); usize::try_from(*n).unwrap_or(0)]
            }
            ("std::iter::successors", [Val::Items(first)]) => {
                let Some(f) = f else { return Ok(None) };
                let (mut next, mut out) = (first.first().cloned(), Vec::new());
                while let Some(item) = next.filter(|_| out.len() < ENDLESS) {
                    next = self.option(f, vec![item.clone()])?;
                    out.push(item);
                }
                out
            }
            _ => return Ok(None),
        })))
    }
}
