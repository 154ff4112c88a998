//! The cost of clusters: squared distances of points to the nearest centre.

use autodiff::grad;

use crate::kernel::{Kernel, Random};

const POINTS: usize = 1000;
const K: usize = 10;
const D: usize = 8;

#[grad(constant(points))]
fn cost(points: &[f64], centres: &[f64], d: usize) -> f64 {
    let mut sum = 0.0;
    for p in points.chunks(d) {
        let mut nearest = f64::INFINITY;
        for c in centres.chunks(d) {
            let mut distance = 0.0;
            for (a, b) in p.iter().zip(c) {
                distance += (a - b) * (a - b);
            }
            if distance < nearest {
                nearest = distance;
            }
        }
        sum += nearest;
    }
    sum
}

fn mechanical(points: &[f64], centres: &[f64], d: usize, bar: &mut [f64]) -> f64 {
    bar.fill(0.0);
    let mut sum = 0.0;
    for p in points.chunks(d) {
        let (mut nearest, mut at) = (f64::INFINITY, 0);
        for (k, c) in centres.chunks(d).enumerate() {
            let mut distance = 0.0;
            for (a, b) in p.iter().zip(c) {
                distance += (a - b) * (a - b);
            }
            if distance < nearest {
                (nearest, at) = (distance, k);
            }
        }
        sum += nearest;
        let row = at * d..(at + 1) * d;
        for ((bar, a), b) in bar[row.clone()].iter_mut().zip(p).zip(&centres[row]) {
            *bar -= 2.0 * (a - b);
        }
    }
    sum
}

pub(crate) struct Clusters {
    points: Vec<f64>,
}

impl Clusters {
    pub(crate) fn new() -> Self {
        Self { points: Random::new(4).vec(POINTS * D, -1.0, 1.0) }
    }
}

impl Kernel for Clusters {
    fn name(&self) -> &'static str {
        "kmeans_n1000_k10_d8"
    }

    fn point(&self, random: &mut Random) -> Vec<f64> {
        random.vec(K * D, -1.0, 1.0)
    }

    fn primal(&self, x: &[f64]) -> f64 {
        cost(&self.points, x, D)
    }

    fn ours(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        cost_value_and_grad_into(&self.points, x, D, bar)
    }

    fn mechanical(&self, x: &[f64], bar: &mut [f64]) -> f64 {
        mechanical(&self.points, x, D, bar)
    }
}
