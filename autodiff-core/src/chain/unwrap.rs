//! What is made of the `Option` that some chains end in.

use syn::{Expr, ExprMethodCall};

/// What is made of an `Option`.
pub(crate) struct Unwrap {
    /// What is done to the item first, in order.
    pub(crate) steps: Vec<Step>,
    pub(crate) missing: Missing,
}

/// What is done to an item that is there.
pub(crate) enum Step {
    /// The item behind the reference is asked for.
    Copied,
    /// It is given to a function.
    Map(Expr),
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

/// The `Option` that a method call unwraps.
pub(crate) fn receiver(call: &ExprMethodCall) -> Option<&Expr> {
    missing(call).map(|_| &*call.receiver)
}

/// How a method call unwraps an `Option`: what there is without an item, and what is done to one.
fn missing(call: &ExprMethodCall) -> Option<(Missing, Option<Step>)> {
    let args: Vec<&Expr> = call.args.iter().collect();
    Some(match (call.method.to_string().as_str(), args.as_slice()) {
        ("unwrap", []) | ("expect", [_]) => (Missing::Panic(call.clone()), None),
        ("unwrap_or", [value]) => (Missing::Value((*value).clone()), None),
        ("unwrap_or_else", [f]) => (Missing::Computed((*f).clone()), None),
        ("unwrap_or_default", []) => (Missing::Default, None),
        ("map_or", [value, f]) => (Missing::Value((*value).clone()), Some(Step::Map((*f).clone()))),
        ("map_or_else", [other, f]) => {
            (Missing::Computed((*other).clone()), Some(Step::Map((*f).clone())))
        }
        _ => return None,
    })
}

/// The call inside of one that unwraps an `Option`, or the call itself.
pub(crate) fn unwrapped(call: &ExprMethodCall) -> Option<(&ExprMethodCall, Option<Unwrap>)> {
    let Some((missing, last)) = missing(call) else { return Some((call, None)) };
    let mut steps: Vec<Step> = last.into_iter().collect();
    let mut inner = &*call.receiver;
    while let Expr::MethodCall(call) = inner {
        let args: Vec<&Expr> = call.args.iter().collect();
        let step = match (call.method.to_string().as_str(), args.as_slice()) {
            ("copied" | "cloned", []) => Step::Copied,
            ("map", [f]) if !super::known::is_iterator(&call.receiver) => Step::Map((*f).clone()),
            _ => {
                steps.reverse();
                return Some((call, Some(Unwrap { steps, missing })));
            }
        };
        steps.push(step);
        inner = &call.receiver;
    }
    None
}
