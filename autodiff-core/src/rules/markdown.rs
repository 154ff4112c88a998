//! The table as a page of the documentation.

use super::Op;
use super::row::{Mark, Row};

/// What stands above the table.
const HEAD: &str = "\
| function | partial derivatives | singular | tested on |
|---|---|---|---|
";

/// The table in Markdown, a row per function that a user can write.
///
/// `y` is the result; `Zero` is a function that is constant between its jumps. A *singular* row
/// is one in which a zero cotangent stays zero, even where the partial is infinite or NaN.
#[must_use]
pub fn markdown() -> String {
    let rows = Op::ALL.iter().map(|op| op.row()).filter(|row| row.mark != Mark::Internal);
    HEAD.to_owned() + &rows.map(line).collect::<String>()
}

/// One line of the table.
fn line(row: &Row) -> String {
    let partials = joined(row.partials, |text| format!("`{}`", flat(text)));
    let shared = row.shared.map(|(name, text)| format!(", where `{name} = {}`", flat(text)));
    let singular = if row.mark == Mark::Singular { "yes" } else { "" };
    let domain = joined(row.domain, |(low, high)| format!("{low} … {high}"));
    let shared = shared.unwrap_or_default();
    format!("| `{}` | {partials}{shared} | {singular} | {domain} |\n", call(row))
}

/// The texts of `items`, with commas between them.
fn joined<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    items.iter().map(text).collect::<Vec<_>>().join(", ")
}

/// How a user writes the function: `a + b`, `-a`, `x.powi(n)`.
fn call(row: &Row) -> String {
    match (row.symbol, row.operands) {
        (Some(symbol), [a]) => format!("{symbol}{a}"),
        (Some(symbol), [a, b]) => format!("{a} {symbol} {b}"),
        (_, [receiver, rest @ ..]) => format!("{receiver}.{}({})", row.name, rest.join(", ")),
        (_, []) => row.name.to_owned(),
    }
}

/// A formula on one line, however the compiler broke it.
fn flat(formula: &str) -> String {
    formula.split_whitespace().collect::<Vec<_>>().join(" ")
}
