//! The posterior density, and what nuts-rs wants to know of it.

use std::collections::HashMap;

use autodiff::grad;
use autodiff_ecosystem::Flower;
use nuts_rs::{CpuLogpFunc, CpuMathError, LogpError};
use rand::Rng;

/// The log-density of weights `q[..4]` and of the logarithm `q[4]` of the noise, for the prior that
/// is flat in both. A row holds three predictors, the response and the species.
#[grad(wrt(q))]
fn log_density(q: &[f64], rows: &[Flower]) -> f64 {
    let precision = (-2.0 * q[4]).exp();
    let mut total = 0.0;
    for [x, y, z, response, _] in rows {
        let residual = response - (q[0] + q[1] * x + q[2] * y + q[3] * z);
        total -= 0.5 * precision * residual * residual + q[4];
    }
    total
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Never {}

impl LogpError for Never {
    fn is_recoverable(&self) -> bool {
        match *self {}
    }
}

pub(crate) struct Posterior(pub(crate) Vec<Flower>);

impl nuts_storable::HasDims for Posterior {
    fn dim_sizes(&self) -> HashMap<String, u64> {
        [("unconstrained_parameter".into(), 5), ("dim".into(), 5)].into()
    }
}

impl CpuLogpFunc for Posterior {
    type LogpError = Never;
    type FlowParameters = ();
    type ExpandedVector = Vec<f64>;

    fn dim(&self) -> usize {
        5
    }

    fn logp(&mut self, q: &[f64], gradient: &mut [f64]) -> Result<f64, Never> {
        Ok(log_density_value_and_grad_into(q, &self.0, gradient))
    }

    fn expand_vector<R>(&mut self, _: &mut R, q: &[f64]) -> Result<Vec<f64>, CpuMathError>
    where
        R: Rng + ?Sized,
    {
        Ok(q.to_vec())
    }
}
