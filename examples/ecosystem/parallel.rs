//! The gradient of a sum over rows, in parallel by rayon: chunks are differentiated by any thread,
//! and added in their order, so that the bits are those of the serial sum, on every run and for
//! every number of threads. `cargo run --example parallel`

use std::error::Error;
use std::time::Instant;

use autodiff::grad;
use rayon::{ThreadPoolBuilder, prelude::*};

/// Rows at a time: enough that a thread has something to do, and the same for every number of threads.
const CHUNK: usize = 4096;

/// A logistic regression: a row is seven predictors and the response.
#[grad(wrt(w))]
fn loss(w: &[f64; 8], rows: &[[f64; 8]]) -> f64 {
    let mut total = 0.0;
    for row in rows {
        let mut odds = w[7];
        for j in 0..7 {
            odds += w[j] * row[j];
        }
        total += odds.exp().ln_1p() - row[7] * odds;
    }
    total
}

type ValueAndGradient = (f64, [f64; 8]);

fn add((mut value, mut gradient): ValueAndGradient, part: ValueAndGradient) -> ValueAndGradient {
    value += part.0;
    gradient.iter_mut().zip(part.1).for_each(|(sum, part)| *sum += part);
    (value, gradient)
}

fn serial(w: &[f64; 8], rows: &[[f64; 8]]) -> ValueAndGradient {
    rows.chunks(CHUNK).map(|rows| loss_value_and_grad(w, rows)).fold((0.0, [0.0; 8]), add)
}

fn parallel(w: &[f64; 8], rows: &[[f64; 8]]) -> ValueAndGradient {
    let parts: Vec<_> = rows.par_chunks(CHUNK).map(|rows| loss_value_and_grad(w, rows)).collect();
    parts.into_iter().fold((0.0, [0.0; 8]), add)
}

fn main() -> Result<(), Box<dyn Error>> {
    let w = [0.3, -0.2, 0.5, 0.1, -0.4, 0.2, 0.05, -0.1];
    let row = |i: u32| -> [f64; 8] {
        std::array::from_fn(|j| match j {
            7 => f64::from(i.wrapping_mul(2_654_435_761) >> 31),
            _ => (f64::from(i) * (0.37 + 0.11 * j as f64)).sin(),
        })
    };
    let rows: Vec<_> = (0..300_000).map(row).collect();

    let start = Instant::now();
    let expected = serial(&w, &rows);
    println!("serial    {:6.1} ms", start.elapsed().as_secs_f64() * 1e3);
    for threads in 1..=4 {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
        let start = Instant::now();
        let found = pool.install(|| parallel(&w, &rows));
        println!("{threads} threads {:6.1} ms", start.elapsed().as_secs_f64() * 1e3);
        assert_eq!(found.0.to_bits(), expected.0.to_bits());
        assert_eq!(found.1.map(f64::to_bits), expected.1.map(f64::to_bits));
    }
    // The chunks change the order of the sum, and no more than its last digits.
    let (value, gradient) = loss_value_and_grad(&w, &rows);
    assert!((value / expected.0 - 1.0).abs() < 1e-12);
    for (one, other) in gradient.iter().zip(expected.1) {
        assert!((one - other).abs() < 1e-12 * value);
    }
    Ok(())
}
