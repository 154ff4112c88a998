//! The hydraulic conductivity of a soil by the suction in it.
//!
//! M. T. van Genuchten, *A closed-form equation for predicting the hydraulic conductivity of
//! unsaturated soils*, Soil Science Society of America Journal 44 (1980) 892–898.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random, kept};

#[grad]
#[inline]
fn conductivity(suction: f64, alpha: f64, n: f64, saturated: f64) -> f64 {
    let m = 1.0 - 1.0 / n;
    let filled = 1.0 / (1.0 + (alpha * suction).powf(n));
    let pores = 1.0 - (1.0 - filled).powf(m);
    saturated * filled.powf(0.5 * m) * pores * pores
}

type Gradient = (f64, f64, f64, f64);

/// The partial of y = xᵖ by x: p · y / x, or what that is near the ends of the range of floats.
#[inline]
fn power_by_base(x: f64, p: f64, y: f64) -> f64 {
    if y.is_normal() {
        p * y / x
    } else if p == 0.0 {
        0.0
    } else {
        p * x.powf(p - 1.0)
    }
}

/// The partial of y = xᵖ by p.
#[inline]
fn power_by_exponent(x: f64, p: f64, y: f64) -> f64 {
    if x == 0.0 && p >= 0.0 { 0.0 } else { y * x.ln() }
}

#[inline]
fn hand<const C: bool>(suction: f64, alpha: f64, n: f64, saturated: f64) -> (f64, Gradient) {
    let inverse = 1.0 / n;
    let m = 1.0 - inverse;
    let scaled = alpha * suction;
    let power = scaled.powf(n);
    let filled = 1.0 / (1.0 + power);
    let empty = 1.0 - filled;
    let empty_power = empty.powf(m);
    let pores = 1.0 - empty_power;
    let half = 0.5 * m;
    let factor = filled.powf(half);
    let rate = saturated * factor;
    let rate_pores = rate * pores;
    let value = rate_pores * pores;

    let pores_bar = 2.0 * rate_pores;
    let rate_bar = pores * pores;
    let factor_bar = rate_bar * saturated;
    let filled_bar = kept::<C>(factor_bar, factor_bar * power_by_base(filled, half, factor))
        + kept::<C>(pores_bar, pores_bar * power_by_base(empty, m, empty_power));
    let m_bar = 0.5 * kept::<C>(factor_bar, factor_bar * power_by_exponent(filled, half, factor))
        - kept::<C>(pores_bar, pores_bar * power_by_exponent(empty, m, empty_power));
    let power_bar = -kept::<C>(filled_bar, filled_bar * filled * filled);
    let scaled_bar = kept::<C>(power_bar, power_bar * power_by_base(scaled, n, power));
    let n_bar = kept::<C>(power_bar, power_bar * power_by_exponent(scaled, n, power))
        + kept::<C>(m_bar, m_bar * inverse * inverse);
    (value, (scaled_bar * alpha, scaled_bar * suction, n_bar, rate_bar * factor))
}

pub(crate) struct VanGenuchten;

impl Kernel for VanGenuchten {
    const NAME: &'static str = "van_genuchten";
    type Point = Gradient;
    type Data = ();
    type Gradient = Gradient;
    const HAS_PLAIN: bool = true;

    fn input(random: &mut Random) -> Input<Self> {
        let (suction, alpha) = (random.within(0.1, 3.0), random.within(0.5, 3.0));
        ((suction, alpha, random.within(1.2, 4.0), random.within(0.5, 2.0)), ())
    }

    #[inline]
    fn primal(&((suction, alpha, n, saturated), ()): &Input<Self>) -> f64 {
        conductivity(suction, alpha, n, saturated)
    }

    #[inline]
    fn ours(&((suction, alpha, n, saturated), ()): &Input<Self>) -> Both<Self> {
        conductivity_value_and_grad(suction, alpha, n, saturated)
    }

    #[inline]
    fn hand(&((suction, alpha, n, saturated), ()): &Input<Self>) -> Both<Self> {
        hand::<true>(suction, alpha, n, saturated)
    }

    #[inline]
    fn plain(&((suction, alpha, n, saturated), ()): &Input<Self>) -> Both<Self> {
        hand::<false>(suction, alpha, n, saturated)
    }
}
