//! A physics-informed network: the solution of u' = u (1 − u), u(0) = 1/10, as a small network
//! whose loss contains its own derivative by x. `cargo run --example pinn`

use std::error::Error;

use argmin::core::{Executor, State};
use argmin::solver::{linesearch::MoreThuenteLineSearch, quasinewton::LBFGS};
use autodiff::grad;
use autodiff_argmin::Objective;

/// The network: a hidden layer, and the initial value built in.
#[grad(order = 2)]
fn u(x: f64, w: &[f64]) -> f64 {
    let mut sum = 0.0;
    for unit in w.chunks(3) {
        sum += unit[0] * (unit[1] * x + unit[2]).tanh();
    }
    0.1 + x * sum
}

/// How far the network is from solving the equation at the points between 0 and 5.
#[grad]
fn loss(w: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..=40 {
        let x = f64::from(i) / 8.0;
        let (slope, _) = u_grad(x, w);
        let value = u(x, w);
        total += (slope - value * (1.0 - value)).powi(2);
    }
    total
}

fn main() -> Result<(), Box<dyn Error>> {
    let start: Vec<f64> = (0..24).map(|i| (1.7 * f64::from(i) + 0.3).sin()).collect();
    let problem = Objective::new(loss, loss_grad);
    let run = Executor::new(problem, LBFGS::new(MoreThuenteLineSearch::new(), 10))
        .configure(|state| state.param(start).max_iters(1500))
        .run()?;
    let w: &Vec<f64> = run.state.get_best_param().ok_or("no weights")?;
    let mut worst = 0.0_f64;
    for i in 0..=100 {
        let x = f64::from(i) / 20.0;
        let exact = 1.0 / (1.0 + 9.0 * (-x).exp());
        worst = worst.max((u(x, w) - exact).abs());
    }
    println!(
        "loss {:.1e}, largest error {worst:.1e} after {} iterations",
        run.state.get_best_cost(),
        run.state.get_iter()
    );
    assert!(worst < 1e-3);
    Ok(())
}
