//! Which functions of other people's code the compiler accepts, and why it refuses the rest.

mod confirm;
mod find;
mod judge;
mod point;
mod report;

use std::path::{Path, PathBuf};

pub use report::{Counts, Reason};

use crate::source::Problem;

/// What is known of the derivative of a function that is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// It is that of differences, at so many points.
    Agrees(usize),
    /// Both modes agree with each other, and not with differences: somebody has to look. A value
    /// that comparisons find, as bisection does, has not the derivative of its program.
    Disputed(String),
    /// The interpreter does not run the function: why.
    NotRun(String),
}

/// What the compiler makes of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has a derivative.
    Accepted(Confirmation),
    /// A bug: the derivative is not that of the function, at this point.
    Wrong(String),
    /// The messages, without their help.
    Refused(Vec<String>),
    /// No `#[grad]` could be meant for it, or none that there is yet: why.
    OutOfScope(String),
    /// A bug: the compiler panicked, with this message.
    Panicked(String),
    /// A bug: what is emitted is no Rust, and why not.
    Unparsable(String),
}

/// A function with a float parameter, and what became of it.
#[derive(Clone, Debug)]
pub struct Record {
    /// Which of the paths given it was found below.
    pub path: usize,
    /// The file that it is in.
    pub file: PathBuf,
    /// The line that its name is on.
    pub line: usize,
    /// Its name; that of a method with its type: `Lens::blur`.
    pub name: String,
    /// What the compiler says.
    pub outcome: Outcome,
}

/// All that was found.
#[derive(Debug, Default)]
pub struct Survey {
    /// The paths given.
    pub paths: Vec<PathBuf>,
    /// Each function, in the order of files and lines.
    pub records: Vec<Record>,
    /// The files that are no Rust, and why not.
    pub not_parsed: Vec<(PathBuf, String)>,
}

impl Survey {
    /// Whether the compiler failed: it panicked, emitted what is no Rust, or a wrong derivative.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        let is_fault = |record: &Record| {
            matches!(
                record.outcome,
                Outcome::Panicked(_) | Outcome::Unparsable(_) | Outcome::Wrong(_)
            )
        };
        self.records.iter().any(is_fault)
    }
}

/// The functions that are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tests {
    /// All.
    Included,
    /// Not those with `#[test]`, nor those in modules with `#[cfg(test)]`.
    LeftOut,
}

/// Compiles every function with a float parameter in the files below the paths.
///
/// Calls are compiled as though what is called were annotated as well, and types of the user's as
/// though they had a tangent: whether they have is asked by rustc, later.
/// Where the signature tells what to call a function with, and the interpreter can run it, the
/// gradient is compared with finite differences.
///
/// # Errors
/// If a path is not there.
pub fn survey(paths: &[PathBuf], tests: Tests) -> Result<Survey, Problem> {
    let given = paths.to_vec();
    // Expressions of other people's programs are deep, generated tables above all.
    let thread = std::thread::Builder::new().stack_size(1 << 28);
    let thread = thread.spawn(move || of_paths(given, tests));
    let thread = thread.map_err(|error| Problem(error.to_string()))?;
    thread.join().map_err(|_| Problem("the survey itself failed".to_owned()))?
}

fn of_paths(paths: Vec<PathBuf>, tests: Tests) -> Result<Survey, Problem> {
    let mut survey = Survey::default();
    for (number, path) in paths.iter().enumerate() {
        for file in files(path)? {
            let text = std::fs::read_to_string(&file).map_err(|error| at(&file, &error))?;
            match find::candidates(&text, tests) {
                Ok(found) => {
                    let known = judge::Known::of(&found);
                    survey.records.extend(found.candidates.iter().map(|candidate| Record {
                        path: number,
                        file: file.clone(),
                        line: candidate.line,
                        outcome: judge::judge(candidate, &known),
                        name: candidate.name.clone(),
                    }));
                }
                Err(error) => survey.not_parsed.push((file, error.to_string())),
            }
        }
    }
    Ok(Survey { paths, ..survey })
}

/// The `.rs` files below a path, which may be one itself.
fn files(path: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
        let entry = entry.map_err(|error| at(path, &error))?;
        let is_rust = entry.path().extension().is_some_and(|extension| extension == "rs");
        if is_rust && entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

fn at(path: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem(format!("{}: {error}", path.display()))
}
