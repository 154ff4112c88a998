//! `#[grad(graph)]`: what `f_graph()` gives is what the compiler sees, and its numbers are those of
//! the other companions.

#![allow(clippy::float_cmp, reason = "numbers are exact")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use autodiff::graph::TraceError;
use autodiff::{Graph, grad};

#[grad(graph)]
fn f(x: f64, y: f64) -> f64 {
    x * y + x.sin()
}

#[grad(graph)]
fn arms(x: f64, v: [f64; 2], n: i32) -> f64 {
    let scale = if x > v[0] && n != 2 { (x - v[0]).sqrt() } else { v[1].exp() * x };
    scale.max(0.1) * v[0] / (1.0 + x.powi(n))
}

#[grad(graph)]
fn recurrence(x: f64, steps: usize) -> f64 {
    let mut s = x;
    for _ in 0..steps {
        s = (s * x).sin();
    }
    f(s, x)
}

struct Line {
    slope: f64,
}

impl Line {
    #[grad(graph, constant(self))]
    fn at(&self, x: f64) -> f64 {
        x * x * 2.0 + self.slope
    }

    #[grad(graph, associated)]
    fn square(x: f64) -> f64 {
        x * x
    }
}

#[test]
fn the_numbers_of_the_first_function() {
    let graph: Graph = f_graph();
    assert_eq!(graph, f::graph());
    let trace = graph.trace(&[2.0, 3.0]).unwrap();
    let (value, (dx, dy)) = f_value_and_grad(2.0, 3.0);
    assert_eq!(trace.value(graph.outputs()[0]), Some(value));
    assert_eq!(trace.gradient(), [dx, dy]);
    let x = graph.inputs().next().unwrap();
    let paths: Vec<(Vec<String>, f64)> = trace
        .paths(x)
        .map(|path| {
            let names = graph.names();
            (path.nodes.iter().map(|id| names[id.index()].clone()).collect(), path.product())
        })
        .collect();
    let path = |names: [&str; 3]| names.map(str::to_owned).to_vec();
    assert_eq!(
        paths,
        [(path(["x", "mul", "add"]), 3.0), (path(["x", "sin", "add"]), 2.0_f64.cos())]
    );
    // The place in this file is that of the operator.
    let mul = graph.nodes().find(|(_, node)| node.name == "mul").unwrap().1;
    let line = include_str!("graph.rs").lines().nth(mul.source.line - 1).unwrap();
    assert_eq!((line, mul.source.column, &*mul.source.text), ("    x * y + x.sin()", 7, "*"));
}

#[test]
fn a_branch_has_the_numbers_of_the_arm_taken() {
    let graph = arms_graph();
    for (x, v, n) in [(3.0, [1.0, 0.2], 3), (0.5, [1.0, 0.2], 3), (3.0, [1.0, 0.2], 2)] {
        let trace = graph.trace(&[x, v[0], v[1], f64::from(n)]).unwrap();
        let (value, (dx, dv)) = arms_value_and_grad(x, v, n);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-14;
        assert!(close(trace.value(graph.outputs()[0]).unwrap(), value), "{trace}");
        let gradient = trace.gradient();
        let expected = [dx, dv[0], dv[1]];
        assert_eq!(gradient.len(), 3);
        assert!(gradient.iter().zip(expected).all(|(a, b)| close(*a, b)), "{trace} {expected:?}");
    }
}

#[test]
fn what_is_not_followed_is_an_error() {
    let error = recurrence_graph().trace(&[1.0, 3.0]).unwrap_err();
    assert!(matches!(error, TraceError::Loop { .. } | TraceError::Call { .. }), "{error}");
}

#[test]
fn methods_have_graphs() {
    assert_eq!(Line::square_graph().trace(&[3.0]).unwrap().gradient(), [6.0]);
    let line = Line { slope: 1.0 };
    assert_eq!((line.at(3.0), line.at_grad(3.0)), (19.0, 12.0));
    assert_eq!(Line::at_graph().inputs().count(), 1);
}

/// What the compiler sees of a function of this file.
fn seen(name: &str) -> Graph {
    let file = include_str!("graph.rs");
    let start = file.find(&format!("fn {name}(")).unwrap();
    let end = start + file[start..].find("\n}\n").unwrap() + 3;
    // On the lines where it is.
    let lines = "\n".repeat(file[..start].matches('\n').count());
    let item = format!("{lines}{}", &file[start..end]);
    autodiff_core::inspect::graph("graph".parse().unwrap(), item.parse().unwrap()).unwrap()
}

#[test]
fn the_emitted_code_builds_the_graph_that_the_compiler_sees() {
    assert_eq!(f_graph(), seen("f"));
    assert_eq!(arms_graph(), seen("arms"));
    assert_eq!(recurrence_graph(), seen("recurrence"));
    assert_eq!(matching_graph(), seen("matching"));
}

#[grad(graph)]
fn matching(x: f32, kind: u8) -> f32 {
    let (a, b) = match kind {
        0 => (x.sin(), 0.5),
        1 | 2 => (x, x * x),
        _ => (1.0, -x),
    };
    a / b - 1e-3
}
