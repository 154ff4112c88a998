//! Every schedule of up to 40 iterations and 10 states, against all that it promises.

#![allow(clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::vec::Vec;

use super::{Schedule, reverse};

/// A state that knows how many iterations led to it, and how many states there are.
struct State {
    at: usize,
    alive: Rc<Cell<usize>>,
    most: Rc<Cell<usize>>,
}

impl State {
    fn new(at: usize, (alive, most): (&Rc<Cell<usize>>, &Rc<Cell<usize>>)) -> Self {
        alive.set(alive.get() + 1);
        most.set(most.get().max(alive.get()));
        Self { at, alive: Rc::clone(alive), most: Rc::clone(most) }
    }
}

impl Clone for State {
    fn clone(&self) -> Self {
        Self::new(self.at, (&self.alive, &self.most))
    }
}

impl Drop for State {
    fn drop(&mut self) {
        self.alive.set(self.alive.get() - 1);
    }
}

/// What reversing `n` iterations took: how many were run again, and how many states there were
/// at once.
fn run(schedule: Schedule, n: usize) -> (usize, usize) {
    let (alive, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let (again, reversed) = (Cell::new(0), RefCell::new(Vec::new()));
    let start = State::new(0, (&alive, &most));
    let count = reverse(
        schedule,
        0..n,
        &start,
        0,
        |mut state, items| {
            for item in items {
                assert_eq!(state.at, item, "an iteration runs from the state before it");
                state.at += 1;
                again.set(again.get() + 1);
            }
            state
        },
        |state: State, at, item, count: usize| {
            assert_eq!(
                (at, state.at),
                (item, item),
                "an iteration is reversed from the state before it"
            );
            reversed.borrow_mut().push(item);
            count + 1
        },
    );
    assert_eq!(count, n);
    assert!(reversed.borrow().iter().copied().eq((0..n).rev()), "from the last to the first");
    drop(start);
    assert_eq!(alive.get(), 0);
    (again.get(), most.get())
}

/// The fewest iterations that `n` of them take again with `kept` states beside the first, by trying
/// every first part: t(n, s) = min over m of m + t(n − m, s − 1) + t(m, s).
fn fewest(n: usize, kept: usize, known: &mut Vec<Vec<Option<usize>>>) -> usize {
    if n <= 1 {
        return 0;
    }
    if kept == 0 {
        return n * (n - 1) / 2;
    }
    if let Some(known) = known[n][kept] {
        return known;
    }
    let parts = (1..n).map(|m| m + fewest(n - m, kept - 1, known) + fewest(m, kept, known));
    let best = parts.min().unwrap_or_default();
    known[n][kept] = Some(best);
    best
}

#[test]
fn binomial_schedules_are_the_best_ones() {
    let mut known = vec![vec![None; 11]; 41];
    for n in 0..=40 {
        for levels in 1..=10 {
            let (again, most) = run(Schedule::Levels(levels), n);
            assert_eq!(again, fewest(n, levels - 1, &mut known), "{n} iterations, {levels} states");
            // The first one twice, for it stays the caller's, and the one that goes on.
            assert!(most <= levels + 2, "{n} iterations, {levels} states: {most} at once");
        }
    }
}

#[test]
fn blocks_keep_a_state_each() {
    for n in 0..=40 {
        for k in 1..=10 {
            let (again, most) = run(Schedule::Every(k), n);
            assert!(again <= 2 * n, "{n} iterations, every {k}: {again} again");
            assert!(most <= n.div_ceil(k) + k + 1, "{n} iterations, every {k}: {most} at once");
        }
    }
}

#[test]
fn nothing_is_kept_of_no_iterations() {
    assert_eq!(run(Schedule::Levels(3), 0).0, 0);
    assert_eq!(run(Schedule::Every(3), 0).0, 0);
    assert_eq!(run(Schedule::Levels(0), 5), run(Schedule::Levels(1), 5));
    assert_eq!(run(Schedule::Every(0), 5), run(Schedule::Every(1), 5));
}
