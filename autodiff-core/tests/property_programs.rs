//! Random programs: value and derivatives, raw and simplified, against an interpreter of their
//! source that shares nothing with the compiler.
//!
//! The environment chooses other programs, see [`support::settings`].
#![allow(
    dead_code,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test fails by panicking, and its modules are private anyway"
)]

mod support;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use support::check::{Verdict, check};
use support::programs::features::{Feature, Features};
use support::programs::{Program, program};
use support::settings::Settings;
use support::shrink::{shrunk, way};

/// Half of the time goes into allocations: quicker ones check more programs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Of every size in turn, so that the smallest program that fails is found, too. Most are small:
/// in the time of one program of size 8, ten of size 2 are checked, and they differ more.
const SIZES: [usize; 8] = [1, 2, 2, 3, 3, 4, 5, 8];

#[test]
fn straight_lines_and_branches() {
    let settings = Settings::or(20_000, Features::NONE);
    Settings { features: Features::NONE, ..settings }.check();
}

#[test]
fn loops_and_memory() {
    Settings::or(20_000, Features::ALL).check();
}

/// Exits, aliases and nested loops are what reversal goes wrong on: each in a third of them.
#[test]
fn programs_have_enough_of_what_is_difficult() {
    let settings = Settings { first: 0, count: 2_000, features: Features::ALL };
    let used: Vec<Features> = settings.seeds().map(|seed| settings.program(seed).used).collect();
    let share = |features: &[Feature]| {
        let has = |used: &&Features| features.iter().any(|feature| used.has(*feature));
        used.iter().filter(has).count() * 100 / used.len()
    };
    let exits = [
        Feature::Breaks,
        Feature::Continues,
        Feature::Labels,
        Feature::Returns,
        Feature::ChosenExits,
    ];
    let aliases = [Feature::Aliases, Feature::Parts, Feature::References, Feature::ElementsMut];
    for (what, features) in
        [("exits", &exits[..]), ("aliases", &aliases), ("nested loops", &[Feature::Nesting])]
    {
        let share = share(features);
        assert!(share >= 30, "{what} in {share} % of the programs");
    }
}

impl Settings {
    fn program(&self, seed: u64) -> Program {
        program(seed, SIZES[usize::try_from(seed).unwrap() % SIZES.len()], self.features)
    }

    /// Checks the programs on all processors: one depends on no other.
    fn check(&self) {
        let (next, tally) = (AtomicU64::new(self.first), Mutex::new(Tally::default()));
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let seed = next.fetch_add(1, Ordering::Relaxed)
                        && self.seeds().contains(&seed)
                    {
                        let verdict = check(&self.program(seed), seed);
                        tally.lock().unwrap().add(seed, verdict);
                    }
                });
            }
        });
        let Tally { skipped, unfollowed, failures } = tally.into_inner().unwrap();
        self.report(&failures);
        let few = self.count < 100;
        assert!(few || skipped * 5 <= self.count, "{skipped} programs skipped");
        assert!(few || unfollowed * 20 <= self.count, "{unfollowed} programs not followed");
    }

    /// Panics with a short program that fails: of those whose source is shortest, the smallest
    /// part that fails in the same way.
    fn report(&self, failures: &[(u64, String)]) {
        let len = |seed: u64| self.program(seed).functions.iter().map(String::len).sum::<usize>();
        let shortest = failures.iter().min_by_key(|(seed, _)| len(*seed));
        let Some((seed, why)) = shortest else { return };
        let (program, why) = shrunk(self.program(*seed), *seed, why.clone());
        let mut ways: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for (seed, why) in failures {
            ways.entry(way(why)).or_default().push(*seed);
        }
        let count = failures.len();
        let ways: String = ways
            .iter()
            .map(|(way, seeds)| {
                let first: Vec<u64> = seeds.iter().copied().take(6).collect();
                format!("{:5} × {way}: {first:?}\n", seeds.len())
            })
            .collect();
        panic!(
            "{count} of {} programs failed, by seed:\n{ways}\n\
             AUTODIFF_FEATURES={} AUTODIFF_SEED={seed} AUTODIFF_PROGRAMS=1, \
             without what does not matter:\n{}\n{why}",
            self.count,
            self.features,
            program.text(),
        );
    }
}

/// How the programs fared.
#[derive(Default)]
struct Tally {
    skipped: u64,
    unfollowed: u64,
    failures: Vec<(u64, String)>,
}

impl Tally {
    fn add(&mut self, seed: u64, verdict: Verdict) {
        match verdict {
            Verdict::Passed => {}
            Verdict::Skipped => self.skipped += 1,
            Verdict::Unfollowed => self.unfollowed += 1,
            Verdict::Failed(why) => self.failures.push((seed, why)),
        }
    }
}
