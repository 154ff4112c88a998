//! The survey of a small tree of files: every count, and the reasons.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::path::PathBuf;

use assert_cmd::Command;
use cargo_autodiff::survey::{Confirmation, Counts, Outcome, Survey, Tests, survey};

const TREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/survey");

fn of(paths: &[&str], tests: Tests) -> Survey {
    let paths: Vec<PathBuf> = paths.iter().map(|path| PathBuf::from(TREE).join(path)).collect();
    survey(&paths, tests).unwrap()
}

fn outcome<'s>(survey: &'s Survey, name: &str) -> &'s Outcome {
    &survey.records.iter().find(|record| record.name == name).unwrap().outcome
}

#[test]
fn every_function_is_counted_once() {
    let found = of(&["accepted.rs", "refused.rs", "nested"], Tests::LeftOut);
    let counts = |accepted, confirmed, refused, out_of_scope| Counts {
        accepted,
        confirmed,
        refused,
        out_of_scope,
        ..Counts::default()
    };
    assert_eq!(found.counts(Some(0)), counts(9, 4, 0, 0), "{found}");
    assert_eq!(found.counts(Some(1)), counts(0, 0, 2, 8), "{found}");
    assert_eq!(found.counts(Some(2)), counts(1, 1, 0, 0), "{found}");
    assert_eq!(found.counts(None).functions(), 12);
    assert!(!found.has_faults());
    assert_eq!(found.not_parsed.len(), 1);
    assert!(found.not_parsed[0].0.ends_with("nested/broken.rs"));
}

#[test]
fn gradients_are_compared_where_the_signature_says_what_to_call_with() {
    let found = of(&["accepted.rs"], Tests::LeftOut);
    let confirmation = |name: &str| match outcome(&found, name) {
        Outcome::Accepted(confirmation) => confirmation.clone(),
        other => panic!("{name}: {other:?}"),
    };
    for name in ["plain", "owned", "in_place", "inside"] {
        let confirmed = confirmation(name);
        assert!(matches!(confirmed, Confirmation::Agrees(1..)), "{name}: {confirmed:?}");
    }
    let unknown = "call of unknown function `other`".to_owned();
    assert_eq!(confirmation("calling"), Confirmation::NotRun(unknown));
    for name in ["borrowed", "Lens<T>::blur"] {
        assert!(matches!(confirmation(name), Confirmation::NotRun(_)), "{name}");
    }
}

#[test]
fn the_functions_of_tests_are_counted_where_they_are_asked_for() {
    let found = of(&["nested"], Tests::Included);
    assert_eq!((found.counts(None).accepted, found.counts(None).refused), (2, 1), "{found}");
}

#[test]
fn reasons_are_ranked_with_what_they_speak_of() {
    let found = of(&["refused.rs"], Tests::Included);
    let reasons: Vec<_> = found
        .reasons()
        .into_iter()
        .map(|reason| (reason.text, reason.names, reason.records.len(), reason.alone))
        .collect();
    let named = |name: &str, count| (name.to_owned(), count);
    let method = "cannot differentiate a call to method `…`".to_owned();
    let hidden = "cannot see what `…` does with a differentiated value".to_owned();
    assert_eq!(
        reasons,
        [
            (method, vec![named("lift", 2), named("push_up", 1)], 2, 1),
            (hidden, vec![named("twice!", 1)], 1, 0),
        ]
    );
    let why = |name| match outcome(&found, name) {
        Outcome::OutOfScope(why) => why.as_str(),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(why("later"), "`async fn`");
    assert_eq!(why("raw"), "`unsafe fn`");
    assert_eq!(why("foreign"), "`extern fn`");
    assert_eq!(why("generic"), "generic over its float");
    assert_eq!(why("generic_later"), "generic over its float");
    assert_eq!(why("never"), "it never returns");
    assert!(why("larger").starts_with("nothing to differentiate: "));
    assert!(why("Provides::twice").starts_with("provided by a trait"));
}

#[test]
fn the_tool_prints_a_table_and_writes_what_it_counted() {
    let directory = tempfile::tempdir().unwrap();
    let json = directory.path().join("survey.json");
    let mut command = Command::cargo_bin("cargo-autodiff").unwrap();
    let files = ["accepted.rs", "refused.rs"].map(|file| format!("{TREE}/{file}"));
    let command = command.args(["autodiff", "survey"]).args(files).arg("--json").arg(&json);
    let output = command.assert().success().get_output().stdout.clone();
    let text = String::from_utf8(output).unwrap();
    let row = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = text.lines().map(row).collect();
    let accepted = ["accepted.rs", "9", "9", "100.0", "%", "4", "0", "0", "0", "0", "0", "0"];
    assert_eq!(rows[1], accepted, "{text}");
    assert_eq!(
        rows[3],
        ["all", "11", "9", "81.8", "%", "4", "0", "0", "2", "0", "0", "8"],
        "{text}"
    );
    assert!(text.contains("refused.rs:3 opaque\n"), "{text}");
    let data: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(json).unwrap()).unwrap();
    assert_eq!(data["functions"].as_array().unwrap().len(), 19);
    assert_eq!(data["functions"][0]["name"], "plain");
    assert_eq!(data["functions"][0]["outcome"], "confirmed");
    let missing =
        Command::cargo_bin("cargo-autodiff").unwrap().args(["survey", "no/such"]).assert();
    missing.code(2);
}
