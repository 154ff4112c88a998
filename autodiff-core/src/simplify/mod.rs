//! Makes a derivative what a person would write: fewer operations, the user's names, nothing dead.
//!
//! Only what a transform added is rewritten. The primal keeps its operations and their order; of
//! it, only what nothing needs is left out.

mod arithmetic;
mod dead;
mod early;
mod facts;
mod key;
mod lend;
mod products;
mod rewrite;
mod rules;
mod sink;
mod sums;
mod within;

pub(crate) use key::Key;

use crate::ir::{Function, Output};

/// Rounds of rewriting. Each can open up a next one; more than these never did.
const ROUNDS: usize = 8;

/// simplify : Function → Function, equal in value up to the rounding of derivatives.
#[must_use]
pub fn simplify(function: &Function) -> Function {
    simplified(function.clone())
}

/// The same of a function that nothing else needs.
pub(crate) fn simplified(function: Function) -> Function {
    let mut simplified = dead::without_dead_code(function);
    for _ in 0..ROUNDS {
        let (rewritten, changed) = rewrite::rewritten(simplified);
        simplified = dead::without_dead_code(rewritten);
        if !changed {
            break;
        }
    }
    sink::sunk(lend::lent(simplified))
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
