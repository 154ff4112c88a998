//! Model-predictive control: a pendulum whose motor is too weak to lift it is swung up. At every
//! step the torques of the next seconds are optimised through the simulation, and the first of
//! them is applied. `cargo run --example mpc`

use std::{error::Error, f64::consts::PI};

use argmin::core::{Executor, State};
use argmin::solver::{linesearch::MoreThuenteLineSearch, quasinewton::LBFGS};
use autodiff::grad;
use autodiff_argmin::Objective;

/// Gravity pulls with at most 9.81, the motor with at most 5.
const GRAVITY: f64 = 9.81;
const STRONGEST: f64 = 5.0;
const TIME_STEP: f64 = 0.05;

/// Angle from the upright and angular velocity, a step later (Störmer–Verlet).
#[grad]
fn step(state: [f64; 2], control: f64) -> [f64; 2] {
    let [angle, speed] = state;
    let torque = STRONGEST * control.tanh();
    let half = speed + 0.5 * TIME_STEP * (GRAVITY * angle.sin() + torque);
    let angle = angle + TIME_STEP * half;
    [angle, half + 0.5 * TIME_STEP * (GRAVITY * angle.sin() + torque)]
}

/// What a sequence of controls costs: distance from the upright, speed, and a little effort.
#[grad(wrt(controls))]
fn cost(controls: &[f64], start: [f64; 2]) -> f64 {
    let mut state = start;
    let mut total = 0.0;
    for control in controls {
        state = step(state, *control);
        total += 1.0 - state[0].cos() + 0.05 * state[1] * state[1] + 1e-3 * control * control;
    }
    total
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut state = [PI, 0.0];
    let mut plan = vec![0.1; 50];
    let mut upright = 0;
    for time in 0..160 {
        let problem = Objective::new(|u: &[f64]| cost(u, state), |u: &[f64]| cost_grad(u, state));
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), 10).with_tolerance_grad(1e-4)?;
        let run = Executor::new(problem, solver)
            .configure(|s| s.param(plan.clone()).max_iters(30))
            .run()?;
        plan = run.state.get_best_param().ok_or("no plan")?.clone();
        state = step(state, plan[0]);
        plan.rotate_left(1);
        upright = if 1.0 - state[0].cos() < 1e-3 { upright + 1 } else { 0 };
        if time % 10 == 0 {
            let torque = STRONGEST * plan[0].tanh();
            println!(
                "{:4.1} s: angle {:6.3}, torque {torque:6.3}",
                f64::from(time) * TIME_STEP,
                state[0]
            );
        }
    }
    assert!(upright >= 40, "upright for the last {upright} steps only");
    assert!(state[1].abs() < 1e-2, "it moves with {}", state[1]);
    Ok(())
}
