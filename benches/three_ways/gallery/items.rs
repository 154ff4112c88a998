//! `for` over iterators.

use autodiff::grad;

#[grad]
pub fn dot(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for (a, b) in v.iter().zip(w) {
        sum += a * b;
    }
    sum
}

#[grad]
pub fn variance(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for a in v {
        sum += a;
    }
    let mean = sum / v.len() as f64;
    let mut square = -0.0;
    for a in v {
        square += (a - mean).powi(2);
    }
    square * w[0] / v.len() as f64
}

#[grad]
pub fn log_sum_exp(v: &[f64], w: &[f64]) -> f64 {
    let mut top = f64::NEG_INFINITY;
    for a in v {
        top = top.max(*a);
    }
    let mut sum = -0.0;
    for a in v {
        sum += (w[0] * (a - top)).exp();
    }
    top + sum.ln()
}

#[grad]
pub fn entropy(v: &[f64], w: &[f64]) -> f64 {
    let mut weights = Vec::new();
    for a in v {
        weights.push((w[0] * a).exp());
    }
    let mut total = -0.0;
    for p in &weights {
        total += p;
    }
    let mut sum = -0.0;
    for e in &weights {
        let p = e / total;
        sum += p * p.ln();
    }
    -sum
}

#[grad]
pub fn horner(v: &[f64], w: &[f64]) -> f64 {
    let x = w[0];
    let mut acc = 0.0;
    for c in v.iter().rev() {
        acc = acc * x + c;
    }
    acc
}

#[grad]
pub fn rosenbrock(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for p in v.windows(2) {
        sum += w[0] * (p[1] - p[0] * p[0]).powi(2) + (1.0 - p[0]).powi(2);
    }
    sum
}

#[grad]
pub fn huber(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for (a, b) in v.iter().zip(w) {
        let r = a - b;
        sum += if r.abs() < 1.0 { 0.5 * r * r } else { r.abs() - 0.5 };
    }
    sum
}

#[grad]
pub fn smoothness(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for p in v.windows(3) {
        let bend = p[0] - 2.0 * p[1] + p[2];
        sum += bend * bend;
    }
    sum * w[0]
}

#[grad]
pub fn layer(v: &[f64], w: &[f64]) -> f64 {
    let mut total = -0.0;
    for row in v.chunks_exact(w.len()) {
        let mut sum = -0.0;
        for (a, b) in row.iter().zip(w) {
            sum += a * b;
        }
        total += sum.tanh();
    }
    total
}

#[grad]
pub fn logistic(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for (a, b) in v.iter().zip(w) {
        let z = a * b;
        sum += (-z).exp().ln_1p();
    }
    sum
}

#[grad]
pub fn pairs(v: &[f64], w: &[f64]) -> f64 {
    let mut energy = -0.0;
    for (i, a) in v.iter().enumerate() {
        for b in &v[..i] {
            let d = a - b;
            energy += w[0] / (1.0 + d * d);
        }
    }
    energy
}

#[grad]
pub fn smoothed(v: &[f64], w: &[f64]) -> f64 {
    let mut state = 0.0;
    let mut sum = -0.0;
    for a in v {
        state = w[0] * state + a;
        sum += state * state;
    }
    sum
}

#[grad]
pub fn fibonacci(v: &[f64], w: &[f64]) -> f64 {
    let (mut a, mut b) = (v[0], w[0]);
    for c in v {
        (a, b) = (b, (a + b * c).sin());
    }
    a * b
}

#[grad]
pub fn logs(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for a in v {
        if *a > 0.0 {
            sum += a.ln() * w[0];
        }
    }
    sum
}

#[grad]
pub fn pooled(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for part in v.chunks_exact(4) {
        let mut top = f64::NEG_INFINITY;
        for a in part {
            top = top.max(*a);
        }
        sum += top * w[0];
    }
    sum
}

#[grad]
pub fn length(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for (a, b) in v.iter().zip(v.iter().skip(1)) {
        let d = b - a;
        sum += (w[0] + d * d).sqrt();
    }
    sum
}

#[grad]
pub fn normalised(v: &[f64], w: &[f64]) -> f64 {
    let mut total = -0.0;
    for a in v {
        total += a * a;
    }
    let norm = (total + w[0]).sqrt();
    let mut u = v.to_vec();
    for a in &mut u {
        *a /= norm;
    }
    let mut sum = -0.0;
    for a in &u {
        sum += a.sin();
    }
    sum
}

#[grad]
pub fn convolution(v: &[f64], w: &[f64]) -> f64 {
    let mut total = -0.0;
    for part in v.windows(w.len()) {
        let mut sum = -0.0;
        for (a, b) in part.iter().zip(w) {
            sum += a * b;
        }
        total += sum * sum;
    }
    total
}

#[grad]
pub fn centroid(v: &[f64], w: &[f64]) -> f64 {
    let mut moment = -0.0;
    for (i, a) in v.iter().enumerate() {
        moment += i as f64 * a * a;
    }
    let mut mass = -0.0;
    for a in v {
        mass += a * a;
    }
    moment / (w[0] + mass)
}

#[grad]
pub fn prefix(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for a in v {
        if *a >= 2.0 {
            break;
        }
        sum += (a * w[0]).sin();
    }
    sum
}

#[grad]
pub fn strided(v: &[f64], w: &[f64]) -> f64 {
    let mut sum = -0.0;
    for a in v.iter().skip(1).step_by(3) {
        sum += (a * w[0]).cos();
    }
    sum
}
