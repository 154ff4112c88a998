//! The tool as a user runs it: what it prints, and how it exits.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/functions.rs");

fn tool(arguments: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("cargo-autodiff").unwrap();
    command.args(arguments).assert()
}

fn output(arguments: &[&str]) -> String {
    let output = tool(arguments).success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

#[test]
fn a_table_at_a_point() {
    let text = output(&["autodiff", "graph", FILE, "f", "--at", "2,3"]);
    assert!(text.contains("sin   sin(x)     0.909297     1.000000  x: -0.416147"), "{text}");
    assert!(text.contains("  x → mul → add   3.000000\n  x → sin → add  -0.416147\n"), "{text}");
    assert!(text.contains("  sum             2.583853"), "{text}");
    let named = output(&["graph", FILE, "diamond", "--at", "y = 3, x = 5"]);
    assert!(named.contains("dg/dx") || named.contains("ddiamond/dx"), "{named}");
    assert!(named.contains("  sum        10.000000"), "{named}");
}

#[test]
fn every_format_is_written() {
    let mermaid = output(&["graph", FILE, "f", "--format", "mermaid", "--at", "2,3"]);
    assert_eq!(mermaid.matches("graph BT").count(), 5);
    assert!(mermaid.contains("sensitivity: 3 + (-0.42) = 2.58 ✓"), "{mermaid}");
    assert!(output(&["graph", FILE, "f", "--format", "dot"]).starts_with("digraph \"f\" {"));
    let svg = output(&["graph", FILE, "arms", "--format", "svg", "--at", "3,1"]);
    assert!(svg.starts_with("<svg") && svg.contains("×"), "{svg}");
    let page = output(&["graph", FILE, "recurrence", "--format", "html"]);
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Forward pass"));
    // Nothing from elsewhere: what looks like an address is the name of a language.
    let addresses =
        page.matches("://").count() - page.matches("http://www.w3.org/2000/svg").count();
    assert_eq!(addresses, 0);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("f.html");
    let path = path.to_str().unwrap();
    assert_eq!(output(&["graph", FILE, "f", "--format", "html", "-o", path]), "");
    assert!(std::fs::read_to_string(path).unwrap().contains("</html>"));
}

#[test]
fn code_and_stages_and_words() {
    let code = output(&["expand", FILE, "f"]);
    assert!(
        code.contains("fn f_grad(x: f64, y: f64) -> (f64, f64) {\n    (y + x.cos(), x)\n}"),
        "{code}"
    );
    assert!(code.contains("let mul = graph"), "{code}");
    let all = output(&["expand", FILE]);
    assert!(all.contains("fn diamond_grad") && all.contains("impl Lens {"), "{all}");
    let stages = output(&["stages", FILE, "f"]);
    for name in ["// lower", "// differentiate", "// simplify", "// reverse sweep"] {
        assert!(stages.contains(name), "{stages}");
    }
    let words = output(&["explain", FILE, "recurrence"]);
    assert!(words.contains("for _ in 0 .. steps") && words.contains("taped"), "{words}");
}

#[test]
fn what_is_emitted_compiles_in_place_of_the_attribute() {
    // `f_graph` itself is compiled by the tests of the facade; here the rest, by rustc.
    let code = output(&["expand", FILE, "diamond"]);
    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join("diamond.rs");
    let stub = "pub mod autodiff { pub mod __private { pub fn none() {} } }";
    let code = code.split("#[doc(hidden)]").next().unwrap();
    std::fs::write(&source, format!("{stub}\n{code}")).unwrap();
    Command::new("rustc")
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "-o"])
        .arg(directory.path().join("diamond.rmeta"))
        .arg(&source)
        .assert()
        .success();
}

#[test]
fn a_gradient_is_checked() {
    let text = output(&["check", FILE, "f", "--at", "2, 3"]);
    assert!(text.contains("2.58385"), "{text}");
    assert!(text.contains("forward mode, against reverse mode\n  forward 1.43651532605"), "{text}");
    // Along v the second derivative of x y + sin x by x is v₁ − v₀ sin x.
    assert!(text.contains("-0.865717072169  -0.865717072169") && text.contains(": symmetric"));
    output(&["check", FILE, "recurrence", "--at", "x = 0.7, steps = 5"]);
    // It calls another function of the file.
    output(&["check", FILE, "calling", "--at", "0.5, [1, 2]"]);
    // Through memory of the caller's, and where the gradient has a kink.
    let kinks = "fn kink(x: f64, y: f64) -> f64 { x.max(0.0) * y }\n\
                 fn set(x: &[f64], to: &mut [f64]) -> f64 { to[0] = x[0]; to[0] * x[0] }";
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("kinks.rs");
    std::fs::write(&file, kinks).unwrap();
    let file = file.to_str().unwrap();
    assert!(output(&["check", file, "kink", "--at", "0.0, 2.0"]).contains("kink"));
    let text = output(&["check", file, "set", "--at", "[1.5], [2.0]"]);
    assert!(text.contains("not checked: it writes through a `&mut` parameter"), "{text}");
    // Where a function ends, differences say nothing.
    let directory = tempfile::tempdir().unwrap();
    let edge = directory.path().join("edge.rs");
    std::fs::write(&edge, "fn edge(x: f64) -> f64 { x.sqrt() }").unwrap();
    tool(&["check", edge.to_str().unwrap(), "edge", "--at", "0.0"]).code(1);
}

#[test]
fn errors_are_told_and_exit_with_two() {
    let fails = |arguments: &[&str], message: &str| {
        tool(arguments).code(2).stderr(contains(message)).stdout("");
    };
    fails(&["expand", "no/such/file.rs"], "error: no/such/file.rs: ");
    fails(&["expand", FILE, "nothing"], "there is no function `nothing`; there is `f`, `diamond`");
    fails(&["graph", FILE], "which function? `f`, `diamond`");
    fails(&["graph", FILE, "refused"], "functions.rs:54:7: ");
    fails(&["graph", FILE, "f", "--at", "1"], "--at: 1 values for 2 inputs: x, y");
    fails(&["graph", FILE, "f", "--at", "z = 1, y = 2"], "--at: no value for `x`");
    fails(&["graph", FILE, "recurrence", "--at", "1, 2"], "the loop `for _ in 0..steps`");
    fails(&["check", FILE, "blur", "--at", "1, 2"], "`Lens::blur` is not run");
    fails(&["graph"], "Usage: cargo autodiff graph");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("broken.rs");
    std::fs::write(&path, "fn f(x: f64) -> f64 {\n    x +\n}\n").unwrap();
    fails(&["stages", path.to_str().unwrap()], "broken.rs:3:1: ");
}

#[test]
fn help_and_no_colours_where_there_is_no_terminal() {
    let help = output(&["--help"]);
    for command in ["expand", "stages", "graph", "explain", "check", "survey", "Exit codes"] {
        assert!(help.contains(command), "{help}");
    }
    tool(&["expand", "no/such/file.rs"]).stderr(contains("\u{1b}").not());
}
