//! Operators of the user's types: `#[grad] impl Mul<f64> for Vec3 { … }` is an [`Operation`], and what
//! `a * b` means where only rustc knows the types is found by the types, floats included.

use core::marker::PhantomData;

use crate::{Differentiable, Real};

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

/// What floats do: the value, and what the operands get of a change of it. A [`Real`](crate::Real) type
/// of one's own says so in one line.
#[macro_export]
macro_rules! real_operators {
    ($($ty:ty)*) => {$(
        $crate::__real_operators!([] [] $ty);
    )*};
}

/// The same of a generic type, with its parameters and their names.
#[doc(hidden)]
#[macro_export]
macro_rules! __real_operators {
    ($generics:tt $names:tt $ty:ty) => {
        $crate::__real_operator! { $generics $names $ty;
            Add |a, b, bar| a + b, bar, bar;
            Sub |a, b, bar| a - b, bar, -bar;
            Mul |a, b, bar| a * b, bar * b, a * bar;
            Div |a, b, bar| a / b, $crate::__private::over(bar, b),
                $crate::__private::scale(bar, -a / (b * b));
            AddAssign |a, b, bar| a + b, bar, bar;
            SubAssign |a, b, bar| a - b, bar, -bar;
            MulAssign |a, b, bar| a * b, bar * b, a * bar;
            DivAssign |a, b, bar| a / b, $crate::__private::over(bar, b),
                $crate::__private::scale(bar, -a / (b * b));
        }
        $crate::__real_negation!($generics $names $ty);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __real_operator {
    ($generics:tt $names:tt $ty:ty;) => {};
    ([$($generics:tt)*] [$($names:tt)*] $ty:ty;
     $op:ident |$a:ident, $b:ident, $bar:ident| $y:expr, $by_a:expr, $by_b:expr; $($rest:tt)*) => {
        #[allow(unused_variables, reason = "of a sum, no partial reads the operands")]
        impl<$($generics)*> $crate::__private::operators::Operation<
            $crate::__private::operators::$op, Self,
        > for $ty {
            type Output = Self;
            type Derived = $crate::__private::operators::Derived<
                $crate::__private::operators::$op, Self, Self,
            >;

            #[inline]
            fn split(
                &$a: &Self,
                &$b: &Self,
            ) -> (
                Self,
                impl FnOnce(&Self, &Self, Self, Option<&mut Self>, Option<&mut Self>)
                + use<$($names)*>,
            ) {
                let pull = |&$a: &Self,
                            &$b: &Self,
                            $bar: Self,
                            a_bar: Option<&mut Self>,
                            b_bar: Option<&mut Self>| {
                    if let Some(a_bar) = a_bar {
                        *a_bar += $by_a;
                    }
                    if let Some(b_bar) = b_bar {
                        *b_bar += $by_b;
                    }
                };
                ($y, pull)
            }

            #[inline]
            fn jvp(
                &$a: &Self,
                &$b: &Self,
                a_dot: Option<&Self>,
                b_dot: Option<&Self>,
            ) -> (Self, Self) {
                let zero = <Self as $crate::Lanes>::zero();
                let by_a = a_dot.map_or(zero, |&$bar| $by_a);
                let by_b = b_dot.map_or(zero, |&$bar| $by_b);
                ($y, by_a + by_b)
            }
        }

        $crate::__real_operator! { [$($generics)*] [$($names)*] $ty; $($rest)* }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __real_negation {
    ([$($generics:tt)*] [$($names:tt)*] $ty:ty) => {
        impl<$($generics)*> $crate::__private::operators::Operation<
            $crate::__private::operators::Neg, (),
        > for $ty {
            type Output = Self;
            type Derived = $crate::__private::operators::Derived<
                $crate::__private::operators::Neg, Self, (),
            >;

            #[inline]
            fn split(
                this: &Self,
                (): &(),
            ) -> (
                Self,
                impl FnOnce(&Self, &(), Self, Option<&mut Self>, Option<&mut ()>)
                + use<$($names)*>,
            ) {
                let pull =
                    |_: &Self, (): &(), bar: Self, sum: Option<&mut Self>, _: Option<&mut ()>| {
                        if let Some(sum) = sum {
                            *sum -= bar;
                        }
                    };
                (-*this, pull)
            }

            #[inline]
            fn jvp(this: &Self, (): &(), dot: Option<&Self>, _: Option<&()>) -> (Self, Self) {
                (-*this, dot.map_or(<Self as $crate::Lanes>::zero(), |dot| -*dot))
            }
        }
    };
}

crate::real_operators!(f32 f64);
crate::__real_operators!([T: Real] [T] crate::Dual<T>);

/// An operator between two numbers of one type, which gives a third.
pub trait Closed<Op>:
    Operation<Op, Self, Output = Self, Derived = Derived<Op, Self, Self>>
{
}

impl<Op, T: Operation<Op, T, Output = T, Derived = Derived<Op, T, T>>> Closed<Op> for T {}

/// All operators of a number, by [`real_operators!`](crate::real_operators).
pub trait Operators:
    Closed<Add>
    + Closed<Sub>
    + Closed<Mul>
    + Closed<Div>
    + Closed<AddAssign>
    + Closed<SubAssign>
    + Closed<MulAssign>
    + Closed<DivAssign>
    + Operation<Neg, (), Output = Self, Derived = Derived<Neg, Self, ()>>
{
}

impl<T> Operators for T where
    T: Closed<Add>
        + Closed<Sub>
        + Closed<Mul>
        + Closed<Div>
        + Closed<AddAssign>
        + Closed<SubAssign>
        + Closed<MulAssign>
        + Closed<DivAssign>
        + Operation<Neg, (), Output = T, Derived = Derived<Neg, T, ()>>
{
}

/// Counts and indices have operators, too, and no derivative: only rustc knows that a field is one.
macro_rules! of_counts {
    ($($count:ident)*) => {$(
        of_count!($count; Add + Sub - Mul * Div / Rem %);
    )*};
}

macro_rules! of_count {
    ($count:ident; $($op:ident $sign:tt)*) => {$(
        impl Operation<$op, Self> for $count {
            type Output = Self;
            type Derived = Derived<$op, Self, Self>;

            #[inline]
            fn split(
                this: &Self,
                rhs: &Self,
            ) -> (
                Self,
                impl FnOnce(&Self, &Self, (), Option<&mut ()>, Option<&mut ()>) + use<>,
            ) {
                (this $sign rhs, |_: &Self, _: &Self, (), _: Option<&mut ()>, _: Option<&mut ()>| {})
            }

            #[inline]
            fn jvp(this: &Self, rhs: &Self, _: Option<&()>, _: Option<&()>) -> (Self, ()) {
                (this $sign rhs, ())
            }
        }
    )*};
}

of_counts!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
