//! Checks the gradients that are measured: wrong ones may be as fast as they like.

use crate::kernel::{Kernel, Random, Way, call};

/// The largest difference of two ways, relative to the largest component.
const TOLERANCE: f64 = 1e-10;
/// The same for finite differences, relative to the sum of what the components contribute.
const OF_DIFFERENCES: f64 = 1e-5;
/// How many directions finite differences are taken in.
const DIRECTIONS: usize = 3;

/// Compares the value and the gradient by every way with those written by hand, and these with
/// finite differences.
pub(crate) fn check(kernel: &dyn Kernel) -> Result<(), String> {
    let mut random = Random::new(1);
    let x = kernel.point(&mut random);
    let mut wanted = vec![f64::NAN; x.len()];
    let value = kernel.mechanical(&x, &mut wanted);
    for way in Way::ALL {
        // A gradient overwrites what was there.
        let mut found = if way == Way::Primal { wanted.clone() } else { vec![f64::NAN; x.len()] };
        let other = call(kernel, way, &x, &mut found);
        compare(&[other], &[value])
            .and_then(|()| compare(&found, &wanted))
            .map_err(|message| format!("{}, {}: {message}", kernel.name(), way.name()))?;
    }
    (0..DIRECTIONS).try_for_each(|_| {
        let direction = random.vec(x.len(), -1.0, 1.0);
        differences(kernel, &x, &direction, &wanted)
    })
}

fn compare(found: &[f64], wanted: &[f64]) -> Result<(), String> {
    let largest = wanted.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    for (i, (a, b)) in found.iter().zip(wanted).enumerate() {
        let close = (a - b).abs() <= TOLERANCE * largest;
        if !close {
            return Err(format!("{a:e} instead of {b:e} at {i}"));
        }
    }
    Ok(())
}

fn differences(
    kernel: &dyn Kernel,
    x: &[f64],
    direction: &[f64],
    gradient: &[f64],
) -> Result<(), String> {
    let step = 1e-6;
    let moved = |step: f64| {
        let x: Vec<f64> = x.iter().zip(direction).map(|(x, d)| x + step * d).collect();
        kernel.primal(&x)
    };
    let found = (moved(step) - moved(-step)) / (2.0 * step);
    let parts = gradient.iter().zip(direction).map(|(bar, d)| bar * d);
    let (wanted, size) = parts.fold((0.0, 0.0), |(sum, size), p| (sum + p, size + p.abs()));
    let close = (found - wanted).abs() <= OF_DIFFERENCES * size;
    if close {
        return Ok(());
    }
    Err(format!("{}, finite differences: {wanted:e} instead of {found:e}", kernel.name()))
}
