//! Reads a chain of method calls as an iterator and what is made of it.

use proc_macro2::Ident;
use syn::{Expr, ExprMethodCall, GenericArgument, Type};

use super::{Built, Unread};

/// A chain.
pub(crate) struct Chain {
    pub(crate) items: Iter,
    pub(crate) end: End,
    /// The method at its end.
    pub(crate) method: Ident,
}

/// An iterator.
#[derive(Clone)]
pub(crate) enum Iter {
    /// One without closures: a `for` loop runs over it as it is.
    Source(Expr),
    /// The items of another, adapted.
    Adapted(Box<Iter>, Adaptor),
    /// One after another.
    Joined(Box<Iter>, Box<Iter>),
}

/// An adaptor, and the name of its method.
#[derive(Clone)]
pub(crate) struct Adaptor {
    pub(crate) method: Ident,
    pub(crate) kind: Kind,
}

/// What an adaptor does.
#[derive(Clone)]
pub(crate) enum Kind {
    Map(Expr),
    Filter(Expr),
    FilterMap(Expr),
    MapWhile(Expr),
    TakeWhile(Expr),
    SkipWhile(Expr),
    Inspect(Expr),
    FlatMap(Expr),
    Flatten,
    Scan(Expr, Expr),
    Enumerate,
    Zip(Box<Iter>, Expr),
    Skip(Expr),
    Take(Expr),
    StepBy(Expr),
    Copied,
    Cloned,
}

impl Kind {
    /// Whether every item of the iterator inside is one item.
    fn is_one_to_one(&self) -> bool {
        matches!(self, Kind::Map(_) | Kind::Inspect(_) | Kind::Copied | Kind::Cloned)
    }

    /// Whether it gives the same items from either end.
    fn is_reversible(&self) -> bool {
        self.is_one_to_one() || matches!(self, Kind::Filter(_) | Kind::FilterMap(_))
    }
}

/// What a chain ends in.
pub(crate) enum End {
    /// `sum` or `product`, with the type that is spelled.
    Total(Total, Option<Type>),
    Fold(Expr, Expr),
    ForEach(Expr),
    /// The body of a `for` loop, and the flag that leaves it.
    Loop(syn::Pat, Vec<syn::Stmt>, Option<Ident>),
    /// One of the items, if there is any.
    Pick(Pick, Unwrap),
}

/// `sum` or `product`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Total {
    Sum,
    Product,
}

/// How one item is chosen, or made of all.
pub(crate) enum Pick {
    First,
    Last,
    Find(Expr),
    Reduce(Expr),
    Largest(Expr),
    Smallest(Expr),
}

/// What is made of an `Option`.
pub(crate) struct Unwrap {
    /// Whether the item behind the reference is asked for.
    pub(crate) copied: bool,
    pub(crate) missing: Missing,
}

/// What there is without an item.
pub(crate) enum Missing {
    /// A panic: the call of `unwrap` or `expect`.
    Panic(ExprMethodCall),
    /// A value.
    Value(Expr),
    /// What a closure without parameters gives.
    Computed(Expr),
    /// `Default::default()`
    Default,
}

/// The chain that a method call ends, if it is one that may be rewritten.
pub(crate) fn chain(call: &ExprMethodCall) -> Option<Built<Chain>> {
    let (call, unwrap) = unwrapped(call)?;
    if !is_iterator(&call.receiver) {
        return None;
    }
    let args: Vec<&Expr> = call.args.iter().collect();
    let name = call.method.to_string();
    let pick = match (name.as_str(), args.as_slice()) {
        ("last", []) => Some(Pick::Last),
        ("next", []) => Some(Pick::First),
        ("find", [f]) => Some(Pick::Find((*f).clone())),
        ("reduce", [f]) => Some(Pick::Reduce((*f).clone())),
        ("max_by", [f]) => Some(Pick::Largest((*f).clone())),
        ("min_by", [f]) => Some(Pick::Smallest((*f).clone())),
        _ => None,
    };
    let end = match (pick, unwrap) {
        (Some(pick), Some(unwrap)) => End::Pick(pick, unwrap),
        (None, None) => match (name.as_str(), args.as_slice()) {
            ("sum", []) => End::Total(Total::Sum, spelled(call)),
            ("product", []) => End::Total(Total::Product, spelled(call)),
            ("fold", [init, f]) => End::Fold((*init).clone(), (*f).clone()),
            ("for_each", [f]) => End::ForEach((*f).clone()),
            _ => return None,
        },
        _ => return None,
    };
    let method = call.method.clone();
    Some(items(&call.receiver).map(|items| Chain { items, end, method }))
}

/// The chain with closures that a `for` loop runs over.
pub(crate) fn looped(
    of: &syn::ExprForLoop,
    (stmts, flag): (&[syn::Stmt], Option<&Ident>),
) -> Option<Built<Chain>> {
    let Expr::MethodCall(call) = unparenthesised(&of.expr) else { return None };
    if !is_iterator(&of.expr) || is_source(&of.expr) {
        return None;
    }
    let end = End::Loop((*of.pat).clone(), stmts.to_vec(), flag.cloned());
    let method = call.method.clone();
    Some(items(&of.expr).map(|items| Chain { items, end, method }))
}

/// Whether a method call counts or tests the items of an iterator: its value has no derivative.
pub(crate) fn is_inert_end(call: &ExprMethodCall) -> bool {
    const INERT: [&str; 8] =
        ["count", "any", "all", "position", "rposition", "is_sorted", "eq", "cmp"];
    let name = call.method.to_string();
    (INERT.contains(&name.as_str()) || is_integer(call)) && is_iterator(&call.receiver)
}

/// `sum::<usize>()`
fn is_integer(call: &ExprMethodCall) -> bool {
    let Some(Type::Path(path)) = spelled(call) else { return false };
    let name = path.path.get_ident().map(ToString::to_string).unwrap_or_default();
    name.starts_with(['u', 'i']) && name.trim_start_matches(['u', 'i']).parse::<u8>().is_ok()
        || matches!(name.as_str(), "usize" | "isize")
}

/// The call inside of one that unwraps an `Option`, or the call itself.
fn unwrapped(call: &ExprMethodCall) -> Option<(&ExprMethodCall, Option<Unwrap>)> {
    let args: Vec<&Expr> = call.args.iter().collect();
    let missing = match (call.method.to_string().as_str(), args.as_slice()) {
        ("unwrap", []) | ("expect", [_]) => Missing::Panic(call.clone()),
        ("unwrap_or", [value]) => Missing::Value((*value).clone()),
        ("unwrap_or_else", [f]) => Missing::Computed((*f).clone()),
        ("unwrap_or_default", []) => Missing::Default,
        _ => return Some((call, None)),
    };
    let (mut inner, mut copied) = (&*call.receiver, false);
    while let Expr::MethodCall(call) = inner {
        if !matches!(call.method.to_string().as_str(), "copied" | "cloned") {
            return Some((call, Some(Unwrap { copied, missing })));
        }
        copied = true;
        inner = &call.receiver;
    }
    None
}

/// The type in `sum::<f64>()`.
fn spelled(call: &ExprMethodCall) -> Option<Type> {
    match call.turbofish.as_ref()?.args.first()? {
        GenericArgument::Type(Type::Infer(_)) => None,
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}

/// Whether an expression is an iterator, as far as its methods tell.
pub(crate) fn is_iterator(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => is_iterator(&inner.expr),
        Expr::Group(inner) => is_iterator(&inner.expr),
        Expr::Range(_) => true,
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            STARTS.contains(&name.as_str())
                || (ADAPTORS.contains(&name.as_str()) && is_iterator(&call.receiver))
        }
        Expr::Call(call) => is_once(call),
        _ => false,
    }
}

/// Methods that make an iterator of something.
const STARTS: [&str; 9] = [
    "iter",
    "iter_mut",
    "into_iter",
    "windows",
    "chunks",
    "chunks_exact",
    "chunks_mut",
    "chunks_exact_mut",
    "drain",
];

/// Methods that make an iterator of another.
const ADAPTORS: [&str; 23] = [
    "map",
    "filter",
    "filter_map",
    "map_while",
    "take_while",
    "skip_while",
    "inspect",
    "flat_map",
    "flatten",
    "scan",
    "enumerate",
    "zip",
    "skip",
    "take",
    "step_by",
    "copied",
    "cloned",
    "rev",
    "chain",
    "by_ref",
    "fuse",
    "cycle",
    "peekable",
];

/// Whether a `for` loop can run over an expression as it is.
fn is_source(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => is_source(&inner.expr),
        Expr::Group(inner) => is_source(&inner.expr),
        Expr::MethodCall(call) => match call.method.to_string().as_str() {
            "enumerate" | "rev" | "skip" | "take" | "step_by" | "copied" | "cloned" => {
                is_source(&call.receiver)
            }
            "zip" => is_source(&call.receiver) && call.args.iter().all(is_source),
            name => !ADAPTORS.contains(&name),
        },
        Expr::Call(call) => !is_once(call),
        _ => true,
    }
}

/// `std::iter::once(x)`
fn is_once(call: &syn::ExprCall) -> bool {
    let Expr::Path(path) = &*call.func else { return false };
    let names: Vec<String> =
        path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    call.args.len() == 1 && names.ends_with(&["iter".to_owned(), "once".to_owned()])
}

/// The iterator that an expression is.
pub(crate) fn items(expr: &Expr) -> Built<Iter> {
    match expr {
        Expr::Paren(inner) if !matches!(*inner.expr, Expr::Range(_)) => items(&inner.expr),
        Expr::Group(inner) => items(&inner.expr),
        Expr::MethodCall(call) if !is_source(expr) => adapted(call),
        Expr::Call(call) if is_once(call) => {
            let elems = call.args.clone();
            let bracket_token = syn::token::Bracket(call.paren_token.span.join());
            let array = syn::ExprArray { attrs: Vec::new(), bracket_token, elems };
            Ok(Iter::Source(Expr::Array(array)))
        }
        _ => Ok(Iter::Source(unparenthesised(expr).clone())),
    }
}

/// `(0..n)` is `0..n` after `in`.
fn unparenthesised(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => unparenthesised(&inner.expr),
        _ => expr,
    }
}

fn adapted(call: &ExprMethodCall) -> Built<Iter> {
    let inner = items(&call.receiver)?;
    let args: Vec<&Expr> = call.args.iter().collect();
    let kind = match (call.method.to_string().as_str(), args.as_slice()) {
        ("map", [f]) => Kind::Map((*f).clone()),
        ("filter", [f]) => Kind::Filter((*f).clone()),
        ("filter_map", [f]) => Kind::FilterMap((*f).clone()),
        ("map_while", [f]) => Kind::MapWhile((*f).clone()),
        ("take_while", [f]) => Kind::TakeWhile((*f).clone()),
        ("skip_while", [f]) => Kind::SkipWhile((*f).clone()),
        ("inspect", [f]) => Kind::Inspect((*f).clone()),
        ("flat_map", [f]) => Kind::FlatMap((*f).clone()),
        ("flatten", []) => Kind::Flatten,
        ("scan", [init, f]) => Kind::Scan((*init).clone(), (*f).clone()),
        ("enumerate", []) => Kind::Enumerate,
        ("zip", [other]) => Kind::Zip(Box::new(items(other)?), (*other).clone()),
        ("skip", [n]) => Kind::Skip((*n).clone()),
        ("take", [n]) => return Ok(taken(inner, call, n)),
        ("step_by", [n]) => Kind::StepBy((*n).clone()),
        ("copied", []) => Kind::Copied,
        ("cloned", []) => Kind::Cloned,
        ("fuse" | "by_ref", []) => return Ok(inner),
        ("rev", []) => return reversed(inner, call),
        ("chain", [other]) => {
            return Ok(Iter::Joined(Box::new(inner), Box::new(items(other)?)));
        }
        _ => return Err(Unread::at(&call.method)),
    };
    Ok(Iter::Adapted(Box::new(inner), Adaptor { method: call.method.clone(), kind }))
}

/// The same call on another receiver.
fn called(call: &ExprMethodCall, receiver: Expr) -> Expr {
    let receiver = match receiver {
        Expr::Range(_) => {
            let paren_token = syn::token::Paren(call.method.span());
            let expr = Box::new(receiver);
            Expr::Paren(syn::ExprParen { attrs: Vec::new(), paren_token, expr })
        }
        receiver => receiver,
    };
    Expr::MethodCall(ExprMethodCall { receiver: Box::new(receiver), ..call.clone() })
}

/// `take` counts the items of the source where they are as many.
fn taken(inner: Iter, call: &ExprMethodCall, n: &Expr) -> Iter {
    match inner {
        Iter::Source(source) => Iter::Source(called(call, source)),
        Iter::Adapted(inner, adaptor) if adaptor.kind.is_one_to_one() => {
            Iter::Adapted(Box::new(taken(*inner, call, n)), adaptor)
        }
        inner => {
            let adaptor = Adaptor { method: call.method.clone(), kind: Kind::Take(n.clone()) };
            Iter::Adapted(Box::new(inner), adaptor)
        }
    }
}

/// Reversing turns the source round: closures are called from the back.
fn reversed(inner: Iter, call: &ExprMethodCall) -> Built<Iter> {
    match inner {
        Iter::Source(source) => Ok(Iter::Source(called(call, source))),
        Iter::Adapted(inner, adaptor) if adaptor.kind.is_reversible() => {
            Ok(Iter::Adapted(Box::new(reversed(*inner, call)?), adaptor))
        }
        Iter::Joined(one, other) => {
            let (one, other) = (reversed(*one, call)?, reversed(*other, call)?);
            Ok(Iter::Joined(Box::new(other), Box::new(one)))
        }
        Iter::Adapted(..) => Err(Unread::at(&call.method)),
    }
}
