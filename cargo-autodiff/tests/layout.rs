//! Layouts: nothing overlaps, everything has room, and it takes no time.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use std::fmt::Write;
use std::time::Instant;

use autodiff_core::inspect;
use autodiff_runtime::Graph;
use cargo_autodiff::layout::{LETTER, label, layout};
use cargo_autodiff::source::functions;
use proc_macro2::TokenStream;
use unicode_width::UnicodeWidthStr;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/functions.rs");

fn assert_laid_out(graph: &Graph) {
    let drawn = layout(graph);
    let names = graph.names();
    let (width, height) = drawn.size;
    let at = |id: usize| &drawn.nodes[id];
    for (id, node) in graph.nodes() {
        let rect = at(id.index());
        assert!(rect.x - rect.width / 2.0 >= 0.0 && rect.x + rect.width / 2.0 <= width);
        assert!(rect.y - rect.height / 2.0 >= 0.0 && rect.y + rect.height / 2.0 <= height);
        for line in label(graph, id, &names) {
            #[allow(clippy::cast_precision_loss, reason = "a label is short")]
            let wide = line.width() as f64 * LETTER;
            assert!(wide <= rect.width, "`{line}` is cut");
        }
        for (other, _) in graph.nodes().filter(|(other, _)| *other > id) {
            assert!(
                !rect.overlaps(at(other.index())),
                "{} and {}",
                names[id.index()],
                names[other.index()]
            );
        }
        for operand in &node.operands {
            assert!(at(operand.from.index()).y > rect.y, "values flow up: {}", names[id.index()]);
        }
        // A node is inside its region, and outside of those that it is not in.
        let mut around = Vec::new();
        let mut region = node.region;
        while let Some(id) = region {
            around.push(id);
            region = graph.region(id).unwrap().parent;
        }
        for ((id, _), area) in graph.regions().zip(&drawn.regions) {
            assert_eq!(area.overlaps(rect), around.contains(&id), "{}", node.name);
        }
    }
}

#[test]
fn no_two_nodes_overlap_and_no_label_is_cut() {
    for function in functions(FILE).unwrap().into_iter().filter(|of| of.annotated) {
        assert_laid_out(&inspect::graph(function.options, function.item).unwrap());
    }
}

/// Straight-line code in which a result is read a few lines later.
fn long(operations: usize) -> String {
    let mut body = String::new();
    for n in 0..operations / 5 {
        let (a, b, c) = (n, n + 1, n + 2);
        let _ = match n % 3 {
            0 => writeln!(body, "let x{} = x{a} * x{b} + x{c} * x{c} - 0.5;", n + 3),
            1 => writeln!(body, "let x{} = (x{a} - x{b}).sin() * x{c}.exp() / 2.0;", n + 3),
            _ => writeln!(body, "let x{} = (x{a} / x{b} + x{c}).sqrt() * x{a} + x0;", n + 3),
        };
    }
    format!("fn long(x0: f64, x1: f64, x2: f64) -> f64 {{ {body} x{} }}", operations / 5 + 2)
}

/// An unrolled network: many operations read the same few values.
fn wide() -> String {
    let terms: Vec<String> = (0..50)
        .map(|n| format!("(x[{}] * x[{}] + {n}.5).tanh()", n % 8, (3 * n + 1) % 8))
        .collect();
    format!("fn wide(x: [f64; 8]) -> f64 {{ {} }}", terms.join(" + "))
}

#[test]
fn two_hundred_operations_are_laid_out_in_under_a_second() {
    for source in [long(215), wide()] {
        let item: TokenStream = source.parse().unwrap();
        let graph = inspect::graph(TokenStream::new(), item).unwrap();
        assert!(graph.nodes().len() > 180, "{}", graph.nodes().len());
        let start = Instant::now();
        let drawn = layout(&graph);
        let time = start.elapsed();
        assert!(!drawn.nodes.is_empty());
        assert_laid_out(&graph);
        println!("{}: {time:?}", graph.name());
        // Tests are not optimised, and other tests run beside them.
        assert!(time.as_secs_f64() < if cfg!(debug_assertions) { 4.0 } else { 1.0 }, "{time:?}");
    }
}
