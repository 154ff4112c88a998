//! The user's tokens that a primal instruction carries.

use proc_macro2::{Delimiter, TokenStream};

use super::{BindingId, ValueId};

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

/// What is supposed of a place, and rustc checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assertion {
    /// It is a number.
    Number,
    /// It is an array, a slice or a `Vec`, whose methods are those of `std`.
    Sequence,
}

/// A part of a [`Syntax`].
#[derive(Clone, Debug)]
pub enum Piece {
    /// As the user wrote them. Reads of variables are here; they are operands all the same.
    Tokens(TokenStream),
    /// The same, and once more with the calls marked of which rustc is to check that they count.
    Checked(TokenStream, TokenStream),
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
    /// What is supposed of a place that is written: nothing but the check is printed.
    Asserted(Assertion, Vec<Piece>),
    /// A function of the runtime library's.
    Runtime(&'static str),
    /// The value of a place before it is written: part of the instruction, but of no tokens.
    Before(ValueId),
}
