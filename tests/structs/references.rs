//! Tuples of references, which a pullback must not keep.

use autodiff::{Differentiable, grad};

use crate::confirmed;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair {
    x: f64,
    y: f64,
}

#[grad(jvp)]
fn of_memory(a: &Vec<f64>, b: &Vec<f64>) -> f64 {
    let pair = (a, b);
    let mut sum = 0.0;
    for (x, y) in pair.0.iter().zip(pair.1) {
        sum += x * y * y;
    }
    sum
}

#[grad(jvp)]
fn of_structs(a: &Pair, b: &Pair, first: bool) -> f64 {
    let (p, q) = if first { (a, b) } else { (b, a) };
    let pair = (p, q);
    pair.0.x * q.y * p.y
}

#[grad(jvp)]
fn called(p: &[f64]) -> f64 {
    let (a, b) = (vec![p[0], p[1] * p[2]], vec![p[2], p[0]]);
    let (c, d) = (Pair { x: p[0], y: p[1] }, Pair { x: p[2], y: p[0] * p[1] });
    of_memory(&a, &b) * of_structs(&c, &d, p[0] > 1.0) + of_structs(&d, &c, true)
}
confirmed!(references_in_tuples: called at [0.7, 1.2, 0.9], [1.3, 0.4, 0.8]);

#[test]
fn gradients_behind_tuples() {
    let gradient = of_memory_grad(&vec![2.0, 3.0], &vec![1.0, 4.0]);
    assert_eq!(gradient, (vec![1.0, 16.0], vec![4.0, 24.0]));
    let (a, b) = (Pair { x: 1.0, y: 2.0 }, Pair { x: 3.0, y: 4.0 });
    let (a_bar, b_bar) = of_structs_grad(&a, &b, false);
    assert_eq!((a_bar, b_bar), (Pair { x: 0.0, y: 12.0 }, Pair { x: 8.0, y: 6.0 }));
}
