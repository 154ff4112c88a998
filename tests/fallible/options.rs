//! `Option`: locals that may be absent, early returns, methods.

use autodiff::grad;

use crate::{confirmed, numbers};

#[grad(jvp, vjp)]
fn half(x: f64) -> Option<f64> {
    if x > 1.0 { Some(0.5 * x * x) } else { None }
}

#[grad(jvp)]
fn early(p: &[f64]) -> Option<f64> {
    let a = half(p[0])?;
    let b = half(a * p[1])?;
    if b > 50.0 {
        return None;
    }
    if b > 10.0 {
        return Some(p[0] * b);
    }
    Some(a * b)
}
confirmed!(an_option_is_returned: early at [2.0, 1.5], [0.5, 1.5], [1.1, 0.3], [3.0, 2.0], [5.0, 9.0]);

#[grad(jvp)]
fn locals(p: &[f64]) -> f64 {
    let o = if p[0] > p[1] { Some(p[0] * p[1]) } else { None };
    let q = if p.len() > 2 { Some(p[2]) } else { o };
    let mut r: Option<f64> = None;
    if let Some(v) = o {
        r = Some(v * p[0]);
    }
    let a = match (q, p.len()) {
        (Some(v), 3) => v * v,
        (Some(v), _) => v + p[0],
        (None, _) => p[1].sin(),
    };
    let b = match r {
        Some(v) if v > 1.0 => v.ln(),
        Some(v) => v * p[1],
        None => p[1] * 3.0,
    };
    a * b
}
confirmed!(locals_that_may_be_absent: locals at [2.0, 1.0], [1.0, 2.0], [0.5, 0.3], [2.0, 1.0, 0.7], [1.0, 2.0, 0.7]);

#[grad(jvp)]
fn methods(p: &[f64]) -> Option<f64> {
    let o = half(p[0]);
    let a = o.unwrap_or(p[1] * p[1]);
    let b = half(p[1]).unwrap_or_else(|| p[0] * a);
    let c = half(p[0] + 1.0).map(|v| v * b).unwrap_or(1.0);
    let d = half(p[1] + 1.0).and_then(|v| half(v * p[0])).unwrap_or(p[0]);
    let e = p.get(2)?;
    let f = p.get(7).copied().unwrap_or(0.25);
    let g = p.first()? * p.last().copied()?;
    Some(a * b * c * d * e * f * g)
}
confirmed!(methods_of_options: methods at [2.0, 1.5, 0.7], [0.5, 1.5, 0.7], [0.5, 0.3, 0.7], [2.0, 1.5], numbers(9));

#[grad(jvp)]
fn best(p: &[f64]) -> Option<f64> {
    let mut best: Option<f64> = None;
    for &x in p {
        let y = (x - 1.0) * x;
        best = match best {
            Some(b) if b > y => Some(b),
            _ if y > 0.0 => Some(y),
            other => other,
        };
    }
    let b = best?;
    Some(b * b)
}
confirmed!(the_best_so_far: best at numbers(5), [0.5, 0.2], [3.0, 2.0, 4.0, 1.0]);

#[grad(jvp)]
fn diverging(p: &[f64]) -> f64 {
    let Some(a) = half(p[0]) else { panic!("too small") };
    let Some(b) = half(p[1]) else { return a * p[1] };
    let mut s = a * b;
    for &x in p {
        let Some(v) = half(x) else { continue };
        let Some(w) = half(v) else { break };
        s += w * v;
    }
    s
}
confirmed!(let_else_of_something_active: diverging at [2.0, 1.5], [2.0, 0.5], [2.0, 1.5, 0.3, 2.5, 1.1, 4.0]);

#[test]
#[should_panic(expected = "too small")]
fn let_else_panics() {
    let _ = diverging_grad(&[0.5, 2.0]);
}

#[grad(jvp)]
fn with_default(p: &[f64]) -> f64 {
    let mut last = None;
    let mut sum = 0.0;
    for &x in p {
        if let Some(l) = last {
            sum += (x - l) * x;
        }
        last = Some(x);
    }
    sum
}
confirmed!(the_element_before: with_default at numbers(1), numbers(5));
