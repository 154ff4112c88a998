//! The intermediate representation: structured regions of SSA instructions, as in MLIR's `scf`.
//!
//! A [`Function`] is one [`Region`]; a region is a list of [`Inst`]s and the values it yields.
//! Control flow is nested regions, never jumps. The straight-line part of a region *is* the
//! computation graph: nodes are values, edges are operands.
//!
//! Primal instructions carry the user's own tokens ([`Syntax`]), so that the forward sweep is
//! printed, not regenerated. Instructions that a transform adds carry none; the emitter prints
//! them from their operation.
//!
//! # Invariants
//!
//! Checked by [`verify`](verify::verify) after each pass:
//!
//! * every value is defined once, by a parameter or by one instruction;
//! * definitions dominate uses. The values of a [`Kind::Block`] stay visible after it, since it
//!   always runs; those of a [`Kind::Branch`] arm are visible in that arm only;
//! * an arm yields as many values as its branch has results, of the same types;
//! * a [`Kind::Loop`] body yields the next value of each of its parameters; its values are visible
//!   in it only;
//! * a variable ([`VarId`]) is allocated before it is read or added to;
//! * binding an active value creates a new value ([`Kind::Bind`]): a user's variable that is
//!   assigned three times is three values.

pub mod activity;
pub mod arena;
mod args;
mod call;
mod control;
pub mod eval;
mod inside;
pub mod inst;
mod length;
pub mod member;
pub mod operands;
mod place;
mod replay;
mod syntax;
pub(crate) mod table;
pub mod text;
pub mod ty;
mod vars;
pub mod verify;

pub use arena::{Arena, Id};
pub use args::Args;
pub(crate) use call::is_operator;
pub use call::{Call, CallForm, Target, Write};
pub use control::{Branch, Decision, Head, Leaves, Loop, Order, Role, Row};
pub use inst::{Assignment, Edit, Effect, Inst, IntOp, Kind, Literal};
pub use member::{Member, Name};
pub use place::{Bounds, End, Place, Step};
pub use replay::{Checkpoint, Replay, Schedule};
pub use syntax::{Assertion, Form, Piece, Syntax};
pub use ty::{FloatTy, Len, Ty};

use proc_macro2::{Ident, Span};

/// An SSA value.
pub type ValueId = Id<Value>;
/// A variable: memory that is read and added to through [`Place`]s.
pub type VarId = Id<Var>;
/// A variable of the user's source, by identity rather than by name.
pub type BindingId = Id<Binding>;

/// A primal function, or one derived from it by a transform.
#[derive(Clone, Debug)]
pub struct Function {
    /// The user's name for it; transforms keep it.
    pub name: String,
    /// Every value of the function, parameters included.
    pub values: Arena<Value>,
    /// Every variable. Shadows of aggregates are variables.
    pub vars: Arena<Var>,
    /// The user's variables.
    pub bindings: Arena<Binding>,
    /// Parameters in order. A transform appends those that it adds (tangents, the seed).
    pub params: Vec<ValueId>,
    /// The body; its yields are the function's results, labelled by `outputs`.
    pub body: Region,
    /// What each yield of the body is.
    pub outputs: Vec<Output>,
    /// Where the reverse sweep starts in `body.insts`: what is before it is the forward sweep.
    pub reverse_from: Option<usize>,
}

/// What a result of a function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// The primal's result.
    Value,
    /// What parameter `n`, a `&mut`, refers to on return.
    Exit(usize),
    /// The tangent of output `n`.
    Tangent(usize),
    /// The cotangent of parameter `n`.
    Cotangent(usize),
    /// The Jacobian with respect to parameter `n`, or the Hessian.
    Matrix(usize),
}

/// A list of instructions and what it yields to the construct around it.
#[derive(Clone, Debug, Default)]
pub struct Region {
    /// In order of evaluation.
    pub insts: Vec<Inst>,
    /// One per result of the construct, in the order of its results.
    pub yields: Vec<ValueId>,
}

/// What is known of a value besides its definition.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its type, as far as spelling and use tell.
    pub ty: Ty,
    /// The user's place where it can be read after its definition, until overwritten.
    pub home: Option<Home>,
    /// A name for it where it has no home: `x_bar`, `exp_1`.
    pub hint: String,
    /// The user's token that it stems from.
    pub span: Span,
    /// Whether it depends on a differentiated parameter.
    pub active: Active,
}

/// Whether a value varies with a differentiated parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Active {
    /// It carries a tangent or a cotangent.
    Yes,
    /// Its derivative is a structural zero.
    No,
}

/// A user's binding, and how far into it: `p` or `p.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The variable.
    pub binding: BindingId,
    /// Fields followed from it.
    pub fields: Vec<Member>,
}

/// A variable of the user's source.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Its token where it was bound, span included.
    pub ident: Ident,
    /// Declared `mut`.
    pub mutable: bool,
    /// Whether it is another name for a part of a variable.
    pub alias: bool,
}

/// Memory: the shadow of an aggregate.
#[derive(Clone, Debug)]
pub struct Var {
    /// The type of what it holds.
    pub ty: Ty,
    /// Its name in the emitted code: `m_bar`.
    pub hint: String,
}

impl Function {
    /// A fresh value without a home.
    pub fn new_value(&mut self, ty: Ty, hint: &str, span: Span, active: Active) -> ValueId {
        self.values.push(Value { ty, home: None, hint: hint.to_owned(), span, active })
    }

    /// The `&mut` parameters that are outputs too, with their variables.
    pub fn exits(&self) -> impl Iterator<Item = (usize, BindingId)> + '_ {
        self.outputs.iter().filter_map(|output| {
            let Output::Exit(n) = output else { return None };
            let home = self.values[*self.params.get(*n)?].home.as_ref()?;
            Some((*n, home.binding))
        })
    }

    /// Its result, where that is one of the outputs.
    #[must_use]
    pub fn result(&self) -> Option<ValueId> {
        let at = self.outputs.iter().position(|output| *output == Output::Value)?;
        self.body.yields.get(at).copied()
    }

    /// Whether the result tells that there was nothing to compute.
    #[must_use]
    pub fn may_fail(&self) -> bool {
        self.result().is_some_and(|value| matches!(self.values[value].ty, Ty::Option(_)))
    }

    /// Whether `value` carries a derivative.
    #[must_use]
    pub fn is_active(&self, value: ValueId) -> bool {
        self.values[value].active == Active::Yes
    }
}
