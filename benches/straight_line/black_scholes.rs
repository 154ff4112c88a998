//! The price of a European call by Black and Scholes, and its five greeks.

use autodiff::grad;

use crate::kernel::{Both, Input, Kernel, Random, kept};
use crate::normal::{cdf, cdf_by_series, expert_cdf, hand_cdf, hand_cdf_by_series};

#[grad]
#[inline]
fn black_scholes(spot: f64, strike: f64, rate: f64, volatility: f64, time: f64) -> f64 {
    let deviation = volatility * time.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * time) / deviation;
    let d2 = d1 - deviation;
    spot * cdf(d1) - strike * (-rate * time).exp() * cdf(d2)
}

/// The same with a shorter distribution function.
#[grad]
#[inline]
fn by_series(spot: f64, strike: f64, rate: f64, volatility: f64, time: f64) -> f64 {
    let deviation = volatility * time.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * time) / deviation;
    let d2 = d1 - deviation;
    spot * cdf_by_series(d1) - strike * (-rate * time).exp() * cdf_by_series(d2)
}

type Greeks = (f64, f64, f64, f64, f64);

/// `cdf` gives the value and the slope of the distribution function.
#[inline]
fn hand<const C: bool>(
    (spot, strike, rate, volatility, time): Greeks,
    cdf: impl Fn(f64) -> (f64, f64),
) -> (f64, Greeks) {
    let root = time.sqrt();
    let deviation = volatility * root;
    let moneyness = spot / strike;
    let drift = rate + 0.5 * volatility * volatility;
    let d1 = (moneyness.ln() + drift * time) / deviation;
    let d2 = d1 - deviation;
    let discount = (-rate * time).exp();
    let present = strike * discount;
    let (n1, slope1) = cdf(d1);
    let (n2, slope2) = cdf(d2);
    let value = spot * n1 - present * n2;

    let exponent_bar = -n2 * present;
    let d2_bar = -kept::<C>(present, present * slope2);
    let d1_bar = kept::<C>(spot, spot * slope1) + d2_bar;
    let sum_bar = kept::<C>(d1_bar, d1_bar / deviation);
    let deviation_bar = -d2_bar - kept::<C>(sum_bar, sum_bar * d1);
    let drift_bar = sum_bar * time;
    let moneyness_bar = kept::<C>(sum_bar, sum_bar / moneyness);
    let spot_bar = kept::<C>(moneyness_bar, moneyness_bar / strike);
    let root_bar = deviation_bar * volatility;
    let greeks = (
        n1 + spot_bar,
        -n2 * discount - kept::<C>(spot_bar, spot_bar * moneyness),
        drift_bar - exponent_bar * time,
        drift_bar * volatility + deviation_bar * root,
        sum_bar * drift - exponent_bar * rate + 0.5 * kept::<C>(root_bar, root_bar / root),
    );
    (value, greeks)
}

/// The closed form: S φ(d₁) = K e⁻ʳᵗ φ(d₂), so that the two densities need not be differentiated.
/// `cdf` gives the value and the density.
#[inline]
fn expert(
    (spot, strike, rate, volatility, time): Greeks,
    cdf: impl Fn(f64) -> (f64, f64),
) -> (f64, Greeks) {
    let root = time.sqrt();
    let deviation = volatility * root;
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * time) / deviation;
    let discount = (-rate * time).exp();
    let (n1, density) = cdf(d1);
    let (n2, _) = cdf(d1 - deviation);
    let weight = spot * density;
    let present = strike * discount * n2;
    let theta = 0.5 * weight * volatility / root + rate * present;
    (spot * n1 - present, (n1, -discount * n2, time * present, weight * root, theta))
}

fn quote(random: &mut Random) -> Greeks {
    let (spot, strike) = (random.within(80.0, 120.0), random.within(80.0, 120.0));
    let (rate, volatility) = (random.within(0.01, 0.1), random.within(0.1, 0.5));
    (spot, strike, rate, volatility, random.within(0.2, 2.0))
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
        (quote(random), ())
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
    fn hand(&(quote, ()): &Input<Self>) -> Both<Self> {
        hand::<true>(quote, hand_cdf)
    }

    #[inline]
    fn plain(&(quote, ()): &Input<Self>) -> Both<Self> {
        hand::<false>(quote, hand_cdf)
    }

    #[inline]
    fn expert(&(quote, ()): &Input<Self>) -> Both<Self> {
        expert(quote, expert_cdf)
    }
}

pub(crate) struct BlackScholesBySeries;

impl Kernel for BlackScholesBySeries {
    const NAME: &'static str = "black_scholes_series";
    type Point = Greeks;
    type Data = ();
    type Gradient = Greeks;
    const HAS_PLAIN: bool = true;

    fn input(random: &mut Random) -> Input<Self> {
        (quote(random), ())
    }

    #[inline]
    fn primal(&((spot, strike, rate, volatility, time), ()): &Input<Self>) -> f64 {
        by_series(spot, strike, rate, volatility, time)
    }

    #[inline]
    fn ours(&((spot, strike, rate, volatility, time), ()): &Input<Self>) -> Both<Self> {
        by_series_value_and_grad(spot, strike, rate, volatility, time)
    }

    #[inline]
    fn hand(&(quote, ()): &Input<Self>) -> Both<Self> {
        hand::<true>(quote, hand_cdf_by_series::<true>)
    }

    #[inline]
    fn plain(&(quote, ()): &Input<Self>) -> Both<Self> {
        hand::<false>(quote, hand_cdf_by_series::<false>)
    }
}
