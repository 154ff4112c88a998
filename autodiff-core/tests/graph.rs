//! The graph of a function, and numbers on it, against the interpreter's gradient.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use autodiff_core::diagnostics::Diagnostics;
use autodiff_core::differentiate::{Seed, adjoint, tangent};
use autodiff_core::ir::eval::{Derive, Module, Value, eval};
use autodiff_core::lower::{Signature, lower};
use autodiff_core::options::Options;
use autodiff_core::structure::structured;
use autodiff_runtime::Graph;
use autodiff_runtime::graph::{RegionKind, TraceError};
use proc_macro2::TokenStream;

fn graph(source: &str) -> Graph {
    let built = autodiff_core::inspect::graph(TokenStream::new(), source.parse().unwrap());
    built.unwrap_or_else(|messages| panic!("{source}: {messages:?}"))
}

/// Value and gradient of a function of floats, by the adjoint and the interpreter.
fn interpreted(source: &str, point: &[f64]) -> (f64, Vec<f64>) {
    let item: syn::ItemFn = syn::parse_str(source).unwrap();
    let mut found = Diagnostics::default();
    let options = Options::default();
    let signature = Signature::read(&item.sig, &options, None, &mut found).unwrap();
    let body = structured(&item.block, &item.sig.output).unwrap_or(*item.block);
    let primal = lower(&signature, &body, &mut found).unwrap();
    let both = adjoint(&primal, Seed::One);
    let args: Vec<Value> = point.iter().map(|x| Value::Float(*x)).collect();
    let module = Module::new(Derive { adjoint: |f| adjoint(f, Seed::Parameter), tangent });
    let results = eval(&module, &both, &args).unwrap();
    let numbers: Vec<f64> = results.iter().map(|value| value.float().unwrap()).collect();
    (numbers[0], numbers[1..].to_vec())
}

const FUNCTIONS: [(&str, &[&[f64]]); 9] = [
    ("fn f(x: f64, y: f64) -> f64 { x * y + x.sin() }", &[&[2.0, 3.0], &[-1.0, 0.5]]),
    ("fn f(x: f64, y: f64) -> f64 { let a = x + y; let b = x - y; a * b }", &[&[5.0, 3.0]]),
    (
        "fn f(x: f64, y: f64) -> f64 {
            let mut s = 2.0 * x - y / 3.0;
            s *= s.powi(3) + x.powf(y);
            s -= y.max(x).hypot(1.0).ln_1p();
            -s + (x % 0.7) + x.mul_add(y, 1.5).atan2(y)
        }",
        &[&[1.3, 0.4], &[2.0, 2.0]],
    ),
    (
        "fn f(x: f64, y: f64) -> f64 {
            let scale = if x > y && x >= 0.0 { x.sqrt() } else { y * y };
            if scale < 0.5 { return scale.exp(); }
            scale * x + y
        }",
        &[&[1.0, 0.5], &[0.1, 0.05], &[-2.0, 0.3], &[0.2, 3.0]],
    ),
    (
        "fn f(x: f64, y: f64) -> f64 {
            let pair = (x.sin(), [y, x * y]);
            let (s, [a, b]) = pair;
            let mut m = [[s, a], [b, 1.0]];
            m[1][1] = s;
            m[0][0] * m[1][1] - m[0][1] * m[1][0]
        }",
        &[&[0.3, 0.4]],
    ),
    (
        "fn f(x: f64, y: f64) -> f64 {
            let pi = std::f64::consts::PI;
            let (s, c) = (pi * x).sin_cos();
            s * c + { let z = y.tanh(); z * z } - 1e-3 * y.clamp(-1.0, 1.0)
        }",
        &[&[0.3, 0.4], &[0.3, 1.0]],
    ),
    (
        "fn f(x: f64) -> f64 {
            let n = 3;
            let (mut a, b) = if x != 1.0 { (x, 2.0) } else { (1.0, x) };
            a += b;
            a.powi(n) / x
        }",
        &[&[0.7], &[1.0]],
    ),
    ("fn f(x: f64) -> f64 { (x - x).sqrt() * 0.0 + x.abs() }", &[&[0.7], &[-1.0], &[0.0]]),
    (
        "fn f(x: f64) -> f64 {
            let g = |z: f64| z * z + x;
            let mut y = 1.0;
            if !(x < 0.0 || x > 9.0) { y = g(x); } else if x == -1.0 { y = x; }
            y
        }",
        &[&[2.0], &[-1.0], &[-3.0], &[10.0]],
    ),
];

#[test]
fn numbers_on_the_graph_are_those_of_the_adjoint() {
    for (source, points) in FUNCTIONS {
        let graph = graph(source);
        for point in points {
            let trace = graph.trace(point).unwrap_or_else(|error| panic!("{source}: {error}"));
            let (value, gradient) = interpreted(source, point);
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs().max(1.0);
            assert!(close(trace.value(graph.outputs()[0]).unwrap(), value), "{source}\n{trace}");
            assert_eq!(trace.gradient().len(), gradient.len());
            for ((ours, theirs), input) in
                trace.gradient().iter().zip(&gradient).zip(graph.inputs())
            {
                assert!(close(*ours, *theirs), "{source} at {point:?}: {gradient:?}\n{trace}");
                let sum: f64 = trace.paths(input).map(|path| path.product()).sum();
                assert!(close(sum, *theirs), "{source} at {point:?}: paths give {sum}\n{trace}");
            }
        }
    }
}

#[test]
fn the_first_function_is_drawn_as_it_is_written() {
    let graph = graph(FUNCTIONS[0].0);
    assert_eq!(graph.names(), ["x", "y", "mul", "sin", "add"]);
    let at = |name: &str| {
        let found = graph.nodes().find(|(_, node)| node.name == name).unwrap().1;
        (found.source.line, found.source.column, found.source.text.clone())
    };
    let source = FUNCTIONS[0].0;
    for (name, token) in [("x", "x"), ("mul", "*"), ("add", "+"), ("sin", "sin")] {
        let (line, column, text) = at(name);
        assert_eq!((line, &*text), (1, token));
        assert!(source[column - 1..].starts_with(token), "{name} at {column}");
    }
}

#[test]
fn elements_at_known_indices_are_nodes() {
    let graph = graph("fn f(v: &[f64; 2], n: i32) -> f64 { v[0].powi(n) * v[1] }");
    assert_eq!(graph.names(), ["v[0]", "v[1]", "n", "powi", "mul"]);
    let trace = graph.trace(&[3.0, 5.0, 2.0]).unwrap();
    assert_eq!(trace.gradient(), [30.0, 9.0]);
}

#[test]
fn single_precision_is_rounded() {
    let graph = graph("fn f(x: f32) -> f32 { if x > 0.1 { x * 0.1 } else { x } }");
    let at = f64::from(0.3_f32);
    let trace = graph.trace(&[at]).unwrap();
    assert_eq!(trace.value(graph.outputs()[0]), Some(f64::from(0.3_f32 * 0.1)));
    assert_eq!(trace.gradient(), [f64::from(0.1_f32)]);
    // 0.1 as `f32` is not above itself.
    assert_eq!(graph.trace(&[f64::from(0.1_f32)]).unwrap().gradient(), [1.0]);
}

#[test]
fn what_is_not_followed_is_shown_and_says_why() {
    let looping =
        graph("fn f(x: f64, n: usize) -> f64 { let mut y = x; for _ in 0..n { y = y.sin(); } y }");
    let region = looping.regions().next().unwrap().1;
    assert_eq!((region.kind, region.label.as_str()), (RegionKind::Loop, "for _ in 0..n"));
    assert_eq!(region.carried.len(), 1);
    assert!(matches!(looping.trace(&[1.0, 2.0]), Err(TraceError::Loop { .. })), "{looping}");

    let calling = graph("fn f(x: f64) -> f64 { 2.0 * g(x, x * x) }");
    assert!(
        matches!(calling.trace(&[1.0]), Err(TraceError::Call { label, line: 1 }) if label == "g(x, x * x)"),
        "{calling}"
    );

    let slices = graph("fn f(x: &[f64], i: usize) -> f64 { x[i] * x[0] }");
    assert!(matches!(slices.trace(&[0.0]), Err(TraceError::Opaque { .. })), "{slices}");

    let matching =
        graph("fn f(x: f64, n: u8) -> f64 { match n { 0 => x.exp(), 1 | 2 => x, _ => panic!() } }");
    let labels: Vec<&str> = matching.regions().map(|(_, region)| region.label.as_str()).collect();
    assert_eq!(labels, ["0", "1 | 2", "_"]);
    assert!(matches!(matching.trace(&[0.0, 1.0]), Err(TraceError::Match { .. })), "{matching}");

    // Integers are divided as integers, which no formula does.
    let integers = graph("fn f(x: f64, n: i32) -> f64 { if n / 2 > 1 { x } else { -x } }");
    assert!(matches!(integers.trace(&[1.0, 3.0]), Err(TraceError::Opaque { .. })), "{integers}");

    let panics = graph("fn f(x: f64) -> f64 { if x > 0.0 { x } else { panic!(\"no\") } }");
    assert_eq!(panics.trace(&[2.0]).unwrap().gradient(), [1.0]);
    assert!(panics.trace(&[-2.0]).is_err(), "{panics}");
}

#[test]
fn a_refused_function_has_no_graph() {
    let item: TokenStream = "fn f(x: f64) -> f64 { x.unknown() }".parse().unwrap();
    let messages = autodiff_core::inspect::graph(TokenStream::new(), item).unwrap_err();
    assert!(messages[0].to_string().contains("unknown"), "{messages:?}");
}

#[test]
fn only_who_asks_for_a_graph_has_one() {
    let expanded = |options: &str| {
        let item = FUNCTIONS[0].0.parse().unwrap();
        autodiff_core::grad(options.parse().unwrap(), item).to_string()
    };
    let (without, with) = (expanded(""), expanded("graph"));
    assert!(!without.contains("Graph") && !without.contains("<svg"), "{without}");
    for part in ["fn f_graph () -> :: autodiff :: Graph", "f(x, y) = x · y + sin(x)", "<div><svg"]
    {
        assert!(with.contains(part), "{part}: {with}");
    }
}
