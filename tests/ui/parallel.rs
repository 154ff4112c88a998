// errors: 8
//! Parallel iterators that are not read, and what their functions lack.

use autodiff::grad;
use rayon::prelude::*;

#[grad]
fn untold(x: f64, data: &[f64]) -> f64 {
    let scale = x.exp();
    data.par_iter().map(|d| (scale * d + x).sin()).sum::<f64>()
}

#[grad]
fn reduced(x: f64, data: &[f64]) -> f64 {
    data.par_iter().map(|d| x * d).reduce(|| 0.0, |a, b| a + b)
}

#[grad(constant(data))]
fn collected(x: f64, data: &[f64]) -> f64 {
    let all: Vec<f64> = data.par_iter().map(|d| x * d).collect();
    all[0]
}

#[grad(constant(data))]
fn adapted(x: f64, data: &[f64]) -> f64 {
    data.par_iter().rev().map(|d| x * d).sum::<f64>()
}

#[grad(constant(data))]
fn made(x: f64, data: Vec<f64>) -> f64 {
    data.into_par_iter().map(|d| x * d).sum::<f64>()
}

#[grad(constant(data))]
fn computed(x: f64, data: &[f64]) -> f64 {
    data.to_vec().par_iter().map(|d| x * d).sum::<f64>()
}

#[grad(hessian, wrt(x))]
fn twice(x: f64, data: &[f64]) -> f64 {
    data.par_iter().map(|d| (x * d).sin()).sum::<f64>()
}

struct Line(f64);

impl Line {
    #[grad(associated)]
    fn misfit(slope: f64, data: &[f64]) -> f64 {
        data.par_iter().map(|d| slope * d).sum::<f64>()
    }
}

fn main() {
    Line(1.0);
}
