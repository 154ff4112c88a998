//! Graphs as text: an aligned table for the terminal.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use super::{Graph, NodeId};

/// On which side the cells of a column stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    #[cfg(feature = "std")]
    Right,
}

/// Columns as wide as what they hold.
struct Table {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.sides.len()).map(width).collect();
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, side), width) in row.iter().zip(&self.sides).zip(&widths) {
                let space = " ".repeat(width - cell.chars().count());
                let (before, after) = match side {
                    Side::Left => ("", space.as_str()),
                    #[cfg(feature = "std")]
                    Side::Right => (space.as_str(), ""),
                };
                let _ = write!(line, "{before}{cell}{after}  ");
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// The nodes, what each is, the local partials as formulas, and where it stands in the source.
impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names();
        let mut table = Table { sides: vec![Side::Left; 4], rows: Vec::new() };
        table.rows.push(["node", "formula", "local partials", "at"].map(Into::into).into());
        for ((id, node), name) in self.nodes().zip(&names) {
            let partial = |at: usize| self.partial(id, at, &names);
            let partials = self.for_each_operand(id, &names, &partial);
            let at = match node.source.line {
                0 => String::new(),
                line => format!("{line}:{}", node.source.column),
            };
            let name = format!("{}{name}", "  ".repeat(self.depth(id)));
            table.rows.push([name, self.formula(id, &names), partials, at].into());
        }
        write!(f, "{table}")?;
        for (_, region) in self.regions() {
            let carried = region.carried.iter().filter_map(|(start, end)| {
                Some(format!("{} → {}", names.get(end.index())?, names.get(start.index())?))
            });
            let carried: Vec<String> = carried.collect();
            if !carried.is_empty() {
                writeln!(f, "next iteration of `{}`: {}", region.label, carried.join(", "))?;
            }
        }
        Ok(())
    }
}

impl Graph {
    /// How many regions a node is in.
    pub(super) fn depth(&self, id: NodeId) -> usize {
        let mut region = self.node(id).and_then(|node| node.region);
        let mut depth = 0;
        while let Some(around) = region.and_then(|id| self.region(id)) {
            depth += 1;
            region = around.parent;
        }
        depth
    }

    /// `x: cos(x), y: 1` for the operands of which `text` says something.
    fn for_each_operand(
        &self,
        id: NodeId,
        names: &[String],
        text: &dyn Fn(usize) -> Option<String>,
    ) -> String {
        let operands = self.node(id).map_or(&[][..], |node| &node.operands);
        let texts = operands.iter().enumerate().filter_map(|(at, operand)| {
            let name = names.get(operand.from.index())?;
            text(at).map(|text| format!("{name}: {text}"))
        });
        texts.collect::<Vec<_>>().join(", ")
    }
}

#[cfg(feature = "std")]
mod numbers {
    use alloc::string::ToString;

    use super::{Side, String, Table, Vec, fmt, format, vec};
    use crate::graph::{NodeId, Trace};

    /// So many paths of an input are shown.
    const PATHS: usize = 12;

    /// Each node with its value, sensitivity and local rates; then the paths of each input with
    /// their products, and the sum.
    impl fmt::Display for Trace<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let graph = self.graph();
            let names = graph.names();
            let (left, right) = (Side::Left, Side::Right);
            let mut table = Table { sides: vec![left, left, right, right, left], rows: vec![] };
            let head = ["node", "formula", "value", "sensitivity", "local rates"];
            table.rows.push(head.map(Into::into).into());
            for (id, _) in graph.nodes() {
                let name = format!("{}{}", "  ".repeat(graph.depth(id)), name(&names, id));
                let rates = graph.for_each_operand(id, &names, &|at| self.rate(id, at).map(number));
                let formula = graph.formula(id, &names);
                let value = self.value(id).map_or("–".to_string(), number);
                let sensitivity = self.sensitivity(id).map(number).unwrap_or_default();
                table.rows.push([name, formula, value, sensitivity, rates].into());
            }
            write!(f, "{table}")?;
            let is_active = |id: &NodeId| graph.node(*id).is_some_and(|node| node.active);
            graph.inputs().filter(is_active).try_for_each(|input| self.derivative(f, input, &names))
        }
    }

    impl Trace<'_> {
        /// The paths of an input, their products, and the sum of these.
        fn derivative(
            &self,
            f: &mut fmt::Formatter<'_>,
            input: NodeId,
            names: &[String],
        ) -> fmt::Result {
            let total = self.sensitivity(input).unwrap_or(0.0);
            writeln!(f, "\nd{}/d{}", self.graph().name(), name(names, input))?;
            let paths = self.paths(input);
            let count = paths.total();
            let mut table = Table { sides: vec![Side::Left, Side::Right], rows: Vec::new() };
            for path in paths.take(PATHS) {
                let steps: Vec<&str> = path.nodes.iter().map(|id| name(names, *id)).collect();
                table
                    .rows
                    .push([format!("  {}", steps.join(" → ")), number(path.product())].into());
            }
            let shown = table.rows.len() as u64;
            if shown < count {
                let more = match count {
                    u64::MAX => "  very many more paths".to_string(),
                    count => format!("  {} more paths", count - shown),
                };
                table.rows.push([more, String::new()].into());
            }
            table.rows.push(["  sum".to_string(), number(total)].into());
            write!(f, "{table}")
        }
    }

    fn name(names: &[String], id: NodeId) -> &str {
        names.get(id.index()).map_or("", String::as_str)
    }

    /// Six digits after the point; very large and very small numbers with their power of ten.
    fn number(number: f64) -> String {
        let size = number.abs();
        let usual = (1e-3..1e9).contains(&size) || size == 0.0 || !number.is_finite();
        if usual { format!("{number:.6}") } else { format!("{number:.6e}") }
    }
}
