//! Systems of linear equations, with the derivative that is known of them.

use autodiff_macro::rule;

/// The solution x of A x = b, for a square matrix given row by row.
///
/// Its derivatives are A ẋ = ḃ − Ȧ x and b̄ = A⁻ᵀ x̄, Ā = −b̄ xᵀ: another solve with the same
/// factors, whatever the elimination did. So it can be called in functions with `#[grad]`.
///
/// ```
/// use autodiff::{grad, linear};
///
/// /// The voltage between two resistors in series.
/// #[grad]
/// fn voltage(r1: f64, r2: f64) -> f64 {
///     let a = [1.0 / r1 + 1.0 / r2, -1.0, 0.0, 1.0];
///     let b = [0.0, 3.0 / r1];
///     linear::solve(&a, &b)[0]
/// }
///
/// // 3 r2 / (r1 + r2)
/// assert!((voltage(1.0, 2.0) - 2.0).abs() < 1e-15);
/// let (r1_bar, r2_bar) = voltage_grad(1.0, 2.0);
/// assert!((r1_bar + 2.0 / 3.0).abs() < 1e-15 && (r2_bar - 1.0 / 3.0).abs() < 1e-15);
/// ```
///
/// By elimination with row exchanges: n³/3 multiplications for n unknowns, n² for each derivative.
/// (Golub and Van Loan, *Matrix Computations*, 3.4; Giles, *Collected matrix derivative results*.)
/// Of a singular matrix, elements are infinite or NaN.
///
/// # Panics
///
/// If `a` does not have `b.len()` rows of that length.
#[must_use]
#[rule(vjp = solve_vjp, jvp = solve_jvp, crate = crate)]
pub fn solve(a: &[f64], b: &[f64]) -> Vec<f64> {
    Factors::of(a, b.len()).solve(b)
}

/// Those of matrix and right-hand side.
type Cotangents = (Vec<f64>, Vec<f64>);

fn solve_vjp(a: &[f64], b: &[f64]) -> (Vec<f64>, impl FnOnce(Vec<f64>) -> Cotangents + use<>) {
    let factors = Factors::of(a, b.len());
    let x = factors.solve(b);
    (x.clone(), move |x_bar| {
        let b_bar = factors.solve_transposed(&x_bar);
        let row = |b_bar: &f64| x.iter().map(|x| -b_bar * x).collect::<Vec<f64>>();
        (b_bar.iter().flat_map(row).collect(), b_bar)
    })
}

fn solve_jvp(a: &[f64], b: &[f64], a_dot: &[f64], b_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let factors = Factors::of(a, b.len());
    let x = factors.solve(b);
    let rows = a_dot.chunks_exact(b.len().max(1));
    let right: Vec<f64> = b_dot.iter().zip(rows).map(|(b_dot, row)| b_dot - dot(row, &x)).collect();
    let x_dot = factors.solve(&right);
    (x, x_dot)
}

/// P A = L U
pub(crate) struct Factors {
    /// L below the diagonal, whose own diagonal is 1, and U from there on; by rows.
    rows: Vec<Vec<f64>>,
    /// Which row of A each is.
    order: Vec<usize>,
}

#[allow(clippy::indexing_slicing, reason = "n rows of n elements, and indices below n")]
impl Factors {
    /// Eliminates below the diagonal, with the largest element of each column as its pivot.
    #[track_caller]
    pub(crate) fn of(a: &[f64], n: usize) -> Self {
        assert!(a.len() == n * n, "a matrix of {} elements for {n} unknowns", a.len());
        let mut rows: Vec<Vec<f64>> = a.chunks_exact(n.max(1)).map(<[f64]>::to_vec).collect();
        let mut order: Vec<usize> = (0..n).collect();
        for column in 0..n {
            let size = |row: &usize| rows[*row][column].abs();
            let pivot = (column..n).max_by(|i, j| size(i).total_cmp(&size(j))).unwrap_or(column);
            rows.swap(column, pivot);
            order.swap(column, pivot);
            let (above, below) = rows.split_at_mut(column + 1);
            for row in below {
                let factor = row[column] / above[column][column];
                row[column] = factor;
                let rest = row[column + 1..].iter_mut().zip(&above[column][column + 1..]);
                rest.for_each(|(element, pivot)| *element -= factor * pivot);
            }
        }
        Self { rows, order }
    }

    /// A x = b
    pub(crate) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = self.order.iter().map(|&row| b[row]).collect();
        for i in 0..x.len() {
            x[i] -= dot(&self.rows[i][..i], &x[..i]);
        }
        for i in (0..x.len()).rev() {
            x[i] -= dot(&self.rows[i][i + 1..], &x[i + 1..]);
            x[i] /= self.rows[i][i];
        }
        x
    }

    /// Aᵀ y = c
    pub(crate) fn solve_transposed(&self, c: &[f64]) -> Vec<f64> {
        let mut y = c.to_vec();
        for i in 0..y.len() {
            y[i] /= self.rows[i][i];
            let (done, rest) = y.split_at_mut(i + 1);
            let row = rest.iter_mut().zip(&self.rows[i][i + 1..]);
            row.for_each(|(element, factor)| *element -= factor * done[i]);
        }
        for i in (0..y.len()).rev() {
            let (rest, done) = y.split_at_mut(i);
            let row = rest.iter_mut().zip(&self.rows[i][..i]);
            row.for_each(|(element, factor)| *element -= factor * done[0]);
        }
        let mut result = vec![0.0; y.len()];
        self.order.iter().zip(y).for_each(|(&row, element)| result[row] = element);
        result
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
