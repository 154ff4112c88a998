//! Types that no derivative sees: their tangent is `()`.

use super::{Differentiable, Tangent};

impl Tangent for () {
    #[inline]
    fn add_assign(&mut self, (): &Self) {}

    #[inline]
    fn scale(&mut self, _: f64) {}

    #[inline]
    fn set_zero(&mut self) {}

    #[inline]
    fn dot(&self, (): &Self) -> f64 {
        0.0
    }
}

macro_rules! inert {
    ($($inert:ty)*) => { $(
        impl Differentiable for $inert {
            type Tangent = ();

            #[inline]
            fn zero_tangent(&self) {}
        }
    )* };
}

inert! {
    () bool char str
    i8 i16 i32 i64 i128 isize
    u8 u16 u32 u64 u128 usize
    core::cmp::Ordering core::time::Duration core::ops::Range<usize>
}

#[cfg(feature = "alloc")]
inert!(alloc::string::String);

impl<T: ?Sized> Differentiable for core::marker::PhantomData<T> {
    type Tangent = ();

    #[inline]
    fn zero_tangent(&self) {}
}
