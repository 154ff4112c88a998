//! Jumps → structure: the same function without `break`, `continue`, early `return` and `let … else`.
//!
//! What is left is `if`, `match`, blocks and loops, and one canonical exit: the body of a loop
//! may end with `if flag { break; }`. Two rewrites do it.
//!
//! * *Guard clauses.* Where a single arm goes on, the statements that follow move into it:
//!   `if c { return v; } rest` becomes `if c { v } else { rest }`.
//! * *Flags.* Otherwise the jump sets a variable and what follows up to its target is guarded:
//!   `exit = true; … if !exit { rest }`. A loop that is left by it ends with `if exit { break; }`.
//!
//! Where a jump ends up anyway it is nothing but its value: `return` at the end of a function,
//! `continue` at the end of the body of a loop. The order of evaluation, the number of times that a condition
//! is evaluated and the scopes of the user's variables stay as they are. Code without jumps comes
//! back unchanged, and so does a closure or a loop without them.

mod arms;
mod blocks;
mod continuation;
mod exits;
mod falls;
mod flags;
mod hoist;
mod jumps;
mod levels;
mod list;
mod loops;
pub(crate) mod mentions;
mod nested;
mod question;
mod syntax;
#[cfg(test)]
mod tests;

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Block, Lifetime, ReturnType, Stmt, Type};

use crate::emit::names::Names;
use continuation::{Cont, End};
use levels::{Level, Place, Record};

/// A jump that could not be rewritten: it is in the middle of an expression, or in a macro.
#[derive(Clone, Debug)]
pub struct Unstructured {
    /// The keyword.
    pub span: Span,
    /// `return`, `break`, `continue` or `?`.
    pub keyword: &'static str,
}

/// The body of a function that returns `output`, without jumps.
///
/// # Errors
///
/// Every jump that could not be rewritten, in the order in which they were met.
pub fn structured(body: &Block, output: &ReturnType) -> Result<Block, Vec<Unstructured>> {
    labelled(body, output, &[])
}

/// The same; loops keep the labels that something else than a jump names.
pub(crate) fn labelled(
    body: &Block,
    output: &ReturnType,
    labels: &[Lifetime],
) -> Result<Block, Vec<Unstructured>> {
    let hidden = jumps::hidden(body);
    if hidden.is_empty() && jumps::in_block(body).count == 0 {
        return Ok(body.clone());
    }
    let mut names = Names::default();
    names.reserve(body.to_token_stream());
    let body = hoist::hoisted(body.clone(), &mut names);
    let mut structurer = Structurer::new(names.clone(), hidden);
    structurer.labels = labels.iter().map(jumps::label_name).collect();
    let stmts = structurer.function(body.stmts, Wants::of(output));
    if structurer.refused.is_empty() {
        let block = Block { brace_token: body.brace_token, stmts };
        Ok(flags::resolved(block, &structurer.records, names))
    } else {
        Err(structurer.refused)
    }
}

/// What a function returns.
struct Wants {
    value: bool,
    /// The type, where a variable can be given it.
    ty: Option<Type>,
}

impl Wants {
    fn of(output: &ReturnType) -> Self {
        match output {
            ReturnType::Default => Self { value: false, ty: None },
            ReturnType::Type(_, ty) => Self {
                value: !matches!(&**ty, Type::Tuple(tuple) if tuple.elems.is_empty()),
                ty: (!mentions::mentioned(ty).contains("impl")).then(|| (**ty).clone()),
            },
        }
    }
}

/// The state of the pass.
struct Structurer {
    names: Names,
    /// What encloses the code at hand, up to its function: indices of `records`.
    levels: Vec<usize>,
    /// The variables of every level there has been, outer ones first.
    records: Vec<Record>,
    /// How many jumps have become assignments.
    jumps: usize,
    /// The type of the function at hand.
    output: Option<Type>,
    /// Where invented tokens are located: at the jump at hand.
    site: Span,
    refused: Vec<Unstructured>,
    /// The labels that stay.
    labels: Vec<String>,
}

impl Structurer {
    fn new(names: Names, refused: Vec<Unstructured>) -> Self {
        Self {
            names,
            levels: Vec::new(),
            records: Vec::new(),
            jumps: 0,
            output: None,
            site: Span::mixed_site(),
            refused,
            labels: Vec::new(),
        }
    }

    /// The body of a function or a closure.
    fn function(&mut self, stmts: Vec<Stmt>, wants: Wants) -> Vec<Stmt> {
        let levels = std::mem::take(&mut self.levels);
        let output = std::mem::replace(&mut self.output, wants.ty);
        let wants = wants.value;
        self.enter(Place::Function, None, Level { tail: false, wants });
        let list = self.list(stmts, Cont::End(End { tail: true, wants }));
        let list = self.leave_with(list);
        self.levels = levels;
        self.output = output;
        list
    }
}
