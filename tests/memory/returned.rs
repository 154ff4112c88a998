//! Memory that a call returns beside other things.

use autodiff::grad;

use crate::{confirmed, numbers};

#[grad(jvp)]
fn scaled(x: &[f64], k: f64) -> (f64, Vec<f64>, [f64; 2]) {
    let mut w = vec![0.0; x.len()];
    let mut s = 0.0;
    for i in 0..x.len() {
        w[i] = x[i] * k;
        s += w[i] * w[i];
    }
    (s, w, [k, s * k])
}

#[grad(jvp)]
fn taken_apart(p: &[f64]) -> f64 {
    let (s, w, [a, b]) = scaled(p, p[0]);
    let mut t = s + a * b;
    for v in &w {
        t += v.sin();
    }
    t
}
confirmed!(a_tuple_with_a_vec_is_taken_apart: taken_apart at numbers(3));

#[grad(jvp)]
fn in_part(p: &[f64]) -> f64 {
    let (_, w, _) = scaled(p, p[1] * p[0]);
    w[0] * w[1]
}
confirmed!(the_rest_is_left: in_part at numbers(3));

#[grad(jvp)]
fn again_and_again(p: &[f64]) -> f64 {
    let mut total = p[0];
    for i in 0..3 {
        let (s, w, _) = scaled(p, total / 10.0);
        total += s / 100.0 + w[i % p.len()];
        if i == 1 {
            let (s, w, pair) = scaled(&w, p[1] / 10.0);
            total += s * w[0] * pair[0];
        }
    }
    total
}
confirmed!(in_loops_and_arms: again_and_again at numbers(3));
