//! Jacobians and Hessians with few elements that are not zero: a pattern, and its colours.
//!
//! Columns that share no row are computed in one sweep, along the sum of their unit vectors. So a
//! matrix needs as many sweeps as its pattern needs colours, and not as many as it has columns: a
//! tridiagonal one three, whatever its size.
//!
//! ```
//! # #[cfg(feature = "alloc")] {
//! use autodiff_runtime::sparse::Pattern;
//!
//! // fᵢ(x) = xᵢ² − xᵢ₋₁, and its derivative along v, as `f_jvp` gives it.
//! let jvp = |x: &[f64], v: &[f64]| -> Vec<f64> {
//!     let along = |i: usize| 2.0 * x[i] * v[i] - if i > 0 { v[i - 1] } else { 0.0 };
//!     (0..x.len()).map(along).collect()
//! };
//! let x = [1.0, 2.0, 3.0, 4.0];
//! let pattern = Pattern::from_rows(4, (0..4).map(|i: usize| i.saturating_sub(1)..=i));
//! let colours = pattern.colours();
//! assert_eq!(colours.count(), 2);
//! let jacobian = pattern.jacobian(&colours, |v| jvp(&x, v));
//! assert_eq!(jacobian.row(2), [(1, -1.0), (2, 6.0)]);
//! # }
//! ```
//!
//! Sources: A. R. Curtis, M. J. D. Powell, J. K. Reid, *On the estimation of sparse Jacobian
//! matrices* (1974); A. H. Gebremedhin, F. Manne, A. Pothen, *What color is your Jacobian? Graph
//! coloring for computing derivatives* (2005), of which these are algorithms 3.2, for distance-2
//! colours, and 4.1 of A. H. Gebremedhin, A. Tarafdar, F. Manne, A. Pothen, *New acyclic and star
//! coloring algorithms with application to computing Hessians* (2007), for star colours.

#[cfg(feature = "alloc")]
mod colour;
#[cfg(feature = "alloc")]
mod matrix;

#[cfg(feature = "alloc")]
use alloc::{borrow::Cow, vec::Vec};

#[cfg(feature = "alloc")]
pub use colour::Colours;
#[cfg(feature = "alloc")]
pub use matrix::Sparse;

#[cfg(feature = "alloc")]
type List = Cow<'static, [usize]>;
#[cfg(not(feature = "alloc"))]
type List = &'static [usize];

/// Which elements of a matrix can differ from zero.
///
/// `f::JACOBIAN_PATTERN` and `f::HESSIAN_PATTERN` are there for functions whose code tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    columns: usize,
    /// Where each row starts in `elements`, and where the last one ends.
    starts: List,
    /// The columns of the elements, row by row.
    elements: List,
}

impl Pattern {
    /// What the compiler knows: the columns of each row in order, one row after the other.
    #[doc(hidden)]
    #[must_use]
    pub const fn known(
        columns: usize,
        starts: &'static [usize],
        elements: &'static [usize],
    ) -> Self {
        #[cfg(feature = "alloc")]
        let (starts, elements) = (Cow::Borrowed(starts), Cow::Borrowed(elements));
        Self { columns, starts, elements }
    }

    /// How many rows the matrix has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// How many columns the matrix has.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many elements can differ from zero.
    #[must_use]
    pub fn count(&self) -> usize {
        self.elements.len()
    }

    /// The columns of a row, in order; none of a row that there is not.
    #[must_use]
    pub fn row(&self, row: usize) -> &[usize] {
        let bounds = self.starts.get(row).copied().zip(self.starts.get(row + 1).copied());
        bounds.and_then(|(start, end)| self.elements.get(start..end)).unwrap_or_default()
    }
}

#[cfg(feature = "alloc")]
impl Pattern {
    /// A matrix with so many columns, and these in each row. They are put into order.
    ///
    /// # Panics
    ///
    /// If a row names a column that there is not.
    #[must_use]
    pub fn from_rows<R: IntoIterator<Item = usize>>(
        columns: usize,
        rows: impl IntoIterator<Item = R>,
    ) -> Self {
        let (mut starts, mut elements) = (Vec::from([0]), Vec::new());
        for row in rows {
            let mut row: Vec<usize> = row.into_iter().collect();
            row.sort_unstable();
            row.dedup();
            let last = row.last().copied().unwrap_or(0);
            assert!(row.is_empty() || last < columns, "column {last} of a matrix with {columns}");
            elements.extend(row);
            starts.push(elements.len());
        }
        Self { columns, starts: starts.into(), elements: elements.into() }
    }

    /// Where the elements of a row are among those of all.
    pub(crate) fn start(&self, row: usize) -> usize {
        self.starts.get(row).copied().unwrap_or(0)
    }

    /// The rows as columns, the columns as rows.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut rows: Vec<Vec<usize>> = (0..self.columns).map(|_| Vec::new()).collect();
        for row in 0..self.rows() {
            for &column in self.row(row) {
                if let Some(of) = rows.get_mut(column) {
                    of.push(row);
                }
            }
        }
        Self::from_rows(self.rows(), rows)
    }
}
