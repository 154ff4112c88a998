//! Random matrices, found again from the products of their colours.

#![allow(missing_docs, clippy::indexing_slicing, reason = "numeric code")]

use autodiff_runtime::sparse::Pattern;

/// A simple generator: xorshift64* (Vigna 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).map_or(0, |number| number % bound)
    }

    fn number(&mut self) -> f64 {
        f64::from(u32::try_from(1 + self.below(1000)).unwrap_or(1)) / 8.0
    }
}

fn times(matrix: &[Vec<f64>], v: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum()).collect()
}

/// The pattern of a matrix.
fn pattern(matrix: &[Vec<f64>], columns: usize) -> Pattern {
    let row = |row: &Vec<f64>| {
        row.iter().enumerate().filter(|(_, a)| **a != 0.0).map(|(at, _)| at).collect::<Vec<_>>()
    };
    Pattern::from_rows(columns, matrix.iter().map(row))
}

#[test]
fn jacobians_are_found_again() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..300 {
        let (rows, columns) = (1 + random.below(12), 1 + random.below(12));
        let mut matrix = vec![vec![0.0; columns]; rows];
        for _ in 0..random.below(2 * rows + columns) {
            matrix[random.below(rows)][random.below(columns)] = random.number();
        }
        let pattern = pattern(&matrix, columns);
        let colours = pattern.colours();
        let mut products = 0;
        let found = pattern.jacobian(&colours, |v: &[f64]| {
            products += 1;
            times(&matrix, v)
        });
        assert_eq!(found.dense(), matrix, "round {round}");
        assert_eq!(products, colours.count());
        assert!(colours.count() <= columns);
    }
}

#[test]
fn hessians_are_found_again() {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let mut fewer = 0;
    for round in 0..300 {
        let n = 1 + random.below(14);
        let mut matrix = vec![vec![0.0; n]; n];
        for _ in 0..random.below(3 * n) {
            let (i, j, number) = (random.below(n), random.below(n), random.number());
            (matrix[i][j], matrix[j][i]) = (number, number);
        }
        let pattern = pattern(&matrix, n);
        let colours = pattern.symmetric_colours();
        let found = pattern.hessian(&colours, |v: &[f64]| times(&matrix, v));
        assert_eq!(found.dense(), matrix, "round {round}");
        fewer += usize::from(colours.count() < pattern.colours().count());
    }
    assert!(fewer > 30, "symmetry saved sweeps in {fewer} of 300 rounds");
}

#[test]
fn bands_need_as_many_sweeps_as_they_are_wide() {
    for n in [5, 50, 500] {
        let band = (0..n).map(|i: usize| i.saturating_sub(1)..(i + 2).min(n));
        let pattern = Pattern::from_rows(n, band);
        assert_eq!((pattern.colours().count(), pattern.count()), (3, 3 * n - 2));
        assert_eq!(pattern.symmetric_colours().count(), 3);
    }
    // An arrow: its dense row needs every column, its symmetric colours two.
    let arrow = (0..50).map(|i| if i == 0 { (0..50).collect() } else { vec![0, i] });
    let arrow = Pattern::from_rows(50, arrow);
    assert_eq!((arrow.colours().count(), arrow.symmetric_colours().count()), (50, 2));
}

#[test]
fn of_nothing() {
    let pattern = Pattern::from_rows(3, [[0; 0]; 2]);
    assert_eq!((pattern.rows(), pattern.columns(), pattern.count()), (2, 3, 0));
    let none = pattern.jacobian(&pattern.colours(), |_: &[f64]| vec![0.0; 2]);
    assert_eq!(none.dense(), [[0.0; 3]; 2]);
    assert_eq!(pattern.transposed().rows(), 3);
}

#[test]
#[should_panic = "column 3 of a matrix with 3"]
fn a_column_that_there_is_not() {
    let _ = Pattern::from_rows(3, [[0, 3]]);
}

#[test]
#[should_panic = "the pattern is not symmetric"]
fn half_a_matrix() {
    let _ = Pattern::from_rows(2, [vec![0, 1], vec![1]]).symmetric_colours();
}

#[test]
#[should_panic = "colours of 2 columns for a matrix with 3"]
fn colours_of_another() {
    let colours = Pattern::from_rows(2, [[0, 1]]).colours();
    let _ = Pattern::from_rows(3, [[0, 1]]).jacobian(&colours, |_: &[f64]| vec![0.0]);
}
