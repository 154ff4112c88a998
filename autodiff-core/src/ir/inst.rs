//! Instructions, and the user's tokens that a primal instruction carries.

use proc_macro2::{Delimiter, Span, TokenStream};

use super::{Args, BindingId, Checkpoint, FloatTy, Member, Region, Replay, ValueId, VarId};
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

/// A variable, or part of one: `m_bar[i][2]`.
#[derive(Clone, Debug)]
pub struct Place {
    /// The variable.
    pub var: VarId,
    /// From the variable inwards.
    pub path: Vec<Step>,
}

/// One step from an aggregate to a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A field of a tuple or a struct.
    Field(Member),
    /// An element; the value is an inert index.
    Index(ValueId),
    /// A part of an array or slice, whose elements are counted from its start.
    Range(Bounds),
}

/// The ends of a range of indices, as far as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The first index; 0 where there is none.
    pub lo: Option<ValueId>,
    /// The end; that of the whole where there is none.
    pub hi: Option<ValueId>,
    /// Whether the end is part of the range.
    pub end: End,
}

/// Whether the end of a range is part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// `lo..hi`
    Open,
    /// `lo..=hi`
    Closed,
}

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
    /// As the user's `match` or `if let` decides: only its [`Syntax`] knows. The first result is
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

/// A call of a function that has companions.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function whose companions are called, as written.
    pub callee: Box<syn::Expr>,
    /// What computes the value, where that is another: a foreign function with the callee's rule.
    pub foreign: Option<Box<syn::Expr>>,
    /// What is called: the function itself or a derived one.
    pub form: CallForm,
    /// The primal arguments in order.
    pub args: Vec<ValueId>,
    /// Whether each is passed as a reference.
    pub references: Vec<bool>,
    /// Tangents of the arguments, in order, and again for each [component](Call::components) but
    /// the first; `None` where there is none. Empty in a call without tangents.
    pub dots: Vec<Option<ValueId>>,
    /// The `&mut` arguments. A primal, split or tangent call gives a new version of the variable
    /// of each, after its other results.
    pub writes: Vec<Write>,
    /// The places of the tangents of the `&mut` arguments, in a call that carries tangents.
    pub dot_places: Vec<Place>,
}

impl From<Call> for Kind {
    fn from(call: Call) -> Self {
        Kind::Call(Box::new(call))
    }
}

impl From<Branch> for Kind {
    fn from(branch: Branch) -> Self {
        Kind::Branch(Box::new(branch))
    }
}

impl Call {
    /// Where a pullback leaves the cotangents of its arguments; a primal call has none.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        match &self.form {
            CallForm::Pullback { targets, .. } => targets,
            CallForm::Primal | CallForm::Split => &[],
        }
    }

    /// Whether it carries tangents, too.
    #[must_use]
    pub fn is_tangent(&self) -> bool {
        !self.dots.is_empty() || !self.dot_places.is_empty()
    }

    /// How many parts each argument and each result has: the value and its tangents.
    ///
    /// A call that is the n-th tangent of another has 2ⁿ. Component `c` is the derivative along the
    /// directions whose bits are set in `c`: so the tangent of a call has the components of that
    /// call and then the tangent of each.
    #[must_use]
    pub fn components(&self) -> usize {
        1 + self.dots.len() / self.args.len().max(1)
    }
}

/// A `&mut` argument of a call.
#[derive(Clone, Debug)]
pub struct Write {
    /// Which argument.
    pub arg: usize,
    /// The version of its variable before the call.
    pub of: ValueId,
    /// The part of the variable that is borrowed.
    pub path: Vec<Step>,
}

/// Which companion of the callee is called.
///
/// Where the call has `dots`, it is a tangent of the form named, and has all results once for each
/// [component](Call::components): `[a, b]` become `[a, b, a_dot, b_dot]`.
#[derive(Clone, Debug)]
pub enum CallForm {
    /// The function itself: result `[y]`.
    Primal,
    /// Result `[y, record]`; the record is read by the pullback.
    Split,
    /// From the record and the cotangent of `y` to those of the arguments. Results are the
    /// cotangents of the arguments whose target is [`Target::Value`], in order.
    Pullback {
        /// The second result of the call's split.
        record: ValueId,
        /// The cotangent of the result.
        y_bar: ValueId,
        /// The other components of `y_bar`, in a tangent of a pullback.
        y_bar_dots: Vec<Option<ValueId>>,
        /// Where each argument's cotangent goes, once for each component.
        targets: Vec<Target>,
    },
}

/// Where the cotangent of an argument goes.
#[derive(Clone, Debug)]
pub enum Target {
    /// It is a result of the call.
    Value,
    /// It is added to this place, a shadow.
    Place(Place),
    /// A `&mut` argument: the cotangent after the call is replaced by that before it.
    Exchange(Place),
    /// The argument carries no derivative.
    Ignore,
}

/// The user's tokens of a primal instruction, with holes for what is printed separately.
#[derive(Clone, Debug)]
pub struct Syntax {
    /// In order, which is also the order of evaluation.
    pub pieces: Vec<Piece>,
    /// How the tokens may stand.
    pub form: Form,
}

/// Whether tokens are a statement or an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An expression, to be put into the hole of another or at the end of a block.
    Expr,
    /// A whole statement, semicolon included.
    Stmt,
}

/// A part of a [`Syntax`].
#[derive(Clone, Debug)]
pub enum Piece {
    /// As the user wrote them. Reads of variables are here; they are operands all the same.
    Tokens(TokenStream),
    /// The expression of this value, or its name.
    Value(ValueId),
    /// The expression of this value in parentheses, or its name without.
    Parens(ValueId),
    /// Pieces between delimiters.
    Group(Delimiter, Vec<Piece>),
    /// Region `n` of the instruction, between braces.
    Region(usize),
    /// The `mut` of a binding, printed only where the emitted code still needs it.
    Mut(BindingId),
    /// A variable being bound by a pattern: `_` where nothing reads it.
    Binder(ValueId),
    /// An operand of which only rustc knows the type. It is taken for a number, which rustc checks.
    Assumed(Vec<Piece>),
    /// The same of a place that is written: nothing but the check is printed.
    Asserted(Vec<Piece>),
    /// A function of the runtime library's.
    Runtime(&'static str),
    /// The value of a place before it is written: part of the instruction, but of no tokens.
    Before(ValueId),
}
