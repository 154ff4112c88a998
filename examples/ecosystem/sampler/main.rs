//! Hamiltonian Monte Carlo by nuts-rs: a Bayesian regression of the petals of Fisher's irises,
//! whose posterior means have a closed form to compare with. `cargo run --example sampler`

mod posterior;

use std::error::Error;

use autodiff_ecosystem::irises;
use nalgebra::{DMatrix, DVector};
use nuts_rs::{Chain, CpuMath, DiagNutsSettings, Settings};
use posterior::Posterior;
use rand::{SeedableRng, rngs::StdRng};

fn main() -> Result<(), Box<dyn Error>> {
    let rows = irises()?;

    // For flat priors the mean of the weights is the least-squares solution w, and that of the
    // variance the sum of squares over n − 4 − 2: see Gelman et al., Bayesian Data Analysis, 14.2.
    let x = DMatrix::from_fn(rows.len(), 4, |i, j| if j == 0 { 1.0 } else { rows[i][j - 1] });
    let y = DVector::from_iterator(rows.len(), rows.iter().map(|row| row[3]));
    let w = x.clone().svd(true, true).solve(&y, 1e-12)?;
    let variance = (&y - &x * &w).norm_squared() / (rows.len() as f64 - 6.0);
    let exact = [w[0], w[1], w[2], w[3], variance];

    let settings = DiagNutsSettings { num_tune: 1000, ..Default::default() };
    let mut rng = StdRng::seed_from_u64(1);
    let mut chain = settings.new_chain(0, CpuMath::new(Posterior(rows)), &mut rng)?;
    chain.set_position(&[0.0; 5])?;
    let mut draws = Vec::new();
    for time in 0..6000 {
        let (mut draw, _) = chain.draw()?;
        draw[4] = f64::exp(2.0 * draw[4]);
        if time >= settings.num_tune {
            draws.push(draw);
        }
    }
    // Draws are correlated: the error of their mean is that of the means of long batches of them.
    for (j, exact) in exact.into_iter().enumerate() {
        let mean =
            |draws: &[Box<[f64]>]| draws.iter().map(|q| q[j]).sum::<f64>() / draws.len() as f64;
        let (batches, all) = (draws.chunks(draws.len() / 20), mean(&draws));
        let variance =
            batches.map(|batch| (mean(batch) - all).powi(2)).sum::<f64>() / (20.0 * 19.0);
        let off = (all - exact).abs() / variance.sqrt();
        println!("mean {all:8.5}, exact {exact:8.5}: {off:.1} standard errors");
        assert!(off < 4.0 && (all / exact - 1.0).abs() < 0.05);
    }
    Ok(())
}
