//! Times, in rounds: in each, every way takes a slice, one right after the other.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::kernel::{Input, Kernel, Way, has, inputs};

/// How long a slice is: as short as a clock allows, so that what slows a round slows all of it.
const SLICE: Duration = Duration::from_micros(40);

/// Seconds per call, by way and round.
pub(crate) struct Times {
    slices: Vec<(Way, Vec<f64>)>,
}

impl Times {
    fn of(&self, way: Way) -> Option<&[f64]> {
        let (_, times) = self.slices.iter().find(|(known, _)| *known == way)?;
        Some(times)
    }

    /// The median time of a call in seconds.
    pub(crate) fn median(&self, way: Way) -> Option<f64> {
        Some(median(self.of(way)?.to_vec()))
    }

    /// The median of the ratios of two ways in the same round.
    pub(crate) fn ratio(&self, way: Way, to: Way) -> Option<f64> {
        let pairs = self.of(way)?.iter().zip(self.of(to)?);
        Some(median(pairs.map(|(a, b)| a / b).collect()))
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    let middle = numbers.len() / 2;
    *numbers.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// Measures every way of a kernel.
pub(crate) fn time<K: Kernel>(rounds: usize) -> Times {
    let inputs = inputs::<K>();
    let ways = Way::ALL.into_iter().filter(|way| has::<K>(*way));
    let mut slices: Vec<(Way, Vec<f64>)> = ways.map(|way| (way, Vec::new())).collect();
    let repeats: Vec<u32> =
        slices.iter().map(|(way, _)| repeats(|n| slice::<K>(*way, &inputs, n))).collect();
    let count = slices.len();
    for round in 0..rounds {
        // Nobody always goes first.
        for turn in 0..count {
            let at = (round + turn) % count;
            if let (Some((way, times)), Some(&repeats)) = (slices.get_mut(at), repeats.get(at)) {
                times.push(slice::<K>(*way, &inputs, repeats));
            }
        }
    }
    Times { slices }
}

/// How often a slice goes through all points.
fn repeats(slice: impl Fn(u32) -> f64) -> u32 {
    let points = f64::from(u32::try_from(crate::kernel::POINTS).unwrap_or(u32::MAX));
    let shortest = (0..5).map(|_| slice(1) * points).fold(f64::INFINITY, f64::min);
    let enough = (SLICE.as_secs_f64() / shortest).ceil();
    (1..100_000).find(|&n| f64::from(n) >= enough).unwrap_or(1)
}

/// Seconds per call.
fn slice<K: Kernel>(way: Way, inputs: &[Input<K>], repeats: u32) -> f64 {
    match way {
        Way::Primal => calls(K::primal, inputs, repeats),
        Way::Ours => calls(K::ours, inputs, repeats),
        Way::Hand => calls(K::hand, inputs, repeats),
        Way::Plain => calls(K::plain, inputs, repeats),
        Way::Expert => calls(K::expert, inputs, repeats),
    }
}

/// The function is behind a pointer that the compiler cannot see through, like its input: nothing
/// of it is moved out of the loop.
fn calls<I, T>(function: fn(&I) -> T, inputs: &[I], repeats: u32) -> f64 {
    let function = black_box(function);
    let start = Instant::now();
    for _ in 0..repeats {
        for input in inputs {
            black_box(function(black_box(input)));
        }
    }
    let count = f64::from(repeats) * inputs.iter().map(|_| 1.0).sum::<f64>();
    start.elapsed().as_secs_f64() / count
}
