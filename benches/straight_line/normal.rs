//! The normal distribution function, in two approximations.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random, kept};

/// 1/√2π.
const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;

/// To seven digits: Abramowitz and Stegun, *Handbook of Mathematical Functions*, formula 26.2.17.
#[grad]
#[inline]
pub(crate) fn cdf_by_series(x: f64) -> f64 {
    let z = x.abs();
    let k = 1.0 / (1.0 + 0.231_641_9 * z);
    let tail = DENSITY_AT_ZERO
        * (-0.5 * z * z).exp()
        * (k * (0.319_381_53
            + k * (-0.356_563_782
                + k * (1.781_477_937 + k * (-1.821_255_978 + k * 1.330_274_429)))));
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// To all digits: J. F. Hart, *Computer Approximations* (1968), as given by G. West, *Better
/// approximations to cumulative normal functions*, Wilmott (2005).
#[grad]
#[inline]
pub(crate) fn cdf(x: f64) -> f64 {
    let z = x.abs();
    let e = (-0.5 * z * z).exp();
    let tail = if z < 7.071_067_811_865_47 {
        let numerator =
            ((((((P[0] * z + P[1]) * z + P[2]) * z + P[3]) * z + P[4]) * z + P[5]) * z) + P[6];
        let denominator =
            ((((((Q[0] * z + Q[1]) * z + Q[2]) * z + Q[3]) * z + Q[4]) * z + Q[5]) * z + Q[6]) * z
                + Q[7];
        e * numerator / denominator
    } else {
        e / (z + 1.0 / (z + 2.0 / (z + 3.0 / (z + 4.0 / (z + 0.65))))) / 2.506_628_274_631
    };
    if x > 0.0 { 1.0 - tail } else { tail }
}

const P: [f64; 7] = [
    0.035_262_496_599_891_1,
    0.700_383_064_443_688,
    6.373_962_203_531_65,
    33.912_866_078_383,
    112.079_291_497_871,
    221.213_596_169_931,
    220.206_867_912_376,
];
const Q: [f64; 8] = [
    0.088_388_347_648_318_4,
    1.755_667_163_182_64,
    16.064_177_579_207,
    86.780_732_202_946_1,
    296.564_248_779_674,
    637.333_633_378_831,
    793.826_512_519_948,
    440.413_735_824_752,
];

/// The sign of the derivative of `x.abs()`.
#[inline]
fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

/// The value and the slope: the adjoint of the approximation, with the seed 1.
#[inline]
pub(crate) fn hand_cdf_by_series<const C: bool>(x: f64) -> (f64, f64) {
    let z = x.abs();
    let k = 1.0 / (1.0 + 0.231_641_9 * z);
    let s4 = -1.821_255_978 + k * 1.330_274_429;
    let s3 = 1.781_477_937 + k * s4;
    let s2 = -0.356_563_782 + k * s3;
    let s1 = 0.319_381_53 + k * s2;
    let series = k * s1;
    let density = DENSITY_AT_ZERO * (-0.5 * z * z).exp();
    let tail = density * series;
    let (y, tail_bar) = if x > 0.0 { (1.0 - tail, -1.0) } else { (tail, 1.0) };

    // The derivative of Horner's scheme.
    let slope = s1 + k * (s2 + k * (s3 + k * (s4 + k * 1.330_274_429)));
    let k_bar = tail_bar * density * slope;
    let z_bar = -0.231_641_9 * kept::<C>(k_bar, k_bar * k * k) - tail_bar * tail * z;
    (y, z_bar * sign(x))
}

/// The value and the slope: the adjoint of the approximation, with the seed 1.
#[inline]
pub(crate) fn hand_cdf(x: f64) -> (f64, f64) {
    let z = x.abs();
    let e = (-0.5 * z * z).exp();
    let (tail, slope);
    if z < 7.071_067_811_865_47 {
        // The values and the slopes of Horner's scheme together.
        let (mut p, mut p_slope) = (P[0] * z + P[1], P[0]);
        for c in [P[2], P[3], P[4], P[5], P[6]] {
            (p, p_slope) = (p * z + c, p_slope * z + p);
        }
        let (mut q, mut q_slope) = (Q[0] * z + Q[1], Q[0]);
        for c in [Q[2], Q[3], Q[4], Q[5], Q[6], Q[7]] {
            (q, q_slope) = (q * z + c, q_slope * z + q);
        }
        tail = e * p / q;
        slope = (e * p_slope - tail * q_slope) / q - tail * z;
    } else {
        let f4 = z + 0.65;
        let q3 = 4.0 / f4;
        let f3 = z + q3;
        let q2 = 3.0 / f3;
        let f2 = z + q2;
        let q1 = 2.0 / f2;
        let f1 = z + q1;
        let q0 = 1.0 / f1;
        let f0 = z + q0;
        tail = e / f0 / 2.506_628_274_631;
        let b0 = -tail / f0;
        let b1 = -b0 * q0 * q0;
        let b2 = -b1 * q1 / f2;
        let b3 = -b2 * q2 / f3;
        let b4 = -b3 * q3 / f4;
        slope = b0 + b1 + b2 + b3 + b4 - tail * z;
    }
    let (y, tail_bar) = if x > 0.0 { (1.0 - tail, -1.0) } else { (tail, 1.0) };
    (y, tail_bar * slope * sign(x))
}

/// The value and the density at the same exponential.
#[inline]
pub(crate) fn expert_cdf(x: f64) -> (f64, f64) {
    let z = x.abs();
    let e = (-0.5 * z * z).exp();
    let tail = if z < 7.071_067_811_865_47 {
        let p = P.iter().fold(0.0, |p, c| p * z + c);
        let q = Q.iter().fold(0.0, |q, c| q * z + c);
        e * p / q
    } else {
        e / (z + 1.0 / (z + 2.0 / (z + 3.0 / (z + 4.0 / (z + 0.65))))) / 2.506_628_274_631
    };
    (if x > 0.0 { 1.0 - tail } else { tail }, DENSITY_AT_ZERO * e)
}

pub(crate) struct Normal;

impl Kernel for Normal {
    const NAME: &'static str = "normal";
    type Point = f64;
    type Data = ();
    type Gradient = f64;
    const HAS_EXPERT: bool = true;

    fn input(random: &mut Random) -> Input<Self> {
        (random.within(-4.0, 4.0), ())
    }

    #[inline]
    fn primal(&(x, ()): &Input<Self>) -> f64 {
        cdf(x)
    }

    #[inline]
    fn ours(&(x, ()): &Input<Self>) -> Both<Self> {
        cdf_value_and_grad(x)
    }

    #[inline]
    fn hand(&(x, ()): &Input<Self>) -> Both<Self> {
        hand_cdf(x)
    }

    #[inline]
    fn expert(&(x, ()): &Input<Self>) -> Both<Self> {
        expert_cdf(x)
    }
}
