//! What second derivatives and Jacobians cost, as ratios of the same round.
//!
//! ```text
//! cargo bench --bench second
//! ```
//!
//! A Jacobian against one written by hand; a product with the Hessian and the Hessian against the
//! gradient of the same function. Only ratios of neighbouring measurements mean something on a
//! machine that does other things too.

#![allow(
    missing_docs,
    clippy::pedantic,
    clippy::indexing_slicing,
    reason = "functions as people write them"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use autodiff::grad;
use autodiff::sparse::Pattern;

const ROUNDS: usize = 401;
const SLICE: Duration = Duration::from_micros(100);

/// Rotated by a vector of small angles, moved, and projected: of a bundle adjustment.
#[grad(jacobian, wrt(p))]
fn reprojected(p: [f64; 3], camera: &[f64; 7]) -> [f64; 2] {
    let [a, b, c, tx, ty, tz, f] = *camera;
    let x = p[0] - c * p[1] + b * p[2] + tx;
    let y = c * p[0] + p[1] - a * p[2] + ty;
    let z = -b * p[0] + a * p[1] + p[2] + tz;
    [f * x / z, f * y / z]
}

/// The same, given by reference.
#[grad(jacobian, wrt(p))]
fn referred(p: &[f64; 3], camera: &[f64; 7]) -> [f64; 2] {
    let [a, b, c, tx, ty, tz, f] = *camera;
    let x = p[0] - c * p[1] + b * p[2] + tx;
    let y = c * p[0] + p[1] - a * p[2] + ty;
    let z = -b * p[0] + a * p[1] + p[2] + tz;
    [f * x / z, f * y / z]
}

fn reprojected_by_hand(p: [f64; 3], camera: &[f64; 7]) -> [[f64; 3]; 2] {
    let [a, b, c, tx, ty, tz, f] = *camera;
    let x = p[0] - c * p[1] + b * p[2] + tx;
    let y = c * p[0] + p[1] - a * p[2] + ty;
    let z = -b * p[0] + a * p[1] + p[2] + tz;
    let s = f / z;
    let (u, v) = (x * s / z, y * s / z);
    [[s + u * b, -c * s - u * a, b * s - u], [c * s + v * b, s - v * a, -a * s - v]]
}

/// The chained Rosenbrock function, of any length.
#[grad(hvp)]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let t = x[i + 1] - x[i] * x[i];
        let u = 1.0 - x[i];
        sum += 100.0 * t * t + u * u;
    }
    sum
}

/// Soft maximum of pairs: each with an exponential and a logarithm.
#[grad(hvp)]
fn pairs(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        sum += (x[i].exp() + x[i - 1].exp()).ln() * x[i];
    }
    sum
}

/// A chain of oscillators, in time: each step overwrites what it read.
#[grad(hvp)]
fn march(x: &[f64]) -> f64 {
    let (mut u, mut du) = (x.to_vec(), vec![0.0; x.len()]);
    for _ in 0..8 {
        for i in 1..u.len() {
            du[i] = u[i - 1] * u[i] - 0.25 * du[i];
        }
        for i in 0..u.len() {
            u[i] += 0.1 * du[i];
        }
    }
    u.iter().map(|u| u * u).sum()
}

#[grad(order = 2)]
fn rhs(u: &[f64], du: &mut [f64]) {
    for i in 1..u.len() {
        du[i] = u[i - 1] * u[i] - 0.25 * du[i];
    }
}

/// The same, through a function.
#[grad(hvp)]
fn march_by_calls(x: &[f64]) -> f64 {
    let (mut u, mut du) = (x.to_vec(), vec![0.0; x.len()]);
    for _ in 0..8 {
        rhs(&u, &mut du);
        for i in 0..u.len() {
            u[i] += 0.1 * du[i];
        }
    }
    u.iter().map(|u| u * u).sum()
}

/// Eight variables without a loop: Wood's function twice (Moré, Garbow, Hillstrom 1981).
#[grad(hessian)]
fn wood(x: [f64; 8]) -> f64 {
    let a = 100.0 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) + (1.0 - x[0]) * (1.0 - x[0]);
    let b = 90.0 * (x[3] - x[2] * x[2]) * (x[3] - x[2] * x[2]) + (1.0 - x[2]) * (1.0 - x[2]);
    let c = 10.0 * (x[1] + x[3] - 2.0) * (x[1] + x[3] - 2.0) + 0.1 * (x[1] - x[3]) * (x[1] - x[3]);
    let d = 100.0 * (x[5] - x[4] * x[4]) * (x[5] - x[4] * x[4]) + (1.0 - x[4]) * (1.0 - x[4]);
    let e = 90.0 * (x[7] - x[6] * x[6]) * (x[7] - x[6] * x[6]) + (1.0 - x[6]) * (1.0 - x[6]);
    let f = 10.0 * (x[5] + x[7] - 2.0) * (x[5] + x[7] - 2.0) + 0.1 * (x[5] - x[7]) * (x[5] - x[7]);
    (a + b + c) * (d + e + f)
}

fn main() {
    println!("medians of the ratios of {ROUNDS} rounds");
    let camera = [0.01, -0.02, 0.03, 0.5, -0.25, 4.0, 500.0];
    let points: Vec<[f64; 3]> =
        (0..64).map(|i| [0.1, 0.2, 0.3].map(|a| (a * i as f64).sin())).collect();
    for p in &points {
        let (ours, hand) = (reprojected_jacobian(*p, &camera), reprojected_by_hand(*p, &camera));
        for (a, b) in ours.iter().flatten().zip(hand.iter().flatten()) {
            assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} and {b}");
        }
    }
    report(
        "jacobian 3 to 2 / by hand",
        &mut || {
            points
                .iter()
                .for_each(|p| keep(reprojected_jacobian(black_box(*p), black_box(&camera))))
        },
        &mut || {
            points.iter().for_each(|p| keep(reprojected_by_hand(black_box(*p), black_box(&camera))))
        },
    );
    report(
        "by reference / by hand",
        &mut || {
            points.iter().for_each(|p| keep(referred_jacobian(black_box(p), black_box(&camera))))
        },
        &mut || {
            points.iter().for_each(|p| keep(reprojected_by_hand(black_box(*p), black_box(&camera))))
        },
    );
    let x: Vec<f64> = (0..1000).map(|i| (0.37 * i as f64).sin()).collect();
    let v: Vec<f64> = x.iter().map(|x| 1.0 - x * x).collect();
    report(
        "rosenbrock: hvp / gradient",
        &mut || keep(rosenbrock_hvp(black_box(&x), black_box(&v))),
        &mut || keep(rosenbrock_grad(black_box(&x))),
    );
    report(
        "pairs: hvp / gradient",
        &mut || keep(pairs_hvp(black_box(&x), black_box(&v))),
        &mut || keep(pairs_grad(black_box(&x))),
    );
    for n in [100, 1000] {
        let (x, v) = (&x[..n], &v[..n]);
        report(
            &format!("in place, {n}: hvp / gradient"),
            &mut || keep(march_hvp(black_box(x), black_box(v))),
            &mut || keep(march_grad(black_box(x))),
        );
        report(
            &format!("by calls, {n}: hvp / gradient"),
            &mut || keep(march_by_calls_hvp(black_box(x), black_box(v))),
            &mut || keep(march_by_calls_grad(black_box(x))),
        );
    }
    let n = x.len();
    let band = Pattern::from_rows(n, (0..n).map(|i: usize| i.saturating_sub(1)..(i + 2).min(n)));
    let colours = band.symmetric_colours();
    report(
        "rosenbrock: sparse Hessian / gradient",
        &mut || keep(band.hessian(&colours, |v| rosenbrock_hvp(black_box(&x), v))),
        &mut || keep(rosenbrock_grad(black_box(&x))),
    );
    let at: [f64; 8] = std::array::from_fn(|i| 0.3 * i as f64 - 1.0);
    report("wood: Hessian of 8 / gradient", &mut || keep(wood_hessian(black_box(at))), &mut || {
        keep(wood_grad(black_box(at)))
    });
}

/// Computed, and not looked at.
fn keep<T>(result: T) {
    black_box(result);
}

/// Prints how much longer one takes than the other.
fn report(name: &str, one: &mut dyn FnMut(), other: &mut dyn FnMut()) {
    let repeats = [repeats(one), repeats(other)];
    let mut ratios: Vec<f64> = (0..ROUNDS)
        .map(|round| {
            // Nobody always goes first.
            if round % 2 == 0 {
                let first = slice(one, repeats[0]);
                first / slice(other, repeats[1])
            } else {
                let first = slice(other, repeats[1]);
                slice(one, repeats[0]) / first
            }
        })
        .collect();
    let middle = ratios.len() / 2;
    println!("{name:40}{:8.3}", ratios.select_nth_unstable_by(middle, f64::total_cmp).1);
}

/// How many calls a slice has.
fn repeats(of: &mut dyn FnMut()) -> u32 {
    let shortest = (0..5).map(|_| slice(of, 1)).fold(f64::INFINITY, f64::min);
    (SLICE.as_secs_f64() / shortest).ceil().max(1.0) as u32
}

/// Seconds per call.
fn slice(of: &mut dyn FnMut(), repeats: u32) -> f64 {
    let start = Instant::now();
    (0..repeats).for_each(|_| of());
    start.elapsed().as_secs_f64() / f64::from(repeats)
}
