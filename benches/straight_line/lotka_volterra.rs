//! A step of Runge and Kutta's method for the equations of Lotka and Volterra.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random};

/// The step.
const H: f64 = 0.05;

#[grad]
#[inline]
fn lotka_volterra(start: [f64; 2], rate: [f64; 4]) -> f64 {
    let [x, y] = start;
    let [a, b, c, d] = rate;
    let (k1, l1) = (a * x - b * x * y, c * x * y - d * y);
    let (x1, y1) = (x + 0.5 * H * k1, y + 0.5 * H * l1);
    let (k2, l2) = (a * x1 - b * x1 * y1, c * x1 * y1 - d * y1);
    let (x2, y2) = (x + 0.5 * H * k2, y + 0.5 * H * l2);
    let (k3, l3) = (a * x2 - b * x2 * y2, c * x2 * y2 - d * y2);
    let (x3, y3) = (x + H * k3, y + H * l3);
    let (k4, l4) = (a * x3 - b * x3 * y3, c * x3 * y3 - d * y3);
    let x4 = x + H / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    let y4 = y + H / 6.0 * (l1 + 2.0 * l2 + 2.0 * l3 + l4);
    x4 * x4 + y4 * y4
}

type Gradient = ([f64; 2], [f64; 4]);

/// A stage: the state that its slope is of, and the products in it.
#[derive(Clone, Copy)]
struct Stage {
    x: f64,
    y: f64,
    bx: f64,
    cx: f64,
    slope: [f64; 2],
}

#[inline]
fn stage(x: f64, y: f64, [a, b, c, d]: [f64; 4]) -> Stage {
    let (bx, cx) = (b * x, c * x);
    Stage { x, y, bx, cx, slope: [a * x - bx * y, cx * y - d * y] }
}

/// The cotangents of the state and of the rates, from those of the slope.
#[inline]
fn stage_reverse(of: &Stage, [a, b, c, d]: [f64; 4], [k, l]: [f64; 2]) -> ([f64; 2], [f64; 4]) {
    let &Stage { x, y, bx, cx, .. } = of;
    let (kx, ly) = (k * x, l * y);
    ([k * (a - b * y) + ly * c, l * (cx - d) - k * bx], [kx, -kx * y, ly * x, -ly])
}

#[inline]
fn hand([x, y]: [f64; 2], rate: [f64; 4]) -> (f64, Gradient) {
    let s1 = stage(x, y, rate);
    let s2 = stage(x + 0.5 * H * s1.slope[0], y + 0.5 * H * s1.slope[1], rate);
    let s3 = stage(x + 0.5 * H * s2.slope[0], y + 0.5 * H * s2.slope[1], rate);
    let s4 = stage(x + H * s3.slope[0], y + H * s3.slope[1], rate);
    let end =
        |start: f64, [k1, k2, k3, k4]: [f64; 4]| start + H / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    let x4 = end(x, [s1.slope[0], s2.slope[0], s3.slope[0], s4.slope[0]]);
    let y4 = end(y, [s1.slope[1], s2.slope[1], s3.slope[1], s4.slope[1]]);
    let value = x4 * x4 + y4 * y4;

    let (x4_bar, y4_bar) = (2.0 * x4, 2.0 * y4);
    let (k, l) = (H / 6.0 * x4_bar, H / 6.0 * y4_bar);
    let (k2, l2) = (2.0 * k, 2.0 * l);
    let ([x3, y3], r3) = stage_reverse(&s4, rate, [k, l]);
    let ([x2, y2], r2) = stage_reverse(&s3, rate, [k2 + H * x3, l2 + H * y3]);
    let ([x1, y1], r1) = stage_reverse(&s2, rate, [k2 + 0.5 * H * x2, l2 + 0.5 * H * y2]);
    let ([x0, y0], r0) = stage_reverse(&s1, rate, [k + 0.5 * H * x1, l + 0.5 * H * y1]);
    let start = [x4_bar + x3 + x2 + x1 + x0, y4_bar + y3 + y2 + y1 + y0];
    let mut rates = r3;
    for of_stage in [r2, r1, r0] {
        rates.iter_mut().zip(of_stage).for_each(|(sum, part)| *sum += part);
    }
    (value, (start, rates))
}

pub(crate) struct LotkaVolterra;

impl Kernel for LotkaVolterra {
    const NAME: &'static str = "lotka_volterra";
    type Point = Gradient;
    type Data = ();
    type Gradient = Gradient;

    fn input(random: &mut Random) -> Input<Self> {
        ((random.array(0.5, 2.0), random.array(0.5, 2.0)), ())
    }

    #[inline]
    fn primal(&((start, rate), ()): &Input<Self>) -> f64 {
        lotka_volterra(start, rate)
    }

    #[inline]
    fn ours(&((start, rate), ()): &Input<Self>) -> Both<Self> {
        lotka_volterra_value_and_grad(start, rate)
    }

    #[inline]
    fn hand(&((start, rate), ()): &Input<Self>) -> Both<Self> {
        hand(start, rate)
    }
}
