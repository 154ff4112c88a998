//! Graphs for Graphviz.

use alloc::format;
use alloc::string::String;
use core::fmt::Write;

use super::{Graph, Kind, RegionId};

impl Graph {
    /// The graph in the DOT language: inputs at the bottom, regions as clusters, partials on edges.
    #[must_use]
    pub fn dot(&self) -> String {
        let names = self.names();
        let mut text =
            format!("digraph {} {{\n  rankdir=BT;\n  node [shape=box];\n", quoted(&self.name));
        self.dot_region(None, 1, &names, &mut text);
        for (from, to, at) in self.edges() {
            let label = match self.partial(to, at, &names) {
                Some(partial) => format!(" [label={}]", quoted(&partial)),
                None => " [style=dotted]".into(),
            };
            let _ = writeln!(text, "  n{} -> n{}{label};", from.index(), to.index());
        }
        for (_, region) in self.regions() {
            for (start, end) in &region.carried {
                let (from, to) = (end.index(), start.index());
                let _ = writeln!(text, "  n{from} -> n{to} [style=dashed, constraint=false];");
            }
        }
        text.push_str("}\n");
        text
    }

    /// What is in a region and in no region inside it, then those.
    fn dot_region(&self, at: Option<RegionId>, depth: usize, names: &[String], text: &mut String) {
        let indent = "  ".repeat(depth);
        for ((id, node), name) in self.nodes().zip(names).filter(|((_, n), _)| n.region == at) {
            let label = match node.kind {
                Kind::Input => name.clone(),
                _ => format!("{name} = {}", self.formula(id, names)),
            };
            let colour = match &node.kind {
                Kind::Input => ", color=\"#60a5fa\"",
                _ if self.outputs.contains(&id) => ", color=\"#34d399\"",
                _ => "",
            };
            let _ = writeln!(text, "{indent}n{} [label={}{colour}];", id.index(), quoted(&label));
        }
        for (id, region) in self.regions().filter(|(_, region)| region.parent == at) {
            let _ = writeln!(
                text,
                "{indent}subgraph cluster_{} {{\n{indent}  label={};",
                id.index(),
                quoted(&region.label)
            );
            self.dot_region(Some(id), depth + 1, names, text);
            let _ = writeln!(text, "{indent}}}");
        }
    }
}

/// A string of the DOT language.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
