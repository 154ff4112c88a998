//! How time and memory grow with the size of the problem.
//!
//! ```text
//! cargo bench --bench scaling
//! ```
//!
//! A loss over data points, of which nothing is kept: gradient ÷ primal beside that of a gradient
//! written by hand, from 10³ to 10⁷ points. And a million steps of a pendulum, with everything on
//! a tape and with a few states kept: time, and the most memory there is at once.

#![allow(
    missing_docs,
    clippy::pedantic,
    clippy::indexing_slicing,
    reason = "functions as people write them"
)]

use std::hint::black_box;
use std::time::Instant;

use autodiff::grad;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const ROUNDS: usize = 21;

/// A neuron's mean squared error.
#[grad(constant(xs, ys))]
fn loss(w: f64, b: f64, xs: &[f64], ys: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..xs.len() {
        let error = (w * xs[i] + b).tanh() - ys[i];
        sum += error * error;
    }
    sum / xs.len() as f64
}

fn loss_by_hand(w: f64, b: f64, xs: &[f64], ys: &[f64]) -> (f64, (f64, f64)) {
    let (mut sum, mut w_bar, mut b_bar) = (0.0, 0.0, 0.0);
    for (x, y) in xs.iter().zip(ys) {
        let out = (w * x + b).tanh();
        let error = out - y;
        sum += error * error;
        let bar = 2.0 * error * (1.0 - out * out);
        w_bar += bar * x;
        b_bar += bar;
    }
    let n = xs.len() as f64;
    (sum / n, (w_bar / n, b_bar / n))
}

/// A chain of oscillators, each element of its gradient by itself.
#[grad]
fn energy(x: &[f64], k: f64) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        let stretch = x[i] - x[i - 1];
        sum += 0.5 * k * stretch * stretch + 0.25 * x[i] * x[i] * x[i] * x[i];
    }
    sum
}

fn energy_by_hand(x: &[f64], k: f64, x_bar: &mut [f64]) -> (f64, f64) {
    x_bar.fill(0.0);
    let (mut sum, mut k_bar) = (0.0, 0.0);
    for i in 1..x.len() {
        let stretch = x[i] - x[i - 1];
        let cube = x[i] * x[i] * x[i];
        sum += 0.5 * k * stretch * stretch + 0.25 * cube * x[i];
        k_bar += 0.5 * stretch * stretch;
        x_bar[i] += k * stretch + cube;
        x_bar[i - 1] -= k * stretch;
    }
    (sum, k_bar)
}

macro_rules! pendulum {
    ($name:ident $(, $option:tt)*) => {
        #[grad($(checkpoint $option)*)]
        pub(super) fn $name(x0: f64, damping: f64, steps: usize) -> f64 {
            let (mut x, mut v) = (x0, 0.0);
            let h = 20.0 / steps as f64;
            'time: for _ in 0..steps {
                let a = -x.sin() - damping * v;
                x += h * v;
                v += h * a;
            }
            x
        }
    };
}

#[allow(unused_labels, reason = "the other two name it")]
mod taped {
    use super::grad;
    pendulum!(pendulum);
    pub(super) use pendulum_value_and_grad as gradient;
}

mod levels {
    use super::grad;
    pendulum!(pendulum, ('time, levels = 20));
    pub(super) use pendulum_value_and_grad as gradient;
}

mod every {
    use super::grad;
    pendulum!(pendulum, ('time, every = 1000));
    pub(super) use pendulum_value_and_grad as gradient;
}

fn main() {
    println!(
        "gradient / primal, medians of {ROUNDS} rounds         ours   by hand   ours/by hand   memory beside the data"
    );
    for exponent in 3..=7 {
        let n = 10_usize.pow(exponent);
        let xs: Vec<f64> = (0..n).map(|i| (i as f64 * 0.37).sin()).collect();
        let ys: Vec<f64> = xs.iter().map(|x| 0.3 * x - 0.1).collect();
        assert_close(
            loss_value_and_grad(0.7, 0.2, &xs, &ys).1.0,
            loss_by_hand(0.7, 0.2, &xs, &ys).1.0,
        );
        let bytes = peak(|| loss_value_and_grad(0.7, 0.2, &xs, &ys));
        report(
            &format!("mean of tanh, 10^{exponent} points"),
            n,
            bytes,
            [
                &mut || _ = black_box(loss(black_box(0.7), 0.2, &xs, &ys)),
                &mut || _ = black_box(loss_value_and_grad(black_box(0.7), 0.2, &xs, &ys)),
                &mut || _ = black_box(loss_by_hand(black_box(0.7), 0.2, &xs, &ys)),
            ],
        );
    }
    for exponent in 3..=7 {
        let n = 10_usize.pow(exponent);
        let x: Vec<f64> = (0..n).map(|i| (i as f64 * 0.37).sin()).collect();
        let (mut ours, mut hand, mut k_bar) = (vec![0.0; n], vec![0.0; n], 0.0);
        let bytes = peak(|| energy_value_and_grad_into(&x, 1.5, &mut ours, &mut k_bar));
        energy_by_hand(&x, 1.5, &mut hand);
        assert_close(ours[n / 2], hand[n / 2]);
        report(
            &format!("chain, 10^{exponent} floats, into buffers"),
            n,
            bytes,
            [
                &mut || _ = black_box(energy(&x, black_box(1.5))),
                &mut || {
                    let (x_bar, k_bar) = (&mut ours, &mut k_bar);
                    _ = black_box(energy_value_and_grad_into(&x, black_box(1.5), x_bar, k_bar));
                },
                &mut || _ = black_box(energy_by_hand(&x, black_box(1.5), &mut hand)),
            ],
        );
    }
    println!();
    checkpoints(1_000_000);
}

/// A way to compute a gradient.
type Gradient = fn(f64, f64, usize) -> (f64, (f64, f64));

fn checkpoints(steps: usize) {
    let ways: [(&str, Gradient); 3] = [
        ("everything on a tape", taped::gradient),
        ("levels = 20", levels::gradient),
        ("every = 1000", every::gradient),
    ];
    let expected = taped::gradient(1.0, 0.1, steps);
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for ((_, gradient), times) in ways.iter().zip(&mut times) {
            let start = Instant::now();
            assert_eq!(black_box(gradient(black_box(1.0), 0.1, steps)), expected);
            times.push(start.elapsed().as_secs_f64());
        }
    }
    println!("{steps} steps of a pendulum                          time / taped   memory");
    for ((name, gradient), time) in ways.iter().zip(&times) {
        let bytes = peak(|| gradient(1.0, 0.1, steps));
        println!("{name:50} {:12.2}   {bytes} bytes", median(time, &times[0]));
    }
}

/// Times the primal, our gradient and the one by hand, one right after the other.
fn report(name: &str, n: usize, bytes: usize, ways: [&mut dyn FnMut(); 3]) {
    let repeats = (1_000_000 / n).max(1);
    let mut times = [const { Vec::new() }; 3];
    let mut ways = ways;
    for _ in 0..ROUNDS {
        for (way, times) in ways.iter_mut().zip(&mut times) {
            let start = Instant::now();
            (0..repeats).for_each(|_| way());
            times.push(start.elapsed().as_secs_f64());
        }
    }
    let [primal, ours, hand] = &times;
    println!(
        "{name:50} {:6.2}    {:6.2}         {:6.2}   {bytes} bytes",
        median(ours, primal),
        median(hand, primal),
        median(ours, hand)
    );
}

/// The median of the ratios of neighbouring measurements.
fn median(times: &[f64], to: &[f64]) -> f64 {
    let mut ratios: Vec<f64> = times.iter().zip(to).map(|(a, b)| a / b).collect();
    let middle = ratios.len() / 2;
    *ratios.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// The most memory that there is at once, beyond what there is before.
fn peak<T>(run: impl FnOnce() -> T) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    drop(black_box(run()));
    MEMORY.peak_usage().saturating_sub(before)
}

fn assert_close(ours: f64, hand: f64) {
    assert!((ours - hand).abs() <= 1e-10 * (1.0 + hand.abs()), "{ours} by us, {hand} by hand");
}
