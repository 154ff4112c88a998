//! Memory that is handed to a function by value.

use autodiff::grad;

use crate::{confirmed, numbers};

#[grad]
fn energy(v: Vec<f64>) -> f64 {
    let mut s = 0.0;
    for i in 0..v.len() {
        s += v[i] * v[i] * v[0];
    }
    s
}

#[grad]
fn scaled(v: &[f64], k: f64) -> Vec<f64> {
    v.iter().map(|a| a * k.sin()).collect()
}

#[grad(jvp)]
fn built(x: &[f64]) -> f64 {
    let mut v = Vec::new();
    for a in x {
        v.push(a.sin());
    }
    energy(v)
}
confirmed!(what_was_built: built at numbers(3));

#[grad(jvp)]
fn copied(x: &[f64]) -> f64 {
    energy(x.to_vec()) * x[1]
}
confirmed!(a_copy: copied at numbers(3));

#[grad(jvp)]
fn twice(x: &[f64]) -> f64 {
    let v: Vec<f64> = x.iter().map(|a| a * 2.0).collect();
    energy(v.clone()) * energy(v)
}
confirmed!(a_clone_and_the_rest: twice at numbers(3));

#[grad(jvp)]
fn returned(x: &[f64]) -> f64 {
    let w = scaled(x, x[0]);
    energy(w) + energy(scaled(&scaled(x, x[1]), 2.0))
}
confirmed!(what_a_call_returned: returned at numbers(3));

#[grad(jvp)]
fn replaced(x: &[f64]) -> f64 {
    let mut total = 0.0;
    let mut v = x.to_vec();
    for i in 0..3 {
        v = scaled(&v, x[i]);
        total += v[i] * v[0];
    }
    total + energy(v)
}
confirmed!(replaced_in_a_loop: replaced at numbers(3));

#[grad]
fn owned(x: Vec<f64>) -> f64 {
    let s = x[0] * x[1];
    s * energy(x)
}

#[grad(jvp)]
fn by_value_again(x: &[f64]) -> f64 {
    owned(x.to_vec())
}
confirmed!(handed_on: by_value_again at numbers(3));
