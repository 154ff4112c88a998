//! A book of options, priced instrument by instrument.

use autodiff::{Differentiable, grad};

use crate::{confirmed, numbers};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Market {
    spot: f64,
    rate: f64,
    volatility: f64,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
enum Instrument {
    Cash(f64),
    Forward { strike: f64, expiry: f64 },
    Vanilla { side: Kind, strike: f64, expiry: f64, barrier: Option<f64> },
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Kind {
    sign: f64,
}

trait Price {
    #[grad]
    fn price(&self, market: &Market) -> f64;
}

#[grad]
fn normal_cdf(x: f64) -> f64 {
    1.0 / (1.0 + (-1.5976 * x - 0.07056 * x.powi(3)).exp())
}

impl Price for Instrument {
    #[grad]
    fn price(&self, market: &Market) -> f64 {
        match self {
            Instrument::Cash(amount) => *amount,
            Instrument::Forward { strike, expiry } => {
                market.spot - strike * (-market.rate * expiry).exp()
            }
            Instrument::Vanilla { side, strike, expiry, barrier } => {
                let spread = market.volatility * expiry.sqrt();
                let discounted = strike * (-market.rate * expiry).exp();
                let d1 = (market.spot / discounted).ln() / spread + 0.5 * spread;
                let price = side.sign
                    * (market.spot * normal_cdf(side.sign * d1)
                        - discounted * normal_cdf(side.sign * (d1 - spread)));
                match barrier {
                    Some(barrier) if market.spot < *barrier => {
                        price * (barrier / market.spot).powi(2)
                    }
                    _ => price,
                }
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Position {
    quantity: f64,
    instrument: Instrument,
}

#[grad]
fn value(book: &[Position], market: &Market) -> f64 {
    let mut value = 0.0;
    for position in book {
        value += position.quantity * position.instrument.price(market);
    }
    value
}

#[grad(jvp)]
fn hedged(p: &[f64]) -> f64 {
    let market = Market { spot: 1.1 * p[0], rate: 0.02, volatility: 0.3 * p[1] };
    let call = Instrument::Vanilla {
        side: Kind { sign: 1.0 },
        strike: p[2],
        expiry: 0.5,
        barrier: Some(p[1] * 2.0),
    };
    let forward = Instrument::Forward { strike: p[2], expiry: p[1] };
    3.0 * call.price(&market) - forward.price(&market) * p[0]
        + Instrument::Cash(p[2]).price(&market)
}
confirmed!(a_hedged_book: hedged at numbers(3));

#[test]
fn the_gradient_of_a_book_has_its_shape() {
    let market = Market { spot: 2.0, rate: 0.0, volatility: 0.2 };
    let book = [
        Position { quantity: 3.0, instrument: Instrument::Cash(5.0) },
        Position { quantity: 2.0, instrument: Instrument::Forward { strike: 1.5, expiry: 1.0 } },
    ];
    let (total, (book_bar, market_bar)) = value_value_and_grad(&book, &market);
    approx::assert_relative_eq!(total, 16.0);
    approx::assert_relative_eq!(market_bar.spot, 2.0);
    approx::assert_relative_eq!(market_bar.rate, 3.0);
    assert_eq!(book_bar[0].instrument, InstrumentTangent::Cash(3.0));
    assert_eq!(book_bar[1].instrument, InstrumentTangent::Forward { strike: -2.0, expiry: 0.0 });
    approx::assert_relative_eq!(book_bar[1].quantity, 0.5);
}
