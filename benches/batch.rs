//! One gradient at many points: lanes of `wide`, beside a loop over the points.
//!
//! ```sh
//! cargo bench --bench batch --features wide-1
//! RUSTFLAGS="-C target-cpu=native" cargo bench --bench batch --features wide-1
//! ```
//!
//! Gradients are compared first. Then both are run in turns; the figure is the median of the ratios of neighbours.

#![allow(
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    dead_code,
    reason = "a measurement of gradients; the functions themselves are not called"
)]

use std::time::Instant;

use autodiff::{Lanes, batch, grad};
use wide::{f64x4, f64x8};

/// How many points there are: all their columns stay in the nearest caches.
const POINTS: usize = 1024;
const ROUNDS: usize = 1001;

/// Arithmetic alone.
#[grad]
fn rosenbrock<T: Lanes>(x: [T; 4]) -> T {
    let mut sum = T::zero();
    for i in 0..3 {
        let (off, bend) = (T::one() - x[i], x[i + 1] - x[i] * x[i]);
        sum += off * off + T::from_f64(100.0) * bend * bend;
    }
    sum
}

/// A damped oscillation: exponential, sine and cosine.
#[grad]
fn oscillation<T: Lanes>([height, damping, speed, time]: [T; 4]) -> T {
    height * (-damping * time).exp() * (speed * time).cos()
}

/// What two masses and a spring of a power law have of energy: roots, powers, a kink.
#[grad]
fn energy<T: Lanes>([x, y, length, power]: [T; 4]) -> T {
    let stretch = (x.hypot(y) - length).abs();
    stretch.powf(power + T::one()) + (x * x + y * y + length).ln() - y.max(x)
}

/// A neuron for each input, and one for their sum.
#[grad]
fn neurons<T: Lanes>(x: [T; 4]) -> T {
    let mut sum = T::zero();
    for n in 0..4 {
        for x in &x {
            sum += (*x * T::from_f64(0.3 + 0.2 * f64::from(n)) - T::from_f64(0.1)).tanh();
        }
    }
    (sum * T::from_f64(0.25)).tanh()
}

type Columns<const N: usize> = [Vec<f64>; N];

fn columns<const N: usize>(column: impl Fn(usize) -> Vec<f64>) -> Columns<N> {
    std::array::from_fn(column)
}

/// Four lanes, eight lanes, and the plain loop, which is what one writes without lanes.
fn measure(
    name: &str,
    four: impl Fn([f64x4; 4]) -> [f64x4; 5],
    eight: impl Fn([f64x8; 4]) -> [f64x8; 5],
    one: impl Fn([f64; 4]) -> [f64; 5],
) {
    let at: Columns<4> = columns(|n| {
        let phase = 1.3 * n as f64;
        (0..POINTS).map(|i| 1.1 + (0.37 * i as f64 + phase).sin()).collect()
    });
    let [a, b, c, d] = &at;
    let results = || columns::<5>(|_| vec![0.0; POINTS]);
    let [mut by_one, mut by_four, mut by_eight] = [results(), results(), results()];
    let mut loops = |out: &mut Columns<5>| {
        for i in 0..POINTS {
            let values = one([a[i], b[i], c[i], d[i]]);
            for (column, value) in out.iter_mut().zip(values) {
                column[i] = value;
            }
        }
    };
    let mut fours = |out: &mut Columns<5>| {
        batch::map([a, b, c, d], out.each_mut().map(Vec::as_mut_slice), &four);
    };
    let mut eights = |out: &mut Columns<5>| {
        batch::map([a, b, c, d], out.each_mut().map(Vec::as_mut_slice), &eight);
    };
    loops(&mut by_one);
    fours(&mut by_four);
    eights(&mut by_eight);
    for (column, one) in by_one.iter().enumerate() {
        for (i, one) in one.iter().enumerate() {
            for many in [by_four[column][i], by_eight[column][i]] {
                let scale = 1.0 + one.abs();
                assert!(
                    (many - one).abs() <= 1e-12 * scale,
                    "{name}, {column} of {i}: {many} {one}"
                );
            }
        }
    }
    let mut rounds: Vec<[f64; 3]> = (0..ROUNDS)
        .map(|_| {
            [
                time(&mut loops, &mut by_one),
                time(&mut fours, &mut by_four),
                time(&mut eights, &mut by_eight),
            ]
        })
        .collect();
    let nanoseconds = 1e9 * median(&mut rounds, |round| round[0]) / POINTS as f64;
    let by_four = median(&mut rounds, |round| round[0] / round[1]);
    let by_eight = median(&mut rounds, |round| round[0] / round[2]);
    println!(
        "{name:12} {nanoseconds:7.1} ns a point; f64x4 {by_four:5.2} ×, f64x8 {by_eight:5.2} ×"
    );
}

fn time(run: &mut impl FnMut(&mut Columns<5>), out: &mut Columns<5>) -> f64 {
    let start = Instant::now();
    run(std::hint::black_box(out));
    start.elapsed().as_secs_f64()
}

fn median(rounds: &mut [[f64; 3]], of: impl Fn(&[f64; 3]) -> f64) -> f64 {
    rounds.sort_by(|a, b| of(a).total_cmp(&of(b)));
    of(&rounds[rounds.len() / 2])
}

macro_rules! measured {
    ($($function:ident $value_and_grad:ident;)*) => {$({
        fn all<T: Lanes>(x: [T; 4]) -> [T; 5] {
            let (value, [a, b, c, d]) = $value_and_grad(x);
            [value, a, b, c, d]
        }
        measure(stringify!($function), all, all, all);
    })*};
}

fn main() {
    measured! {
        rosenbrock rosenbrock_value_and_grad;
        oscillation oscillation_value_and_grad;
        energy energy_value_and_grad;
        neurons neurons_value_and_grad;
    }
}
