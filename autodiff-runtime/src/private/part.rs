//! The fields of an enum's variants as places, and what an `Option` holds.

use core::ops::{Index, IndexMut};

/// What stands between the brackets of `shape[Shape::__Circle_radius]`: the field of this number of
/// the variant of that number.
#[derive(Clone, Copy, Debug)]
pub struct Part<const VARIANT: usize, const FIELD: usize>;

/// A field is read of another variant than it is of. Emitted code does so in arms of the variant only.
///
/// # Panics
///
/// Always.
#[cold]
#[track_caller]
pub fn other_variant() -> ! {
    unreachable!("a field of another variant")
}

/// What stands between the brackets of `damping[Held]`: what an `Option` holds, or a `Result`, or a
/// tangent of one.
#[derive(Clone, Copy, Debug)]
pub struct Held;

impl<T> Index<Held> for Option<T> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, _: Held) -> &T {
        self.as_ref().unwrap_or_else(|| other_variant())
    }
}

impl<T> IndexMut<Held> for Option<T> {
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, _: Held) -> &mut T {
        self.as_mut().unwrap_or_else(|| other_variant())
    }
}

impl<T, E> Index<Held> for Result<T, E> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, _: Held) -> &T {
        self.as_ref().unwrap_or_else(|_| other_variant())
    }
}
