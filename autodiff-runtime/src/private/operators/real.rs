//! The operators of numbers, with their first and second derivatives in one row each.

use super::{
    Add, AddAssign, Derived, Div, DivAssign, Mul, MulAssign, Neg, Operation, OperationOfOrder2,
    Sub, SubAssign,
};
use crate::Real;

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
                |a_dot, b_dot| <Self as $crate::Lanes>::zero(), <Self as $crate::Lanes>::zero();
            Sub |a, b, bar| a - b, bar, -bar;
                |a_dot, b_dot| <Self as $crate::Lanes>::zero(), <Self as $crate::Lanes>::zero();
            Mul |a, b, bar| a * b, bar * b, a * bar; |a_dot, b_dot| bar * b_dot, a_dot * bar;
            Div |a, b, bar| a / b, $crate::__private::over(bar, b),
                $crate::__private::scale(bar, -a / (b * b));
                |a_dot, b_dot| $crate::__private::scale(bar, -b_dot / (b * b)),
                $crate::__private::scale(bar, ((a + a) * b_dot / b - a_dot) / (b * b));
            AddAssign |a, b, bar| a + b, bar, bar;
                |a_dot, b_dot| <Self as $crate::Lanes>::zero(), <Self as $crate::Lanes>::zero();
            SubAssign |a, b, bar| a - b, bar, -bar;
                |a_dot, b_dot| <Self as $crate::Lanes>::zero(), <Self as $crate::Lanes>::zero();
            MulAssign |a, b, bar| a * b, bar * b, a * bar;
                |a_dot, b_dot| bar * b_dot, a_dot * bar;
            DivAssign |a, b, bar| a / b, $crate::__private::over(bar, b),
                $crate::__private::scale(bar, -a / (b * b));
                |a_dot, b_dot| $crate::__private::scale(bar, -b_dot / (b * b)),
                $crate::__private::scale(bar, ((a + a) * b_dot / b - a_dot) / (b * b));
        }
        $crate::__real_negation!($generics $names $ty);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __real_operator {
    ($generics:tt $names:tt $ty:ty;) => {};
    ([$($generics:tt)*] [$($names:tt)*] $ty:ty;
     $op:ident |$a:ident, $b:ident, $bar:ident| $y:expr, $by_a:expr, $by_b:expr;
         |$a_dot:ident, $b_dot:ident| $by_a_dot:expr, $by_b_dot:expr; $($rest:tt)*) => {
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

        #[allow(unused_variables, reason = "of a sum, no partial reads the operands")]
        impl<$($generics)*> $crate::__private::operators::OperationOfOrder2<
            $crate::__private::operators::$op, Self,
        > for $ty {
            #[inline]
            fn pull_2(
                (&$a, &$b): (&Self, &Self),
                ($a_dot, $b_dot): (Option<&Self>, Option<&Self>),
                (bar, bar_dot): (Self, Self),
                ((a_bar, b_bar), (a_bar_dot, b_bar_dot)): (
                    (Option<&mut Self>, Option<&mut Self>),
                    (Option<&mut Self>, Option<&mut Self>),
                ),
            ) {
                let zero = <Self as $crate::Lanes>::zero();
                let $a_dot = $a_dot.copied().unwrap_or(zero);
                let $b_dot = $b_dot.copied().unwrap_or(zero);
                let (by_a, by_b) = (|$bar: Self| $by_a, |$bar: Self| $by_b);
                let $bar = bar;
                if let Some(a_bar) = a_bar {
                    *a_bar += by_a(bar);
                }
                if let Some(b_bar) = b_bar {
                    *b_bar += by_b(bar);
                }
                if let Some(a_bar_dot) = a_bar_dot {
                    *a_bar_dot += by_a(bar_dot) + $by_a_dot;
                }
                if let Some(b_bar_dot) = b_bar_dot {
                    *b_bar_dot += by_b(bar_dot) + $by_b_dot;
                }
            }

            #[inline]
            fn jvp_2(
                (&$a, &$b): (&Self, &Self),
                [(a_1, b_1), (a_2, b_2), (a_12, b_12)]: [(Option<&Self>, Option<&Self>); 3],
            ) -> (Self, Self, Self, Self) {
                let zero = <Self as $crate::Lanes>::zero();
                let dot = |a_dot: Option<&Self>, b_dot: Option<&Self>| {
                    a_dot.map_or(zero, |&$bar| $by_a) + b_dot.map_or(zero, |&$bar| $by_b)
                };
                let $a_dot = a_2.copied().unwrap_or(zero);
                let $b_dot = b_2.copied().unwrap_or(zero);
                let by_a = a_1.map_or(zero, |&$bar| $by_a_dot);
                let by_b = b_1.map_or(zero, |&$bar| $by_b_dot);
                ($y, dot(a_1, b_1), dot(a_2, b_2), dot(a_12, b_12) + (by_a + by_b))
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

        impl<$($generics)*> $crate::__private::operators::OperationOfOrder2<
            $crate::__private::operators::Neg, (),
        > for $ty {
            #[inline]
            fn pull_2(
                _: (&Self, &()),
                _: (Option<&Self>, Option<&()>),
                (bar, bar_dot): (Self, Self),
                ((sum, _), (sum_dot, _)): (
                    (Option<&mut Self>, Option<&mut ()>),
                    (Option<&mut Self>, Option<&mut ()>),
                ),
            ) {
                if let Some(sum) = sum {
                    *sum -= bar;
                }
                if let Some(sum_dot) = sum_dot {
                    *sum_dot -= bar_dot;
                }
            }

            #[inline]
            fn jvp_2(
                (this, ()): (&Self, &()),
                dots: [(Option<&Self>, Option<&()>); 3],
            ) -> (Self, Self, Self, Self) {
                let zero = <Self as $crate::Lanes>::zero();
                let [one, two, both] = dots.map(|(dot, _)| dot.map_or(zero, |dot| -*dot));
                (-*this, one, two, both)
            }
        }
    };
}

crate::real_operators!(f32 f64);
crate::__real_operators!([T: Real] [T] crate::Dual<T>);

/// An operator between two numbers of one type, which gives a third.
pub trait Closed<Op>:
    Operation<Op, Self, Output = Self, Derived = Derived<Op, Self, Self>> + OperationOfOrder2<Op, Self>
{
}

impl<Op, T> Closed<Op> for T where
    T: Operation<Op, T, Output = T, Derived = Derived<Op, T, T>> + OperationOfOrder2<Op, T>
{
}

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
    + OperationOfOrder2<Neg, ()>
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
        + OperationOfOrder2<Neg, ()>
{
}
