//! The network and its loss.

use autodiff::{Differentiable, grad};
use autodiff_ecosystem::Flower;

/// A row of weights for each unit, the last of which is its bias.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub(crate) struct Network {
    pub(crate) hidden: [[f64; 5]; 6],
    pub(crate) output: [[f64; 7]; 3],
}

#[grad]
impl Network {
    fn scores(&self, flower: &Flower) -> [f64; 3] {
        let mut hidden = [0.0; 6];
        for (unit, row) in hidden.iter_mut().zip(&self.hidden) {
            let sum: f64 = row[..4].iter().zip(flower).map(|(w, x)| w * x).sum();
            *unit = (sum + row[4]).tanh();
        }
        let mut scores = [0.0; 3];
        for (score, row) in scores.iter_mut().zip(&self.output) {
            let sum: f64 = row[..6].iter().zip(&hidden).map(|(w, x)| w * x).sum();
            *score = sum + row[6];
        }
        scores
    }
}

/// The mean of minus the log-probability of the species, and a little decay of the weights.
#[grad(wrt(network))]
pub(crate) fn loss(network: &Network, flowers: &[[f64; 5]]) -> f64 {
    let mut total = 0.0;
    for flower in flowers {
        let scores = network.scores(flower);
        let largest = scores[0].max(scores[1]).max(scores[2]);
        let sum: f64 = scores.iter().map(|score| (score - largest).exp()).sum();
        total += largest + sum.ln() - scores[flower[4] as usize];
    }
    total / flowers.len() as f64
}

/// The share of flowers whose species has the highest score.
pub(crate) fn accuracy(network: &Network, flowers: &[Flower]) -> f64 {
    let right = flowers.iter().filter(|flower| {
        let scores = network.scores(flower);
        let best = (0..3).max_by(|&i, &j| scores[i].total_cmp(&scores[j]));
        best == Some(flower[4] as usize)
    });
    right.count() as f64 / flowers.len() as f64
}
