//! Makes a derivative what a person would write: fewer operations, the user's names, nothing dead.
//!
//! Only what a transform added is rewritten. The primal keeps its operations and their order; of
//! it, only what nothing needs is left out.

mod arithmetic;
mod dead;
mod early;
mod facts;
mod key;
mod last;
mod lend;
mod number;
mod poles;
mod products;
mod rewrite;
mod rules;
mod scatter;
mod sink;
mod sums;
mod tokens;
mod within;

pub(crate) use key::Key;
pub(crate) use poles::away_from_poles;

use proc_macro2::Span;

use crate::ir::{Function, Inst, Kind, Output, ValueId};

/// Rounds of rewriting. Each can open up a next one; more than these never did.
const ROUNDS: usize = 8;

/// A round that changes fewer than one instruction in so many is the last: what it opens up in a
/// large function is not worth another walk over all of it.
const FEW: usize = 50;

/// How a product c ⊗ p, zero where c is, is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guards {
    /// As it is: it has the tangent ċ ⊗ p + c ⊗ ṗ.
    Products,
    /// A quotient as `if c == 0.0 { 0.0 } else { c / b }`: that has the value, and no tangent where
    /// c is zero.
    Branches,
}

/// simplify : Function → Function, equal in value up to the rounding of derivatives.
#[must_use]
pub fn simplify(function: &Function) -> Function {
    simplified(function.clone(), Guards::Branches)
}

/// The same of a function that is differentiated again.
#[must_use]
pub fn simplify_between(function: &Function) -> Function {
    simplified(function.clone(), Guards::Products)
}

/// The same of a function that nothing else needs.
pub(crate) fn simplified(function: Function, guards: Guards) -> Function {
    let mut simplified = rewritten(dead::without_dead_code(function), guards);
    if let Some(straightened) = last::straightened(&simplified) {
        simplified = rewritten(dead::without_dead_code(straightened), guards);
    }
    // In what is differentiated again it would be in the way of what its tangent adds.
    if guards == Guards::Branches {
        simplified = scatter::gathered(simplified);
    }
    sink::sunk(lend::lent(number::numbered(simplified)))
}

/// Rewritten as long as that changes much.
fn rewritten(mut function: Function, guards: Guards) -> Function {
    for _ in 0..ROUNDS {
        let (rewritten, changes) = rewrite::rewritten(function, guards);
        function = dead::without_dead_code(rewritten);
        if changes * FEW <= function.body.insts.len() {
            break;
        }
    }
    function
}

/// The function without one of its outputs: what only that needs is dead afterwards.
#[must_use]
pub fn drop_output(function: &Function, which: Output) -> Function {
    let mut without = function.clone();
    if let Some(at) = function.outputs.iter().position(|output| *output == which) {
        without.outputs.remove(at);
        without.body.yields.remove(at);
    }
    without
}

/// What a pass adds, of no token of the user's.
fn generated(results: Vec<ValueId>, kind: Kind) -> Inst {
    Inst::generated(results, kind, Span::call_site())
}
