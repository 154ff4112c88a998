//! Graphs at a point: values, rates, sensitivities and paths, and how they are shown.

#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
#![allow(clippy::float_cmp, reason = "numbers are exact")]
#![allow(clippy::many_single_char_names, reason = "they are those of the text")]

use autodiff_runtime::Graph;
use autodiff_runtime::graph::{Formula, Node, NodeId, RegionKind, Stage, TraceError};

/// f(x, y) = x · y + sin x
fn product_and_sine() -> (Graph, NodeId, NodeId) {
    let mut graph = Graph::new("f");
    let x = graph.add(Node::input("x"));
    let y = graph.add(Node::input("y"));
    let mul = graph.add(Node::apply("mul", "a * b").operand(x, "b").operand(y, "a"));
    let sin = graph.add(Node::apply("sin", "sin(a)").operand(x, "cos(a)"));
    let add = graph.add(Node::apply("add", "a + b").operand(mul, "1").operand(sin, "1"));
    graph.output(add);
    (graph, x, y)
}

/// (x + y)(x − y), with names.
fn diamond() -> Graph {
    let mut graph = Graph::new("g");
    let x = graph.add(Node::input("x"));
    let y = graph.add(Node::input("y"));
    let a = graph.add(Node::apply("add", "a + b").operand(x, "1").operand(y, "1").named("a"));
    let b = graph.add(Node::apply("sub", "a - b").operand(x, "1").operand(y, "-1").named("b"));
    let c = graph.add(Node::apply("mul", "a * b").operand(a, "b").operand(b, "a").named("c"));
    graph.output(c);
    graph
}

#[test]
fn every_path_has_its_product_and_they_add_up() {
    let (graph, x, y) = product_and_sine();
    let trace = graph.trace(&[2.0, 3.0]).unwrap();
    let cos = 2.0_f64.cos();
    let products: Vec<f64> = trace.paths(x).map(|path| path.product()).collect();
    assert_eq!(products, [3.0, cos]);
    assert_eq!(trace.paths(x).total(), 2);
    assert_eq!(trace.sensitivity(x), Some(3.0 + cos));
    assert_eq!(trace.sensitivity(y), Some(2.0));
    assert_eq!(trace.value(graph.outputs()[0]), Some(6.0 + 2.0_f64.sin()));
}

#[test]
fn the_diamond_has_the_derivatives_2x_and_minus_2y() {
    let graph = diamond();
    let trace = graph.trace(&[5.0, 3.0]).unwrap();
    assert_eq!(trace.gradient(), [10.0, -6.0]);
    let inputs: Vec<NodeId> = graph.inputs().collect();
    let of = |id| trace.paths(id).map(|path| path.product()).collect::<Vec<_>>();
    assert_eq!((of(inputs[0]), of(inputs[1])), (vec![2.0, 8.0], vec![2.0, -8.0]));
}

#[test]
fn a_table_says_it_all() {
    let (graph, ..) = product_and_sine();
    let text = graph.trace(&[2.0, 3.0]).unwrap().to_string();
    assert_eq!(
        text,
        "\
node  formula       value  sensitivity  local rates
x     input      2.000000     2.583853
y     input      3.000000     2.000000
mul   x · y      6.000000     1.000000  x: 3.000000, y: 2.000000
sin   sin(x)     0.909297     1.000000  x: -0.416147
add   mul + sin  6.909297     1.000000  mul: 1.000000, sin: 1.000000

df/dx
  x → mul → add   3.000000
  x → sin → add  -0.416147
  sum             2.583853

df/dy
  y → mul → add  2.000000
  sum            2.000000
"
    );
    assert_eq!(
        graph.to_string(),
        "\
node  formula    local partials  at
x     input
y     input
mul   x · y      x: y, y: x
sin   sin(x)     x: cos(x)
add   mul + sin  mul: 1, sin: 1
"
    );
}

#[test]
fn a_diagram_of_the_structure() {
    let (graph, ..) = product_and_sine();
    assert_eq!(
        graph.mermaid(),
        r#"graph BT
x["x"]
y["y"]
mul["multiply"]
sin["sine"]
add["add"]
out["output"]
x --> mul
y --> mul
x --> sin
mul --> add
sin --> add
add --> out
classDef input fill:none,stroke:#60a5fa,stroke-width:2px
classDef output fill:none,stroke:#34d399,stroke-width:2px
class x,y input
class out output
"#
    );
    let named = diamond().mermaid();
    assert!(named.contains("a[\"a = x + y\"]") && named.contains("c[\"c = a × b\"]"), "{named}");
}

/// The lines of a diagram that say what the nodes are.
fn labels(diagram: &str) -> Vec<&str> {
    diagram.lines().filter(|line| line.contains("[\"")).collect()
}

#[test]
fn diagrams_of_the_other_stages() {
    let (graph, x, _) = product_and_sine();
    let trace = graph.trace(&[2.0, 3.0]).unwrap();
    let values = trace.mermaid(Stage::Values);
    let expected = [
        r#"x["x = 2"]"#,
        r#"y["y = 3"]"#,
        r#"mul["multiply<br/>2 × 3 = 6"]"#,
        r#"sin["sine<br/>sin(2) ≈ 0.91"]"#,
        r#"add["add<br/>6 + 0.91 = 6.91"]"#,
    ];
    assert_eq!(labels(&values), expected);
    let wiggle = trace.mermaid(Stage::Wiggle(x));
    let expected = [
        r#"x["x = 2<br/>↑ wiggle here"]"#,
        r#"y["y = 3"]"#,
        r#"mul["multiply<br/>feels the wiggle"]"#,
        r#"sin["sine<br/>feels the wiggle"]"#,
        r#"add["add<br/>feels both wiggles"]"#,
    ];
    assert_eq!(labels(&wiggle), expected);
    let styled: Vec<&str> = wiggle.lines().filter(|line| line.starts_with("linkStyle")).collect();
    let numbers = [0, 2, 3, 4].map(|n| format!("linkStyle {n} stroke:#f472b6,stroke-width:3px"));
    assert_eq!(styled, numbers);
    let rates = trace.mermaid(Stage::Rates(x));
    let expected = [
        r#"x["x = 2"]"#,
        r#"y["y = 3"]"#,
        r#"mul["×<br/>local rate: y=3"]"#,
        r#"sin["sin<br/>local rate: cos(2)≈-0.42"]"#,
        r#"add["+<br/>local rate: 1, 1"]"#,
    ];
    assert_eq!(labels(&rates), expected);
    let edges: Vec<&str> = rates.lines().filter(|line| line.contains("--")).collect();
    let expected = [
        r#"x -->|"×3"| mul"#,
        "y --> mul",
        r#"x -->|"×(-0.42)"| sin"#,
        r#"mul -->|"×1"| add"#,
        r#"sin -->|"×1"| add"#,
    ];
    assert_eq!(edges, expected);
    let back = trace.mermaid(Stage::Sensitivities);
    let expected = [
        r#"x["x<br/>sensitivity: 3 + (-0.42) = 2.58 ✓"]"#,
        r#"y["y<br/>sensitivity: 2 ✓"]"#,
        r#"mul["×<br/>sensitivity: 1 ✓"]"#,
        r#"sin["sin<br/>sensitivity: 1 ✓"]"#,
        r#"add["+<br/>sensitivity: 1 ✓"]"#,
    ];
    assert_eq!(labels(&back), expected);
    assert!(back.contains("class mul,sin,add done\nclass x,y result\n"), "{back}");
}

/// `if x > 0.0 { x.sqrt() } else { -x }`
fn branch() -> Graph {
    let mut graph = Graph::new("h");
    let x = graph.add(Node::input("x"));
    let positive = graph.add(Node::apply("condition", "0 < a").operand(x, "").inert());
    let then = graph.open(RegionKind::Then(positive), "if x > 0.0");
    let sqrt = graph.add(Node::apply("sqrt", "sqrt(a)").operand(x, "0.5 / y").singular());
    graph.close();
    let other = graph.open(RegionKind::Else(positive), "else");
    let neg = graph.add(Node::apply("neg", "-a").operand(x, "-1"));
    graph.close();
    let merge = Node::merge("if").from_arm(sqrt, then, "1").from_arm(neg, other, "1");
    let merge = graph.add(merge);
    graph.output(merge);
    graph
}

#[test]
fn only_the_arm_that_runs_has_values() {
    let graph = branch();
    let right = graph.trace(&[4.0]).unwrap();
    assert_eq!((right.value(graph.outputs()[0]), right.gradient()), (Some(2.0), vec![0.25]));
    let left = graph.trace(&[-4.0]).unwrap();
    assert_eq!((left.value(graph.outputs()[0]), left.gradient()), (Some(4.0), vec![-1.0]));
    let sqrt = graph.nodes().find(|(_, node)| node.name == "sqrt").unwrap().0;
    assert_eq!((left.value(sqrt), left.sensitivity(sqrt)), (None, None));
    assert!(left.to_string().contains("  sqrt     sqrt(x)"), "{left}");
    let dot = graph.dot();
    assert!(dot.contains("subgraph cluster_0 {\n    label=\"if x > 0.0\";"), "{dot}");
}

#[test]
fn what_is_not_followed_has_no_numbers() {
    let (graph, ..) = product_and_sine();
    assert_eq!(graph.trace(&[1.0]).unwrap_err(), TraceError::Inputs { expected: 2, given: 1 });
    let mut graph = Graph::new("f");
    let x = graph.add(Node::input("x"));
    let call = graph.add(Node::call("g", "g").operand(x, "").at(7, 5, "g"));
    let sum = graph.add(Node::apply("add", "a + b").operand(call, "1").operand(x, "1"));
    assert_eq!(graph.trace(&[1.0]).unwrap_err(), TraceError::Outputs { count: 0 });
    graph.output(sum);
    let error = graph.trace(&[1.0]).unwrap_err();
    assert_eq!(error, TraceError::Call { label: "g".to_owned(), line: 7 });
    assert_eq!(error.to_string(), "the result depends on the call `g` (line 7)");
}

#[test]
fn a_loop_is_shown_and_not_followed() {
    let mut graph = Graph::new("f");
    let x = graph.add(Node::input("x"));
    let body = graph.open(RegionKind::Loop, "for _ in 0..3");
    let start = graph.add(Node::carried("s").operand(x, "1"));
    let sin = graph.add(Node::apply("sin", "sin(a)").operand(start, "cos(a)"));
    graph.close();
    graph.carry(body, start, sin);
    let after = graph.add(Node::after("s").operand(sin, "1"));
    graph.output(after);
    let error = graph.trace(&[1.0]).unwrap_err();
    assert!(matches!(error, TraceError::Loop { .. }), "{error}");
    assert!(graph.to_string().contains("next iteration of `for _ in 0..3`: sin → s"), "{graph}");
    assert!(graph.mermaid().contains("sin -.->|next| s\n"));
    assert!(graph.dot().contains("n2 -> n1 [style=dashed, constraint=false];"));
}

#[test]
fn paths_can_be_more_than_anybody_counts() {
    let mut graph = Graph::new("f");
    let x = graph.add(Node::input("x"));
    let mut last = x;
    for _ in 0..80 {
        last = graph.add(Node::apply("add", "a + b").operand(last, "1").operand(last, "1"));
    }
    graph.output(last);
    let trace = graph.trace(&[1.0]).unwrap();
    assert_eq!(trace.gradient(), [2.0_f64.powi(80)]);
    assert_eq!(trace.paths(x).total(), u64::MAX);
    assert_eq!(trace.paths(x).take(3).map(|path| path.product()).sum::<f64>(), 3.0);
    assert!(trace.to_string().contains("very many more paths"));
}

#[test]
fn a_zero_sensitivity_stays_zero_through_a_singular_operation() {
    let mut graph = Graph::new("f");
    let x = graph.add(Node::input("x"));
    let sqrt = graph.add(Node::apply("sqrt", "sqrt(a)").operand(x, "0.5 / y").singular());
    let zero = graph.add(Node::constant("zero", 0.0));
    let mul = graph.add(Node::apply("mul", "a * b").operand(sqrt, "b").operand(zero, ""));
    graph.output(mul);
    assert_eq!(graph.trace(&[0.0]).unwrap().gradient(), [0.0]);
}

#[test]
fn formulas_are_what_they_are_printed_as() {
    for text in [
        "a * b + c",
        "(a + b) * -c",
        "a - (b - c)",
        "-(a * b)",
        "when(0 < a && !(a == b), 1e-30, powf(a, b - 1))",
        "a / (b / c) % a",
        "a < b || b <= c && c == 1",
    ] {
        assert_eq!(Formula::parse(text).unwrap().to_string(), text);
    }
    for text in ["", "a +", "f(a", "a b", "(a", "w1", "xyz", "a ** b", "1..2"] {
        assert_eq!(Formula::parse(text), None, "{text}");
    }
    let formula = Formula::parse("a - b - c * y").unwrap();
    assert_eq!(formula.eval(&[10.0, 3.0, 2.0], 0.5), Some(6.0));
    assert_eq!(formula.eval(&[10.0], 0.5), None);
    assert_eq!(Formula::parse("unknown(a)").unwrap().eval(&[1.0], 0.0), None);
}
