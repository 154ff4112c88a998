//! Writes the random programs that `programs.rs` compiles and runs.

#[path = "generator.rs"]
mod generator;

use std::path::Path;

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=generator.rs");
    println!("cargo::rerun-if-env-changed=AUTODIFF_SEED");
    let seed = std::env::var("AUTODIFF_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let directory = std::env::var("OUT_DIR").map_err(std::io::Error::other)?;
    std::fs::write(Path::new(&directory).join("programs.rs"), generator::programs(seed, 300))
}
