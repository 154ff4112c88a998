//! What annotations cost in a debug build: 200 small functions with `#[grad]` and without.
//!
//! ```sh
//! cargo run --example compile_time
//! ```
//!
//! Builds a crate of them in a directory of its own, in turns, and fails where a function costs more
//! than 0.05 s. The compiler of the annotations is itself a debug build there, as in a user's.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const FUNCTIONS: u32 = 200;
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let there = std::env::temp_dir().join("autodiff-compile-time");
    std::fs::create_dir_all(there.join("src"))?;
    std::fs::write(
        there.join("Cargo.toml"),
        format!(
            "[workspace]\n[package]\nname = \"annotated\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
             [features]\ngrad = []\n[dependencies]\nautodiff = {{ path = \"{}\" }}\n",
            here.display()
        ),
    )?;
    std::fs::write(there.join("src/lib.rs"), source()?)?;
    // The dependencies, once.
    built(&there, "")?;
    built(&there, "grad")?;
    let mut fastest = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        for (fastest, features) in fastest.iter_mut().zip(["", "grad"]) {
            *fastest = fastest.min(built(&there, features)?);
        }
    }
    let [plain, annotated] = fastest;
    let each = (annotated - plain) / f64::from(FUNCTIONS);
    println!("{FUNCTIONS} functions: {plain:.2} s, annotated {annotated:.2} s: {each:.4} s each");
    assert!(each < 0.05, "an annotation costs {each:.4} s");
    Ok(())
}

/// Five kinds of small functions, of which some call others.
fn source() -> Result<String, std::fmt::Error> {
    let mut source = "#![allow(dead_code)]\n".to_owned();
    for n in 0..FUNCTIONS {
        let calls = if n < 5 { "x".to_owned() } else { format!("function{}(x, y)", n - n % 5 - 5) };
        let body = match n % 5 {
            0 => format!("{calls} * y + x.sin() * {n}.0"),
            1 => "let z = x * x + y * y; z.sqrt() / (1.0 + z)".to_owned(),
            2 => "if x > y { (x - y).exp() } else { x * y.tanh() }".to_owned(),
            3 => "let mut s = 0.0; for i in 0..8 { s += x.powi(i) * y; } s".to_owned(),
            _ => format!("({calls} - y).powi(2) + x.max(y).ln_1p()"),
        };
        writeln!(source, "#[cfg_attr(feature = \"grad\", autodiff::grad)]")?;
        writeln!(source, "pub fn function{n}(x: f64, y: f64) -> f64 {{ {body} }}")?;
    }
    Ok(source)
}

/// Seconds that a build of the crate takes, its dependencies being there.
fn built(there: &Path, features: &str) -> Result<f64, Box<dyn Error>> {
    let library = there.join("src/lib.rs");
    std::fs::write(&library, std::fs::read(&library)?)?;
    let start = Instant::now();
    let status = Command::new(env!("CARGO"))
        .args(["build", "-q", "--offline", "--features", features])
        .current_dir(there)
        .env("CARGO_TARGET_DIR", there.join("target"))
        .env_remove("AUTODIFF_VERIFY")
        .status()?;
    status.success().then(|| start.elapsed().as_secs_f64()).ok_or_else(|| "no build".into())
}
