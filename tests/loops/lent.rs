//! Numbers without a derivative that a function sees through references: they are kept, not the
//! references, since what these point to may be gone when the pullback runs.

#![deny(warnings)]
#![allow(
    clippy::explicit_iter_loop,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::needless_range_loop,
    clippy::suboptimal_flops,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    clippy::useless_vec,
    reason = "the functions are written in every way that is accepted"
)]

use autodiff::check::assert_gradient;
use autodiff::grad;

/// Compares the gradient with differences, and the pullback and the tangent with the gradient.
macro_rules! agree {
    ($f:ident, $grad:ident, $vjp:ident, $jvp:ident, $x:expr $(, $more:expr)*) => {
        let x = $x;
        let gradient = $grad(&x $(, $more)*);
        assert_gradient(stringify!($f), &["x"], |(x,)| $f(x $(, $more)*), &(x.to_vec(),), &gradient);
        let (value, pull) = $vjp(&x $(, $more)*);
        assert_eq!(value.to_bits(), $f(&x $(, $more)*).to_bits());
        // A pullback adds up in the opposite order.
        for (pulled, slope) in pull(2.0).iter().zip(&gradient) {
            approx::assert_relative_eq!(*pulled, 2.0 * slope, max_relative = 1e-14, epsilon = 1e-15);
        }
        for n in 0..x.len() {
            let mut dot = vec![0.0; x.len()];
            dot[n] = 1.0;
            let (_, dot) = $jvp(&x $(, $more)*, &dot);
            approx::assert_relative_eq!(dot, gradient[n], max_relative = 1e-12, epsilon = 1e-14);
        }
    };
}

static WEIGHTS: [f64; 3] = [0.1, 0.2, 0.3];

#[grad(jvp, vjp)]
fn from_a_static(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (a, b) in x.iter().zip(WEIGHTS.iter()) {
        s += (a * b).sin();
    }
    s
}

#[grad(jvp, vjp)]
fn from_a_local(x: &[f64]) -> f64 {
    let nodes = vec![0.5, 1.5, -2.0];
    let mut s = 0.0;
    for (a, b) in x.iter().zip(&nodes) {
        s += (a * b).exp();
    }
    let last = &nodes[2];
    let first = nodes.first().unwrap();
    s * last * s + (first * s).sin()
}

#[grad(jvp, vjp, constant(data))]
fn from_a_parameter(x: &[f64], data: &[(f64, f64)]) -> f64 {
    let mut s = 0.0;
    for (t, y) in data {
        let r = x[0] * (-x[1] * t).exp() - y;
        s += r * r;
    }
    s
}

#[grad(jvp, vjp, constant(edges))]
fn from_a_graph(x: &[f64], edges: &[(usize, usize, f64)]) -> f64 {
    let mut e = 0.0;
    for (i, j, w) in edges.iter() {
        let d = x[*i] - x[*j];
        e += if *i > 0 { w * d * d } else { w.sin() * d };
    }
    e
}

#[grad(jvp, vjp)]
fn from_what_changes(x: &[f64]) -> f64 {
    let mut buffer = [1.0, 2.0, 3.0];
    let mut s = 0.0;
    for k in 0..3 {
        for (a, b) in x.iter().zip(buffer.iter()) {
            s += (a * b).sin();
        }
        buffer[k] += 0.5;
    }
    s
}

#[grad(jvp, vjp)]
fn from_a_table(x: &[f64]) -> f64 {
    let table = [(0.3, 1.0), (0.7, 2.0), (9.0, -1.5)];
    for (limit, slope) in table.iter() {
        if x[0] < *limit {
            return slope * x[0] * x[1] * x[0];
        }
    }
    x[1]
}

#[grad(jvp, vjp)]
fn from_an_option(x: &[f64], k: usize) -> f64 {
    let table = vec![0.5, 1.5, 2.5];
    let mut y = x[0];
    if let Some(w) = table.get(k) {
        y *= w * x[1].sin();
    }
    y * y
}

#[test]
fn numbers_behind_references() {
    agree!(
        from_a_static,
        from_a_static_grad,
        from_a_static_vjp,
        from_a_static_jvp,
        [0.5, 1.0, 2.0]
    );
    agree!(from_a_local, from_a_local_grad, from_a_local_vjp, from_a_local_jvp, [0.5, 1.0, 0.2]);
    let data: &[_] = &[(0.1, 2.0), (0.5, 1.0), (2.0, 0.3)];
    agree!(
        from_a_parameter,
        from_a_parameter_grad,
        from_a_parameter_vjp,
        from_a_parameter_jvp,
        [1.5, 0.7],
        data
    );
    let edges: &[_] = &[(0, 1, 0.5), (1, 2, 2.0), (2, 0, -1.5)];
    agree!(
        from_a_graph,
        from_a_graph_grad,
        from_a_graph_vjp,
        from_a_graph_jvp,
        [0.5, 1.0, 2.0],
        edges
    );
    agree!(
        from_what_changes,
        from_what_changes_grad,
        from_what_changes_vjp,
        from_what_changes_jvp,
        [0.5, 1.0, 2.0]
    );
    for x in [0.1, 0.5, 2.0] {
        agree!(from_a_table, from_a_table_grad, from_a_table_vjp, from_a_table_jvp, [x, 1.3]);
    }
    for k in [1, 7] {
        agree!(
            from_an_option,
            from_an_option_grad,
            from_an_option_vjp,
            from_an_option_jvp,
            [0.5, 1.3],
            k
        );
    }
}

/// What is saved loses the parentheses that it stood in: `unused_parens` sees the user's tokens.
#[grad(jvp, vjp)]
fn in_parentheses(x: &[f64]) -> f64 {
    WEIGHTS
        .iter()
        .map(|&y| {
            let p = 1.0 / (1.0 + (-x[0] * y - x[1]).exp());
            -(y * p.ln() + (1.0 - y) * (1.0 - p).ln())
        })
        .sum()
}

#[test]
fn saved_without_parentheses() {
    agree!(in_parentheses, in_parentheses_grad, in_parentheses_vjp, in_parentheses_jvp, [0.5, 1.0]);
}
