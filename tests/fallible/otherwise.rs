//! What stands in for what is not there, of functions whose result only rustc knows to be an `Option`
//! or a `Result`; and pairs that may be absent.

use autodiff::grad;
use autodiff_tests::numbers;

use crate::confirmed;

#[grad]
fn positive(x: f64, y: f64) -> Result<f64, String> {
    if x > 0.0 { Ok(x * y) } else { Err("negative".to_owned()) }
}

#[grad]
fn perhaps(x: f64, y: f64) -> Option<f64> {
    if x > 0.0 { Some(x * y) } else { None }
}

#[grad(jvp)]
fn of_results(p: &[f64]) -> f64 {
    let (x, y) = (p[0], p[1]);
    let kept = positive(x, y);
    positive(x, y).unwrap_or(y)
        + positive(x, y).unwrap_or_else(|e| y * e.len() as f64)
        + positive(x, y).map_or(y, |v| v * v)
        + positive(x, y).ok().unwrap_or(x)
        + positive(x, y).map(|v| v * y).unwrap_or_default()
        + positive(x, y).map_or_else(|e| e.len() as f64 * x, |v| v * v)
        + kept.unwrap_or(x * y * y)
}
confirmed!(instead_of_results: of_results at [0.7, 0.4], [-0.6, 0.3]);

#[grad(jvp)]
fn of_options(p: &[f64]) -> f64 {
    let (x, y) = (p[0], p[1]);
    let kept = perhaps(x, y);
    perhaps(x, y).unwrap_or(y)
        + perhaps(x, y).map_or_else(|| x, |v| v * v)
        + perhaps(x, y).map(|v| v * x).unwrap_or_else(|| y * y)
        + kept.unwrap_or(1.0) * y
}
confirmed!(instead_of_options: of_options at [0.7, 0.4], [-0.6, 0.3]);

/// The steepest step, and where it begins.
#[grad(jvp)]
fn steepest(p: &[f64]) -> f64 {
    let mut best: Option<(f64, f64)> = None;
    for w in p.windows(2) {
        let d = w[1] - w[0];
        match best {
            Some((b, _)) if b >= d => {}
            _ => best = Some((d, w[0])),
        }
    }
    match best {
        Some((d, at)) => d * at,
        None => 0.0,
    }
}
confirmed!(a_pair_that_a_loop_keeps: steepest at numbers(5), numbers(6), [1.0]);

/// The largest, and its number.
#[grad(jvp)]
fn largest(p: &[f64]) -> f64 {
    let mut best: Option<(usize, f64)> = None;
    for (i, &x) in p.iter().enumerate() {
        if best.is_none_or(|(_, b)| x > b) {
            best = Some((i, x));
        }
    }
    if best.is_some_and(|(i, _)| i > 0) {
        best.map_or(0.0, |(i, x)| x * x * i as f64)
    } else {
        p[0]
    }
}
confirmed!(a_number_beside_a_float: largest at numbers(5), numbers(6), [1.0]);

#[grad(jvp)]
fn pair(p: &[f64]) -> f64 {
    let pair = if p[0] > 0.6 { Some((p[0], p[1] * p[1])) } else { None };
    if let Some((a, b)) = pair { a * b } else { p[1] }
}
confirmed!(a_pair_or_nothing: pair at [0.7, 0.4], [0.2, 0.3]);
