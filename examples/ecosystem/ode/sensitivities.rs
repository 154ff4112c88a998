//! Gradients by diffsol, from the companions of the right-hand side.

use autodiff_diffsol::products;
use diffsol::{
    AdjointOdeSolverMethod, Matrix, NalgebraLU, NalgebraMat, OdeBuilder, OdeSolverMethod,
    OdeSolverState, SensitivitiesOdeSolverMethod, Vector, error::DiffsolError,
};

use crate::U0;
use crate::rk45::rhs;

pub(crate) type M = NalgebraMat<f64>;

pub(crate) fn init(_p: &[f64], _t: f64, u: &mut [f64]) {
    u.copy_from_slice(&U0);
}

products!(pub(crate) mod of_rhs of rhs, states = 2, parameters = 4);
use of_rhs::{jvp_p, jvp_u, minus_vjp_p, minus_vjp_u};

/// The gradient of the misfit at `p` from the sensitivities of the solution, that is forward.
pub(crate) fn forward(
    p: &[f64],
    measured: &[[f64; 2]],
    times: &[f64],
) -> Result<Vec<f64>, DiffsolError> {
    let problem = OdeBuilder::<M>::new()
        .p(p.to_vec())
        .rtol(1e-9)
        .atol([1e-9])
        .sens_rtol(1e-9)
        .sens_atol([1e-9])
        .rhs_sens_implicit(rhs, jvp_u, jvp_p)
        .init_sens(init, |_: &[f64], _, _: &[f64], u: &mut [f64]| u.fill(0.0), 2)
        .build()?;
    let (u, u_dot, _) = problem.bdf_sens::<NalgebraLU<f64>>()?.solve_dense_sensitivities(times)?;
    let entry = |j: usize, c, i| 2.0 * (u[(c, i)] - measured[i][c]) * u_dot[j][(c, i)];
    let sum = |j| (0..times.len()).map(|i| entry(j, 0, i) + entry(j, 1, i)).sum();
    Ok((0..p.len()).map(sum).collect())
}

/// The same from the adjoint equations, that is backwards in time.
pub(crate) fn adjoint(
    p: &[f64],
    measured: &[[f64; 2]],
    times: &[f64],
) -> Result<Vec<f64>, DiffsolError> {
    let problem = OdeBuilder::<M>::new()
        .p(p.to_vec())
        .rtol(1e-9)
        .atol([1e-9])
        .sens_rtol(1e-9)
        .sens_atol([1e-9])
        .param_rtol(1e-9)
        .param_atol([1e-9])
        .rhs_adjoint_implicit(rhs, jvp_u, minus_vjp_u, minus_vjp_p)
        .init_adjoint(init, |_: &[f64], _, _: &[f64], p: &mut [f64]| p.fill(0.0), 2)
        .build()?;
    let mut solver = problem.bdf::<NalgebraLU<f64>>()?;
    let (checkpoints, u, _) = solver.solve_dense_with_checkpointing(times, None)?;
    let mut u_bar = NalgebraMat::zeros(2, times.len(), *problem.context());
    for (i, row) in measured.iter().enumerate() {
        u_bar[(0, i)] = 2.0 * (u[(0, i)] - row[0]);
        u_bar[(1, i)] = 2.0 * (u[(1, i)] - row[1]);
    }
    let solver =
        problem.bdf_solver_adjoint::<NalgebraLU<f64>, _>(checkpoints, Some(solver), Some(1))?;
    let (state, _) = solver.solve_adjoint_backwards_pass(times, &[&u_bar])?;
    Ok(state.as_ref().sg.clone_as_vec())
}
