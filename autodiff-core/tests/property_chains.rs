//! Random iterator chains: value and derivatives, raw and simplified, against an interpreter of
//! their source that shares nothing with the compiler.
//!
//! `AUTODIFF_SEED` is the seed of the first chain and `AUTODIFF_CHAINS` the number of them.
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

#[path = "../../tests/chains/generator.rs"]
mod generator;
mod support;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use autodiff_core::ir::eval::Value;
use support::case::Case;
use support::rng::Rng;

#[test]
fn random_chains() {
    let number = |name, otherwise: u64| match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => otherwise,
    };
    let (first, count) = (number("AUTODIFF_SEED", 0), number("AUTODIFF_CHAINS", 5_000));
    let (next, skipped) = (AtomicU64::new(first), AtomicU64::new(0));
    let failures = Mutex::new(BTreeMap::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let seed = next.fetch_add(1, Ordering::Relaxed)
                    && seed < first + count
                {
                    let run = catch_unwind(AssertUnwindSafe(|| checked(seed)));
                    match run.unwrap_or_else(|_| Err("panic".to_owned())) {
                        Ok(true) => {}
                        Ok(false) => {
                            skipped.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(why) => {
                            failures.lock().unwrap().insert(seed, why);
                        }
                    }
                }
            });
        }
    });
    report(&failures.into_inner().unwrap());
    let skipped = skipped.into_inner();
    assert!(count < 100 || skipped * 5 <= count, "{skipped} chains skipped");
}

/// Panics with the shortest chain that fails.
fn report(failures: &BTreeMap<u64, String>) {
    let text = |seed: u64| generator::quiet_chain(seed);
    let Some((seed, why)) = failures.iter().min_by_key(|(seed, _)| text(**seed).len()) else {
        return;
    };
    let mut ways: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (seed, why) in failures {
        let way: String = why.lines().next().unwrap_or_default().chars().take(90).collect();
        ways.entry(way).or_default().push(*seed);
    }
    let ways: String = ways
        .iter()
        .map(|(way, seeds)| {
            format!("{:5} × {way}: {:?}\n", seeds.len(), &seeds[..seeds.len().min(4)])
        })
        .collect();
    panic!(
        "{} chains failed:\n{ways}\nAUTODIFF_SEED={seed} AUTODIFF_CHAINS=1\n{}\n{why}",
        failures.len(),
        text(*seed)
    );
}

/// Whether there was something to compare.
fn checked(seed: u64) -> Result<bool, String> {
    let source = generator::quiet_chain(seed);
    let item = syn::parse_str(&source).map_err(|error| format!("not Rust: {error}"))?;
    let mut rng = Rng::new(seed ^ 0xC0FF_EE00);
    let mut floats =
        |n: usize| Value::Array((0..n).map(|_| Value::Float(rng.float(-2.0, 2.0))).collect());
    let lengths = [(5, 3), (2, 4), (3, 1), (6, 2)];
    let (v, w) = lengths[usize::try_from(seed).unwrap_or(0) % lengths.len()];
    let (v, w) = (floats(v), floats(w));
    let args = vec![Value::Float(rng.float(0.2, 1.5)), v, w];
    let case = Case { items: &[item], args, rng };
    case.run()
}
