//! Random programs: value and derivatives, raw and simplified, against an interpreter of their
//! source that shares nothing with the compiler.
//!
//! `AUTODIFF_SEED` is the seed of the first program, `AUTODIFF_PROGRAMS` the number of programs.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test fails by panicking, and its modules are private anyway"
)]

mod support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use support::check::{Verdict, check};
use support::programs::{Program, program};
use support::shrink::shrunk;

/// Of every size in turn, so that the smallest program that fails is found, too. Most are small:
/// in the time of one program of size 8, ten of size 2 are checked, and they differ more.
const SIZES: [usize; 8] = [1, 2, 2, 3, 3, 4, 5, 8];

#[test]
fn derivatives_of_random_programs() {
    let (first, count) = (variable("AUTODIFF_SEED", 0), variable("AUTODIFF_PROGRAMS", 20_000));
    let tally = check_seeds(first, count);
    tally.report();
    assert!(count < 100 || tally.skipped * 5 <= count, "{} of {count} skipped", tally.skipped);
}

fn variable(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

fn of_seed(seed: u64) -> Program {
    program(seed, SIZES[usize::try_from(seed).unwrap() % SIZES.len()])
}

/// How the programs fared.
#[derive(Default)]
struct Tally {
    skipped: u64,
    failures: Vec<(u64, String)>,
}

/// Checks that many programs, on all processors: one program depends on no other.
fn check_seeds(first: u64, count: u64) -> Tally {
    let (next, tally) = (AtomicU64::new(first), Mutex::new(Tally::default()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let seed = next.fetch_add(1, Ordering::Relaxed)
                    && seed < first + count
                {
                    match check(&of_seed(seed), seed) {
                        Verdict::Passed => {}
                        Verdict::Skipped => tally.lock().unwrap().skipped += 1,
                        Verdict::Failed(why) => tally.lock().unwrap().failures.push((seed, why)),
                    }
                }
            });
        }
    });
    tally.into_inner().unwrap()
}

impl Tally {
    /// Panics with a short program that fails: of those whose source is shortest, the smallest
    /// part that fails in the same way.
    fn report(&self) {
        let len = |seed: u64| of_seed(seed).functions.iter().map(String::len).sum::<usize>();
        let shortest = self.failures.iter().min_by_key(|(seed, _)| len(*seed));
        let Some((seed, why)) = shortest else { return };
        let (program, why) = shrunk(of_seed(*seed), *seed, why.clone());
        let source = program.functions.concat();
        let source = syn::parse_file(&source).map_or(source, |file| prettyplease::unparse(&file));
        let count = self.failures.len();
        let seeds: Vec<u64> = self.failures.iter().map(|(seed, _)| *seed).take(20).collect();
        panic!(
            "{count} programs failed, of seeds {seeds:?}; \
             AUTODIFF_SEED={seed} AUTODIFF_PROGRAMS=1, without what does not matter:\n\
             {source}\n{why}"
        );
    }
}
