//! What is given on the command line.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Shows what autodiff makes of a function.
#[derive(Debug, Parser)]
#[command(name = "autodiff", bin_name = "cargo autodiff", version, about, long_about = None)]
#[command(
    after_help = "Exit codes: 0 if all went well, 1 if a check fails or a survey finds a bug of the compiler, 2 on any other error."
)]
pub struct Arguments {
    /// What to show.
    #[command(subcommand)]
    pub command: Command,
}

/// What to show.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the companions of a function as Rust, or of all annotated ones
    Expand(Which),
    /// Print the intermediate representation after each pass
    Stages(Which),
    /// Write the computation graph
    Graph(Graph),
    /// Say in words what the reverse sweep tapes, computes again and reads where it is
    Explain(Which),
    /// Check the gradient at a point against finite differences
    Check(Check),
    /// Count which functions with a float parameter are accepted, in all files below the paths
    Survey(Survey),
}

/// A function in a file.
#[derive(Args, Debug)]
pub struct Which {
    /// The file, as Rust
    pub file: String,
    /// The function: `f`, or `Type::method`; the annotated ones where it is left out
    pub function: Option<String>,
}

/// A graph to be written.
#[derive(Args, Debug)]
pub struct Graph {
    /// The function
    #[command(flatten)]
    pub which: Which,
    /// As what
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// The values of the inputs: `--at 2,3` or `--at "x = 2, y = 3"`
    #[arg(long, allow_hyphen_values = true)]
    pub at: Option<String>,
    /// Where to; standard output if left out
    #[arg(long, short)]
    pub output: Option<std::path::PathBuf>,
}

/// A check.
#[derive(Args, Debug)]
pub struct Check {
    /// The function
    #[command(flatten)]
    pub which: Which,
    /// The arguments: `--at 2,3` or `--at "x = [1.0, 2.0], n = 3"`
    #[arg(long, allow_hyphen_values = true)]
    pub at: String,
}

/// A survey.
#[derive(Args, Debug)]
pub struct Survey {
    /// Files, and directories: one row each
    #[arg(required = true)]
    pub paths: Vec<std::path::PathBuf>,
    /// Leave out functions with `#[test]` and modules with `#[cfg(test)]`
    #[arg(long)]
    pub no_tests: bool,
    /// Write what became of each function as JSON
    #[arg(long)]
    pub json: Option<std::path::PathBuf>,
}

/// How a graph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// An aligned table
    Table,
    /// Mermaid: the structure, or with `--at` five stages one after the other
    Mermaid,
    /// For Graphviz
    Dot,
    /// A picture
    Svg,
    /// A page that moves, in one file
    Html,
}
