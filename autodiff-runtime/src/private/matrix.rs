//! Matrices that were computed by columns.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use crate::Lanes;

/// The rows of a matrix given by its columns.
///
/// ```
/// # use autodiff_runtime::__private::transposed;
/// assert_eq!(transposed([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]);
/// ```
#[inline]
#[must_use]
#[allow(clippy::indexing_slicing, reason = "a column has M elements, and `row` is less")]
pub fn transposed<T: Copy, const M: usize, const N: usize>(columns: [[T; M]; N]) -> [[T; N]; M] {
    core::array::from_fn(|row| columns.map(|column| column[row]))
}

/// The same, where a length is known at run time only. Without columns there are no rows.
///
/// ```
/// # use autodiff_runtime::__private::rows;
/// assert_eq!(rows(&[vec![1.0, 2.0], vec![3.0, 4.0]]), [vec![1.0, 3.0], vec![2.0, 4.0]]);
/// ```
#[cfg(feature = "alloc")]
#[must_use]
pub fn rows<T: Copy, C: AsRef<[T]>>(columns: &[C]) -> Vec<Vec<T>> {
    let count = columns.first().map_or(0, |column| column.as_ref().len());
    let row = |at: usize| columns.iter().filter_map(move |column| column.as_ref().get(at).copied());
    (0..count).map(|at| row(at).collect()).collect()
}

/// What a function gives for each index of an array; nothing where it gives nothing for one.
///
/// ```
/// # use autodiff_runtime::__private::each_some;
/// assert_eq!(each_some(|at| 6_usize.checked_sub(at)), Some([6, 5, 4]));
/// assert_eq!(each_some::<_, 3>(|at| 1_usize.checked_sub(at)), None);
/// ```
#[inline]
pub fn each_some<T, const N: usize>(mut each: impl FnMut(usize) -> Option<T>) -> Option<[T; N]> {
    each_ok(|at| each(at).ok_or(())).ok()
}

/// The same; the first error where there is one.
///
/// ```
/// # use autodiff_runtime::__private::each_ok;
/// assert_eq!(each_ok(|at| if at < 3 { Ok(at) } else { Err(at) }), Ok([0, 1, 2]));
/// assert_eq!(each_ok::<_, _, 5>(|at| if at < 3 { Ok(at) } else { Err(at) }), Err(3));
/// ```
///
/// # Errors
///
/// What the function returns.
#[inline]
pub fn each_ok<T, E, const N: usize>(
    mut each: impl FnMut(usize) -> Result<T, E>,
) -> Result<[T; N], E> {
    let mut all = [const { None }; N];
    for (at, item) in all.iter_mut().enumerate() {
        *item = Some(each(at)?);
    }
    Ok(all.map(|item| item.unwrap_or_else(|| unreachable!("every item has been given"))))
}

/// Checks that a buffer has as many elements as a Jacobian of so many rows and columns.
///
/// # Panics
///
/// If it has not; the message has all three.
#[inline]
#[track_caller]
pub fn check_jacobian(function: &str, buffer: &str, (rows, columns): (usize, usize), given: usize) {
    assert!(
        rows * columns == given,
        "the Jacobian of `{function}` has {rows} rows and {columns} columns, but its buffer `{buffer}` \
         has length {given}"
    );
}

/// Checks that there is enough memory for tangents.
///
/// # Panics
///
/// If there is not; the message has both lengths.
#[inline]
#[track_caller]
pub fn check_work(function: &str, needed: usize, given: usize) {
    assert!(
        needed <= given,
        "the Jacobian of `{function}` needs working memory of length {needed}, and has {given}"
    );
}

/// The first elements of working memory, zero, and what is left.
///
/// ```
/// # use autodiff_runtime::__private::lent;
/// let mut work = [1.0, 2.0, 3.0];
/// let (first, rest) = lent(&mut work, 2);
/// assert_eq!((&*first, &*rest), ([0.0, 0.0].as_slice(), [3.0].as_slice()));
/// ```
///
/// # Panics
///
/// If there are not so many.
#[inline]
#[track_caller]
pub fn lent<T: Lanes>(work: &mut [T], count: usize) -> (&mut [T], &mut [T]) {
    let (first, rest) = work.split_at_mut(count);
    first.fill(T::zero());
    (first, rest)
}

/// Writes one of the columns of a matrix that is stored row by row.
///
/// ```
/// # use autodiff_runtime::__private::set_column;
/// let mut matrix = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// set_column(&mut matrix, (1, 3), &[0.0, 0.5]);
/// assert_eq!(matrix, [1.0, 0.0, 3.0, 4.0, 0.5, 6.0]);
/// ```
#[inline]
pub fn set_column<T: Copy>(matrix: &mut [T], (column, columns): (usize, usize), values: &[T]) {
    for (element, &value) in matrix.iter_mut().skip(column).step_by(columns).zip(values) {
        *element = value;
    }
}
