//! What is changed by a method of `std`, as far as its name tells: rustc checks that it is no method
//! of the user's.

/// An array, a slice or a `Vec`.
#[diagnostic::on_unimplemented(
    message = "this method of `{Self}` has the name of one of `Vec` or of slices, and is taken for it",
    label = "of type `{Self}`",
    note = "take the value apart first, so that it is known to be a structure: `let {Self} {{ .. }} = value;`",
    note = "or give the method a name of its own"
)]
pub trait Sequence {}

impl<T> Sequence for [T] {}
impl<T, const N: usize> Sequence for [T; N] {}
#[cfg(feature = "alloc")]
impl<T> Sequence for alloc::vec::Vec<T> {}
impl<T: Sequence + ?Sized> Sequence for &T {}
impl<T: Sequence + ?Sized> Sequence for &mut T {}

/// Nothing but the check.
///
/// ```
/// # use autodiff_runtime::__private::sequence;
/// sequence(&[1.0, 2.0][..]);
/// ```
///
/// ```compile_fail,E0277
/// # use autodiff_runtime::__private::sequence;
/// sequence(&1.0);
/// ```
#[inline]
pub fn sequence<T: Sequence + ?Sized>(_: &T) {}
