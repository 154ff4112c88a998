//! Instructions: what there is to be computed.

use proc_macro2::Span;

use super::{
    Args, BindingId, Bounds, Branch, Call, FloatTy, Loop, Member, Place, Region, Replay, Step,
    Syntax, ValueId, VarId,
};
use crate::rules::Op;

/// One step of a region.
#[derive(Clone, Debug)]
pub struct Inst {
    /// The values that it defines.
    pub results: Vec<ValueId>,
    /// What it does.
    pub kind: Kind,
    /// The user's tokens for it; `None` for what a transform added.
    pub syntax: Option<Syntax>,
    /// The user's token that it stems from.
    pub span: Span,
}

impl Inst {
    /// One that a transform adds.
    pub(crate) fn generated(results: Vec<ValueId>, kind: Kind, span: Span) -> Self {
        Self { results, kind, syntax: None, span }
    }
}

/// What an instruction does.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A float constant.
    Const(Literal),
    /// A row of the rule table.
    Apply(Op, Args),
    /// `cotangent · partial`, but zero where the cotangent is zero, whatever the partial.
    Scale {
        /// Zero here wins.
        cotangent: ValueId,
        /// May be infinite or NaN.
        partial: ValueId,
    },
    /// `a < b`.
    Less(ValueId, ValueId),
    /// `a <= b`.
    LessEq(ValueId, ValueId),
    /// `a == b`.
    Equal(ValueId, ValueId),
    /// `a && b`, of values already computed.
    And(ValueId, ValueId),
    /// `a || b`, of values already computed.
    Or(ValueId, ValueId),
    /// `!a`.
    Not(ValueId),
    /// `(a + b).is_finite()`: none of them is infinite or NaN, and neither is their sum.
    Finite(Vec<ValueId>),
    /// `if cond { yes } else { no }`, of values already computed.
    Select {
        /// A `bool`.
        cond: ValueId,
        /// The result where `cond` holds.
        yes: ValueId,
        /// The result elsewhere.
        no: ValueId,
    },
    /// The user's own tokens, which need no derivative. Its first result is its value, if it has
    /// one; the others are new versions of the variables that it writes.
    Opaque {
        /// The expression, for the interpreter.
        expr: Box<syn::Expr>,
        /// The versions of the user's variables that it reads.
        reads: Vec<ValueId>,
        /// Whether leaving it out, or running it twice, could be noticed.
        effect: Effect,
    },
    /// Inert variables bound by a pattern: of the arm that this instruction opens (no operand),
    /// or of a `let` with the operand as its value.
    PatternBound(Vec<ValueId>),
    /// Names values: `let`, `=`, `op=`, a pattern. Result `i` is a copy of operand `i`.
    Bind(Vec<ValueId>),
    /// A tuple of its operands.
    Tuple(Vec<ValueId>),
    /// A struct of the user's: the fields that are given, and where the others come from.
    Struct {
        /// The fields, as written.
        fields: Vec<(Member, ValueId)>,
        /// What stands after `..`.
        base: Option<ValueId>,
    },
    /// An array of its operands.
    Array(Vec<ValueId>),
    /// `[element; len]`.
    Repeat(ValueId),
    /// `vec![element; len]`: the element and the length.
    Filled(ValueId, ValueId),
    /// The sum of the elements of an array, slice or `Vec`.
    Sum(ValueId),
    /// A field of a tuple or a struct.
    Field(ValueId, Member),
    /// Element of an array, slice or `Vec`: `of[index]`.
    Index(ValueId, ValueId),
    /// `&value` or `*value`: the same value behind more or fewer references.
    Reborrow(ValueId),
    /// `Some(value)` or `Ok(value)` of the user's: the same value, which may be absent.
    Wrap(ValueId),
    /// What an `Option` or a `Result` of the user's holds, where it holds something.
    Payload(ValueId),
    /// A float as a float of another width: linear, with derivative one.
    Cast(ValueId, FloatTy),
    /// `let a;`: the variable is assigned later. It stays while an assignment does.
    Declare(BindingId),
    /// A call of a function that has companions.
    Call(Box<Call>),
    /// One of several regions runs.
    Branch(Box<Branch>),
    /// A region that always runs: a block of the user's, or the body of a closure called in place.
    Block(Region),
    /// Declares a variable and sets it to zero, in the shape of the tangent of `like`.
    Zero {
        /// The variable.
        var: VarId,
        /// The primal value that gives the shape.
        like: ValueId,
        /// The length, or the zero itself ([`Kind::ZeroOf`]), where that is known apart from `like`.
        len: Option<ValueId>,
    },
    /// `place += value`.
    AddTo(Place, ValueId),
    /// Reads a place.
    Load(Place),
    /// `Some(value)`, or `None`: what an arm leaves for the reverse sweep of that arm, where the
    /// other arms have nothing of its type.
    Optional(Option<ValueId>),
    /// What a [`Kind::Optional`] holds, in the reverse sweep of the arm that put it there.
    Present(ValueId),
    /// A region that runs any number of times.
    Loop(Box<Loop>),
    /// The aggregate with one part replaced or added to: what an assignment to an element makes of
    /// a variable. Nothing reads the old version afterwards, so it happens in place.
    Update {
        /// The version before.
        of: ValueId,
        /// The part.
        path: Vec<Step>,
        /// How it is changed.
        by: Assignment,
        /// What is assigned; `of` where nothing is.
        value: ValueId,
    },
    /// A part of an array, slice or `Vec`: `of[lo..hi]`.
    Slice(ValueId, Bounds),
    /// A copy of memory, made where it stands: a callee is about to change it.
    Copy(ValueId),
    /// The number of elements of an array, slice or `Vec`.
    Len(ValueId),
    /// The zero among the tangents at a value: taken while the value is there.
    ZeroOf(ValueId),
    /// Arithmetic on counts and indices (`usize`) that the compiler invents.
    Integer(IntOp, ValueId, ValueId),
    /// An integer that the compiler invents.
    Number(usize),
    /// `let mut var = value;` of a variable that a transform adds.
    Define {
        /// The variable.
        var: VarId,
        /// What it holds at first.
        value: ValueId,
    },
    /// `let mut var;` of a variable that a transform adds, and that arms set.
    Reserve(VarId),
    /// `place = value`.
    Store(Place, ValueId),
    /// Reads a place and leaves zero in it.
    Take(Place),
    /// Changes what a place holds as a whole.
    Edit(Place, Edit),
    /// Declares a tape, empty: what iterations leave for the reverse sweep.
    Tape(VarId),
    /// Puts one record on a tape.
    Push(VarId, Vec<ValueId>),
    /// Takes the last record from a tape: one result per item.
    Pop(VarId),
    /// A copy of the state of a loop.
    Keep(Vec<ValueId>),
    /// A loop of the user's, run as it stands: what is in it is not seen outside.
    Run(Box<Loop>),
    /// The reverse of that.
    Replay(Box<Replay>),
}

/// Arithmetic on counts and indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntOp {
    /// `a + b`
    Add,
    /// `a - b`, which is not negative.
    Sub,
    /// `a * b`
    Mul,
    /// `a / b`, rounded down.
    Div,
    /// `a.div_ceil(b)`, rounded up.
    DivCeil,
    /// `a.min(b)`
    Min,
    /// `(a..b).len()`
    Between,
    /// `a < b`, of indices of any type.
    Less,
}

/// How an [`Kind::Update`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// `place = value`
    Set,
    /// `place += value`
    Add,
    /// `place -= value`
    Sub,
    /// `place.fill(value)`
    Fill,
    /// `place.push(value)`
    Append,
    /// `place.pop()`, of what is not empty: the element is a second result.
    RemoveLast,
    /// To the length `value`: what is new is zero.
    Resize,
    /// `place.swap(value, other)`
    Swap(ValueId),
    /// `place.reverse()`
    Reverse,
}

/// How an [`Kind::Edit`] changes a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Every element becomes this value.
    Fill(ValueId),
    /// One more element.
    Append(ValueId),
    /// One element less: it is the result.
    RemoveLast,
    /// To this length: what is new is zero.
    Resize(ValueId),
    /// Two elements change places.
    Swap(ValueId, ValueId),
    /// All elements, in the other order.
    Reverse,
}

impl Edit {
    /// Calls `visit` on each value that it reads.
    pub fn visit_operands(self, visit: &mut impl FnMut(ValueId)) {
        match self {
            Edit::Fill(value) | Edit::Append(value) | Edit::Resize(value) => visit(value),
            Edit::Swap(a, b) => [a, b].into_iter().for_each(visit),
            Edit::RemoveLast | Edit::Reverse => {}
        }
    }

    /// The same with other values.
    #[must_use]
    pub fn map(self, map: &mut impl FnMut(ValueId) -> ValueId) -> Self {
        match self {
            Edit::Swap(a, b) => Edit::Swap(map(a), map(b)),
            Edit::Reverse => Edit::Reverse,
            Edit::Fill(value) => Edit::Fill(map(value)),
            Edit::Append(value) => Edit::Append(map(value)),
            Edit::Resize(value) => Edit::Resize(map(value)),
            Edit::RemoveLast => Edit::RemoveLast,
        }
    }
}

/// A constant that a transform may write.
#[derive(Clone, Debug)]
pub enum Literal {
    /// A number.
    Number(f64),
    /// ln 2.
    Ln2,
    /// ln 10.
    Ln10,
}

/// Whether tokens may be left out when nothing reads their result, or be run again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Both, and they cost little: comparisons and float arithmetic on locals.
    Pure,
    /// They may panic, so they stay; but what went well once gives the same again: `table[3]`.
    MayPanic,
    /// Neither.
    Any,
}
