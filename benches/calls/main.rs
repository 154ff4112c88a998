//! What calls cost: a loss in ten functions beside the same loss in one, and many calls on a slice.
//!
//! ```text
//! cargo bench --bench calls
//! ```
//!
//! Times are taken in turns, and only ratios within a round are compared: their medians.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "functions as a user writes them"
)]

mod many;
mod split;

use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 301;
const SLICE: Duration = Duration::from_micros(200);

fn main() {
    let [weights, data] = [8, 3 * 1000].map(points);
    let weights: [f64; 8] = weights.try_into().unwrap_or([0.5; 8]);
    let data: Vec<[f64; 3]> = data.chunks_exact(3).map(|row| [row[0], row[1], row[2]]).collect();
    split::agree(&weights, &data);
    let gradients = in_turns([
        &mut || {
            black_box(split::whole_value_and_grad(black_box(&weights), &data));
        },
        &mut || {
            black_box(split::loss_value_and_grad(black_box(&weights), &data));
        },
    ]);
    let primals = in_turns([
        &mut || {
            black_box(split::whole(black_box(&weights), &data));
        },
        &mut || {
            black_box(split::loss(black_box(&weights), &data));
        },
    ]);
    println!("medians of {ROUNDS} rounds, in turns");
    println!("a loss of 1000 points, its gradient in one function: {:.1} µs", gradients.micros());
    println!("  in ten, five of another crate:  {:.3} times that", gradients.ratio());
    println!("  the loss itself, in ten:        {:.3} times that in one", primals.ratio());

    let x = points(10_000);
    many::agree(&x);
    let element = in_turns([
        &mut || {
            black_box(many::elements(black_box(&x)));
        },
        &mut || {
            black_box(many::elements_value_and_grad(black_box(&x)));
        },
    ]);
    let window = in_turns([
        &mut || {
            black_box(many::windows(black_box(&x)));
        },
        &mut || {
            black_box(many::windows_value_and_grad(black_box(&x)));
        },
    ]);
    println!("10 000 calls with a slice of 10 000: {:.1} µs", element.micros());
    println!("  with the gradient:              {:.2} times that", element.ratio());
    println!("10 000 calls that read 16 elements: {:.1} µs", window.micros());
    println!("  with the gradient:              {:.2} times that", window.ratio());
}

/// Seconds per run of two ways, by round.
struct Times([Vec<f64>; 2]);

impl Times {
    fn micros(&self) -> f64 {
        median(self.0[0].clone()) * 1e6
    }

    fn ratio(&self) -> f64 {
        median(self.0[1].iter().zip(&self.0[0]).map(|(b, a)| b / a).collect())
    }
}

fn in_turns(mut ways: [&mut dyn FnMut(); 2]) -> Times {
    let repeats = [0, 1].map(|at| {
        let shortest = (0..9).map(|_| slice(ways[at], 1)).fold(f64::INFINITY, f64::min);
        (SLICE.as_secs_f64() / shortest).ceil().max(1.0) as u32
    });
    let mut times = [const { Vec::new() }; 2];
    for round in 0..ROUNDS {
        // Nobody always goes first.
        for turn in 0..2 {
            let at = (round + turn) % 2;
            times[at].push(slice(ways[at], repeats[at]));
        }
    }
    Times(times)
}

fn slice(run: &mut dyn FnMut(), repeats: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..repeats {
        run();
    }
    start.elapsed().as_secs_f64() / f64::from(repeats)
}

fn median(mut numbers: Vec<f64>) -> f64 {
    let middle = numbers.len() / 2;
    *numbers.select_nth_unstable_by(middle, f64::total_cmp).1
}

fn points(n: u32) -> Vec<f64> {
    (0..n).map(|i| (f64::from(i) * 0.37).sin() + 0.2 * (f64::from(i) * 1.7).cos()).collect()
}
