//! Writes the functions of the tests again, with every companion that they can have, in both widths.

mod adapter;
mod asked;
mod found;
#[allow(dead_code, reason = "one of the tables says what to leave out")]
#[path = "../listed.rs"]
mod listed;
mod module;
mod shape;
mod source;
mod width;

use std::collections::BTreeSet;
use std::fmt::{Display, Formatter};
use std::io::{Error, Result};
use std::path::{Path, PathBuf};

use proc_macro2::Ident;
use quote::{ToTokens, format_ident, quote};

use module::Module;
use source::Source;
use width::Width;

/// Parts of the zoo, each a test target of its own, and where their functions are, from `tests`.
const PARTS: [(&str, &[&str]); 9] = [
    ("memory", &["memory", "classics", "scratch.rs", "mutable.rs"]),
    ("loops", &["loops", "loops.rs", "loop_invariants.rs", "checkpoint.rs"]),
    (
        "sums",
        &[
            "sums.rs",
            "last.rs",
            "buffers.rs",
            "workspace.rs",
            "running.rs",
            "neighbours.rs",
            "recursion",
            "callee.rs",
            "fallible",
        ],
    ),
    ("chains", &["chains.rs", "iterators"]),
    ("cases", &["cases.rs", "algorithms.rs", "graph.rs", "long.rs", "no_std.rs", "no-std/src"]),
    ("hazards", &["hazards", "hazards.rs", "rules"]),
    ("structs", &["structs", "model", "crates/geometry/src", "crates/mechanics/src"]),
    ("second", &["second"]),
    ("generic", &["generic", "lanes", "../autodiff-core/tests/data"]),
];

/// What has no functions of its own, or none without threads: random programs, what others share,
/// errors, this.
const OTHERS: [&str; 16] = [
    "build.rs",
    "chains",
    "crates",
    "exits",
    "generator.rs",
    "hazards.rs",
    "lib.rs",
    "loop_generator.rs",
    "loop_programs.rs",
    "no-std",
    "oracle.rs",
    "parallel.rs",
    "programs.rs",
    "ui",
    "ui.rs",
    "zoo",
];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=listed.rs");
    let directory = PathBuf::from(std::env::var("OUT_DIR").map_err(Error::other)?);
    let mut account = Account::default();
    for (name, galleries) in PARTS {
        let mut part = Part::default();
        for gallery in galleries {
            println!("cargo::rerun-if-changed=../{gallery}");
            let mut files = Vec::new();
            rust_files(&Path::new("..").join(gallery), &mut files)?;
            files.sort();
            part.add(&files, &mut account)?;
        }
        std::fs::write(directory.join(format!("{name}.rs")), part.to_string())?;
    }
    account.leave_nothing_out()?;
    std::fs::write(directory.join("account.rs"), account.to_string())
}

/// The text of one part of the zoo: modules, in each width.
#[derive(Default)]
struct Part {
    modules: [Vec<String>; 2],
}

impl Part {
    /// Adds a gallery: a crate of several files, or files of their own.
    fn add(&mut self, files: &[PathBuf], account: &mut Account) -> Result<()> {
        let root = files.iter().find(|file| is_root(file));
        let around_name = root.map_or_else(String::new, |file| file_name(file));
        let root = root.map(|file| parsed(file)).transpose()?;
        for path in files {
            let (file, name) = (parsed(path)?, file_name(path));
            account.all.extend(
                found::annotated(file.to_token_stream())
                    .into_iter()
                    .map(|function| format!("{name}: {function}")),
            );
            account.files.push(path.clone());
            let around = root.as_ref().filter(|_| !is_root(path));
            for module in Module::all(file.items, around.map(|root| root.items.as_slice())) {
                let source = Source::read(module);
                for ((width, modules), shown) in
                    Width::BOTH.into_iter().zip(&mut self.modules).zip(&mut account.shown)
                {
                    let functions = source.functions(&name, width);
                    if functions.labels().next().is_none() {
                        continue;
                    }
                    shown.extend(functions.labels());
                    modules.push(functions.text(width));
                    for (function, is_own) in functions.called() {
                        let own = format!("{name}: {}{function}", source.path());
                        let outer =
                            [format!("{name}: {function}"), format!("{around_name}: {function}")];
                        shown.extend(if is_own { vec![own] } else { outer.to_vec() });
                    }
                }
            }
        }
        Ok(())
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        for (width, modules) in Width::BOTH.into_iter().zip(&self.modules) {
            let (name, float) = (width.module(), width.float());
            writeln!(f, "pub mod {name} {{")?;
            let names: Vec<Ident> =
                (0..modules.len()).map(|n| format_ident!("module_{n}")).collect();
            for (name, items) in names.iter().zip(modules) {
                writeln!(f, "pub mod {name} {{\n{items}\n}}")?;
            }
            let zoo = quote! {
                pub fn zoo() -> Vec<::zoo::Exhibit<#float>> {
                    [#(#names::zoo()),*].into_iter().flatten().collect()
                }
            };
            writeln!(f, "{zoo} }}")?;
        }
        Ok(())
    }
}

/// Which functions there are, and which of them are in the zoo, in each width.
#[derive(Default)]
struct Account {
    files: Vec<PathBuf>,
    all: BTreeSet<String>,
    shown: [BTreeSet<String>; 2],
}

impl Account {
    /// Every file of the tests is in a part, or has no functions of its own.
    fn leave_nothing_out(&self) -> Result<()> {
        let mut files = Vec::new();
        rust_files(Path::new(".."), &mut files)?;
        files.retain(|file| !self.files.contains(file));
        let is_other = |file: &PathBuf| {
            let mut parts = file.components().skip(1);
            parts.next().is_some_and(|part| OTHERS.iter().any(|other| part.as_os_str() == *other))
        };
        match files.iter().find(|file| !is_other(file)) {
            Some(file) => Err(Error::other(format!("{} is in no part of the zoo", file.display()))),
            None => Ok(()),
        }
    }
}

/// Which are not in the zoo at all, and which are there in one width.
impl Display for Account {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let [wide, narrow] = self.shown.each_ref().map(|shown| shown & &self.all);
        let absent: Vec<&String> = self.all.difference(&wide).collect();
        let only_wide: Vec<&String> = wide.difference(&narrow).collect();
        let count = self.all.len();
        write!(
            f,
            "pub(crate) const COUNT: usize = {count};\n\
             pub(crate) const ABSENT: &[&str] = &{absent:#?};\n\
             pub(crate) const ONLY_WIDE: &[&str] = &{only_wide:#?};\n"
        )
    }
}

fn is_root(file: &Path) -> bool {
    ["main.rs", "lib.rs"].iter().any(|name| file.ends_with(name))
}

fn parsed(file: &Path) -> Result<syn::File> {
    syn::parse_file(&std::fs::read_to_string(file)?)
        .map_err(|error| Error::other(format!("{}: {error}", file.display())))
}

/// The name of a file below its gallery.
fn file_name(file: &Path) -> String {
    let parts = file.components().filter_map(|part| match part {
        std::path::Component::Normal(name) => name.to_str(),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A file, or those in a directory.
fn rust_files(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        let is_built = path.file_name().is_some_and(|name| name == "target");
        if path.extension().is_some_and(|extension| extension == "rs") || path.is_dir() && !is_built
        {
            rust_files(&path, files)?;
        }
    }
    Ok(())
}
