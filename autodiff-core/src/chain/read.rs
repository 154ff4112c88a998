//! Reads a chain of method calls as an iterator and what is made of it.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Expr, ExprMethodCall, GenericArgument, Type};

use super::known::{is_iterator, is_once, is_plain, is_source};
use super::made::{Made, made};
use super::order::Mentions;
use super::run::Drive;
use super::unwrap::{Unwrap, unwrapped};
use super::{Built, Unread};

/// A chain.
pub(crate) struct Chain {
    pub(crate) items: Iter,
    pub(crate) end: End,
    /// The method at its end.
    pub(crate) method: Ident,
    /// How often it mentions each name.
    pub(crate) mentions: Mentions,
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
    /// One that `core::iter` makes of a value or a closure.
    Made(Made),
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
    pub(super) fn is_one_to_one(&self) -> bool {
        matches!(self, Kind::Map(_) | Kind::Inspect(_) | Kind::Copied | Kind::Cloned)
    }

    /// The closure that is called for each item, if there is one.
    pub(super) fn closure(&self) -> Option<&Expr> {
        match self {
            Kind::Map(f)
            | Kind::Filter(f)
            | Kind::FilterMap(f)
            | Kind::MapWhile(f)
            | Kind::TakeWhile(f)
            | Kind::SkipWhile(f)
            | Kind::Inspect(f)
            | Kind::FlatMap(f)
            | Kind::Scan(_, f) => Some(f),
            Kind::Flatten
            | Kind::Enumerate
            | Kind::Zip(..)
            | Kind::Skip(_)
            | Kind::Take(_)
            | Kind::StepBy(_)
            | Kind::Copied
            | Kind::Cloned => None,
        }
    }

    /// Whether it asks for its items as it is asked for its own.
    pub(super) fn passes_on(&self) -> bool {
        self.is_one_to_one()
            || matches!(
                self,
                Kind::Filter(_) | Kind::FilterMap(_) | Kind::Enumerate | Kind::Zip(..)
            )
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
    /// A collection of the items.
    Gather(Gather),
}

impl End {
    /// How the end asks for the items.
    pub(super) fn drive(&self) -> Drive {
        match self {
            End::Total(..) | End::Fold(..) | End::ForEach(_) => Drive::Folded,
            End::Loop(..) => Drive::Asked,
            End::Gather(_) | End::Pick(..) => Drive::Unknown,
        }
    }
}

/// What items are put into.
pub(crate) enum Gather {
    /// A `Vec`, with the type that is spelled.
    Vec(Option<Type>),
    /// Two of them, one for each half of a pair.
    Halves(Option<Type>),
    /// Two of them, one for the items that pass a test, one for the others.
    Parts(Expr, Option<Type>),
    /// One that is there already.
    Place(Expr),
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
    /// By a key that has no derivative.
    LargestKey(Expr),
    SmallestKey(Expr),
}

/// The chain that a method call ends, if it is one that may be rewritten. `expected` is the type
/// that is spelled where its value goes.
pub(crate) fn chain(call: &ExprMethodCall, expected: Option<&Type>) -> Option<Built<Chain>> {
    let (call, unwrap) = unwrapped(call)?;
    if !is_iterator(&call.receiver) {
        return None;
    }
    let args: Vec<&Expr> = call.args.iter().collect();
    let name = call.method.to_string();
    let mut skipped = None;
    let pick = match (name.as_str(), args.as_slice()) {
        ("last", []) => Some(Pick::Last),
        ("next", []) => Some(Pick::First),
        ("nth", [n]) => {
            skipped = Some((*n).clone());
            Some(Pick::First)
        }
        ("find", [f]) => Some(Pick::Find((*f).clone())),
        ("reduce", [f]) => Some(Pick::Reduce((*f).clone())),
        ("max_by", [f]) => Some(Pick::Largest((*f).clone())),
        ("min_by", [f]) => Some(Pick::Smallest((*f).clone())),
        ("max_by_key", [f]) => Some(Pick::LargestKey((*f).clone())),
        ("min_by_key", [f]) => Some(Pick::SmallestKey((*f).clone())),
        _ => None,
    };
    let end = match (pick, unwrap) {
        (Some(pick), Some(unwrap)) => End::Pick(pick, unwrap),
        (None, None) => match (name.as_str(), args.as_slice()) {
            ("sum", []) => End::Total(Total::Sum, spelled(call)),
            ("product", []) => End::Total(Total::Product, spelled(call)),
            ("fold", [init, f]) => End::Fold((*init).clone(), (*f).clone()),
            ("for_each", [f]) => End::ForEach((*f).clone()),
            ("collect", []) => {
                End::Gather(Gather::Vec(spelled(call).or_else(|| expected.cloned())))
            }
            ("unzip", []) => End::Gather(Gather::Halves(expected.cloned())),
            ("partition", [f]) => End::Gather(Gather::Parts((*f).clone(), expected.cloned())),
            _ => return None,
        },
        _ => return None,
    };
    let method = call.method.clone();
    let mentions = Mentions::of(call.to_token_stream());
    Some(items(&call.receiver).map(|items| {
        let items = match skipped {
            Some(n) => skip(items, method.clone(), n),
            None => items,
        };
        Chain { items, end, method, mentions }
    }))
}

/// The items after the first `n`.
fn skip(inner: Iter, method: Ident, n: Expr) -> Iter {
    Iter::Adapted(Box::new(inner), Adaptor { method, kind: Kind::Skip(n) })
}

/// `place.extend(items)`, item by item.
pub(crate) fn extended(call: &ExprMethodCall) -> Option<Built<Chain>> {
    let argument = call.args.first()?;
    if call.method != "extend" || !is_iterator(argument) || is_plain(argument) {
        return None;
    }
    let end = End::Gather(Gather::Place((*call.receiver).clone()));
    let method = call.method.clone();
    let mentions = Mentions::of(call.to_token_stream());
    Some(items(argument).map(|items| Chain { items, end, method, mentions }))
}

/// The chain with closures that a `for` loop runs over, as it is written or with other names.
pub(crate) fn looped(
    (of, over): (&syn::ExprForLoop, &Expr),
    (stmts, flag): (&[syn::Stmt], Option<&Ident>),
) -> Option<Built<Chain>> {
    if !is_iterator(over) || is_source(over) {
        return None;
    }
    let end = End::Loop((*of.pat).clone(), stmts.to_vec(), flag.cloned());
    let method = match unparenthesised(over) {
        Expr::MethodCall(call) => call.method.clone(),
        of => Ident::new("iter", syn::spanned::Spanned::span(of)),
    };
    let mentions = Mentions::of(of.to_token_stream());
    Some(items(over).map(|items| Chain { items, end, method, mentions }))
}

/// The type in `sum::<f64>()`.
pub(crate) fn spelled(call: &ExprMethodCall) -> Option<Type> {
    match call.turbofish.as_ref()?.args.first()? {
        GenericArgument::Type(Type::Infer(_)) => None,
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
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
        Expr::Call(call) => match made(call) {
            Some(made) => made.map(Iter::Made),
            None => Ok(Iter::Source(expr.clone())),
        },
        _ => Ok(Iter::Source(unparenthesised(expr).clone())),
    }
}

/// `(0..n)` is `0..n` after `in`.
pub(super) fn unparenthesised(expr: &Expr) -> &Expr {
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
        ("cycle", []) => return super::made::cycled(inner, &call.method),
        ("tuple_windows", []) => return super::made::tuples(&inner, &call.method),
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
        Iter::Made(made) if made.limit.is_none() => {
            Iter::Made(Made { limit: Some(n.clone()), ..made })
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
        Iter::Made(_) | Iter::Adapted(..) => Err(Unread::at(&call.method)),
    }
}
