//! What a call finds where its callee has first derivatives only.

/// Implemented by nothing: the companions of a function with `order = 2` are its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is called by a function that is differentiated twice, and has first derivatives only",
    label = "has first derivatives only",
    note = "annotate it with `#[grad(order = 2)]`; a rule of partials takes `order = 2`, too, and one of \
            functions has first derivatives only"
)]
pub trait SecondDerivatives {}

/// Has the companion's name, where the callee does not have it.
pub trait NeedsOrder2 {
    /// Never runs: nothing satisfies its bound.
    #[must_use]
    fn __needs_order_2<A, B, C, D, E, F, G, R>(_: A, _: B, _: C, _: D, _: E, _: F, _: G) -> R
    where
        Self: SecondDerivatives,
    {
        unreachable!()
    }
}

impl<T: ?Sized> NeedsOrder2 for T {}
