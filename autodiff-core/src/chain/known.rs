//! Which methods make, adapt and end iterators: all that is known of them without their types.

use proc_macro2::Ident;
use syn::{Expr, ExprMethodCall, Type};

use super::made::made;
use super::read::{spelled, unparenthesised};

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
        Expr::Call(call) => is_once(call) || made(call).is_some(),
        _ => false,
    }
}

/// Whether a method makes an iterator, of something or of another.
pub(super) fn is_iterator_method(method: &Ident) -> bool {
    let name = method.to_string();
    STARTS.contains(&name.as_str()) || ADAPTORS.contains(&name.as_str())
}

/// The method of a chain that is not known, where a known one is called on what it gives.
pub(crate) fn unknown_method(call: &ExprMethodCall) -> Option<&Ident> {
    let name = call.method.to_string();
    if !ENDS.contains(&name.as_str()) && !is_iterator_method(&call.method) {
        return None;
    }
    let mut inner = &*call.receiver;
    let mut unknown = None;
    while let Expr::MethodCall(call) = unparenthesised(inner) {
        if !is_iterator_method(&call.method) {
            unknown = Some(&call.method);
        }
        inner = &call.receiver;
    }
    unknown
}

/// Methods that make an iterator of something.
const STARTS: [&str; 11] = [
    "iter",
    "iter_mut",
    "into_iter",
    "windows",
    "chunks",
    "chunks_exact",
    "chunks_mut",
    "chunks_exact_mut",
    "rchunks",
    "rchunks_exact",
    "drain",
];

/// Methods that make an iterator of another.
const ADAPTORS: [&str; 24] = [
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
    // Of `itertools`.
    "tuple_windows",
];

/// Methods that end a chain.
const ENDS: [&str; 17] = [
    "sum",
    "product",
    "fold",
    "for_each",
    "collect",
    "unzip",
    "partition",
    "last",
    "next",
    "nth",
    "find",
    "reduce",
    "max_by",
    "min_by",
    "max_by_key",
    "min_by_key",
    "try_fold",
];

/// Whether a `for` loop can run over an expression as it is.
pub(super) fn is_source(expr: &Expr) -> bool {
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
        Expr::Call(call) => !is_once(call) && made(call).is_none(),
        _ => true,
    }
}

/// `std::iter::once(x)`
pub(super) fn is_once(call: &syn::ExprCall) -> bool {
    let Expr::Path(path) = &*call.func else { return false };
    let names: Vec<String> =
        path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    call.args.len() == 1 && names.ends_with(&["iter".to_owned(), "once".to_owned()])
}

/// Whether a method call counts or tests the items of an iterator: its value has no derivative.
pub(crate) fn is_inert_end(call: &ExprMethodCall) -> bool {
    if let Some(Expr::MethodCall(inner)) = super::unwrap::receiver(call)
        && is_position(inner)
    {
        return true;
    }
    let name = call.method.to_string();
    if name == "partition_point" {
        return true;
    }
    (INERT.contains(&name.as_str()) || is_integer(call)) && is_iterator(&call.receiver)
}

/// Methods that count, test or compare items.
const INERT: [&str; 8] = ["count", "any", "all", "position", "rposition", "is_sorted", "eq", "cmp"];

/// Whether a method call finds the number of an item.
fn is_position(call: &ExprMethodCall) -> bool {
    match call.method.to_string().as_str() {
        "position" | "rposition" => is_iterator(&call.receiver),
        "binary_search_by" | "binary_search_by_key" => true,
        _ => false,
    }
}

/// `sum::<usize>()`
fn is_integer(call: &ExprMethodCall) -> bool {
    spelled(call).as_ref().is_some_and(is_integer_type)
}

/// Whether a type is one of integers.
pub(crate) fn is_integer_type(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let name = path.path.get_ident().map(ToString::to_string).unwrap_or_default();
    name.starts_with(['u', 'i']) && name.trim_start_matches(['u', 'i']).parse::<u8>().is_ok()
        || matches!(name.as_str(), "usize" | "isize")
}

/// Whether an iterator gives the elements of something, one by one and all of them.
pub(super) fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => is_plain(&inner.expr),
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            match name.as_str() {
                "iter" => matches!(*call.receiver, Expr::Path(_)),
                "copied" | "cloned" => is_plain(&call.receiver),
                _ => false,
            }
        }
        _ => false,
    }
}
