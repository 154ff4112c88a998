//! The gradient of a sum over a million rows, by rayon inside the annotated function: the same bits for
//! every number of threads, and how much faster two threads are than a loop.
//! `cargo run --release --example parallel`

use std::error::Error;
use std::time::Instant;

use autodiff::grad;
use rayon::{ThreadPoolBuilder, prelude::*};

type Row = [f64; 8];

/// What a row adds to a logistic regression: seven predictors and the response.
#[grad]
fn term(w: &Row, row: &Row) -> f64 {
    let mut odds = w[7];
    for j in 0..7 {
        odds += w[j] * row[j];
    }
    odds.exp().ln_1p() - row[7] * odds
}

#[grad(wrt(w))]
fn parallel(w: &Row, rows: &[Row]) -> f64 {
    rows.par_iter().map(|row| term(w, row)).sum::<f64>()
}

#[grad(wrt(w))]
fn serial(w: &Row, rows: &[Row]) -> f64 {
    rows.iter().map(|row| term(w, row)).sum::<f64>()
}

/// Seconds that each of two calls takes, in turns: the least of some rounds.
fn seconds(one: impl Fn() -> (f64, Row), other: impl Fn() -> (f64, Row)) -> (f64, f64) {
    let time = |call: &dyn Fn() -> (f64, Row)| {
        let start = Instant::now();
        std::hint::black_box(call());
        start.elapsed().as_secs_f64()
    };
    (0..15)
        .fold((f64::INFINITY, f64::INFINITY), |(a, b), _| (a.min(time(&one)), b.min(time(&other))))
}

fn main() -> Result<(), Box<dyn Error>> {
    let w = [0.3, -0.2, 0.5, 0.1, -0.4, 0.2, 0.05, -0.1];
    let row = |i: u32| -> Row {
        std::array::from_fn(|j| match j {
            7 => f64::from(i.wrapping_mul(2_654_435_761) >> 31),
            _ => (f64::from(i) * (0.37 + 0.11 * j as f64)).sin(),
        })
    };
    let rows: Vec<Row> = (0..1_000_000).map(row).collect();

    let pool = |threads| ThreadPoolBuilder::new().num_threads(threads).build();
    let expected = pool(1)?.install(|| parallel_value_and_grad(&w, &rows));
    for threads in 2..=4 {
        let found = pool(threads)?.install(|| parallel_value_and_grad(&w, &rows));
        assert_eq!(found.0.to_bits(), expected.0.to_bits());
        assert_eq!(found.1.map(f64::to_bits), expected.1.map(f64::to_bits));
    }
    // The parts change the order of the sum, and no more than its last digits.
    let (value, gradient) = serial_value_and_grad(&w, &rows);
    assert!((value / expected.0 - 1.0).abs() < 1e-11);
    for (one, other) in gradient.iter().zip(expected.1) {
        assert!((one - other).abs() < 1e-11 * value);
    }

    let two = pool(2)?;
    let (alone, both) = seconds(
        || serial_value_and_grad(&w, &rows),
        || two.install(|| parallel_value_and_grad(&w, &rows)),
    );
    println!(
        "serial {:.1} ms, two threads {:.1} ms: {:.2} times",
        alone * 1e3,
        both * 1e3,
        alone / both
    );
    Ok(())
}
