//! The page in headless Chromium: buttons are pressed, and numbers read back are those of Rust.
//!
//! Not everybody has one: `cargo test -p cargo-autodiff --test browser -- --ignored` runs them, with
//! `AUTODIFF_BROWSER` where the browser has another name.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::fmt::Write;
use std::process::Command;

use autodiff_core::inspect;
use autodiff_core::rules::{Op, Scalar};
use cargo_autodiff::page::page;
use cargo_autodiff::source::function;
use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/functions.rs");

fn browser() -> String {
    let known = std::env::var("AUTODIFF_BROWSER").ok();
    let names = ["chromium", "chromium-browser", "google-chrome"].map(str::to_owned);
    let found = known.into_iter().chain(names).find(|name| {
        Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
    });
    found.unwrap_or_else(|| panic!("install chromium, or name a browser in AUTODIFF_BROWSER"))
}

/// What a script on the page of a function says at the end, after so many milliseconds.
fn run(name: &str, at: &[f64], script: &str) -> Value {
    let of = function(FILE, Some(name)).unwrap();
    let graph = inspect::graph(of.options, of.item).unwrap();
    let trace = graph.trace(at).ok();
    let text = page(&graph, trace.as_ref(), &of.text, "");
    // Waiting costs no time then; nor does anything else, as far as the page can tell.
    run_on(name, &text, script, &["--virtual-time-budget=60000"])
}

/// What a script on a page says at the end.
fn run_on(name: &str, text: &str, script: &str, options: &[&str]) -> Value {
    let browser = browser();
    let script = format!(
        "<script>window.addEventListener('error', e => document.title = 'error: ' + e.message);\
         (async () => {{ const wait = ms => new Promise(r => setTimeout(r, ms)); const result = {{}};\
         {script}\
         const out = document.createElement('script'); out.type = 'application/json';\
         out.id = 'result'; out.textContent = JSON.stringify(result); document.body.append(out); }})()\
         .catch(e => document.title = 'error: ' + e.message);</script></body>"
    );
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("page.html");
    std::fs::write(&path, text.replace("</body>", &script)).unwrap();
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu"])
        .args(options)
        .arg(format!("--user-data-dir={}", directory.path().join("profile").display()))
        .arg("--dump-dom")
        .arg(format!("file://{}", path.display()))
        .output()
        .unwrap();
    let page = String::from_utf8_lossy(&output.stdout).into_owned();
    let start = "id=\"result\">";
    let title = page.split("<title>").nth(1).and_then(|rest| rest.split('<').next());
    let found = page.split(start).nth(1).and_then(|rest| rest.split("</script>").next());
    let found = found.unwrap_or_else(|| panic!("{name}: no result; the page says {title:?}"));
    serde_json::from_str(found).unwrap()
}

fn numbers(value: &Value) -> Vec<Option<f64>> {
    value.as_array().unwrap().iter().map(Value::as_f64).collect()
}

/// Every number of the page against Rust.
fn assert_same(name: &str, at: &[f64], result: &Value) {
    let of = function(FILE, Some(name)).unwrap();
    let graph = inspect::graph(of.options, of.item).unwrap();
    let trace = graph.trace(at).unwrap();
    let values = numbers(&result["values"]);
    let sensitivities = numbers(&result["sensitivities"]);
    let close = |ours: Option<f64>, theirs: Option<f64>| match (ours, theirs) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * b.abs().max(1.0),
        (None, None) => true,
        _ => false,
    };
    assert_eq!(values.len(), graph.nodes().len());
    for (id, node) in graph.nodes() {
        let (value, sensitivity) = (values[id.index()], sensitivities[id.index()]);
        assert!(close(value, trace.value(id)), "{name}: value of {}: {value:?}", node.name);
        assert!(close(sensitivity, trace.sensitivity(id)), "{name}: of {}", node.name);
        let rates = numbers(&result["rates"][id.index()]);
        for (at, rate) in rates.into_iter().enumerate() {
            assert!(close(rate, trace.rate(id, at)), "{name}: rate of {}", node.name);
        }
    }
}

const NUMBERS: &str = "result.values = state.values; result.rates = state.rates;\
    result.sensitivities = state.sensitivities;";

#[test]
#[ignore = "needs Chromium"]
fn numbers_are_those_of_rust() {
    for (name, at) in [
        ("f", &[2.0, 3.0][..]),
        ("diamond", &[5.0, 3.0]),
        ("arms", &[3.0, 1.0]),
        ("arms", &[0.5, 1.0]),
        ("everything", &[0.4, 1.7]),
        ("everything", &[-0.3, 0.9]),
    ] {
        let result = run(name, at, NUMBERS);
        assert_same(name, at, &result);
    }
}

#[test]
#[ignore = "needs Chromium"]
fn the_passes_run_as_buttons_are_pressed() {
    let script = "
        const text = selector => [...document.querySelectorAll(selector)].map(e => e.textContent);
        result.before = text('.has-value .name').length;
        $('speed').value = '150';
        $('forward').click();
        await wait(3000);
        result.values = text('.has-value .value');
        result.early = text('.has-sensitivity .sensitivity').length;
        $('backward').click();
        await wait(3000);
        result.sensitivities = text('.has-sensitivity .sensitivity');
        result.rates = text('.has-rate .rate');
        $('back').click(); $('back').click();
        result.two_back = text('.has-sensitivity .sensitivity').length;
        $('step').click();
        result.one_back = text('.has-sensitivity .sensitivity').length;
        $('scrub').value = 3; $('scrub').dispatchEvent(new Event('input'));
        result.scrubbed = text('.has-value .value').length;
        document.querySelector('.node[data-node=\"0\"]').dispatchEvent(new MouseEvent('click'));
        result.paths = text('#paths td');
        result.lit = document.querySelectorAll('.edge.on-path').length;
        document.querySelector('.node[data-node=\"3\"]').dispatchEvent(new MouseEvent('mouseenter'));
        result.rule = $('rule').textContent;
        result.marked = text('#source mark.lit');
        document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
        result.cleared = document.querySelectorAll('.on-path').length;
    ";
    let result = run("f", &[2.0, 3.0], script);
    assert_eq!(result["before"], 0);
    assert_eq!(result["values"].to_string(), r#"["2","3","6","0.9093","6.9093"]"#);
    assert_eq!(result["early"], 0);
    assert_eq!(result["sensitivities"].to_string(), r#"["2.5839","2","1","1","1"]"#);
    assert_eq!(result["rates"].to_string(), r#"["×3","×2","×−0.4161","×1","×1"]"#);
    assert_eq!((&result["two_back"], &result["one_back"]), (&3.into(), &4.into()));
    assert_eq!(result["scrubbed"], 3);
    let paths = r#"["x → mul → add","3","x → sin → add","−0.4161","df/dx","2.5839"]"#;
    assert_eq!(result["paths"].to_string(), paths);
    assert_eq!((&result["lit"], &result["cleared"]), (&4.into(), &0.into()));
    let rule =
        "sin = sin(x) = sin(2) = 0.9093\n∂sin/∂x = cos(x) = cos(2) = −0.4161\nsensitivity = 1";
    assert_eq!(result["rule"], rule);
    assert_eq!(result["marked"].to_string(), r#"["sin"]"#);
}

/// A picture in sixty of a second, with as many operations as a screen shows.
#[test]
#[ignore = "needs Chromium"]
fn a_step_through_two_hundred_operations_takes_less_than_a_picture() {
    let mut source = "fn long(x0: f64, x1: f64) -> f64 {\n".to_owned();
    for n in 0..50 {
        writeln!(source, "    let x{} = (x{n} - x{}).sin() * x{n} + 0.5;", n + 2, n + 1).unwrap();
    }
    source.push_str("    x51\n}\n");
    let item: proc_macro2::TokenStream = source.parse().unwrap();
    let graph = inspect::graph(proc_macro2::TokenStream::new(), item).unwrap();
    assert!(graph.nodes().len() >= 200, "{}", graph.nodes().len());
    let trace = graph.trace(&[0.3, 0.4]).unwrap();
    let text = page(&graph, Some(&trace), &(source, 1), "");
    let script = "
        const start = performance.now();
        for (let n = 0; n <= last(); n++) { go(n); }
        result.steps = last() + 1;
        result.all = performance.now() - start;
        result.values = document.querySelectorAll('.has-value').length;
    ";
    let result = run_on("long", &text, script, &[]);
    assert!(result["values"].as_u64().unwrap() >= 200, "{result}");
    let (all, steps) = (result["all"].as_f64().unwrap(), result["steps"].as_f64().unwrap());
    assert!(steps >= 400.0 && all > 0.0, "{result}");
    println!("{:.3} ms for each of {steps} steps", all / steps);
    assert!(all / steps < 16.0, "{result}");
}

#[test]
#[ignore = "needs Chromium"]
fn a_slider_computes_everything_again() {
    let script = format!(
        "go(last());
         const field = document.querySelectorAll('.slider input[type=number]')[0];
         field.value = '0.5'; field.dispatchEvent(new Event('input'));
         result.shown = document.querySelector('.node[data-node=\"2\"] .value').textContent;
         {NUMBERS}"
    );
    let result = run("f", &[2.0, 3.0], &script);
    assert_same("f", &[0.5, 3.0], &result);
    assert_eq!(result["shown"], "1.5");
}

#[test]
#[ignore = "needs Chromium"]
fn regions_fold() {
    let script = "
        const shown = () => [...document.querySelectorAll('.node')].filter(e => !e.classList.contains('hidden')).length;
        result.all = shown();
        document.querySelector('.region[data-region=\"0\"]').dispatchEvent(new MouseEvent('click'));
        result.folded = shown();
        result.label = document.querySelector('.region[data-region=\"0\"] text').textContent;
        $('folds').click();
        $('folds').click();
        result.again = shown();
        result.status = $('status').textContent;
    ";
    let result = run("recurrence", &[], script);
    assert_eq!(result["all"], 10);
    assert_eq!(result["folded"], 4);
    assert_eq!(result["again"], 10);
    assert!(result["label"].as_str().unwrap().contains("for _ in 0..steps (6 nodes)"), "{result}");
    assert!(result["status"].as_str().unwrap().contains("structure"), "{result}");
}

#[test]
#[ignore = "needs Chromium"]
fn every_function_of_the_table_is_the_same_in_the_browser() {
    let mut script = "result.numbers = [];".to_owned();
    let mut expected = Vec::new();
    // Two are of exponents only, and are left out of formulas.
    let is_users = |op: &Op| op.operator().is_some() || Op::from_method(op.name()).is_some();
    for op in Op::ALL.iter().copied().filter(is_users) {
        for part in [0.1, 0.35, 0.8] {
            let number = |(at, (low, high)): (usize, &(f64, f64))| {
                let x = low + (high - low) * if at == 0 { part } else { 1.0 - part };
                if op.inert_operand(at) { x.round() } else { x }
            };
            let point: Vec<f64> = op.domain().iter().enumerate().map(number).collect();
            expected.push((op, point.clone(), f64::apply(op, &point)));
            let name = op.name();
            let _ =
                write!(script, "result.numbers.push(F.{name} ? F.{name}(...{point:?}) : null);");
        }
    }
    let result = run("f", &[2.0, 3.0], &script);
    let numbers = numbers(&result["numbers"]);
    assert_eq!(numbers.len(), expected.len());
    for (number, (op, point, value)) in numbers.into_iter().zip(expected) {
        let number = number.unwrap_or_else(|| panic!("the page has no `{}`", op.name()));
        let close = (number - value).abs() <= 1e-13 * value.abs().max(1.0);
        assert!(close, "{}{point:?} = {value}, on the page {number}", op.name());
    }
}
