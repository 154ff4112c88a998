//! Writes the random programs that `programs.rs`, `loop_programs.rs`, `chains/random.rs` and
//! `exits/main.rs` compile and run.

#[path = "chains/generator.rs"]
mod chains;
#[path = "exits/generator.rs"]
mod exits;
#[path = "generator.rs"]
mod generator;
#[path = "loop_generator.rs"]
mod loop_generator;
#[path = "exits/structure.rs"]
mod structure;

use std::path::Path;

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=generator.rs");
    println!("cargo::rerun-if-changed=loop_generator.rs");
    println!("cargo::rerun-if-changed=exits");
    println!("cargo::rerun-if-changed=chains");
    println!("cargo::rerun-if-env-changed=AUTODIFF_SEED");
    println!("cargo::rerun-if-env-changed=AUTODIFF_CHAINS");
    let seed = std::env::var("AUTODIFF_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let directory = std::env::var("OUT_DIR").map_err(std::io::Error::other)?;
    let directory = Path::new(&directory);
    std::fs::write(directory.join("programs.rs"), generator::programs(seed, 300))?;
    let count = std::env::var("AUTODIFF_CHAINS").ok().and_then(|count| count.parse().ok());
    let chains = chains::chains(seed, count.unwrap_or(300));
    std::fs::write(directory.join("random_chains.rs"), chains)?;
    std::fs::write(directory.join("loop_programs.rs"), loop_generator::programs(seed, 500))?;
    let mut written = Vec::new();
    for file in ["branches", "loops", "returns"] {
        written.push(std::fs::read_to_string(format!("exits/functions/{file}.rs"))?);
    }
    std::fs::write(directory.join("written_exits.rs"), structure::both(&written, "WRITTEN")?)?;
    let random = [exits::functions(seed, 300)];
    std::fs::write(directory.join("random_exits.rs"), structure::both(&random, "RANDOM")?)
}
