//! What a check has found, component by component.

use std::fmt::{self, Display, Formatter};

use super::ridders::Estimate;

/// What a check has found.
///
/// It prints as a table:
///
/// ```text
///   component  given      numeric  error   verdict
///   x[0]       2          2        4.4e-15 agrees
///   x[1]       5          4        8.9e-15 differs  <--
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    components: Vec<Component>,
    mismatch: Option<Mismatch>,
}

/// One component of a derivative.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Component {
    /// Where it is in the point: `.1[0]` is the first element of the second part of a tuple.
    pub label: String,
    /// The derivative that was to be checked.
    pub given: f64,
    /// The derivative by finite differences.
    pub numeric: f64,
    /// How far the numeric derivative may be off. At a kink: half the difference of the slopes.
    pub error: f64,
    /// What follows from that.
    pub verdict: Verdict,
}

/// What follows for one component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both derivatives are the same, within the error of the numeric one.
    Agrees,
    /// The slopes on both sides differ, and the given derivative is between them.
    Kink,
    /// They are not the same.
    Differs,
    /// The numeric derivative is not good enough to tell.
    Unclear,
}

/// The number of components is wrong, so that nothing could be compared.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Mismatch {
    of: &'static str,
    given: usize,
    expected: usize,
}

impl Report {
    pub(super) fn new(
        labels: Vec<String>,
        given: &[f64],
        estimates: Vec<Estimate>,
        epsilon: f64,
    ) -> Self {
        let rows = labels.into_iter().zip(given).zip(estimates);
        let components = rows
            .map(|((label, &given), estimate)| Component {
                label,
                given,
                numeric: estimate.value,
                error: estimate.error,
                verdict: judge(given, &estimate, epsilon),
            })
            .collect();
        Self { components, mismatch: None }
    }

    pub(super) fn mismatch(of: &'static str, given: usize, expected: usize) -> Self {
        let mismatch = Some(Mismatch { of, given, expected });
        Self { components: Vec::new(), mismatch }
    }

    pub(super) fn into_result(self) -> Result<Self, Self> {
        if self.passes() { Ok(self) } else { Err(self) }
    }

    /// The components, in the order of the point.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// Whether every component agrees or is at a kink.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.mismatch.is_none() && self.components.iter().all(|c| c.verdict.passes())
    }

    /// The same with the parts of the point called by name, where the point is a tuple.
    #[must_use]
    pub fn named(mut self, names: &[&str]) -> Self {
        for component in &mut self.components {
            if let Some(label) = renamed(&component.label, names) {
                component.label = label;
            }
        }
        self
    }
}

/// `.1[0]` → `y[0]`.
fn renamed(label: &str, names: &[&str]) -> Option<String> {
    let rest = label.strip_prefix('.')?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (index, rest) = rest.split_at(end);
    let name = names.get(index.parse::<usize>().ok()?)?;
    Some(format!("{name}{rest}"))
}

fn judge(given: f64, estimate: &Estimate, epsilon: f64) -> Verdict {
    let Estimate { value, error, jump, scale } = *estimate;
    if !value.is_finite() || !error.is_finite() {
        return Verdict::Unclear;
    }
    let size = given.abs().max(value.abs());
    let rounding = epsilon.sqrt() * size;
    if !given.is_finite() || (given - value).abs() > 2.0 * error + rounding {
        return Verdict::Differs;
    }
    if let Some(jump) = jump {
        let within = (given - value).abs() <= 0.5 * jump.abs() * (1.0 + epsilon.sqrt()) + rounding;
        return if within { Verdict::Kink } else { Verdict::Differs };
    }
    // Exact enough against the component itself or, where that vanishes, against the curve.
    if error <= 1e-2 * size || error <= epsilon.sqrt() * scale {
        Verdict::Agrees
    } else {
        Verdict::Unclear
    }
}

impl Verdict {
    /// Whether a derivative with this verdict counts as right.
    #[must_use]
    pub fn passes(self) -> bool {
        match self {
            Self::Agrees | Self::Kink => true,
            Self::Differs | Self::Unclear => false,
        }
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Agrees => "agrees",
            Self::Kink => "kink",
            Self::Differs => "differs",
            Self::Unclear => "unclear: is f smooth here? choose another point",
        })
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(Mismatch { of, given, expected }) = self.mismatch {
            let are = if expected == 1 { "is" } else { "are" };
            return write!(f, "  the {of} has {given} components where {expected} {are} expected");
        }
        let head = ["component", "given", "numeric", "error"].map(str::to_owned);
        let rows: Vec<_> = self.components.iter().map(Component::cells).collect();
        let widths = rows.iter().fold(head.each_ref().map(String::len), |widths, row| {
            let mut cells = row.iter();
            widths.map(|width| width.max(cells.next().map_or(0, |cell| cell.chars().count())))
        });
        line(f, &head, widths, "verdict")?;
        for (row, component) in rows.iter().zip(&self.components) {
            let mark = if component.verdict.passes() { "" } else { "  <--" };
            f.write_str("\n")?;
            line(f, row, widths, &format!("{}{mark}", component.verdict))?;
        }
        Ok(())
    }
}

fn line(f: &mut Formatter<'_>, cells: &[String; 4], widths: [usize; 4], end: &str) -> fmt::Result {
    for (cell, width) in cells.iter().zip(widths) {
        write!(f, "  {cell:<width$}")?;
    }
    write!(f, "  {end}")
}

impl Component {
    fn cells(&self) -> [String; 4] {
        let label = if self.label.starts_with(['.', '[']) || self.label.is_empty() {
            format!("x{}", self.label)
        } else {
            self.label.clone()
        };
        [label, digits(self.given), digits(self.numeric), format!("{:.1e}", self.error)]
    }
}

/// Twelve significant digits, plain where that is short.
fn digits(x: f64) -> String {
    let plain = format!("{x:.12}");
    if x == 0.0 || (1e-4..1e6).contains(&x.abs()) {
        plain.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{x:.11e}")
    }
}
