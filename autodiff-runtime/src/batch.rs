//! One function at many points: a column of numbers for each of its arguments and results.

use crate::Lanes;

/// Lanes that are read from memory and written to it: single floats, and those of the crate `wide`.
pub trait Load: Lanes {
    /// The float of a lane.
    type Element: Copy;
    /// How many lanes there are.
    const COUNT: usize;

    /// The first elements, one in each lane; the last element in the lanes that are left.
    fn read(elements: &[Self::Element]) -> Self;

    /// Writes the lanes into as many elements as there are.
    fn write(self, elements: &mut [Self::Element]);
}

macro_rules! single {
    ($($float:ty)*) => {$(
        impl Load for $float {
            type Element = Self;
            const COUNT: usize = 1;

            #[inline]
            fn read(elements: &[Self]) -> Self {
                elements.first().copied().unwrap_or_default()
            }

            #[inline]
            fn write(self, elements: &mut [Self]) {
                if let Some(first) = elements.first_mut() {
                    *first = self;
                }
            }
        }
    )*};
}

single!(f32 f64);

/// Calls a function with the elements of columns, so many at a time as its lanes are, and writes what it
/// gives into other columns.
///
/// What the function is given says what the lanes are. Its companions are such functions: a gradient is a
/// column for each argument.
///
/// ```
/// use autodiff_runtime::batch;
///
/// let (xs, ys) = ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
/// let (mut products, mut sums) = ([0.0; 3], [0.0; 3]);
/// batch::map([&xs, &ys], [&mut products, &mut sums], |[x, y]: [f64; 2]| [x * y, x + y]);
/// assert_eq!((products, sums), ([4.0, 10.0, 18.0], [5.0, 7.0, 9.0]));
/// ```
///
/// Where the points do not fill the last lanes, the last point is in each of those that are left.
///
/// # Panics
///
/// If the columns have different lengths.
#[inline]
#[track_caller]
pub fn map<T: Load, const N: usize, const M: usize>(
    columns: [&[T::Element]; N],
    mut results: [&mut [T::Element]; M],
    mut function: impl FnMut([T; N]) -> [T; M],
) {
    let points = columns.first().map_or(0, |column| column.len());
    let lengths = columns.iter().map(|column| column.len());
    for length in lengths.chain(results.iter().map(|column| column.len())) {
        assert!(length == points, "columns of {points} and of {length} points");
    }
    for first in (0..points).step_by(T::COUNT) {
        // A loop, as the calls that the `map` of an array makes are not inlined.
        let mut arguments = [T::zero(); N];
        for (argument, column) in arguments.iter_mut().zip(&columns) {
            *argument = T::read(column.get(first..).unwrap_or_default());
        }
        for (column, value) in results.iter_mut().zip(function(arguments)) {
            value.write(column.get_mut(first..).unwrap_or_default());
        }
    }
}
