//! Reversing a loop from a few of its states.
//!
//! Reverse mode reads the values of a loop from its last iteration to its first. Instead of what
//! every iteration computed, `#[grad(checkpoint('time, …))]` keeps some of the states between
//! iterations, and runs the loop again from the nearest one.

use alloc::vec::Vec;
use core::iter::{Skip, Take};

#[cfg(all(test, feature = "std"))]
mod tests;

/// Which states of a loop of `n` iterations are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Every `k`-th, and those between two of them while these iterations are reversed:
    /// n/k + k states, and every iteration runs three times more than the primal's.
    Every(usize),
    /// So many at once, by the binomial schedule of Griewank and Walther ("Algorithm 799:
    /// revolve", ACM TOMS 26, 2000): with s states and at most r further runs of each iteration,
    /// it reverses (s + r)! / (s! r!) iterations.
    Levels(usize),
}

/// The cotangents before the first of `items`, from those after the last.
///
/// `advance` runs iterations from a state to the state after them; `step` reverses one iteration,
/// given the state before it, its number and its item.
///
/// ```
/// use autodiff_runtime::checkpoint::{Schedule, reverse};
///
/// // x ← x² three times: dx₃/dx₀ = 2x₀ · 2x₁ · 2x₂ = 8 x₀⁷
/// let squared = |mut x: f64, steps: usize| {
///     (0..steps).for_each(|_| x *= x);
///     x
/// };
/// let x_bar = reverse(
///     Schedule::Levels(2),
///     0..3,
///     &1.5,
///     1.0,
///     |x, steps| squared(x, steps.count()),
///     |x, _, _, x_bar| 2.0 * x * x_bar,
/// );
/// assert_eq!(x_bar, 8.0 * 1.5_f64.powi(7));
/// ```
pub fn reverse<S: Clone, I: Iterator + Clone, B>(
    schedule: Schedule,
    items: I,
    start: &S,
    bars: B,
    advance: impl FnMut(S, Take<Skip<I>>) -> S,
    step: impl FnMut(S, usize, I::Item, B) -> B,
) -> B {
    let trips = items.clone().count();
    let mut replay = Replay { items, advance, step };
    match schedule {
        Schedule::Every(k) => replay.by_blocks(start, trips, k.max(1), bars),
        Schedule::Levels(levels) => {
            replay.binomial(start.clone(), (0, trips), levels.saturating_sub(1), bars)
        }
    }
}

struct Replay<I, A, R> {
    items: I,
    advance: A,
    step: R,
}

impl<I: Iterator + Clone, A, R> Replay<I, A, R> {
    fn forward<S>(&mut self, state: S, from: usize, to: usize) -> S
    where
        A: FnMut(S, Take<Skip<I>>) -> S,
    {
        (self.advance)(state, self.items.clone().skip(from).take(to - from))
    }

    fn back<S, B>(&mut self, state: S, at: usize, bars: B) -> B
    where
        R: FnMut(S, usize, I::Item, B) -> B,
    {
        match self.items.clone().nth(at) {
            Some(item) => (self.step)(state, at, item, bars),
            None => bars,
        }
    }

    /// Keeps the state at the start of every block of `k` iterations, and reverses a block with
    /// the state before each of its iterations.
    fn by_blocks<S: Clone, B>(&mut self, start: &S, trips: usize, k: usize, mut bars: B) -> B
    where
        A: FnMut(S, Take<Skip<I>>) -> S,
        R: FnMut(S, usize, I::Item, B) -> B,
    {
        let starts = self.states(start, (0..trips).step_by(k).map(|from| (from, from + k)));
        for (block, state) in starts.into_iter().enumerate().rev() {
            let from = block * k;
            let ats = from..trips.min(from + k);
            let states = self.states(&state, ats.clone().map(|at| (at, at + 1)));
            for (at, state) in ats.zip(states).rev() {
                bars = self.back(state, at, bars);
            }
        }
        bars
    }

    /// The states before each of these stretches of iterations, which follow each other.
    fn states<S: Clone>(
        &mut self,
        start: &S,
        stretches: impl Iterator<Item = (usize, usize)>,
    ) -> Vec<S>
    where
        A: FnMut(S, Take<Skip<I>>) -> S,
    {
        let (mut states, mut before) = (Vec::new(), None);
        for (from, to) in stretches {
            let state = match (states.last(), before) {
                (Some(last), Some((from, to))) => self.forward(S::clone(last), from, to),
                _ => start.clone(),
            };
            states.push(state);
            before = Some((from, to));
        }
        states
    }

    /// Reverses the iterations `from..to`, whose first one begins with `state`, keeping as many
    /// states beside it.
    fn binomial<S: Clone, B>(
        &mut self,
        state: S,
        (from, mut to): (usize, usize),
        kept: usize,
        mut bars: B,
    ) -> B
    where
        A: FnMut(S, Take<Skip<I>>) -> S,
        R: FnMut(S, usize, I::Item, B) -> B,
    {
        while to - from > 1 {
            let middle = from + first_part(to - from, kept);
            let later = self.forward(state.clone(), from, middle);
            bars = match kept.checked_sub(1) {
                Some(left) => self.binomial(later, (middle, to), left, bars),
                None => self.back(later, middle, bars),
            };
            to = middle;
        }
        if to > from { self.back(state, from, bars) } else { bars }
    }
}

/// Of `n` iterations, how many lie before the next state that is kept, if `kept` can be beside the
/// first.
///
/// With β(s, r) = (s + r)! / (s! r!), s states and the least r for which n ≤ β(s, r), no iteration
/// has to run more than r times again if the first part has at most β(s, r − 1) of them and the
/// second at most β(s − 1, r).
fn first_part(n: usize, kept: usize) -> usize {
    let mut runs = 0;
    while binomial_coefficient(kept + 1, runs) < n {
        runs += 1;
    }
    let Some(less) = runs.checked_sub(1) else { return n - 1 };
    let (most, least_after) =
        (binomial_coefficient(kept + 1, less), binomial_coefficient(kept, less));
    most.min(n - least_after).clamp(1, n - 1)
}

/// (s + r)! / (s! r!), as far as numbers go.
fn binomial_coefficient(s: usize, r: usize) -> usize {
    let mut product: usize = 1;
    for n in 1..=r {
        match product.checked_mul(s + n) {
            Some(more) => product = more / n,
            None => return usize::MAX,
        }
    }
    product
}
