//! The crate in `no-std`, which brings its own panic handler: it compiles where nothing has `std`.

#![allow(clippy::expect_used, reason = "a test fails by a panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs cargo on that crate; what is built is kept beside what is built here.
#[track_caller]
fn cargo(arguments: &[&str]) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = here.join("no-std/Cargo.toml");
    let output = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-std");
    let finished = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--manifest-path")
        .arg(manifest)
        .env("CARGO_TARGET_DIR", output)
        .output()
        .expect("cargo runs");
    let messages = String::from_utf8_lossy(&finished.stderr);
    assert!(finished.status.success(), "{messages}");
}

#[test]
fn nothing_brings_std_and_the_numbers_are_right() {
    cargo(&["build", "--locked"]);
    cargo(&["build", "--locked", "--features", "alloc"]);
    cargo(&["test", "--locked", "--features", "alloc"]);
}
