//! The adapters with argmin's solvers, on problems whose solution is known.

use argmin::core::{Error, Executor, State};
use argmin::solver::gaussnewton::GaussNewton;
use argmin::solver::trustregion::{Steihaug, TrustRegion};
use autodiff::grad;
use autodiff_argmin::{Objective, Residuals};
use nalgebra::DVector;

/// The function of H. H. Rosenbrock (The Computer Journal 3, 1960), least at (1, 1).
#[grad(hessian)]
fn rosenbrock(x: &[f64]) -> f64 {
    (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2)
}

/// The residuals of which it is the sum of squares.
#[grad(jacobian)]
fn residuals(x: &[f64]) -> Vec<f64> {
    vec![1.0 - x[0], 10.0 * (x[1] - x[0] * x[0])]
}

fn assert_least(x: &[f64]) {
    assert!(x.iter().all(|x| (x - 1.0).abs() < 1e-6), "{x:?}");
}

#[test]
fn a_trust_region_moves_a_vec() -> Result<(), Error> {
    let problem = Objective::new(rosenbrock, rosenbrock_grad).with_hessian(rosenbrock_hessian);
    let run = Executor::new(problem, TrustRegion::new(Steihaug::new().with_max_iters(20)))
        .configure(|state| state.param(vec![-1.2, 1.0]).max_iters(60))
        .run()?;
    let x: &Vec<f64> = run.state.get_best_param().ok_or_else(|| Error::msg("no point"))?;
    assert_least(x);
    Ok(())
}

#[test]
fn gauss_newton_moves_a_vector_of_nalgebra() -> Result<(), Error> {
    let problem = Residuals::new(residuals, residuals_jacobian);
    let run = Executor::new(problem, GaussNewton::<f64>::new())
        .configure(|state| state.param(DVector::from_vec(vec![-1.2, 1.0])).max_iters(10))
        .run()?;
    let x: &DVector<f64> = run.state.get_best_param().ok_or_else(|| Error::msg("no point"))?;
    assert_least(x.as_slice());
    Ok(())
}
