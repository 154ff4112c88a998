//! Chains.

use autodiff::grad;

#[grad]
pub fn dot(v: &[f64], w: &[f64]) -> f64 {
    v.iter().zip(w).map(|(a, b)| a * b).sum()
}

#[grad]
pub fn variance(v: &[f64], w: &[f64]) -> f64 {
    let mean = v.iter().sum::<f64>() / v.len() as f64;
    v.iter().map(|a| (a - mean).powi(2)).sum::<f64>() * w[0] / v.len() as f64
}

#[grad]
pub fn log_sum_exp(v: &[f64], w: &[f64]) -> f64 {
    let top = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    top + v.iter().map(|a| (w[0] * (a - top)).exp()).sum::<f64>().ln()
}

#[grad]
pub fn entropy(v: &[f64], w: &[f64]) -> f64 {
    let weights: Vec<f64> = v.iter().map(|a| (w[0] * a).exp()).collect();
    let total: f64 = weights.iter().sum();
    -weights.iter().map(|e| e / total).map(|p| p * p.ln()).sum::<f64>()
}

#[grad]
pub fn horner(v: &[f64], w: &[f64]) -> f64 {
    let x = w[0];
    v.iter().rev().fold(0.0, |acc, c| acc * x + c)
}

#[grad]
pub fn rosenbrock(v: &[f64], w: &[f64]) -> f64 {
    v.windows(2).map(|p| w[0] * (p[1] - p[0] * p[0]).powi(2) + (1.0 - p[0]).powi(2)).sum()
}

#[grad]
pub fn huber(v: &[f64], w: &[f64]) -> f64 {
    v.iter()
        .zip(w)
        .map(|(a, b)| a - b)
        .map(|r| if r.abs() < 1.0 { 0.5 * r * r } else { r.abs() - 0.5 })
        .sum()
}

#[grad]
pub fn smoothness(v: &[f64], w: &[f64]) -> f64 {
    v.windows(3).map(|p| p[0] - 2.0 * p[1] + p[2]).map(|bend| bend * bend).sum::<f64>() * w[0]
}

#[grad]
pub fn layer(v: &[f64], w: &[f64]) -> f64 {
    v.chunks_exact(w.len())
        .map(|row| row.iter().zip(w).map(|(a, b)| a * b).sum::<f64>())
        .map(|sum| sum.tanh())
        .sum()
}

#[grad]
pub fn logistic(v: &[f64], w: &[f64]) -> f64 {
    v.iter().zip(w).map(|(a, b)| a * b).map(|z| (-z).exp().ln_1p()).sum()
}

#[grad]
pub fn pairs(v: &[f64], w: &[f64]) -> f64 {
    v.iter()
        .enumerate()
        .flat_map(|(i, a)| v[..i].iter().map(move |b| a - b))
        .map(|d| w[0] / (1.0 + d * d))
        .sum()
}

#[grad]
pub fn smoothed(v: &[f64], w: &[f64]) -> f64 {
    v.iter()
        .scan(0.0, |state, a| {
            *state = w[0] * *state + a;
            Some(*state)
        })
        .map(|s| s * s)
        .sum()
}

#[grad]
pub fn fibonacci(v: &[f64], w: &[f64]) -> f64 {
    let (a, b) = v.iter().fold((v[0], w[0]), |(a, b), c| (b, (a + b * c).sin()));
    a * b
}

#[grad]
pub fn logs(v: &[f64], w: &[f64]) -> f64 {
    v.iter().filter(|a| **a > 0.0).map(|a| a.ln() * w[0]).sum()
}

#[grad]
pub fn pooled(v: &[f64], w: &[f64]) -> f64 {
    v.chunks_exact(4)
        .map(|part| part.iter().copied().fold(f64::NEG_INFINITY, f64::max))
        .map(|top| top * w[0])
        .sum()
}

#[grad]
pub fn length(v: &[f64], w: &[f64]) -> f64 {
    v.iter().zip(v.iter().skip(1)).map(|(a, b)| b - a).map(|d| (w[0] + d * d).sqrt()).sum()
}

#[grad]
pub fn normalised(v: &[f64], w: &[f64]) -> f64 {
    let norm = (v.iter().map(|a| a * a).sum::<f64>() + w[0]).sqrt();
    let mut u = v.to_vec();
    u.iter_mut().for_each(|a| *a /= norm);
    u.iter().map(|a| a.sin()).sum()
}

#[grad]
pub fn convolution(v: &[f64], w: &[f64]) -> f64 {
    v.windows(w.len())
        .map(|part| part.iter().zip(w).map(|(a, b)| a * b).sum::<f64>())
        .map(|sum| sum * sum)
        .sum()
}

#[grad]
pub fn centroid(v: &[f64], w: &[f64]) -> f64 {
    let moment: f64 = v.iter().enumerate().map(|(i, a)| i as f64 * a * a).sum();
    moment / (w[0] + v.iter().map(|a| a * a).sum::<f64>())
}

#[grad]
pub fn prefix(v: &[f64], w: &[f64]) -> f64 {
    v.iter().take_while(|a| **a < 2.0).map(|a| (a * w[0]).sin()).sum()
}

#[grad]
pub fn strided(v: &[f64], w: &[f64]) -> f64 {
    v.iter().skip(1).step_by(3).map(|a| (a * w[0]).cos()).sum()
}
