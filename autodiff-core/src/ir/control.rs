//! Instructions with regions: loops and branches.

use super::{BindingId, Checkpoint, End, Kind, Region, ValueId, VarId};

/// A loop: its carried values start as `init`, are the `params` of each iteration, become what the
/// body yields, and are the instruction's results after the last.
#[derive(Clone, Debug)]
pub struct Loop {
    /// How often it runs.
    pub head: Head,
    /// The carried values before the first iteration.
    pub init: Vec<ValueId>,
    /// The carried values in the body.
    pub params: Vec<ValueId>,
    /// What each carried value is.
    pub roles: Vec<Role>,
    /// Yields the next carried values and then, where the loop can be left early, whether it is.
    pub body: Region,
    /// Whether the last yield of the body says to leave.
    pub leaves: Leaves,
    /// What the user's tokens of the iterator read.
    pub reads: Vec<ValueId>,
    /// The variables that the iterator borrows mutably: nobody else can read them in the body.
    pub borrows: Vec<BindingId>,
    /// Where its iterations leave, or find, their records side by side.
    pub row: Option<Row>,
    /// Where it is to be reversed from a few of its states.
    pub checkpoint: Option<Box<Checkpoint>>,
}

impl Loop {
    /// Whether it goes on with a new value or with what it carries.
    pub(crate) fn is_choice(&self, next: ValueId) -> bool {
        self.body.insts.iter().any(|inst| match &inst.kind {
            Kind::Select { no, .. } => inst.results.contains(&next) && self.params.contains(no),
            _ => false,
        })
    }

    /// Whether it notes the last iteration in which a condition held.
    pub(crate) fn notes_last(&self) -> bool {
        let carried = self.roles.iter().zip(&self.body.yields);
        let mut extra = carried.filter(|(role, _)| **role == Role::Extra);
        extra.any(|(_, &next)| self.is_choice(next))
    }
}

/// How often a loop runs, and what counts its iterations.
#[derive(Clone, Debug)]
pub enum Head {
    /// `for index in lo..hi`, or from the other end.
    Range {
        /// The index in the body.
        index: ValueId,
        /// The first index.
        lo: ValueId,
        /// The end.
        hi: ValueId,
        /// Whether the end is one of the indices.
        end: End,
        /// The order of the indices.
        order: Order,
    },
    /// A number of iterations, numbered from 0.
    Count {
        /// The number of the iteration.
        number: ValueId,
        /// How many there are.
        trips: ValueId,
        /// The order of the numbers.
        order: Order,
    },
    /// `while cond`: before each iteration, as the user's tokens decide.
    While {
        /// What the condition reads: parameters of the body, or values from outside.
        reads: Vec<ValueId>,
        /// The condition, for the interpreter.
        cond: Box<syn::Expr>,
    },
    /// `for item in items` over an iterator that only the user's tokens know.
    Items {
        /// The number of the iteration.
        number: ValueId,
    },
    /// `loop`.
    Endless,
}

impl Head {
    /// Calls `visit` on what says where a range ends, or how many iterations there are.
    pub(crate) fn visit_ends(&self, visit: &mut impl FnMut(ValueId)) {
        match self {
            Head::Range { lo, hi, .. } => [*lo, *hi].into_iter().for_each(visit),
            Head::Count { trips, .. } => visit(*trips),
            Head::While { .. } | Head::Items { .. } | Head::Endless => {}
        }
    }
}

impl Head {
    /// The values that it defines in the body.
    #[must_use]
    pub fn defined(&self) -> &[ValueId] {
        match self {
            Head::Range { index, .. } => std::slice::from_ref(index),
            Head::Count { number, .. } | Head::Items { number, .. } => std::slice::from_ref(number),
            Head::While { .. } | Head::Endless => &[],
        }
    }
}

/// From which end a loop runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// From the first to the last.
    Up,
    /// From the last to the first.
    Down,
}

impl Order {
    /// The other one.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Order::Up => Order::Down,
            Order::Down => Order::Up,
        }
    }
}

/// The part of a tape that holds the records of one run of a loop, one for each iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The tape.
    pub tape: VarId,
    /// Whether that is all there is on the tape.
    pub alone: bool,
}

/// Whether a loop can be left at the end of an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// It runs as its head says.
    Never,
    /// It is left where the last yield of the body is `true`: `if exit { break; }`.
    Flag,
}

/// Exactly one arm runs.
#[derive(Clone, Debug)]
pub struct Branch {
    /// How the arm is chosen.
    pub decision: Decision,
    /// The regions, each yielding one value per result.
    pub arms: Vec<Region>,
    /// What each result is.
    pub roles: Vec<Role>,
}

/// How a [`Branch`] chooses its arm.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Arm 0 where the `bool` holds, else arm 1.
    If(ValueId),
    /// By the number of the arm, as an earlier branch recorded it ([`Role::ArmNumber`]).
    Number(ValueId),
    /// As the user's `match` or `if let` decides: only its [`Syntax`](super::Syntax) knows. The first result is
    /// the number of the arm taken, where anything reads it.
    User {
        /// What the tokens read, guards included.
        reads: Vec<ValueId>,
        /// The expression, for the interpreter (its bodies are not looked at).
        expr: Box<syn::Expr>,
    },
}

/// What a result of a branch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The number of the arm taken.
    ArmNumber,
    /// The value of the user's expression.
    Value,
    /// The version of this variable after the branch.
    Merge(BindingId),
    /// Added by a transform.
    Extra,
}

impl From<Branch> for Kind {
    fn from(branch: Branch) -> Self {
        Kind::Branch(Box::new(branch))
    }
}
