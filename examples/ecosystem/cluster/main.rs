//! Data-parallel gradient descent over MPI: every rank differentiates its chunks of the rows, all
//! gather the gradients of all chunks, and add them in the order of the chunks. So the weights have
//! the bits of the serial program, for any number of ranks. `cluster/run`

use std::error::Error;

use autodiff::grad;
use autodiff_ecosystem::irises;
use mpi::traits::{Communicator, CommunicatorCollectives};

const CHUNKS: usize = 20;

/// Minus the log-likelihood that a flower is virginica with log-odds `w₄ + w·x`.
#[grad(wrt(w))]
fn loss(w: &[f64; 5], flowers: &[[f64; 5]]) -> f64 {
    let mut total = 0.0;
    for flower in flowers {
        let mut odds = w[4];
        for j in 0..4 {
            odds += w[j] * flower[j];
        }
        let virginica = if flower[4] > 1.5 { 1.0 } else { 0.0 };
        total += odds.exp().ln_1p() - virginica * odds;
    }
    total
}

/// Value and gradient of each chunk, one after the other.
fn parts<'a>(w: &[f64; 5], chunks: impl Iterator<Item = &'a [[f64; 5]]>) -> Vec<[f64; 6]> {
    let part = |chunk| {
        let (value, gradient) = loss_value_and_grad(w, chunk);
        std::array::from_fn(|i| if i < 5 { gradient[i] } else { value })
    };
    chunks.map(part).collect()
}

/// One step down the gradient that is the sum of all parts, and the value before it.
fn step(w: &mut [f64; 5], parts: &[f64]) -> f64 {
    let mut sum = [0.0; 6];
    for part in parts.chunks(6) {
        sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
    }
    w.iter_mut().zip(sum).for_each(|(w, slope)| *w -= 1e-3 * slope);
    sum[5]
}

fn main() -> Result<(), Box<dyn Error>> {
    let universe = mpi::initialize().ok_or("MPI is running already")?;
    let world = universe.world();
    let (rank, ranks) = (usize::try_from(world.rank())?, usize::try_from(world.size())?);
    assert_eq!(CHUNKS % ranks, 0, "ranks get the same number of chunks");

    let mut flowers = irises()?;
    flowers.retain(|flower| flower[4] > 0.0);
    let chunks: Vec<_> = flowers.chunks(flowers.len() / CHUNKS).collect();
    let mine = &chunks[rank * CHUNKS / ranks..(rank + 1) * CHUNKS / ranks];

    let (mut w, mut serial, mut last) = ([0.0; 5], [0.0; 5], f64::NAN);
    for _ in 0..2000 {
        let own = parts(&w, mine.iter().copied());
        let mut all = vec![0.0; 6 * CHUNKS];
        world.all_gather_into(own.as_flattened(), &mut all[..]);
        last = step(&mut w, &all);
        let all = parts(&serial, chunks.iter().copied());
        step(&mut serial, all.as_flattened());
    }
    assert_eq!(w.map(f64::to_bits), serial.map(f64::to_bits));
    assert!(last < 20.0, "the loss is still {last}");
    if rank == 0 {
        println!("{ranks} ranks: loss {last:.3}, weights {w:.3?}");
    }
    Ok(())
}
