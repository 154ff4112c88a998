//! The squared error of a small neural network: two inputs, three hidden units.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random};

#[grad(constant(x, target))]
#[inline]
fn network(
    weights: &[[f64; 2]; 3],
    biases: &[f64; 3],
    outer: &[f64; 3],
    bias: f64,
    x: [f64; 2],
    target: f64,
) -> f64 {
    let h0 = (weights[0][0] * x[0] + weights[0][1] * x[1] + biases[0]).tanh();
    let h1 = (weights[1][0] * x[0] + weights[1][1] * x[1] + biases[1]).tanh();
    let h2 = (weights[2][0] * x[0] + weights[2][1] * x[1] + biases[2]).tanh();
    let error = outer[0] * h0 + outer[1] * h1 + outer[2] * h2 + bias - target;
    0.5 * error * error
}

type Point = ([[f64; 2]; 3], [f64; 3], [f64; 3], f64);

#[inline]
fn hand((w, b, v, bias): &Point, x: [f64; 2], target: f64) -> (f64, Point) {
    let h0 = (w[0][0] * x[0] + w[0][1] * x[1] + b[0]).tanh();
    let h1 = (w[1][0] * x[0] + w[1][1] * x[1] + b[1]).tanh();
    let h2 = (w[2][0] * x[0] + w[2][1] * x[1] + b[2]).tanh();
    let error = v[0] * h0 + v[1] * h1 + v[2] * h2 + bias - target;
    let value = 0.5 * error * error;

    let a0 = error * v[0] * (1.0 - h0 * h0);
    let a1 = error * v[1] * (1.0 - h1 * h1);
    let a2 = error * v[2] * (1.0 - h2 * h2);
    let gradient = (
        [[a0 * x[0], a0 * x[1]], [a1 * x[0], a1 * x[1]], [a2 * x[0], a2 * x[1]]],
        [a0, a1, a2],
        [error * h0, error * h1, error * h2],
        error,
    );
    (value, gradient)
}

pub(crate) struct Network;

impl Kernel for Network {
    const NAME: &'static str = "network";
    type Point = Point;
    type Data = ([f64; 2], f64);
    type Gradient = Point;

    fn input(random: &mut Random) -> Input<Self> {
        let weights = std::array::from_fn(|_| random.array(-1.0, 1.0));
        let (biases, outer) = (random.array(-1.0, 1.0), random.array(-1.0, 1.0));
        let point = (weights, biases, outer, random.within(-1.0, 1.0));
        (point, (random.array(-1.0, 1.0), random.within(-1.0, 1.0)))
    }

    #[inline]
    fn primal(((weights, biases, outer, bias), (x, target)): &Input<Self>) -> f64 {
        network(weights, biases, outer, *bias, *x, *target)
    }

    #[inline]
    fn ours(((weights, biases, outer, bias), (x, target)): &Input<Self>) -> Both<Self> {
        network_value_and_grad(weights, biases, outer, *bias, *x, *target)
    }

    #[inline]
    fn hand((point, (x, target)): &Input<Self>) -> Both<Self> {
        hand(point, *x, *target)
    }
}
