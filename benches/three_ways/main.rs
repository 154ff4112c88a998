//! Gradients of functions written with indices, with `for` over iterators and as chains.
//!
//! ```text
//! cargo bench --bench three_ways                    times, as ratios of the same round
//! cargo bench --bench three_ways -- dot pairs       of these functions only
//! ```
//!
//! Only ratios of neighbouring measurements mean something on a machine that does other things too.
//! Beside those of the gradients are those of the functions: where an index is checked in a loop
//! that an iterator runs without, its gradient is slower for the same reason.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::assign_op_pattern,
    reason = "the functions are loops and chains, written in every way"
)]

mod gallery;

use std::hint::black_box;
use std::time::{Duration, Instant};

use gallery::{Function, GALLERY, Way};

const ROUNDS: usize = 301;
const SLICE: Duration = Duration::from_micros(60);

fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    println!("ns per gradient with indices, ratios of the same round: medians of {ROUNDS} rounds");
    print!("{:16}{:>10}{:>12}{:>12}{:>12}", "", "index", "for/index", "chain/index", "chain/for");
    println!("{:>14}{:>12}", "f: for/index", "chain/index");
    let mut worst: f64 = 1.0;
    for function in GALLERY {
        if !chosen.is_empty() && !chosen.iter().any(|name| name == function.name) {
            continue;
        }
        let [index, items, chain] = measured(function, &|way, v, w| {
            black_box((way.gradient)(v, w));
        });
        let ratios = [ratio(&items, &index), ratio(&chain, &index), ratio(&chain, &items)];
        print!("{:16}{:10.1}", function.name, median(index) * 1e9);
        ratios.iter().for_each(|ratio| print!("{ratio:12.3}"));
        let [index, items, chain] = measured(function, &|way, v, w| {
            black_box((way.primal)(v, w));
        });
        println!("{:14.3}{:12.3}", ratio(&items, &index), ratio(&chain, &index));
        worst = ratios.iter().fold(worst, |worst, ratio| worst.max(*ratio).max(1.0 / ratio));
    }
    println!("{:16}{worst:10.3}", "largest ratio");
}

/// What is measured of a function that is written in one of the ways.
type Run<'r> = &'r dyn Fn(&Way, &[f64], &[f64]);

/// Seconds per call in each round, by way.
fn measured(function: &Function, run: Run<'_>) -> [Vec<f64>; 3] {
    let v: Vec<f64> = (0..256).map(|i| (f64::from(i) * 0.37).sin() + 0.2).collect();
    let w: Vec<f64> = match function.name {
        "dot" | "huber" | "logistic" => v.iter().map(|a| 0.9 - a * 0.5).collect(),
        _ => v.iter().take(8).map(|a| 0.3 + a * a * 0.1).collect(),
    };
    let ways = [&function.index, &function.items, &function.chain];
    agree(function.name, ways, &v, &w);
    let repeats = ways.map(|way| repeats(run, way, &v, &w));
    let mut times = [const { Vec::new() }; 3];
    for round in 0..ROUNDS {
        // Nobody always goes first.
        for turn in 0..3 {
            let at = (round + turn) % 3;
            times[at].push(slice(run, ways[at], &v, &w, repeats[at]));
        }
    }
    times
}

/// The three ways are one function, with one gradient.
fn agree(name: &str, ways: [&Way; 3], v: &[f64], w: &[f64]) {
    let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-11 * (1.0 + a.abs());
    let (value, (v_bar, w_bar)) = (ways[0].gradient)(v, w);
    for way in ways {
        assert_eq!((way.primal)(v, w).to_bits(), value.to_bits(), "value of {name}");
        let (_, (v_other, w_other)) = (way.gradient)(v, w);
        let same = v_bar.iter().zip(&v_other).chain(w_bar.iter().zip(&w_other)).all(close);
        assert!(same, "gradient of {name}");
    }
}

/// How many calls a slice has.
fn repeats(run: Run<'_>, way: &Way, v: &[f64], w: &[f64]) -> u32 {
    let shortest = (0..5).map(|_| slice(run, way, v, w, 1)).fold(f64::INFINITY, f64::min);
    (SLICE.as_secs_f64() / shortest).ceil().max(1.0) as u32
}

fn slice(run: Run<'_>, way: &Way, v: &[f64], w: &[f64], repeats: u32) -> f64 {
    let way = black_box(way);
    let start = Instant::now();
    for _ in 0..repeats {
        run(way, black_box(v), black_box(w));
    }
    start.elapsed().as_secs_f64() / f64::from(repeats)
}

/// The median of the ratios of the same rounds.
fn ratio(a: &[f64], b: &[f64]) -> f64 {
    median(a.iter().zip(b).map(|(a, b)| a / b).collect())
}

fn median(mut numbers: Vec<f64>) -> f64 {
    let middle = numbers.len() / 2;
    *numbers.select_nth_unstable_by(middle, f64::total_cmp).1
}
