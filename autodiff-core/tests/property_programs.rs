//! Random programs: every derivative, first and second order, raw and simplified, against an
//! interpreter of their source that shares nothing with the compiler.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test fails by panicking, and its modules are private anyway"
)]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use support::check::{Verdict, check};
use support::programs::{Program, program};

/// Of every size in turn, so that the smallest program that fails is found, too.
const SIZES: [usize; 8] = [1, 2, 3, 4, 5, 6, 8, 10];

/// Checks the programs of these seeds. `AUTODIFF_SEED=n` checks that of one seed instead.
fn check_seeds(seeds: std::ops::Range<u64>) {
    let only = std::env::var("AUTODIFF_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = only.map_or(seeds, |seed| seed..seed + 1);
    let (mut passed, mut skipped, mut failures) = (0, 0, Vec::new());
    for seed in seeds.clone() {
        let size = SIZES[usize::try_from(seed).unwrap() % SIZES.len()];
        let program = program(seed, size);
        match verdict(&program, seed) {
            Verdict::Passed => passed += 1,
            Verdict::Skipped => skipped += 1,
            Verdict::Failed(why) => failures.push((program, seed, why)),
        }
    }
    report(failures, passed + skipped);
    assert!(only.is_some() || skipped * 4 <= passed, "{skipped} skipped, {passed} passed");
}

/// The verdict, also where the compiler panics.
fn verdict(program: &Program, seed: u64) -> Verdict {
    catch_unwind(AssertUnwindSafe(|| check(program, seed))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Verdict::Failed(format!("panic: {}", text.unwrap_or("of unknown kind")))
    })
}

/// Panics with the shortest program that failed.
fn report(failures: Vec<(Program, u64, String)>, others: usize) {
    let count = failures.len();
    let len = |program: &Program| program.functions.iter().map(String::len).sum::<usize>();
    let shortest = failures.into_iter().min_by_key(|(program, ..)| len(program));
    let Some((program, seed, why)) = shortest else { return };
    let file = syn::parse_file(&program.functions.concat());
    let source = file.map_or(program.functions.concat(), |file| prettyplease::unparse(&file));
    panic!("{count} of {} failed; AUTODIFF_SEED={seed}:\n{source}\n{why}", count + others);
}

#[test]
fn derivatives_of_programs_0() {
    check_seeds(0..5_000);
}

#[test]
fn derivatives_of_programs_1() {
    check_seeds(5_000..10_000);
}

#[test]
fn derivatives_of_programs_2() {
    check_seeds(10_000..15_000);
}

#[test]
fn derivatives_of_programs_3() {
    check_seeds(15_000..20_000);
}
