//! Beside num-dual, which differentiates by numbers that carry derivatives: the same gradients to
//! the last digits, and how long they take. `cargo run --release -p autodiff-beside`

use std::{hint::black_box, time::Instant};

use autodiff::grad;
use nalgebra::SVector;
use num_dual::{DualNum, DualSVec64, gradient};

/// The chained function of Rosenbrock, over `f64`.
#[grad]
fn chain<const N: usize>(x: &[f64; N]) -> f64 {
    let mut sum = 0.0;
    for i in 1..N {
        let bend = x[i] - x[i - 1] * x[i - 1];
        let off = 1.0 - x[i - 1];
        sum += 100.0 * bend * bend + off * off;
    }
    sum
}

/// The same for any number, as num-dual wants it.
fn chain_of<D: DualNum<f64> + Copy>(x: &[D]) -> D {
    let mut sum = D::from(0.0);
    for i in 1..x.len() {
        let bend = x[i] - x[i - 1] * x[i - 1];
        let off = D::from(1.0) - x[i - 1];
        sum += bend * bend * 100.0 + off * off;
    }
    sum
}

/// Nanoseconds of a call: the least of some rounds, which is what disturbs least.
fn nanoseconds<T>(call: impl Fn() -> T) -> f64 {
    let round = |_| {
        let start = Instant::now();
        for _ in 0..1000 {
            black_box(call());
        }
        start.elapsed().as_secs_f64() * 1e6
    };
    (0..20).map(round).fold(f64::INFINITY, f64::min)
}

fn compare<const N: usize>() {
    let x: [f64; N] = std::array::from_fn(|i| (i as f64 + 0.5).sin());
    let vector = SVector::from(x);
    let dual =
        |x: &SVector<f64, N>| gradient(|x: SVector<DualSVec64<N>, N>| chain_of(x.as_slice()), x);

    let (value, slopes) = chain_value_and_grad(&x);
    let (dual_value, dual_slopes) = dual(&vector);
    assert!((value - dual_value).abs() <= 1e-13 * value);
    for (one, other) in slopes.iter().zip(dual_slopes.iter()) {
        assert!((one - other).abs() <= 1e-12 * one.abs().max(1.0));
    }

    let function = nanoseconds(|| chain(black_box(&x)));
    let reverse = nanoseconds(|| chain_value_and_grad(black_box(&x)));
    let forward = nanoseconds(|| dual(black_box(&vector)));
    println!(
        "{N:3} inputs: function {function:7.1} ns, autodiff {reverse:7.1}, num-dual {forward:8.1}"
    );
}

fn main() {
    compare::<2>();
    compare::<8>();
    compare::<32>();
    compare::<128>();
}
