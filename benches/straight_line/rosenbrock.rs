//! Rosenbrock's function of four variables.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random};

#[grad]
#[inline]
fn rosenbrock(x: &[f64; 4]) -> f64 {
    100.0 * (x[1] - x[0].powi(2)).powi(2)
        + (1.0 - x[0]).powi(2)
        + 100.0 * (x[2] - x[1].powi(2)).powi(2)
        + (1.0 - x[1]).powi(2)
        + 100.0 * (x[3] - x[2].powi(2)).powi(2)
        + (1.0 - x[2]).powi(2)
}

#[inline]
fn hand(&[a, b, c, d]: &[f64; 4]) -> (f64, [f64; 4]) {
    let (r0, r1, r2) = (b - a * a, c - b * b, d - c * c);
    let (s0, s1, s2) = (1.0 - a, 1.0 - b, 1.0 - c);
    let value =
        100.0 * (r0 * r0) + s0 * s0 + 100.0 * (r1 * r1) + s1 * s1 + 100.0 * (r2 * r2) + s2 * s2;

    let (t0, t1, t2) = (200.0 * r0, 200.0 * r1, 200.0 * r2);
    let gradient = [-2.0 * (t0 * a + s0), t0 - 2.0 * (t1 * b + s1), t1 - 2.0 * (t2 * c + s2), t2];
    (value, gradient)
}

pub(crate) struct Rosenbrock;

impl Kernel for Rosenbrock {
    const NAME: &'static str = "rosenbrock";
    type Point = [f64; 4];
    type Data = ();
    type Gradient = [f64; 4];

    fn input(random: &mut Random) -> Input<Self> {
        (random.array(-2.0, 2.0), ())
    }

    #[inline]
    fn primal((x, ()): &Input<Self>) -> f64 {
        rosenbrock(x)
    }

    #[inline]
    fn ours((x, ()): &Input<Self>) -> Both<Self> {
        rosenbrock_value_and_grad(x)
    }

    #[inline]
    fn hand((x, ()): &Input<Self>) -> Both<Self> {
        hand(x)
    }
}
