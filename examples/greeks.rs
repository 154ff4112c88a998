//! The sensitivities of European calls by `#[grad]`, beside their closed forms. Run it with
//! `cargo run --example greeks`; the quotes are in `examples/quotes.csv`.

#![allow(
    clippy::unreadable_literal,
    clippy::many_single_char_names,
    clippy::indexing_slicing,
    reason = "formulas and constants as they are published"
)]

use std::error::Error;
use std::f64::consts::PI;

use autodiff::grad;

/// The standard normal distribution function: Hart's rational approximation, as given by
/// G. West, *Better approximations to cumulative normal functions*, Wilmott Magazine (2005).
#[grad]
fn norm_cdf(x: f64) -> f64 {
    const P: [f64; 7] = [
        220.206867912376,
        221.213596169931,
        112.079291497871,
        33.912866078383,
        6.37396220353165,
        0.700383064443688,
        0.0352624965998911,
    ];
    const Q: [f64; 8] = [
        440.413735824752,
        793.826512519948,
        637.333633378831,
        296.564248779674,
        86.7807322029461,
        16.064177579207,
        1.75566716318264,
        0.0883883476483184,
    ];
    let z = x.abs();
    let e = (-0.5 * z * z).exp();
    let n = (((((P[6] * z + P[5]) * z + P[4]) * z + P[3]) * z + P[2]) * z + P[1]) * z + P[0];
    let d = ((((((Q[7] * z + Q[6]) * z + Q[5]) * z + Q[4]) * z + Q[3]) * z + Q[2]) * z + Q[1]) * z
        + Q[0];
    let tail = e * n / d;
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// The Black-Scholes price of a European call.
#[grad]
fn call(spot: f64, strike: f64, rate: f64, volatility: f64, expiry: f64) -> f64 {
    let deviation = volatility * expiry.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * expiry) / deviation;
    let d2 = d1 - deviation;
    spot * norm_cdf(d1) - strike * (-rate * expiry).exp() * norm_cdf(d2)
}

/// Delta, vega, rho and the derivative by the time to expiry, in closed form.
fn closed_form(s: f64, k: f64, r: f64, v: f64, t: f64) -> [f64; 4] {
    let d1 = ((s / k).ln() + (r + 0.5 * v * v) * t) / (v * t.sqrt());
    let discounted = k * (-r * t).exp() * norm_cdf(d1 - v * t.sqrt());
    let density = (-0.5 * d1 * d1).exp() / (2.0 * PI).sqrt();
    let by_expiry = s * density * v / (2.0 * t.sqrt()) + r * discounted;
    [norm_cdf(d1), s * density * t.sqrt(), t * discounted, by_expiry]
}

fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "{:>8} {:>8} | {:>9} {:>9} {:>9} {:>9} {:>9}",
        "spot", "strike", "price", "delta", "vega", "theta", "rho"
    );
    let mut largest = 0.0_f64;
    for quote in csv::Reader::from_reader(include_str!("quotes.csv").as_bytes()).records() {
        let numbers: Result<Vec<f64>, _> = quote?.iter().map(|n| n.trim().parse()).collect();
        let [s, k, r, v, t] = numbers?[..] else { return Err("five columns".into()) };
        let (price, (delta, _, rho, vega, by_expiry)) = call_value_and_grad(s, k, r, v, t);
        // Theta is per unit of time that passes: the time to expiry shrinks.
        println!(
            "{s:8.2} {k:8.2} | {price:9.4} {delta:9.5} {vega:9.4} {:9.4} {rho:9.4}",
            -by_expiry
        );
        let [a, b, c, d] = closed_form(s, k, r, v, t);
        println!("{:>17} | {:9} {a:9.5} {b:9.4} {:9.4} {c:9.4}", "closed form", "", -d);
        for (ours, exact) in [(delta, a), (vega, b), (rho, c), (by_expiry, d)] {
            largest = largest.max((ours - exact).abs() / exact.abs().max(1.0));
        }
    }
    println!("largest relative difference: {largest:.1e}");
    assert!(largest < 1e-7, "the approximation of the distribution function is good to 1e-8");
    Ok(())
}
