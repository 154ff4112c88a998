//! `docs/tour.md`: every block of commands prints what stands below it.
//!
//! Its Rust blocks are doctests of the facade. `AUTODIFF_TOUR=write` writes the outputs anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fmt::Write;

use assert_cmd::Command;

const TOUR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/tour.md");

/// What a command prints, run where the tour's file is.
fn output(command: &str) -> String {
    let arguments = shell(command.strip_prefix("$ cargo autodiff ").unwrap());
    let output = Command::cargo_bin("cargo-autodiff")
        .unwrap()
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs"))
        .args(arguments)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text + &String::from_utf8(output.stderr).unwrap()
}

/// Words, those in quotes as one.
fn shell(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
fn commands_print_what_the_tour_says() {
    let tour = std::fs::read_to_string(TOUR).unwrap();
    let mut written = String::new();
    let mut rest = tour.as_str();
    let mut count = 0;
    while let Some((before, block)) = rest.split_once("```console\n") {
        let (block, after) = block.split_once("```\n").unwrap();
        let (command, shown) = block.split_once('\n').unwrap();
        let printed = output(command);
        let _ = writeln!(written, "{before}```console\n{command}\n{printed}```");
        if std::env::var_os("AUTODIFF_TOUR").is_none() {
            assert_eq!(printed, shown, "{command}");
        }
        rest = after;
        count += 1;
    }
    assert!(count >= 8, "{count} blocks of commands");
    let others = tour.matches("\n```text").count() + tour.matches("\n```mermaid").count();
    assert_eq!(others, 0, "every block is run");
    if std::env::var_os("AUTODIFF_TOUR").is_some() {
        std::fs::write(TOUR, written + rest).unwrap();
    }
}
