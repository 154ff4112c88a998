//! Functions that return a `Vec`, alone, in a tuple, or perhaps.

use autodiff::check::assert_gradient;
use autodiff::grad;

#[grad(jvp, vjp)]
fn filtered(xs: &[f64], k: f64) -> Vec<f64> {
    let mut out = xs.to_vec();
    for i in 1..out.len() {
        out[i] += k * out[i - 1];
    }
    out
}

#[grad(jvp, vjp)]
fn sums(xs: &[f64], k: f64) -> (f64, Vec<f64>) {
    let mut out = Vec::new();
    let mut s = 0.0;
    for x in xs {
        s += x * k;
        out.push(s * s);
    }
    (s, out)
}

#[grad(jvp, vjp)]
fn chosen(xs: &[f64], k: f64) -> Vec<f64> {
    if k > 1.0 {
        return filtered(xs, k);
    }
    vec![k, xs[0] * k]
}

#[grad(jvp, vjp)]
fn perhaps(xs: &[f64], k: f64) -> Option<Vec<f64>> {
    if xs.len() < 2 {
        return None;
    }
    let mut out = filtered(xs, k);
    out[0] *= k;
    Some(out)
}

#[grad(jvp)]
fn together(xs: &[f64], k: f64) -> f64 {
    let v = filtered(xs, k);
    let sums = sums(&v, k);
    let mut t = sums.0;
    for i in 0..v.len() {
        t += v[i] * sums.1[i];
    }
    let u = chosen(&v, k + 0.3);
    if let Some(q) = perhaps(&u, k) {
        t += q[0] * q[1];
    }
    t * u[0]
}

#[test]
fn vectors_are_passed_on() {
    for (xs, k) in [(vec![1.0, 0.5, 2.0], 0.9), (vec![1.0, 0.5], 0.3), (vec![2.0], 1.1)] {
        let gradient = together_grad(&xs, k);
        let f = |(xs, k): &(Vec<f64>, f64)| together(xs, *k);
        assert_gradient("together", &["xs", "k"], f, &(xs.clone(), k), &gradient);
        let (_, along) = together_jvp(&xs, k, &vec![1.0; xs.len()], 1.0);
        let sum = gradient.0.iter().sum::<f64>() + gradient.1;
        approx::assert_relative_eq!(along, sum, max_relative = 1e-12);
    }
}

#[test]
fn pullbacks_take_vectors() {
    let (value, pullback) = filtered_vjp(&[1.0, 2.0], 3.0);
    assert_eq!(value, [1.0, 5.0]);
    assert_eq!(pullback(vec![1.0, 10.0]), (vec![31.0, 10.0], 10.0));
    let (value, dot) = filtered_jvp(&[1.0, 2.0], 3.0, &[1.0, 0.0], 1.0);
    assert_eq!((value, dot), (vec![1.0, 5.0], vec![1.0, 4.0]));
    let (value, pullback) = sums_vjp(&[1.0, 2.0], 1.0);
    assert_eq!(value, (3.0, vec![1.0, 9.0]));
    assert_eq!(pullback((1.0, vec![1.0, 0.0])), (vec![3.0, 1.0], 5.0));
    let (value, pullback) = chosen_vjp(&[2.0], 0.5);
    assert_eq!(value, [0.5, 1.0]);
    assert_eq!(pullback(vec![1.0, 10.0]), (vec![5.0], 21.0));
    let (value, pullback) = perhaps_vjp(&[1.0, 2.0], 3.0).unwrap();
    assert_eq!(value, [3.0, 5.0]);
    assert_eq!(pullback(vec![1.0, 10.0]), (vec![33.0, 10.0], 11.0));
    assert!(perhaps_jvp(&[1.0], 3.0, &[1.0], 0.0).is_none());
}
