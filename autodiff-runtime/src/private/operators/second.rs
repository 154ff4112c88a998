//! Second derivatives of operators: the tangents of an [`Operation`]'s pullback and of its tangent.

use super::{Derived, Of, Operation};
use crate::Differentiable;

/// Tangents or cotangents of both operands, where there are any.
type Both<A, B> = (Option<A>, Option<B>);

/// What the cotangents of both operands are added to.
type Sums<'s, A, B> = Both<&'s mut Of<A>, &'s mut Of<B>>;

/// An operator that is differentiated twice.
#[diagnostic::on_unimplemented(
    message = "this operator between `{Self}` and `{Rhs}` is differentiated twice, and has fewer derivatives",
    label = "has no second derivative",
    note = "put `#[grad(order = 2)]` on the `impl` block of the operator"
)]
pub trait OperationOfOrder2<Op, Rhs: Differentiable>: Operation<Op, Rhs> {
    /// The tangent of the pullback: adds to the cotangents of the operands, and to their tangents.
    fn pull_2(
        operands: (&Self, &Rhs),
        dots: Both<&Of<Self>, &Of<Rhs>>,
        bars: (Of<Self::Output>, Of<Self::Output>),
        sums: (Sums<'_, Self, Rhs>, Sums<'_, Self, Rhs>),
    );

    /// The value, its tangent in each of two directions, and the tangent of the one in the other.
    #[allow(clippy::type_complexity, reason = "the protocol of calls")]
    fn jvp_2(
        operands: (&Self, &Rhs),
        dots: [Both<&Of<Self>, &Of<Rhs>>; 3],
    ) -> (Self::Output, Of<Self::Output>, Of<Self::Output>, Of<Self::Output>);
}

impl<Op, A: Operation<Op, B>, B: Differentiable> Derived<Op, A, B> {
    /// The tangent of the pullback, as any annotated function's.
    #[inline]
    #[allow(clippy::type_complexity, reason = "the protocol of calls")]
    pub fn __needs_order_2(
        self,
        operands: (&A, &B),
        (dots,): (Both<&Of<A>, &Of<B>>,),
        bars: (Of<A::Output>, Of<A::Output>),
        sums: (Sums<'_, A, B>, Sums<'_, A, B>),
    ) -> (((), ()), ((), ()))
    where
        A: OperationOfOrder2<Op, B>,
    {
        A::pull_2(operands, dots, bars, sums);
        (((), ()), ((), ()))
    }

    /// The tangent of the tangent, as any annotated function's.
    #[inline]
    #[allow(clippy::type_complexity, reason = "the protocol of calls")]
    pub fn __jvp_of_order_2(
        self,
        operands: (&A, &B),
        (one, two, both): (Both<&Of<A>, &Of<B>>, Both<&Of<A>, &Of<B>>, Both<&Of<A>, &Of<B>>),
    ) -> (A::Output, Of<A::Output>, Of<A::Output>, Of<A::Output>)
    where
        A: OperationOfOrder2<Op, B>,
    {
        A::jvp_2(operands, [one, two, both])
    }
}
