//! Writes the functions of the tests again, with every companion that they can have, in both widths.

mod adapter;
mod shape;
mod source;
mod width;

use std::fmt::Write;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};

use quote::{format_ident, quote};

use source::Source;
use width::Width;

/// Directories and files with functions, from this one.
const GALLERIES: [&str; 3] = ["../memory", "../classics", "../loops"];

/// What is no gallery: errors, programs of several crates, and this.
const OTHERS: [&str; 4] = ["ui", "crates", "zoo", "target"];

fn main() -> Result<()> {
    let mut files = Vec::new();
    for gallery in GALLERIES {
        println!("cargo::rerun-if-changed={gallery}");
        rust_files(Path::new(gallery), &mut files)?;
    }
    files.sort();
    let mut sources = Vec::new();
    for (n, file) in files.iter().enumerate() {
        let source = Source::read(&std::fs::read_to_string(file)?).map_err(Error::other)?;
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("functions");
        sources.push((format_ident!("{stem}_{n}"), file_name(file), source));
    }
    let mut text = String::new();
    for width in [Width::Wide, Width::Narrow] {
        let (name, float) = (width.module(), width.float());
        writeln!(text, "pub mod {name} {{").map_err(Error::other)?;
        let mut modules = Vec::new();
        for (module, file, source) in &sources {
            if let Some(items) = source.functions(file, width) {
                // One item a line: that is how rustc points at it.
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                writeln!(text, "pub mod {module} {{ use crate::*;\n{}\n}}", items.join("\n"))
                    .map_err(Error::other)?;
                modules.push(module);
            }
        }
        let zoo = quote! {
            pub fn zoo() -> Vec<crate::Exhibit<#float>> {
                [#(#modules::zoo()),*].into_iter().flatten().collect()
            }
        };
        writeln!(text, "{zoo} }}").map_err(Error::other)?;
    }
    let directory = std::env::var("OUT_DIR").map_err(Error::other)?;
    std::fs::write(Path::new(&directory).join("zoo.rs"), text)
}

/// The name of a file below its gallery.
fn file_name(file: &Path) -> String {
    let parts = file.components().filter_map(|part| match part {
        std::path::Component::Normal(name) => name.to_str(),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

fn rust_files(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let is_other =
            path.file_name().is_some_and(|name| OTHERS.iter().any(|other| *name == **other));
        if path.is_dir() && !is_other {
            rust_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
