//! The equations of Lotka and Volterra, by Runge and Kutta's method.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

const STEPS: usize = 5000;
const H: f64 = 0.002;

#[grad]
fn predator_prey(start: [f64; 2], rate: [f64; 4], steps: usize) -> f64 {
    let [mut x, mut y] = start;
    let [a, b, c, d] = rate;
    for _ in 0..steps {
        let (k1, l1) = (a * x - b * x * y, c * x * y - d * y);
        let (x1, y1) = (x + 0.5 * H * k1, y + 0.5 * H * l1);
        let (k2, l2) = (a * x1 - b * x1 * y1, c * x1 * y1 - d * y1);
        let (x2, y2) = (x + 0.5 * H * k2, y + 0.5 * H * l2);
        let (k3, l3) = (a * x2 - b * x2 * y2, c * x2 * y2 - d * y2);
        let (x3, y3) = (x + H * k3, y + H * l3);
        let (k4, l4) = (a * x3 - b * x3 * y3, c * x3 * y3 - d * y3);
        x += H / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
        y += H / 6.0 * (l1 + 2.0 * l2 + 2.0 * l3 + l4);
    }
    x * x + y * y
}

type Rates = [f64; 4];

#[inline]
fn slope(x: f64, y: f64, [a, b, c, d]: Rates) -> [f64; 2] {
    [a * x - b * x * y, c * x * y - d * y]
}

/// The cotangent of the state from that of its slope; that of the rates is added to.
#[inline]
fn slope_reverse(
    [x, y]: [f64; 2],
    [a, b, c, d]: Rates,
    [k, l]: [f64; 2],
    sums: &mut Rates,
) -> [f64; 2] {
    sums[0] += k * x;
    sums[1] -= k * x * y;
    sums[2] += l * x * y;
    sums[3] -= l * y;
    [k * (a - b * y) + l * c * y, l * (c * x - d) - k * b * x]
}

/// The states before the steps are on a tape, the stages are computed again.
fn mechanical([mut x, mut y]: [f64; 2], rate: Rates, steps: usize, bar: &mut [f64]) -> f64 {
    let stages = |x: f64, y: f64| {
        let [k1, l1] = slope(x, y, rate);
        let first = [x + 0.5 * H * k1, y + 0.5 * H * l1];
        let [k2, l2] = slope(first[0], first[1], rate);
        let second = [x + 0.5 * H * k2, y + 0.5 * H * l2];
        let [k3, l3] = slope(second[0], second[1], rate);
        (
            first,
            second,
            [x + H * k3, y + H * l3],
            [k1 + 2.0 * k2 + 2.0 * k3, l1 + 2.0 * l2 + 2.0 * l3],
        )
    };
    let mut tape = Vec::with_capacity(steps);
    for _ in 0..steps {
        tape.push([x, y]);
        let (_, _, third, sum) = stages(x, y);
        let [k4, l4] = slope(third[0], third[1], rate);
        x += H / 6.0 * (sum[0] + k4);
        y += H / 6.0 * (sum[1] + l4);
    }
    let (mut x_bar, mut y_bar) = (2.0 * x, 2.0 * y);
    let mut sums = [0.0; 4];
    for &[x, y] in tape.iter().rev() {
        let (first, second, third, _) = stages(x, y);
        let (k, l) = (H / 6.0 * x_bar, H / 6.0 * y_bar);
        let [x3, y3] = slope_reverse(third, rate, [k, l], &mut sums);
        let [x2, y2] = slope_reverse(second, rate, [2.0 * k + H * x3, 2.0 * l + H * y3], &mut sums);
        let of_first = [2.0 * k + 0.5 * H * x2, 2.0 * l + 0.5 * H * y2];
        let [x1, y1] = slope_reverse(first, rate, of_first, &mut sums);
        let [x0, y0] = slope_reverse([x, y], rate, [k + 0.5 * H * x1, l + 0.5 * H * y1], &mut sums);
        x_bar += x3 + x2 + x1 + x0;
        y_bar += y3 + y2 + y1 + y0;
    }
    bar[..2].copy_from_slice(&[x_bar, y_bar]);
    bar[2..].copy_from_slice(&sums);
    x * x + y * y
}

pub(crate) struct PredatorPrey;

impl Kernel for PredatorPrey {
    fn name(&self) -> &'static str {
        "lv_rk4_5000"
    }

    fn point(&self, _: &mut Random) -> Vec<f64> {
        vec![1.0, 0.8, 1.1, 0.7, 0.6, 1.2]
    }

    fn primal(&self, x: &[f64]) -> f64 {
        predator_prey([x[0], x[1]], [x[2], x[3], x[4], x[5]], STEPS)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        let (value, (start, rate)) =
            predator_prey_value_and_grad([x[0], x[1]], [x[2], x[3], x[4], x[5]], STEPS);
        bar[..2].copy_from_slice(&start);
        bar[2..].copy_from_slice(&rate);
        value
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        mechanical([x[0], x[1]], [x[2], x[3], x[4], x[5]], STEPS, bar)
    }
}
