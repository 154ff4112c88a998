//! A physics-informed network: the solution of u″ = 2 u³ between u(0) = 1 and u(1) = ½, as a small
//! network whose loss contains its own second derivative by x. `cargo run --example pinn`

use std::error::Error;

use argmin::core::{Executor, State};
use argmin::solver::{linesearch::MoreThuenteLineSearch, quasinewton::LBFGS};
use autodiff::grad;
use autodiff_argmin::Objective;

/// The network: a hidden layer, and the values at both ends built in.
#[grad(order = 3)]
fn u(x: f64, w: &[f64]) -> f64 {
    let mut sum = 0.0;
    for unit in w.chunks(3) {
        sum += unit[0] * (unit[1] * x + unit[2]).tanh();
    }
    1.0 - 0.5 * x + x * (1.0 - x) * sum
}

/// u′, whose gradient by x is u″.
#[grad(order = 2)]
fn slope(x: f64, w: &[f64]) -> f64 {
    let (slope, _) = u_grad(x, w);
    slope
}

/// How far the network is from solving the equation at the points between 0 and 1.
#[grad]
fn loss(w: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..=20 {
        let x = f64::from(i) / 20.0;
        let (bend, _) = slope_grad(x, w);
        total += (bend - 2.0 * u(x, w).powi(3)).powi(2);
    }
    total
}

fn main() -> Result<(), Box<dyn Error>> {
    let start: Vec<f64> = (0..18).map(|i| (1.7 * f64::from(i) + 0.3).sin()).collect();
    let problem = Objective::new(loss, loss_grad);
    let run = Executor::new(problem, LBFGS::new(MoreThuenteLineSearch::new(), 10))
        .configure(|state| state.param(start).max_iters(400))
        .run()?;
    let w: &Vec<f64> = run.state.get_best_param().ok_or("no weights")?;
    let mut worst = 0.0_f64;
    for i in 0..=100 {
        let x = f64::from(i) / 100.0;
        let exact = 1.0 / (1.0 + x);
        worst = worst.max((u(x, w) - exact).abs());
    }
    println!(
        "loss {:.1e}, largest error {worst:.1e} after {} iterations",
        run.state.get_best_cost(),
        run.state.get_iter()
    );
    assert!(worst < 1e-4);
    Ok(())
}
