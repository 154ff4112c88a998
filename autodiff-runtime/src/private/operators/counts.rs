//! The operators of counts and indices, which have no derivative.

use super::{Add, Derived, Div, Mul, Operation, OperationOfOrder2, Rem, Sub};

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

        impl OperationOfOrder2<$op, Self> for $count {
            #[inline]
            fn pull_2(
                _: (&Self, &Self),
                _: (Option<&()>, Option<&()>),
                ((), ()): ((), ()),
                _: (
                    (Option<&mut ()>, Option<&mut ()>),
                    (Option<&mut ()>, Option<&mut ()>),
                ),
            ) {
            }

            #[inline]
            fn jvp_2(
                (this, rhs): (&Self, &Self),
                _: [(Option<&()>, Option<&()>); 3],
            ) -> (Self, (), (), ()) {
                (this $sign rhs, (), (), ())
            }
        }
    )*};
}

of_counts!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
