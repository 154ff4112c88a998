//! Calibration of a volatility smile: Gatheral's SVI parametrisation is fitted to quotes, and its
//! derivatives by the strike find where it admits arbitrage. `cargo run --example calibration`

use std::error::Error;

use autodiff::grad;
use autodiff_ecosystem::data;
use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{DVector, Dyn, OMatrix, Owned, U5, Vector5};

/// The total variance at log-moneyness k: a + b (ρ (k − m) + √((k − m)² + σ²)).
#[grad(order = 2)]
fn variance(p: &[f64; 5], k: f64) -> f64 {
    let [a, b, rho, m, sigma] = *p;
    a + b * (rho * (k - m) + (k - m).hypot(sigma))
}

/// The same along the smile.
#[grad(hessian, wrt(k))]
fn smile(p: &[f64; 5], k: f64) -> f64 {
    variance(p, k)
}

/// Quotes: log-moneyness and implied volatility for a year.
struct Quotes {
    quotes: Vec<[f64; 2]>,
    p: Vector5<f64>,
}

impl LeastSquaresProblem<f64, Dyn, U5> for Quotes {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, U5>;
    type ParameterStorage = Owned<f64, U5>;

    fn set_params(&mut self, p: &Vector5<f64>) {
        self.p = *p;
    }

    fn params(&self) -> Vector5<f64> {
        self.p
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let residuals = self.quotes.iter().map(|[k, v]| variance(self.p.as_ref(), *k) - v * v);
        Some(DVector::from_vec(residuals.collect()))
    }

    fn jacobian(&self) -> Option<OMatrix<f64, Dyn, U5>> {
        let rows = self.quotes.iter().flat_map(|[k, _]| variance_grad(self.p.as_ref(), *k).0);
        Some(OMatrix::from_row_iterator_generic(Dyn(self.quotes.len()), U5, rows))
    }
}

/// Durrleman's condition: the price is free of arbitrage by butterflies where this is positive.
fn durrleman(p: &[f64; 5], k: f64) -> f64 {
    let (w, slope) = smile_value_and_grad(p, k);
    let curvature = smile_hessian(p, k)[0][0];
    (1.0 - k * slope / (2.0 * w)).powi(2) - slope * slope / 4.0 * (1.0 / w + 0.25) + curvature / 2.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let quotes =
        csv::Reader::from_path(data("smile.csv"))?.deserialize().collect::<Result<_, _>>()?;
    let fit = Quotes { quotes, p: Vector5::new(0.0, 0.1, 0.0, 0.0, 0.3) };
    let (fit, report) = LevenbergMarquardt::new().minimize(fit);
    let p: &[f64; 5] = fit.p.as_ref();
    println!("{p:.5?} after {} evaluations", report.number_of_evaluations);
    // From the example of A. Vogt, as printed by Gatheral and Jacquier, Arbitrage-free SVI
    // volatility surfaces, Quantitative Finance 14 (2014), section 3.1, the quotes were computed.
    for (p, published) in p.iter().zip([-0.0410, 0.1331, 0.3060, 0.3586, 0.4153]) {
        assert!((p - published).abs() < 1e-4, "{p} is not {published}");
    }
    // It is known for its arbitrage far from the money.
    let [left, middle, right] = [-1.0, 0.0, 0.8].map(|k| durrleman(p, k));
    println!("Durrleman's g is {middle:.4} at k = 0, {right:.4} at k = 0.8");
    assert!(left > 0.0 && middle > 0.0 && right < 0.0);
    Ok(())
}
