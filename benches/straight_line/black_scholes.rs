//! The price of a European call by Black and Scholes, and its five greeks.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random, kept};

/// 1/√2π.
const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;

/// The normal distribution function: Abramowitz and Stegun, *Handbook of Mathematical Functions*,
/// formula 26.2.17.
#[grad]
#[inline]
fn norm_cdf(x: f64) -> f64 {
    let z = x.abs();
    let k = 1.0 / (1.0 + 0.2316419 * z);
    let tail = DENSITY_AT_ZERO
        * (-0.5 * z * z).exp()
        * (k * (0.31938153
            + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429)))));
    if x > 0.0 { 1.0 - tail } else { tail }
}

#[grad]
#[inline]
fn black_scholes(spot: f64, strike: f64, rate: f64, volatility: f64, time: f64) -> f64 {
    let deviation = volatility * time.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * time) / deviation;
    let d2 = d1 - deviation;
    spot * norm_cdf(d1) - strike * (-rate * time).exp() * norm_cdf(d2)
}

/// The value and what its derivative needs: the density and the pieces of the polynomial.
#[inline]
fn hand_norm_cdf<const C: bool>(x: f64, y_bar: impl Fn(f64) -> f64) -> (f64, f64) {
    let z = x.abs();
    let k = 1.0 / (1.0 + 0.2316419 * z);
    let s4 = -1.821255978 + k * 1.330274429;
    let s3 = 1.781477937 + k * s4;
    let s2 = -0.356563782 + k * s3;
    let s1 = 0.31938153 + k * s2;
    let series = k * s1;
    let density = DENSITY_AT_ZERO * (-0.5 * z * z).exp();
    let tail = density * series;
    let y = if x > 0.0 { 1.0 - tail } else { tail };

    let y_bar = y_bar(y);
    let tail_bar = if x > 0.0 { -y_bar } else { y_bar };
    // d series / dk, by the rule of Horner's scheme.
    let slope = s1 + k * (s2 + k * (s3 + k * (s4 + k * 1.330274429)));
    let k_bar = tail_bar * density * slope;
    let z_bar = -0.2316419 * kept::<C>(k_bar, k_bar * k * k) - tail_bar * tail * z;
    let sign = if x == 0.0 { 0.0 } else { x.signum() };
    (y, z_bar * sign)
}

type Greeks = (f64, f64, f64, f64, f64);

#[inline]
fn hand<const C: bool>(spot: f64, strike: f64, rate: f64, vol: f64, time: f64) -> (f64, Greeks) {
    let root = time.sqrt();
    let deviation = vol * root;
    let moneyness = spot / strike;
    let drift = rate + 0.5 * vol * vol;
    let d1 = (moneyness.ln() + drift * time) / deviation;
    let d2 = d1 - deviation;
    let discount = (-rate * time).exp();
    let present = strike * discount;
    let (n1, n1_bar_d1) = hand_norm_cdf::<C>(d1, |_| spot);
    let (n2, n2_bar_d2) = hand_norm_cdf::<C>(d2, |_| -present);
    let value = spot * n1 - present * n2;

    let exponent_bar = -n2 * present;
    let d1_bar = n1_bar_d1 + n2_bar_d2;
    let sum_bar = kept::<C>(d1_bar, d1_bar / deviation);
    let deviation_bar = -n2_bar_d2 - kept::<C>(sum_bar, sum_bar * d1);
    let drift_bar = sum_bar * time;
    let moneyness_bar = kept::<C>(sum_bar, sum_bar / moneyness);
    let spot_bar = kept::<C>(moneyness_bar, moneyness_bar / strike);
    let root_bar = deviation_bar * vol;
    (
        value,
        (
            n1 + spot_bar,
            -n2 * discount - kept::<C>(spot_bar, spot_bar * moneyness),
            drift_bar - exponent_bar * time,
            drift_bar * vol + deviation_bar * root,
            sum_bar * drift - exponent_bar * rate + kept::<C>(root_bar, 0.5 * root_bar / root),
        ),
    )
}

/// The closed form: S φ(d₁) = K e⁻ʳᵗ φ(d₂), so that the two densities need not be differentiated.
#[inline]
fn expert(spot: f64, strike: f64, rate: f64, vol: f64, time: f64) -> (f64, Greeks) {
    let root = time.sqrt();
    let deviation = vol * root;
    let d1 = ((spot / strike).ln() + (rate + 0.5 * vol * vol) * time) / deviation;
    let discount = (-rate * time).exp();
    let (n1, density) = cdf_and_density(d1);
    let (n2, _) = cdf_and_density(d1 - deviation);
    let weight = spot * density;
    let present = strike * discount * n2;
    let theta = 0.5 * weight * vol / root + rate * present;
    (
        spot * n1 - present,
        (n1, -discount * n2, time * present, weight * root, theta),
    )
}

#[inline]
fn cdf_and_density(x: f64) -> (f64, f64) {
    let z = x.abs();
    let k = 1.0 / (1.0 + 0.2316419 * z);
    let density = DENSITY_AT_ZERO * (-0.5 * z * z).exp();
    let tail = density
        * (k * (0.31938153
            + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429)))));
    (if x > 0.0 { 1.0 - tail } else { tail }, density)
}

pub(crate) struct BlackScholes;

impl Kernel for BlackScholes {
    const NAME: &'static str = "black_scholes";
    type Point = Greeks;
    type Data = ();
    type Gradient = Greeks;
    const HAS_PLAIN: bool = true;
    const HAS_EXPERT: bool = true;

    fn input(random: &mut Random) -> Input<Self> {
        let (spot, strike) = (random.within(80.0, 120.0), random.within(80.0, 120.0));
        let (rate, volatility) = (random.within(0.01, 0.1), random.within(0.1, 0.5));
        ((spot, strike, rate, volatility, random.within(0.2, 2.0)), ())
    }

    #[inline]
    fn primal(&((spot, strike, rate, volatility, time), ()): &Input<Self>) -> f64 {
        black_scholes(spot, strike, rate, volatility, time)
    }

    #[inline]
    fn ours(&((spot, strike, rate, volatility, time), ()): &Input<Self>) -> Both<Self> {
        black_scholes_value_and_grad(spot, strike, rate, volatility, time)
    }

    #[inline]
    fn hand(&((spot, strike, rate, volatility, time), ()): &Input<Self>) -> Both<Self> {
        hand::<true>(spot, strike, rate, volatility, time)
    }

    #[inline]
    fn plain(&((spot, strike, rate, volatility, time), ()): &Input<Self>) -> Both<Self> {
        hand::<false>(spot, strike, rate, volatility, time)
    }

    #[inline]
    fn expert(&((spot, strike, rate, volatility, time), ()): &Input<Self>) -> Both<Self> {
        expert(spot, strike, rate, volatility, time)
    }
}
