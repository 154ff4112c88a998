//! Sums over many items in parallel, by rayon, with the same bits on every run.
//!
//! The items are cut into parts, and their number alone decides where. Any thread computes any part;
//! what parts give is added pairwise, in the order of the items. So neither the number of threads nor
//! who was first can be seen in the result, and what is there at a time is the results of a few parts.
//!
//! `#[grad]` makes of `xs.par_iter().map(…).sum::<f64>()` such a sum, and a gradient of the same kind.
//! [`sum`] is there for loops of one's own:
//!
//! ```
//! use autodiff::{grad, parallel};
//!
//! #[grad(wrt(slope))]
//! fn misfit(slope: f64, data: &[[f64; 2]]) -> f64 {
//!     let mut total = 0.0;
//!     for [x, y] in data {
//!         total += (slope * x - y).powi(2);
//!     }
//!     total
//! }
//!
//! let data: Vec<[f64; 2]> = (0..10_000).map(f64::from).map(|x| [x, 2.0 * x]).collect();
//! let (value, gradient) = parallel::sum(data.len(), |part| misfit_value_and_grad(2.0, &data[part]));
//! assert_eq!((value, gradient), (0.0, 0.0));
//! ```

use core::ops::Range;

use crate::Tangent;

/// Into how many parts items are cut, at most: enough that many threads have something to do, and
/// few enough that a gradient for each costs little.
const PARTS: usize = 256;

/// The sum of what a function gives for the parts of `0..items`.
///
/// It is called with ranges of indices that follow each other, once with the empty one where there are
/// no items. What it gives is a float, a gradient, or both in a tuple.
pub fn sum<S: Tangent + Send>(items: usize, part: impl Fn(Range<usize>) -> S + Sync) -> S {
    joined(items, part, |mut one, other| {
        one.add_assign(&other);
        one
    })
}

/// What a function gives for the parts of `0..items`, put together pairwise and in order.
pub fn joined<S: Send>(
    items: usize,
    part: impl Fn(Range<usize>) -> S + Sync,
    join: impl Fn(S, S) -> S + Sync,
) -> S {
    let length = items.div_ceil(PARTS).max(1);
    let cut = Cut { items, length };
    cut.within(0..items.div_ceil(length).max(1), &part, &join)
}

/// The pullback of a sum, whose gradient is known: zero where the cotangent is, whatever that is.
#[doc(hidden)]
#[must_use]
pub fn scaled<G: Tangent>(mut gradient: G, by: f64) -> G {
    if by == 0.0 {
        gradient.set_zero();
    } else {
        gradient.scale(by);
    }
    gradient
}

/// So many items, in parts of that length.
#[derive(Clone, Copy)]
struct Cut {
    items: usize,
    length: usize,
}

impl Cut {
    /// What the parts of these numbers give.
    fn within<S: Send>(
        self,
        parts: Range<usize>,
        part: &(impl Fn(Range<usize>) -> S + Sync),
        join: &(impl Fn(S, S) -> S + Sync),
    ) -> S {
        if parts.len() == 1 {
            let first = parts.start * self.length;
            return part(first..self.items.min(first + self.length));
        }
        let middle = parts.start + parts.len() / 2;
        let (one, other) = rayon::join(
            || self.within(parts.start..middle, part, join),
            || self.within(middle..parts.end, part, join),
        );
        join(one, other)
    }
}
