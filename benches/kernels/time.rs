//! Times, in rounds: in each, every way takes a slice, one right after the other.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::kernel::{Kernel, Random, Way, call};

/// How long a slice is at least: as short as a clock allows, so that what slows a round slows all
/// of it.
const SLICE: Duration = Duration::from_micros(100);

/// Seconds per call, by way and round.
pub(crate) struct Times {
    slices: Vec<(Way, Vec<f64>)>,
}

impl Times {
    fn of(&self, way: Way) -> &[f64] {
        let found = self.slices.iter().find(|(known, _)| *known == way);
        found.map_or(&[], |(_, times)| times)
    }

    /// The time of a call in the fastest round.
    pub(crate) fn fastest(&self, way: Way) -> f64 {
        self.of(way).iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The median of the ratios of two ways in the same round.
    pub(crate) fn ratio(&self, way: Way, to: Way) -> f64 {
        let pairs = self.of(way).iter().zip(self.of(to));
        let mut ratios: Vec<f64> = pairs.map(|(a, b)| a / b).collect();
        let middle = ratios.len() / 2;
        *ratios.select_nth_unstable_by(middle, f64::total_cmp).1
    }
}

/// Measures every way of a kernel.
pub(crate) fn time(kernel: &dyn Kernel, rounds: usize) -> Times {
    let x = kernel.point(&mut Random::new(1));
    let mut bar = vec![0.0; x.len()];
    let mut slices = Way::ALL.map(|way| (way, Vec::new()));
    let repeats = Way::ALL.map(|way| {
        let once =
            (0..3).map(|_| slice(kernel, way, &x, &mut bar, 1)).fold(f64::INFINITY, f64::min);
        (1..100_000).find(|&n| f64::from(n) * once >= SLICE.as_secs_f64()).unwrap_or(1)
    });
    for round in 0..rounds {
        // Nobody always goes first.
        for turn in 0..slices.len() {
            let at = (round + turn) % slices.len();
            let (way, times) = &mut slices[at];
            times.push(slice(kernel, *way, &x, &mut bar, repeats[at]));
        }
    }
    Times { slices: slices.into() }
}

/// Seconds per call.
fn slice(kernel: &dyn Kernel, way: Way, x: &[f64], bar: &mut [f64], repeats: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..repeats {
        black_box(call(black_box(kernel), way, black_box(x), black_box(&mut *bar)));
    }
    start.elapsed().as_secs_f64() / f64::from(repeats)
}
