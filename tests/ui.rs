//! What is refused: one file per refusal of the catalogue, and what rustc prints for it.
//!
//! `TRYBUILD=overwrite cargo test -p autodiff-tests --test ui` writes the messages anew.

#![allow(clippy::indexing_slicing, clippy::panic, reason = "a test fails by a panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Refusals of constructs that will be accepted: they go, and need no test of their own.
const FOR_NOW: [&str; 9] = [
    "Loop",
    "Exit",
    "ElementAssignment",
    "MutParameter",
    "MutBorrow",
    "Subslice",
    "Vec",
    "Iterator",
    "HiddenAssignment",
];

#[test]
fn refusals() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}

#[test]
fn every_refusal_has_a_file_of_its_name() {
    let catalogue = read(Path::new("../autodiff-core/src/diagnostics.rs"));
    let variants = catalogue.split("pub enum Refusal {").nth(1).and_then(|s| s.split("\n}").next());
    let names: Vec<&str> = variants
        .unwrap_or_default()
        .lines()
        .filter(|line| line.starts_with("    ") && !line.trim().starts_with("//"))
        .map(|line| line.trim().split(['(', ',']).next().unwrap_or_default())
        .collect();
    assert!(names.contains(&"UnknownOption"), "the catalogue was not found: {names:?}");
    let files: BTreeSet<String> = sources().iter().map(|path| stem(path)).collect();
    for name in names.into_iter().filter(|name| !FOR_NOW.contains(name)) {
        let file = snake_case(name);
        assert!(files.contains(&file), "no `ui/{file}.rs` shows `Refusal::{name}`");
    }
}

/// One mistake is one error, unless the first line of the file says `// errors: n`.
#[test]
fn one_mistake_is_one_error() {
    for source in sources() {
        let text = read(&source);
        let expected = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("// errors: "))
            .map_or(1, |count| count.parse().unwrap_or_else(|error| panic!("{error}: {count}")));
        let message = read(&source.with_extension("stderr"));
        let found = message.lines().filter(|line| is_heading(line)).count();
        assert_eq!(found, expected, "errors in {}:\n{message}", source.display());
        let warnings = message.lines().filter(|line| line.starts_with("warning")).count();
        assert_eq!(warnings, 0, "warnings in {}:\n{message}", source.display());
    }
}

/// What people get wrong in their first functions: each a mistake of its own, and no other file is
/// about the same.
const TYPICAL: [&str; 67] = [
    "active_exponent",
    "arguments",
    "assignment",
    "async_fn",
    "borrowed_argument",
    "boxed_closure",
    "boxed_float",
    "called_in_constant",
    "changing_condition",
    "changing_method",
    "closure",
    "companion_without_order",
    "compound_integer",
    "expression",
    "extern_fn",
    "float_bits",
    "foreign_function",
    "function_pointer",
    "generic_without_real",
    "gradient_is_no_tuple",
    "gradient_of_a_vector",
    "hash_map",
    "immutable",
    "integer_literal",
    "integer_parameter",
    "integer_result",
    "iterator_parameter",
    "late_pair",
    "late_pattern",
    "let_else",
    "local_call",
    "macro",
    "method",
    "missing_order",
    "missing_semicolon",
    "missing_value",
    "misspelt_option",
    "moved_argument",
    "moved_variable",
    "no_result",
    "no_such_companion",
    "not_a_function",
    "not_a_parameter",
    "not_annotated",
    "not_differentiable",
    "on_a_struct",
    "on_a_trait",
    "option_arguments",
    "order_in_words",
    "order_of_arguments",
    "order_too_high",
    "parameter_pattern",
    "primitive_function",
    "raw_pointer",
    "ref_cell",
    "repeated_option",
    "static_variable",
    "stored_functions",
    "test_point",
    "thread",
    "trait_object",
    "unannotated_inside",
    "unsafe_block",
    "value_of_gradient",
    "while_let",
    "wrt_and_constant",
    "wrt_in_quotes",
];

/// Of a typical mistake, one error, without exception.
#[test]
fn a_typical_mistake_is_one_error() {
    for name in TYPICAL {
        let message = read(&Path::new("ui").join(name).with_extension("stderr"));
        let found = message.lines().filter(|line| is_heading(line)).count();
        assert_eq!(found, 1, "errors in {name}:\n{message}");
    }
}

/// Each refusal says what to do instead, in the catalogue's words or in rustc's.
#[test]
fn every_message_helps() {
    for source in sources() {
        let message = read(&source.with_extension("stderr"));
        let helps = message.contains("help: ") || message.contains("note: ");
        // Of a method, rustc only says the name of what is missing; of a recursion, that it is one.
        let plain =
            ["changing_method", "syntax", "method_without_grad", "required_method", "recursive"]
                .contains(&stem(&source).as_str());
        assert!(helps || plain, "no help in {}:\n{message}", source.display());
    }
}

fn is_heading(line: &str) -> bool {
    line.starts_with("error:") || line.starts_with("error[")
}

fn sources() -> Vec<PathBuf> {
    let entries = fs::read_dir("ui").unwrap_or_else(|error| panic!("ui: {error}"));
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let sources: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect();
    assert!(!sources.is_empty(), "no files in ui/");
    sources
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// `NotAFunction` → `not_a_function`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
