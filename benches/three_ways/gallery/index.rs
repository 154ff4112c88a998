//! Loops over indices.

use autodiff::grad;

#[grad]
pub fn dot(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 0..v.len().min(w.len()) {
        sum += v[i] * w[i];
    }
    sum
}

#[grad]
pub fn variance(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 0..v.len() {
        sum += v[i];
    }
    let mean = sum / v.len() as f64;
    let mut square = -0.0;
    for i in 0..v.len() {
        square += (v[i] - mean).powi(2);
    }
    square * w[0] / v.len() as f64
}

#[grad]
pub fn log_sum_exp(v: &[f64], w: &[f64]) -> f64 {
    let mut top = f64::NEG_INFINITY;
    for i in 0..v.len() {
        top = top.max(v[i]);
    }
    let mut sum = -0.0;
    for i in 0..v.len() {
        sum += (w[0] * (v[i] - top)).exp();
    }
    top + sum.ln()
}

#[grad]
pub fn entropy(v: &[f64], w: &[f64]) -> f64 {
    let mut weights = Vec::new();
    for i in 0..v.len() {
        weights.push((w[0] * v[i]).exp());
    }
    let mut total = -0.0;
    for i in 0..weights.len() {
        total += weights[i];
    }
    let mut sum = -0.0;
    for i in 0..weights.len() {
        let p = weights[i] / total;
        sum += p * p.ln();
    }
    -sum
}

#[grad]
pub fn horner(v: &[f64], w: &[f64]) -> f64 {
    let x = w[0];
    let mut acc = 0.0;
    for i in (0..v.len()).rev() {
        acc = acc * x + v[i];
    }
    acc
}

#[grad]
pub fn rosenbrock(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 0..v.len() - 1 {
        sum += w[0] * (v[i + 1] - v[i] * v[i]).powi(2) + (1.0 - v[i]).powi(2);
    }
    sum
}

#[grad]
pub fn huber(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 0..v.len().min(w.len()) {
        let r = v[i] - w[i];
        sum += if r.abs() < 1.0 { 0.5 * r * r } else { r.abs() - 0.5 };
    }
    sum
}

#[grad]
pub fn smoothness(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 1..v.len() - 1 {
        let bend = v[i - 1] - 2.0 * v[i] + v[i + 1];
        sum += bend * bend;
    }
    sum * w[0]
}

#[grad]
pub fn layer(v: &[f64], w: &[f64]) -> f64 {
    let n = w.len();
    let mut total = -0.0;
    for k in 0..v.len() / n {
        let mut sum = -0.0;
        for j in 0..n {
            sum += v[k * n + j] * w[j];
        }
        total += sum.tanh();
    }
    total
}

#[grad]
pub fn logistic(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 0..v.len().min(w.len()) {
        let z = v[i] * w[i];
        sum += (-z).exp().ln_1p();
    }
    sum
}

#[grad]
pub fn pairs(v: &[f64], w: &[f64]) -> f64 {
    let mut energy = -0.0;
    for i in 0..v.len() {
        for j in 0..i {
            let d = v[i] - v[j];
            energy += w[0] / (1.0 + d * d);
        }
    }
    energy
}

#[grad]
pub fn smoothed(v: &[f64], w: &[f64]) -> f64 {
    let mut state = 0.0;
    let mut sum = -0.0;
    for i in 0..v.len() {
        state = w[0] * state + v[i];
        sum += state * state;
    }
    sum
}

#[grad]
pub fn fibonacci(v: &[f64], w: &[f64]) -> f64 {
    let (mut a, mut b) = (v[0], w[0]);
    for i in 0..v.len() {
        (a, b) = (b, (a + b * v[i]).sin());
    }
    a * b
}

#[grad]
pub fn logs(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 0..v.len() {
        if v[i] > 0.0 {
            sum += v[i].ln() * w[0];
        }
    }
    sum
}

#[grad]
pub fn pooled(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for k in 0..v.len() / 4 {
        let mut top = f64::NEG_INFINITY;
        for j in 0..4 {
            top = top.max(v[4 * k + j]);
        }
        sum += top * w[0];
    }
    sum
}

#[grad]
pub fn length(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 0..v.len() - 1 {
        let d = v[i + 1] - v[i];
        sum += (w[0] + d * d).sqrt();
    }
    sum
}

#[grad]
pub fn normalised(v: &[f64], w: &[f64]) -> f64 {
    let mut total = -0.0;
    for i in 0..v.len() {
        total += v[i] * v[i];
    }
    let norm = (total + w[0]).sqrt();
    let mut u = v.to_vec();
    for i in 0..u.len() {
        u[i] /= norm;
    }
    let mut sum = -0.0;
    for i in 0..u.len() {
        sum += u[i].sin();
    }
    sum
}

#[grad]
pub fn convolution(v: &[f64], w: &[f64]) -> f64 {
    let mut total = -0.0;
    for i in 0..v.len() + 1 - w.len() {
        let mut sum = -0.0;
        for j in 0..w.len() {
            sum += v[i + j] * w[j];
        }
        total += sum * sum;
    }
    total
}

#[grad]
pub fn centroid(v: &[f64], w: &[f64]) -> f64 {
    let mut moment = -0.0;
    for i in 0..v.len() {
        moment += i as f64 * v[i] * v[i];
    }
    let mut mass = -0.0;
    for i in 0..v.len() {
        mass += v[i] * v[i];
    }
    moment / (w[0] + mass)
}

#[grad]
pub fn prefix(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in 0..v.len() {
        if v[i] >= 2.0 {
            break;
        }
        sum += (v[i] * w[0]).sin();
    }
    sum
}

#[grad]
pub fn strided(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for i in (1..v.len()).step_by(3) {
        sum += (v[i] * w[0]).cos();
    }
    sum
}
