//! Operators of the user's types: `#[grad] impl Mul<f64> for Vec3 { … }` is an [`Operation`], and what
//! `a * b` means where only rustc knows the types is found by the types, floats included.

mod counts;
mod real;
mod second;

use core::marker::PhantomData;

pub use real::{Closed, Operators};
pub use second::OperationOfOrder2;

use crate::Differentiable;

/// The type of a change of `T`.
type Of<T> = <T as Differentiable>::Tangent;

/// A binary operator with its derivatives, or a unary one with `()` on its right. `Op` is the type here
/// that is called as its trait is.
#[diagnostic::on_unimplemented(
    message = "this operator between `{Self}` and `{Rhs}` cannot be differentiated",
    label = "has no derivative",
    note = "put `#[grad]` on the `impl` block of the operator",
    note = "where that is one for references, it is for both: `a * b` of references is found as well"
)]
pub trait Operation<Op, Rhs: Differentiable>: Differentiable + Sized {
    /// What it gives.
    type Output: Differentiable;
    /// [`Derived`]: what has no derivative has no such type, and what is done with it is no further
    /// error.
    type Derived: Default;

    /// The value, and the pullback: it is given the operands again, and adds to their cotangents.
    #[allow(clippy::type_complexity, reason = "the protocol of calls")]
    fn split(
        this: &Self,
        rhs: &Rhs,
    ) -> (
        Self::Output,
        impl FnOnce(&Self, &Rhs, Of<Self::Output>, Option<&mut Of<Self>>, Option<&mut Of<Rhs>>)
        + use<Self, Op, Rhs>,
    );

    /// The value and its tangent.
    fn jvp(
        this: &Self,
        rhs: &Rhs,
        this_dot: Option<&Of<Self>>,
        rhs_dot: Option<&Of<Rhs>>,
    ) -> (Self::Output, Of<Self::Output>);
}

/// An operator between operands of two types, as something that is called.
#[derive(Debug)]
pub struct Derived<Op, A, B>(PhantomData<(Op, A, B)>);

impl<Op, A, B> Default for Derived<Op, A, B> {
    #[inline]
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<Op, A: Operation<Op, B>, B: Differentiable> Derived<Op, A, B> {
    /// The value and the pullback, as any annotated function's.
    #[inline]
    #[allow(clippy::type_complexity, reason = "the protocol of calls")]
    pub fn __split(
        self,
        (a, b): (&A, &B),
    ) -> (
        A::Output,
        impl FnOnce((&A, &B), Of<A::Output>, (Option<&mut Of<A>>, Option<&mut Of<B>>)) -> ((), ())
        + use<Op, A, B>,
    ) {
        let (value, pull) = A::split(a, b);
        let pull =
            move |(a, b): (&A, &B),
                  bar: Of<A::Output>,
                  (a_bar, b_bar): (Option<&mut Of<A>>, Option<&mut Of<B>>)| {
                pull(a, b, bar, a_bar, b_bar);
                ((), ())
            };
        (value, pull)
    }

    /// The value and its tangent, as any annotated function's.
    #[inline]
    pub fn __jvp(
        self,
        (a, b): (&A, &B),
        (a_dot, b_dot): (Option<&Of<A>>, Option<&Of<B>>),
    ) -> (A::Output, Of<A::Output>) {
        A::jvp(a, b, a_dot, b_dot)
    }
}

macro_rules! operators {
    ($($op:ident $function:ident;)*) => {$(
        /// The operator of this name.
        #[derive(Clone, Copy, Debug)]
        pub struct $op;

        /// The operator of this name between these operands.
        #[inline]
        #[must_use]
        pub fn $function<A: Operation<$op, B>, B: Differentiable>(_: (&A, &B)) -> A::Derived {
            A::Derived::default()
        }
    )*};
}

operators! {
    Add add;
    Sub sub;
    Mul mul;
    Div div;
    Rem rem;
    Neg neg;
    AddAssign add_assign;
    SubAssign sub_assign;
    MulAssign mul_assign;
    DivAssign div_assign;
}
