//! The parameters of an ordinary differential equation from measurements: through a Runge–Kutta
//! solver that `#[grad]` differentiates, and by diffsol's forward and adjoint sensitivities from
//! the companions of the right-hand side. `cargo run --example ode`

mod rk45;
mod sensitivities;

use std::error::Error;

use argmin::core::{Executor, State};
use argmin::solver::{linesearch::MoreThuenteLineSearch, quasinewton::LBFGS};
use autodiff_argmin::Objective;
use diffsol::{NalgebraLU, OdeBuilder, OdeSolverMethod};
use rk45::{misfit, misfit_grad, rhs};
use sensitivities::{M, adjoint, forward, init, of_rhs::jvp_u};

const TRUE: [f64; 4] = [0.9, 0.5, 0.3, 0.8];
const U0: [f64; 2] = [1.5, 1.0];

fn main() -> Result<(), Box<dyn Error>> {
    let times: Vec<f64> = (1..=15).map(f64::from).collect();
    let problem = OdeBuilder::<M>::new()
        .p(TRUE)
        .rtol(1e-10)
        .atol([1e-10])
        .rhs_implicit(rhs, jvp_u)
        .init(init, 2)
        .build()?;
    let (u, _) = problem.bdf::<NalgebraLU<f64>>()?.solve_dense(&times)?;
    let measured: Vec<_> = (0..times.len()).map(|i| [u[(0, i)], u[(1, i)]]).collect();

    // One gradient, three ways.
    let p = [0.8, 0.4, 0.3, 0.7];
    let through = misfit_grad(&p, U0, &measured, 1e-10);
    let others = [(forward(&p, &measured, &times)?, 1e-6), (adjoint(&p, &measured, &times)?, 1e-5)];
    println!("gradient {through:.3?} through the solver");
    for (gradient, tolerance) in others {
        println!("         {gradient:.3?} by diffsol");
        for (one, other) in through.iter().zip(&gradient) {
            assert!((one / other - 1.0).abs() < tolerance);
        }
    }

    let problem = Objective::new(
        |p: &[f64]| misfit(p, U0, &measured, 1e-10),
        |p: &[f64]| misfit_grad(p, U0, &measured, 1e-10),
    );
    let run = Executor::new(problem, LBFGS::new(MoreThuenteLineSearch::new(), 7))
        .configure(|state| state.param(p.to_vec()).max_iters(100))
        .run()?;
    let p = run.state.get_best_param().ok_or("no point")?;
    println!("{p:.6?} after {} iterations", run.state.get_iter());
    for (p, exact) in p.iter().zip(TRUE) {
        assert!((p - exact).abs() < 1e-6, "{p} is not {exact}");
    }
    Ok(())
}
