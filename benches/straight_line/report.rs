//! Tables.

use std::fmt;

use crate::Row;
use crate::count::{self, Counts};
use crate::disassembly::Disassembly;
use crate::kernel::Way;
use crate::time::Times;

/// Why the benchmark cannot go on.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The ratios of times that a table has.
const RATIOS: [(Way, Way); 5] = [
    (Way::Ours, Way::Hand),
    (Way::Ours, Way::Plain),
    (Way::Ours, Way::Expert),
    (Way::Ours, Way::Primal),
    (Way::Hand, Way::Primal),
];

/// Times of every kernel, and the geometric means of their ratios.
pub(crate) fn times(rounds: usize, rows: impl Iterator<Item = (&'static str, Times)>) {
    println!("ns per call, and ratios of the same round: medians of {rounds} rounds");
    print!("{:22}", "");
    Way::ALL.iter().for_each(|way| print!("{:>9}", way.name()));
    RATIOS.iter().for_each(|(a, b)| print!("{:>14}", format!("{}/{}", a.name(), b.name())));
    println!();
    let mut logarithms: [Vec<f64>; RATIOS.len()] = std::array::from_fn(|_| Vec::new());
    for (name, times) in rows {
        print!("{name:22}");
        for way in Way::ALL {
            cell(9, 1, times.median(way).map(|seconds| seconds * 1e9));
        }
        for ((way, to), logarithms) in RATIOS.iter().zip(&mut logarithms) {
            let ratio = times.ratio(*way, *to);
            cell(14, 3, ratio);
            logarithms.extend(ratio.map(f64::ln));
        }
        println!();
    }
    print!("{:67}", "geometric mean");
    logarithms.iter().for_each(|logarithms| cell(14, 3, mean(logarithms).map(f64::exp)));
    println!();
}

fn mean(numbers: &[f64]) -> Option<f64> {
    let count = numbers.iter().map(|_| 1.0).sum::<f64>();
    (count > 0.0).then(|| numbers.iter().sum::<f64>() / count)
}

/// A number, right-aligned; nothing where there is none.
fn cell(width: usize, digits: usize, number: Option<f64>) {
    match number {
        Some(number) => print!("{number:width$.digits$}"),
        None => print!("{:width$}", ""),
    }
}

/// Counts of kernels: by one way, or ours beside those by hand.
pub(crate) fn counts(
    way: Option<Way>,
    rows: impl Iterator<Item = &'static Row>,
) -> Result<(), Failure> {
    let program = std::env::current_exe().map_err(|error| Failure(error.to_string()))?;
    let disassembly = Disassembly::of(&program)?;
    let ways = way.map_or_else(|| COUNTED.to_vec(), |way| vec![way]);
    println!("per call: instructions / those outside of elementary functions / float operations");
    print!("{:22}", "");
    ways.iter().for_each(|way| print!("{:>22}", way.name()));
    if way.is_none() {
        print!("{:>24}", "ours/hand");
    }
    println!();
    for row in rows {
        print!("{:22}", row.name);
        let mut found = Vec::new();
        for &way in &ways {
            if !(row.has)(way) {
                print!("{:22}", "");
                continue;
            }
            let counts = count::count(row.name, way, &program, &disassembly)?;
            let Counts { instructions, own, floats } = counts;
            print!("{:>22}", format!("{instructions:.1} / {own:.1} / {floats:.1}"));
            found.push((way, counts));
        }
        let of = |way| found.iter().find(|(known, _)| *known == way).map(|(_, counts)| counts);
        if let (Some(ours), Some(hand)) = (of(Way::Ours), of(Way::Hand)) {
            let instructions = ours.instructions / hand.instructions;
            let (own, floats) = (ours.own / hand.own, ours.floats / hand.floats);
            print!("{:>24}", format!("{instructions:.3} / {own:.3} / {floats:.3}"));
        }
        println!();
    }
    Ok(())
}

/// The ways that are counted where none is named.
const COUNTED: [Way; 4] = [Way::Ours, Way::Hand, Way::Plain, Way::Expert];
