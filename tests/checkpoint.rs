//! Loops that are reversed from a few of their states have the same gradients, to the last bit, as
//! those that leave everything on a tape.

#![allow(
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::type_complexity,
    clippy::unwrap_used,
    reason = "the functions are written as people write them"
)]

use approx::assert_relative_eq;
use autodiff::{Differentiable, check, grad};

/// The same function three times, with the loop `'time` reversed in three ways.
macro_rules! three_ways {
    ($($name:ident: fn $f:ident ($($parameter:ident: $ty:ty),*) -> $result:ty $body:block)*) => {$(
        mod $name {
            use super::*;

            #[allow(unused_labels, reason = "the other two name it")]
            pub(super) mod taped {
                use super::*;

                #[grad(vjp)]
                pub(crate) fn $f($($parameter: $ty),*) -> $result $body
            }

            pub(super) mod levels {
                use super::*;

                #[grad(vjp, checkpoint('time, levels = 3))]
                pub(crate) fn $f($($parameter: $ty),*) -> $result $body
            }

            pub(super) mod every {
                use super::*;

                #[grad(vjp, checkpoint('time, every = 4))]
                pub(crate) fn $f($($parameter: $ty),*) -> $result $body
            }
        }
    )*};
}

three_ways! {
    scalars: fn pendulum(x0: f64, k: f64, n: usize) -> f64 {
        let (mut x, mut v) = (x0, 0.0);
        let h = 0.01;
        'time: for _ in 0..n {
            let a = -k * x.sin();
            x += h * v;
            v += h * a;
        }
        x * x + v
    }
    stencil: fn heat(u0: &[f64], k: f64, n: usize) -> f64 {
        let mut u = u0.to_vec();
        'time: for t in 0..n {
            let before = u.clone();
            for i in 1..u.len() - 1 {
                let curvature = before[i + 1] - 2.0 * before[i] + before[i - 1];
                u[i] += k * before[i] * curvature + 0.01 * t as f64;
            }
        }
        let mut sum = 0.0;
        for x in &u {
            sum += x * x;
        }
        sum
    }
    in_place: fn relaxed(u0: &[f64], k: f64, n: usize) -> f64 {
        let mut u = u0.to_vec();
        'time: for _ in 0..n {
            for i in 1..u.len() {
                u[i] = k * u[i] * u[i - 1] + 0.5 * u[i].sin();
            }
        }
        u[u.len() - 1]
    }
    arrays: fn rotated(start: [f64; 3], w: &[f64; 3], n: usize) -> f64 {
        let mut p = start;
        let h = 0.1;
        'time: for _ in 0..n {
            let q = [
                p[0] + h * (w[1] * p[2] - w[2] * p[1]),
                p[1] + h * (w[2] * p[0] - w[0] * p[2]),
                p[2] + h * (w[0] * p[1] - w[1] * p[0]),
            ];
            let norm = (q[0] * q[0] + q[1] * q[1] + q[2] * q[2]).sqrt();
            p = [q[0] / norm, q[1] / norm, q[2] / norm];
        }
        p[0] + 2.0 * p[1] - p[2]
    }
    items: fn recurrent(xs: &[f64], w: f64, u: f64) -> f64 {
        let (mut h, mut loss) = (0.0, 0.0);
        'time: for (t, &x) in xs.iter().enumerate() {
            h = (w * h + u * x).tanh();
            if t % 2 == 0 {
                loss += h * h;
            }
        }
        loss
    }
    backwards: fn horner(cs: &[f64], x: f64) -> f64 {
        let mut y = 0.0;
        'time: for i in (0..cs.len()).rev() {
            y = y * x + cs[i];
        }
        y
    }
    branches: fn hardening(f: &[f64], e: f64, limit: f64) -> f64 {
        let (mut stress, mut plastic) = (0.0, 0.0_f64);
        'time: for i in 0..f.len() {
            let trial = stress + e * f[i];
            if trial > limit + plastic {
                plastic += 0.3 * (trial - limit - plastic);
                stress = limit + plastic;
            } else {
                stress = trial;
            }
        }
        stress * stress + plastic
    }
    counters: fn every_third(x: f64, n: usize) -> f64 {
        let mut y = x;
        let mut since = 0;
        'time: for _ in 0..n {
            since += 1;
            if since == 3 {
                y = y * y * x;
                since = 0;
            } else {
                y = y.cos() + 0.5 * x;
            }
        }
        y
    }
    skipping: fn now_and_then(x: f64, n: usize) -> f64 {
        let mut y = x;
        'time: for t in 0..n {
            if t % 3 == 1 {
                continue 'time;
            }
            y = y.sin() + 0.1 * x;
        }
        y
    }
    early: fn guarded(x: f64, n: usize) -> f64 {
        if n == 0 {
            return x;
        }
        let h = 1.0 / n as f64;
        let mut y = x;
        'time: for _ in 0..n {
            y += h * y.sin();
        }
        y
    }
    hidden: fn rebound(x: f64, n: usize) -> f64 {
        let mut h = 0.1;
        let mut y = x;
        'time: for _ in 0..n {
            y += h * y * x;
        }
        h = 0.5 * y;
        let n = 3.0 * h;
        n * y + h
    }
    twice: fn there_and_back(x: f64, k: f64, n: usize) -> f64 {
        let mut y = x;
        'time: for _ in 0..n {
            y = (k * y).sin();
        }
        let middle = y;
        for _ in 0..n {
            y = y * k + middle;
        }
        y
    }
    called: fn stepped(x: f64, v: f64, n: usize) -> f64 {
        let mut state = (x, v);
        'time: for _ in 0..n {
            state = step(state, 0.02);
        }
        state.0 * state.1
    }
    structured: fn flight(start: Ball, drag: f64, n: usize) -> f64 {
        let mut ball = start;
        'time: for _ in 0..n {
            let speed = (ball.vx * ball.vx + ball.vy * ball.vy).sqrt();
            ball.x += 0.05 * ball.vx;
            ball.y += 0.05 * ball.vy;
            ball.vx -= 0.05 * drag * speed * ball.vx;
            ball.vy -= 0.05 * (9.81 + drag * speed * ball.vy);
        }
        ball.x + ball.y
    }
    written: fn decay(u: &mut [f64], k: f64, n: usize) -> f64 {
        let mut total = 0.0;
        'time: for _ in 0..n {
            for x in u.iter_mut() {
                *x -= k * *x * *x;
            }
            total += u[0] * u[1];
        }
        total
    }
    single: fn f32_decay(x: f32, n: usize) -> f32 {
        let mut y = x;
        'time: for _ in 0..n {
            y -= 0.1 * y * y * x;
        }
        y
    }
}

#[grad]
fn step((x, v): (f64, f64), h: f64) -> (f64, f64) {
    let a = -x - x * x * x;
    (x + h * v, v + h * a)
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Ball {
    x: f64,
    y: f64,
    vx: f64,
    vy: f64,
}

/// Value and gradient, the same in all three ways.
macro_rules! assert_same {
    ($name:ident :: $both:ident ($($argument:expr),*)) => {{
        let taped = $name::taped::$both($($argument),*);
        assert_eq!($name::levels::$both($($argument),*), taped, "levels: {}", stringify!($name));
        assert_eq!($name::every::$both($($argument),*), taped, "every: {}", stringify!($name));
        taped
    }};
}

/// Numbers of iterations around the sizes of blocks, and beyond what the levels do at once.
const TRIPS: [usize; 9] = [0, 1, 2, 3, 4, 5, 8, 21, 64];

#[test]
fn states_of_floats() {
    for n in TRIPS {
        let (_, both) = assert_same!(scalars::pendulum_value_and_grad(0.8, 1.7, n));
        assert!(n < 2 || both.1 != 0.0);
        assert_same!(counters::every_third_value_and_grad(0.4, n));
        assert_same!(twice::there_and_back_value_and_grad(0.4, 0.9, n));
        assert_same!(single::f32_decay_value_and_grad(0.4, n));
    }
}

#[test]
fn states_of_arrays() {
    let u: Vec<f64> = (0..9).map(|i| (0.7 * f64::from(i)).sin()).collect();
    for n in TRIPS {
        assert_same!(stencil::heat_value_and_grad(&u, 0.05, n));
        assert_same!(in_place::relaxed_value_and_grad(&u, 0.8, n));
        assert_same!(arrays::rotated_value_and_grad([0.2, 0.5, 0.9], &[0.3, -0.4, 1.1], n));
    }
}

#[test]
fn items_and_indices() {
    let xs: Vec<f64> = (0..23).map(|i| (0.9 * f64::from(i)).cos()).collect();
    for n in TRIPS.into_iter().map(|n| n.min(xs.len())) {
        assert_same!(items::recurrent_value_and_grad(&xs[..n], 0.7, 0.4));
        assert_same!(backwards::horner_value_and_grad(&xs[..n], 0.7));
        assert_same!(branches::hardening_value_and_grad(&xs[..n], 2.0, 1.1));
    }
}

#[test]
fn what_is_around_the_loop() {
    for n in TRIPS {
        assert_same!(skipping::now_and_then_value_and_grad(0.6, n));
        assert_same!(early::guarded_value_and_grad(0.6, n));
        assert_same!(hidden::rebound_value_and_grad(0.6, n));
    }
}

#[test]
fn calls_and_structs() {
    let ball = Ball { x: 0.0, y: 1.0, vx: 4.0, vy: 6.0 };
    for n in TRIPS {
        assert_same!(called::stepped_value_and_grad(0.4, 0.3, n));
        assert_same!(structured::flight_value_and_grad(ball, 0.1, n));
    }
}

#[test]
fn memory_of_the_callers() {
    for n in TRIPS {
        let run = |f: fn(&mut [f64], f64, usize) -> (f64, (Vec<f64>, f64))| {
            let mut u = [0.4, 0.9, 0.2];
            let both = f(&mut u, 0.3, n);
            (both, u)
        };
        let taped = run(written::taped::decay_value_and_grad);
        assert_eq!(run(written::levels::decay_value_and_grad), taped);
        assert_eq!(run(written::every::decay_value_and_grad), taped);
    }
}

#[test]
fn pullbacks() {
    for n in TRIPS {
        let taped = scalars::taped::pendulum_vjp(0.8, 1.7, n).1(2.5);
        assert_eq!(scalars::levels::pendulum_vjp(0.8, 1.7, n).1(2.5), taped);
        let u = [0.4, 0.9, 0.2, 0.1];
        let taped = stencil::taped::heat_vjp(&u, 0.05, n).1(2.5);
        let (_, pullback) = stencil::every::heat_vjp(&u, 0.05, n);
        assert_eq!(pullback(2.5), taped);
    }
}

/// A function that calls one with a checkpointed loop.
#[grad]
fn misfit(x0: f64, k: f64, n: usize) -> f64 {
    let end = scalars::levels::pendulum(x0, k, n) - 0.3;
    end * end
}

#[test]
fn callers() {
    let (x0, k, n) = (0.8, 1.7, 40);
    let (x0_bar, k_bar) = misfit_grad(x0, k, n);
    let (value, (dx0, dk)) = scalars::taped::pendulum_value_and_grad(x0, k, n);
    assert_relative_eq!(x0_bar, 2.0 * (value - 0.3) * dx0, max_relative = 1e-14);
    assert_relative_eq!(k_bar, 2.0 * (value - 0.3) * dk, max_relative = 1e-14);
}

#[test]
fn finite_differences_agree() {
    let f = |x: &[f64]| scalars::levels::pendulum(x[0], x[1], 50);
    let (x0_bar, k_bar) = scalars::levels::pendulum_grad(0.8, 1.7, 50);
    check::gradient(f, &[0.8, 1.7][..], &[x0_bar, k_bar]).unwrap();
}
