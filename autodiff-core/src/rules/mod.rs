//! The partial derivatives of every function that is differentiated by a formula, in one table.
//!
//! A row is mathematics: it knows no type, mode or memory. From it follow what the compiler
//! recognises, the value, both modes, derivatives of derivatives, the tests and the
//! documentation page ([`markdown`]).
//!
//! ```text
//! Tan:   y = tan(x)      => [1.0 + y * y]    on -1.4..1.4;
//! Div "/": y = div(a, b) => [1.0 / b, -(y / b)]  on -3.0..3.0, 0.2..3.0, singular;
//! ```
//!
//! * `Div`: the variant of [`Op`].
//! * `"/"`: the operator, where it is one. The name then is that of the operator's trait method.
//! * `y = div(a, b)`: the result, `std`'s name, the operands. `n: i32` is an integer operand,
//!   which has no derivative.
//! * `=> [..]`: the partial by each operand, in terms of the operands and of `y`, which saves
//!   evaluating the function again. `Zero` is the partial of what is constant between its jumps:
//!   nothing at all rather than 0.0. Only the formulas of active operands are evaluated.
//! * `on lo..hi, ..`: an interval per operand, free of singular points, from which tests sample.
//! * `singular`: a partial can be infinite or NaN where the function is defined; transforms then
//!   keep a zero cotangent zero.
//! * `internal`: not a function of the user's, only of formulas.
//! * `where r = ..`: a term that all partials of the row share.
//!
//! To add a function, add its row: the tests find it by themselves. A formula may use the
//! functions of the table, and `when(condition, yes, no)`, of which both sides are evaluated; so
//! every partial can itself be differentiated.
//!
//! ```
//! use autodiff_core::rules::Op;
//!
//! let partials = Op::Mul.partials(&[2.0, 3.0], &6.0, &[true, true]);
//! assert_eq!(partials, [Some(3.0), Some(2.0)]);
//! ```

mod define;
mod float;
mod kinks;
mod markdown;
mod row;
mod scalar;
mod table;
mod term;

pub use markdown::markdown;
pub use scalar::{Const, Scalar};
pub use table::{Functions, Op};

use row::Mark;

impl Op {
    /// `std`'s name of the method; for an operator that of its trait's method: `add`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// How many operands it has, receiver included.
    #[must_use]
    pub const fn arity(self) -> usize {
        self.row().operands.len()
    }

    /// The function that a method of `std`'s floats computes, if the table has it.
    #[must_use]
    pub fn from_method(name: &str) -> Option<Op> {
        let is_method = |op: &Op| op.operator().is_none() && op.row().mark != Mark::Internal;
        Op::ALL.iter().copied().find(|op| op.name() == name && is_method(op))
    }

    /// The row of an operator, by the name of its trait's method.
    #[must_use]
    pub fn from_operator(name: &str) -> Option<Op> {
        Op::ALL.iter().copied().find(|op| op.name() == name && op.operator().is_some())
    }

    /// The operator's symbol; both [`Op::Neg`] and [`Op::Sub`] have `-`.
    #[must_use]
    pub const fn operator(self) -> Option<&'static str> {
        self.row().symbol
    }

    /// Whether a partial can be infinite or NaN where the function is defined, so that a
    /// transform has to keep a zero cotangent zero.
    #[must_use]
    pub const fn is_singular(self) -> bool {
        matches!(self.row().mark, Mark::Singular)
    }

    /// Whether operand `i` is an integer, which has no derivative.
    #[must_use]
    pub fn inert_operand(self, i: usize) -> bool {
        self.row().inert.get(i) == Some(&true)
    }

    /// Those of its operands that are floats.
    pub fn float_operands<T>(self, operands: &[T]) -> impl Iterator<Item = &T> {
        let all = operands.iter().enumerate();
        all.filter(move |(i, _)| !self.inert_operand(*i)).map(|(_, operand)| operand)
    }

    /// An interval per operand, free of singular points, for sampling. Integers are sampled too,
    /// and rounded by whoever samples.
    #[must_use]
    pub const fn domain(self) -> &'static [(f64, f64)] {
        self.row().domain
    }
}
