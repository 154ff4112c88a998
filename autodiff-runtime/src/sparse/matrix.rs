//! Matrices with few elements, computed in as many sweeps as their pattern has colours.

use alloc::vec::Vec;

use super::{Colours, Pattern};
use crate::Real;

/// A matrix of which only the elements of a [`Pattern`] are there.
#[derive(Clone, Debug, PartialEq)]
pub struct Sparse<'p, T> {
    pattern: &'p Pattern,
    values: Vec<T>,
}

impl<T: Real> Sparse<'_, T> {
    /// The elements of a row, each with its column.
    #[must_use]
    pub fn row(&self, row: usize) -> Vec<(usize, T)> {
        let values = self.values.iter().copied().skip(self.pattern.start(row));
        self.pattern.row(row).iter().copied().zip(values).collect()
    }

    /// All elements, row by row: with the columns of each row, the matrix in *compressed sparse
    /// row* form.
    #[must_use]
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// The whole matrix, with its zeros.
    #[must_use]
    pub fn dense(&self) -> Vec<Vec<T>> {
        let whole = |row: usize| {
            let mut whole: Vec<T> = (0..self.pattern.columns()).map(|_| T::zero()).collect();
            for (column, value) in self.row(row) {
                if let Some(element) = whole.get_mut(column) {
                    *element = value;
                }
            }
            whole
        };
        (0..self.pattern.rows()).map(whole).collect()
    }
}

impl Pattern {
    /// A Jacobian with this pattern, from products with vectors: one for each of its
    /// [`colours`](Self::colours).
    ///
    /// An element that is not in the pattern must be zero, or others are wrong.
    ///
    /// # Panics
    ///
    /// If the colours are those of another pattern, or a product has not as many elements as there
    /// are rows.
    pub fn jacobian<T: Real>(
        &self,
        colours: &Colours,
        product: impl FnMut(&[T]) -> Vec<T>,
    ) -> Sparse<'_, T> {
        let products = self.products(colours, product);
        self.gathered(|row, column| element(&products, colours.of(column)?, row))
    }

    /// A Hessian with this pattern, from products with vectors, as `f_hvp` gives them: one for each
    /// of its [`symmetric_colours`](Self::symmetric_colours).
    ///
    /// # Panics
    ///
    /// As [`jacobian`](Self::jacobian).
    pub fn hessian<T: Real>(
        &self,
        colours: &Colours,
        product: impl FnMut(&[T]) -> Vec<T>,
    ) -> Sparse<'_, T> {
        let products = self.products(colours, product);
        self.gathered(|row, column| {
            let colour = colours.of(column)?;
            // Alone in its row with that colour, or else its mirror image is in its own.
            let is_alone = |row: usize, colour: usize| {
                self.row(row).iter().filter(|&&other| colours.of(other) == Some(colour)).count()
                    == 1
            };
            if is_alone(row, colour) {
                element(&products, colour, row)
            } else {
                element(&products, colours.of(row)?, column)
            }
        })
    }

    /// The products with the sums of the unit vectors of each colour.
    fn products<T: Real>(
        &self,
        colours: &Colours,
        mut product: impl FnMut(&[T]) -> Vec<T>,
    ) -> Vec<Vec<T>> {
        let (given, columns) = (colours.of_columns().len(), self.columns());
        assert!(given == columns, "colours of {given} columns for a matrix with {columns}");
        let mut seed: Vec<T> = (0..columns).map(|_| T::zero()).collect();
        let mut products = Vec::with_capacity(colours.count());
        for group in colours.groups() {
            fill(&mut seed, &group, T::one());
            let along = product(&seed);
            let (found, rows) = (along.len(), self.rows());
            assert!(found == rows, "a product of {found} elements for a matrix with {rows} rows");
            products.push(along);
            fill(&mut seed, &group, T::zero());
        }
        products
    }

    fn gathered<T: Real>(&self, of: impl Fn(usize, usize) -> Option<T>) -> Sparse<'_, T> {
        let row = |row: usize| self.row(row).iter().map(move |&column| (row, column));
        let elements = (0..self.rows()).flat_map(row);
        let values = elements.map(|(row, column)| of(row, column).unwrap_or(T::zero())).collect();
        Sparse { pattern: self, values }
    }
}

/// Sets the elements of a vector that belong to these columns.
fn fill<T: Real>(seed: &mut [T], columns: &[usize], number: T) {
    for &column in columns {
        if let Some(element) = seed.get_mut(column) {
            *element = number;
        }
    }
}

fn element<T: Real>(products: &[Vec<T>], colour: usize, row: usize) -> Option<T> {
    products.get(colour)?.get(row).copied()
}
