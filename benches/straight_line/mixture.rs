//! The log density of a mixture of two normal distributions.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random, kept};

/// ln √2π
const LN_ROOT_TWO_PI: f64 = 0.918_938_533_204_672_8;

#[grad(constant(x))]
#[inline]
fn log_density(x: f64, weight: [f64; 2], mean: [f64; 2], log_deviation: [f64; 2]) -> f64 {
    let z0 = (x - mean[0]) * (-log_deviation[0]).exp();
    let z1 = (x - mean[1]) * (-log_deviation[1]).exp();
    let p0 = weight[0] * (-0.5 * z0 * z0 - log_deviation[0]).exp();
    let p1 = weight[1] * (-0.5 * z1 * z1 - log_deviation[1]).exp();
    ((p0 + p1) / (weight[0] + weight[1])).ln() - LN_ROOT_TWO_PI
}

type Gradient = ([f64; 2], [f64; 2], [f64; 2]);

#[inline]
fn hand<const C: bool>(
    x: f64,
    weight: [f64; 2],
    mean: [f64; 2],
    log_deviation: [f64; 2],
) -> (f64, Gradient) {
    let inverse0 = (-log_deviation[0]).exp();
    let inverse1 = (-log_deviation[1]).exp();
    let z0 = (x - mean[0]) * inverse0;
    let z1 = (x - mean[1]) * inverse1;
    let exp0 = (-0.5 * z0 * z0 - log_deviation[0]).exp();
    let exp1 = (-0.5 * z1 * z1 - log_deviation[1]).exp();
    let p0 = weight[0] * exp0;
    let p1 = weight[1] * exp1;
    let total = weight[0] + weight[1];
    let density = (p0 + p1) / total;
    let value = density.ln() - LN_ROOT_TWO_PI;

    let density_bar = 1.0 / density;
    let p_bar = kept::<C>(density_bar, density_bar / total);
    let total_bar = -kept::<C>(p_bar, p_bar * density);
    let (q0_bar, q1_bar) = (p_bar * p0, p_bar * p1);
    let (z0_bar, z1_bar) = (q0_bar * z0, q1_bar * z1);
    let gradient = (
        [p_bar * exp0 + total_bar, p_bar * exp1 + total_bar],
        [z0_bar * inverse0, z1_bar * inverse1],
        [z0_bar * z0 - q0_bar, z1_bar * z1 - q1_bar],
    );
    (value, gradient)
}

pub(crate) struct Mixture;

impl Kernel for Mixture {
    const NAME: &'static str = "mixture";
    type Point = Gradient;
    type Data = f64;
    type Gradient = Gradient;
    const HAS_PLAIN: bool = true;

    fn input(random: &mut Random) -> Input<Self> {
        let (weight, mean) = (random.array(0.1, 1.0), random.array(-2.0, 2.0));
        ((weight, mean, random.array(-1.0, 1.0)), random.within(-2.0, 2.0))
    }

    #[inline]
    fn primal(&((weight, mean, log_deviation), x): &Input<Self>) -> f64 {
        log_density(x, weight, mean, log_deviation)
    }

    #[inline]
    fn ours(&((weight, mean, log_deviation), x): &Input<Self>) -> Both<Self> {
        log_density_value_and_grad(x, weight, mean, log_deviation)
    }

    #[inline]
    fn hand(&((weight, mean, log_deviation), x): &Input<Self>) -> Both<Self> {
        hand::<true>(x, weight, mean, log_deviation)
    }

    #[inline]
    fn plain(&((weight, mean, log_deviation), x): &Input<Self>) -> Both<Self> {
        hand::<false>(x, weight, mean, log_deviation)
    }
}
