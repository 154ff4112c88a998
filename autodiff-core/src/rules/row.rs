//! What a row of the table says, apart from its formulas.

/// A row of the table as data.
pub(super) struct Row {
    /// `std`'s name of the method, or of the operator's method.
    pub(super) name: &'static str,
    /// The operator, where it is one.
    pub(super) symbol: Option<&'static str>,
    /// The names of the operands, receiver included.
    pub(super) operands: &'static [&'static str],
    /// Which operands are integers.
    pub(super) inert: &'static [bool],
    /// The formulas as text.
    pub(super) partials: &'static [&'static str],
    /// The name and the formula that the partials share.
    pub(super) shared: Option<(&'static str, &'static str)>,
    /// An interval per operand, away from singular points.
    pub(super) domain: &'static [(f64, f64)],
    /// What is special about it.
    pub(super) mark: Mark,
}

/// What is special about a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing.
    None,
    /// A partial can be infinite or NaN where the function is defined: a zero cotangent must win.
    Singular,
    /// Not a function of the user's: only formulas use it.
    Internal,
}
