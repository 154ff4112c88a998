//! Checks the gradients that are measured: wrong ones may be as fast as they like.

use autodiff::check::{self, flatten};

use crate::kernel::{Gradient, Input, Kernel, Way, has, inputs};
use crate::report::Failure;

/// The largest difference of two ways, relative to the largest component.
const TOLERANCE: f64 = 1e-12;
/// At how many points the hand-written gradient is compared with finite differences.
const DIFFERENCES: usize = 4;

/// Compares the value and the gradient by every way with those written by hand, at every point.
pub(crate) fn check<K: Kernel>() -> Result<(), Failure> {
    let inputs = inputs::<K>();
    for input in &inputs {
        let (value, gradient) = K::hand(input);
        let hand = flatten(&(value, &gradient));
        compare::<K>("hand", &[value], &[K::primal(input)])?;
        let ways: [(Way, Gradient<K>); 3] =
            [(Way::Ours, K::ours), (Way::Plain, K::plain), (Way::Expert, K::expert)];
        for (way, function) in ways.into_iter().filter(|(way, _)| has::<K>(*way)) {
            let (value, gradient) = function(input);
            compare::<K>(way.name(), &flatten(&(value, &gradient)), &hand)?;
        }
    }
    inputs.into_iter().take(DIFFERENCES).try_for_each(differences::<K>)
}

fn compare<K: Kernel>(way: &str, found: &[f64], wanted: &[f64]) -> Result<(), Failure> {
    let largest = wanted.iter().fold(1.0, |largest: f64, x| largest.max(x.abs()));
    let close = |(a, b): (&f64, &f64)| (a - b).abs() <= TOLERANCE * largest;
    if found.len() == wanted.len() && found.iter().zip(wanted).all(close) {
        return Ok(());
    }
    Err(Failure(format!("{}, {way}: {found:?} instead of {wanted:?}", K::NAME)))
}

fn differences<K: Kernel>((point, data): Input<K>) -> Result<(), Failure> {
    let input = (point.clone(), data);
    let (_, gradient) = K::hand(&input);
    let data = input.1;
    let cell = std::cell::RefCell::new((point.clone(), data));
    let primal = |moved: &K::Point| {
        let mut input = cell.borrow_mut();
        input.0 = moved.clone();
        K::primal(&input)
    };
    match check::gradient(primal, &point, &gradient) {
        Ok(_) => Ok(()),
        Err(report) => Err(Failure(format!("{}, finite differences:\n{report}", K::NAME))),
    }
}
