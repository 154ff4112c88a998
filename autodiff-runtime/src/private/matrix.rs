//! Matrices that were computed by columns.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

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
