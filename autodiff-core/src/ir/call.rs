//! Calls of functions that have companions.

use std::ops::Range;

use super::{Kind, Place, Step, ValueId};

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
    /// of each, after the results of its first [component](Call::components).
    pub writes: Vec<Write>,
    /// The places of the tangents of the `&mut` arguments, in a primal or split call that carries
    /// tangents: of all in order, and again for each component but the first.
    pub dot_places: Vec<Place>,
}

impl From<Call> for Kind {
    fn from(call: Call) -> Self {
        Kind::Call(Box::new(call))
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

    /// Whether it is of one of the runtime's operators, which stand for those of a type that only
    /// rustc knows.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        is_operator(&self.callee)
    }

    /// The arguments that are lent where the call stands: a pullback is given copies.
    #[must_use]
    pub fn lends(&self) -> &[Write] {
        match self.form {
            CallForm::Primal | CallForm::Split => &self.writes,
            CallForm::Pullback { .. } => &[],
        }
    }

    /// Whether an argument is a `&mut`.
    #[must_use]
    pub fn is_lent(&self, arg: usize) -> bool {
        self.writes.iter().any(|write| write.arg == arg)
    }

    /// Which results are new versions of variables.
    #[must_use]
    pub fn versions(&self) -> Range<usize> {
        let first = if matches!(self.form, CallForm::Split) { 2 } else { 1 };
        first..first + self.lends().len()
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

/// Whether a callee is `__private::operators::Mul`, or another.
pub(crate) fn is_operator(callee: &syn::Expr) -> bool {
    let syn::Expr::Path(path) = callee else { return false };
    let mut before = path.path.segments.iter().rev().skip(1);
    before.next().is_some_and(|last| last.ident == "operators")
        && before.next().is_some_and(|last| last.ident == "__private")
}

/// A `&mut` argument of a call.
#[derive(Clone, Debug)]
pub struct Write {
    /// Which argument.
    pub arg: usize,
    /// The version of its variable before the call. A pullback does not read it: the argument is a
    /// copy of what was there, or the record, where nothing is passed.
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
