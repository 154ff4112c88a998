//! The sensitivities of European calls by `#[grad]`, beside their closed forms. Run it with
//! `cargo run --example greeks`; the quotes are in `examples/quotes.csv`.

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
    let tail = if z < 37.0 { ... }
}
