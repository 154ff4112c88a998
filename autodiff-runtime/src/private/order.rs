//! The order into which elements are brought, found by what they are.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// What can be told apart bit for bit.
pub trait Told {
    /// An order in which only what is the same bit for bit is equal.
    fn told(&self, other: &Self) -> Ordering;
}

macro_rules! told {
    ($order:ident: $($ty:ty),*) => {$(
        impl Told for $ty {
            #[inline]
            fn told(&self, other: &Self) -> Ordering {
                self.$order(other)
            }
        }
    )*};
}

told!(total_cmp: f32, f64);
told!(cmp: i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, bool, char);

impl<T: Told + ?Sized> Told for &T {
    fn told(&self, other: &Self) -> Ordering {
        (**self).told(other)
    }
}

impl<T: Told> Told for [T] {
    fn told(&self, other: &Self) -> Ordering {
        let lengths = self.len().cmp(&other.len());
        self.iter().zip(other).fold(lengths, |order, (a, b)| order.then_with(|| a.told(b)))
    }
}

impl<T: Told, const N: usize> Told for [T; N] {
    fn told(&self, other: &Self) -> Ordering {
        self.as_slice().told(other)
    }
}

impl<T: Told> Told for Vec<T> {
    fn told(&self, other: &Self) -> Ordering {
        self.as_slice().told(other)
    }
}

impl<A: Told, B: Told> Told for (A, B) {
    fn told(&self, other: &Self) -> Ordering {
        self.0.told(&other.0).then_with(|| self.1.told(&other.1))
    }
}

impl<A: Told, B: Told, C: Told> Told for (A, B, C) {
    fn told(&self, other: &Self) -> Ordering {
        let first = self.0.told(&other.0).then_with(|| self.1.told(&other.1));
        first.then_with(|| self.2.told(&other.2))
    }
}

/// Where each element comes from after `rearrange` has sorted them: the comparison runs once, on a
/// copy. What is the same bit for bit stays in its order.
///
/// ```
/// # use autodiff_runtime::__private::order;
/// assert_eq!(order(&[2.0, 3.0, 1.0], |it| it.sort_by(f64::total_cmp)), [2, 0, 1]);
/// assert_eq!(order(&[0.0, -0.0, 0.0], |it| it.sort_by(f64::total_cmp)), [1, 0, 2]);
/// ```
#[must_use]
pub fn order<T: Told + Clone>(of: &[T], rearrange: impl FnOnce(&mut [T])) -> Vec<usize> {
    let mut after = of.to_vec();
    rearrange(&mut after);
    let mut order = moved(of.len(), |_| {});
    let pairs = by_what_they_are(&after).into_iter().zip(by_what_they_are(of));
    for (to, from) in pairs {
        if let Some(place) = order.get_mut(to) {
            *place = from;
        }
    }
    order
}

fn by_what_they_are<T: Told>(of: &[T]) -> Vec<usize> {
    let mut known: Vec<(usize, &T)> = of.iter().enumerate().collect();
    known.sort_by(|(_, a), (_, b)| a.told(b));
    known.into_iter().map(|(at, _)| at).collect()
}

/// Where each of so many elements comes from after `rearrange` has moved them, whatever they are.
///
/// ```
/// # use autodiff_runtime::__private::moved;
/// assert_eq!(moved(4, |it| it.rotate_left(1)), [1, 2, 3, 0]);
/// ```
#[must_use]
pub fn moved(len: usize, rearrange: impl FnOnce(&mut [usize])) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    rearrange(&mut order);
    order
}
