//! Functions with jumps against the same functions without: values, side effects, drops.

#![deny(warnings)]
#![allow(missing_docs, clippy::pedantic, reason = "an oracle for one test")]

use std::cell::RefCell;

thread_local! {
    static LOG: RefCell<Vec<i64>> = const { RefCell::new(Vec::new()) };
}

fn record(entry: i64) {
    LOG.with(|log| {
        let mut log = log.borrow_mut();
        assert!(log.len() < 100_000, "it does not end");
        log.push(entry);
    });
}

/// A side effect that is seen.
pub fn tick(n: i32) -> i32 {
    record(i64::from(n));
    n
}

/// One of type `()`.
pub fn note(n: i32) {
    tick(n);
}

/// A value whose computation is seen.
pub fn noise(x: f64) -> f64 {
    record(x.to_bits().cast_signed());
    x * 0.75 + 0.125
}

pub fn maybe(x: f64) -> Option<f64> {
    (noise(x) > 0.4).then_some(x)
}

/// The end of its scope is seen.
pub struct Held(i32);

pub fn held(n: i32) -> Held {
    tick(1000 + n);
    Held(n)
}

impl Drop for Held {
    fn drop(&mut self) {
        tick(2000 + self.0);
    }
}

type Function = fn(f64, i32, &[f64; 3]) -> f64;
type Entry = (&'static str, Function, Function);

#[allow(warnings, clippy::all, clippy::pedantic, reason = "random programs are not pretty")]
mod random {
    use super::*;
    include!(concat!(env!("OUT_DIR"), "/random_exits.rs"));
}

#[allow(warnings, clippy::all, clippy::pedantic, reason = "every form that there is")]
mod written {
    use super::*;
    include!(concat!(env!("OUT_DIR"), "/written_exits.rs"));
}

fn logged(run: impl FnOnce() -> f64) -> (u64, Vec<i64>) {
    LOG.with(|log| log.borrow_mut().clear());
    let value = run();
    (value.to_bits(), LOG.with(|log| log.borrow().clone()))
}

fn compare(functions: &[Entry]) {
    let vectors =
        [[0.3, 1.2, -0.8], [-0.6, 0.2, 2.4], [1.5, -1.5, 0.0], [0.0, 0.0, 0.45], [4.0, 0.9, 9.5]];
    let mut failures = Vec::new();
    for (name, original, structured) in functions {
        for x in [-2.0, -0.3, 0.0, 0.2, 0.45, 0.7, 1.1, 1.9, 3.5, 8.0, 12.0, 40.0] {
            for n in -1..6 {
                for v in &vectors {
                    let expected = logged(|| original(x, n, v));
                    if expected != logged(|| structured(x, n, v)) {
                        failures.push((*name, x, n, *v));
                    }
                }
            }
        }
    }
    failures.dedup_by_key(|failure| failure.0);
    assert!(failures.is_empty(), "{} functions: {failures:?}", failures.len());
}

#[test]
fn written_functions_stay_the_same() {
    compare(&written::WRITTEN);
}

#[test]
fn random_functions_stay_the_same() {
    let seed = option_env!("AUTODIFF_SEED").unwrap_or("1");
    println!("AUTODIFF_SEED={seed}");
    compare(&random::RANDOM);
}
