//! argmin with `f_grad` and `f_hessian`: a logistic regression that tells Iris versicolor from
//! virginica, by L-BFGS on `Vec` and by a trust region on nalgebra's vectors.
//! `cargo run --example optimisers`

use std::error::Error;

use argmin::core::{Executor, State};
use argmin::solver::{
    linesearch::MoreThuenteLineSearch,
    quasinewton::LBFGS,
    trustregion::{Steihaug, TrustRegion},
};
use autodiff::grad;
use autodiff_argmin::Objective;
use autodiff_ecosystem::{Flower, irises};
use nalgebra::DVector;

/// log(1 + eˣ), so that a large x does not overflow.
#[grad(order = 2)]
fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}

/// Minus the log-likelihood that a flower is virginica with log-odds `w₀ + w·x`.
#[grad(hessian, wrt(w))]
fn loss(w: &[f64], flowers: &[Flower]) -> f64 {
    let mut total = 0.0;
    for flower in flowers {
        let mut odds = w[0];
        for (w, x) in w[1..].iter().zip(&flower[..4]) {
            odds += w * x;
        }
        total += softplus(if flower[4] > 1.5 { -odds } else { odds });
    }
    total
}

/// What R prints for `glm(Species ~ ., binomial, iris)` without setosa, to its three decimals.
const PUBLISHED: [f64; 5] = [-42.638, -2.465, -6.681, 9.429, 18.286];

fn check(name: &str, w: &[f64], iterations: u64, flowers: &[Flower]) {
    println!("{name:12} {iterations:3} iterations: {w:8.3?}");
    let slope = loss_grad(w, flowers).iter().fold(0.0, |m: f64, g| m.max(g.abs()));
    assert!(slope < 1e-6, "{name}: the gradient at the minimum is {slope:e}");
    for (w, published) in w.iter().zip(PUBLISHED) {
        assert!((w - published).abs() < 6e-4, "{name}: {w} is not {published}");
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut flowers = irises()?;
    flowers.retain(|flower| flower[4] > 0.0);
    assert_eq!(flowers.len(), 100);

    let problem = Objective::new(|w: &[f64]| loss(w, &flowers), |w: &[f64]| loss_grad(w, &flowers));
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 7).with_tolerance_grad(1e-9)?;
    let run = Executor::new(problem.clone(), solver)
        .configure(|state| state.param(vec![0.0; 5]).max_iters(500))
        .run()?;
    let w: &Vec<f64> = run.state.get_best_param().ok_or("no point")?;
    check("L-BFGS", w, run.state.get_iter(), &flowers);

    let problem = Objective::new(|w: &[f64]| loss(w, &flowers), |w: &[f64]| loss_grad(w, &flowers))
        .with_hessian(|w: &[f64]| loss_hessian(w, &flowers));
    let solver = TrustRegion::new(Steihaug::new().with_max_iters(20));
    let run = Executor::new(problem, solver)
        .configure(|state| state.param(DVector::zeros(5)).max_iters(50))
        .run()?;
    let w: &DVector<f64> = run.state.get_best_param().ok_or("no point")?;
    check("trust region", w.as_slice(), run.state.get_iter(), &flowers);
    Ok(())
}
