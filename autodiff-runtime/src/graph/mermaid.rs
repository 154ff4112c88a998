//! Graphs as Mermaid diagrams, stage by stage: structure, values, a wiggle, rates, sensitivities.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write;

use super::{Graph, Kind, NodeId, RegionId};

/// What a diagram of a graph at a point shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// What is computed from what.
    Structure,
    /// The value of every node, and how it comes about.
    Values,
    /// Which nodes feel a change of this one.
    Wiggle(NodeId),
    /// The local rates along all paths from this node.
    Rates(NodeId),
    /// The sensitivity of the result to every node.
    Sensitivities,
}

const INPUT: &str = "classDef input fill:none,stroke:#60a5fa,stroke-width:2px\n";
const OUTPUT: &str = "classDef output fill:none,stroke:#34d399,stroke-width:2px\n";

impl Graph {
    /// The structure as a Mermaid diagram: inputs at the bottom, regions as boxes.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let names = self.names();
        let mut text = "graph BT\n".to_string();
        self.mermaid_region(None, &names, &|id| self.word(id, &names), &mut text);
        let outs: Vec<String> = match self.outputs.len() {
            1 => ["out".to_string()].into(),
            count => (1..=count).map(|n| format!("out{n}")).collect(),
        };
        outs.iter().for_each(|out| {
            let _ = writeln!(text, "{out}[\"output\"]");
        });
        self.edges().for_each(|(from, to, _)| {
            let _ = writeln!(text, "{} --> {}", ident(&names, from), ident(&names, to));
        });
        for (output, out) in self.outputs.iter().zip(&outs) {
            let _ = writeln!(text, "{} --> {out}", ident(&names, *output));
        }
        for (start, end) in self.regions.iter().flat_map(|region| &region.carried) {
            let _ = writeln!(text, "{} -.->|next| {}", ident(&names, *end), ident(&names, *start));
        }
        let _ = writeln!(text, "{INPUT}{OUTPUT}class {} input", self.input_names(&names));
        text + &format!("class {} output\n", outs.join(","))
    }

    /// The nodes of a region, then the regions in it.
    fn mermaid_region(
        &self,
        at: Option<RegionId>,
        names: &[String],
        label: &dyn Fn(NodeId) -> String,
        text: &mut String,
    ) {
        for (id, _) in self.nodes().filter(|(_, node)| node.region == at) {
            let _ = writeln!(text, "{}[\"{}\"]", ident(names, id), escaped(&label(id)));
        }
        for (id, region) in self.regions().filter(|(_, region)| region.parent == at) {
            let label_text = escaped(&region.label);
            let _ = writeln!(text, "subgraph region{}[\"{label_text}\"]", id.index());
            self.mermaid_region(Some(id), names, label, text);
            text.push_str("end\n");
        }
    }

    fn input_names(&self, names: &[String]) -> String {
        self.inputs().map(|id| ident(names, id)).collect::<Vec<_>>().join(",")
    }

    /// What a node is, in words: `multiply`, or `a = x + y` where it has a name of its own.
    fn word(&self, id: NodeId, names: &[String]) -> String {
        let Some(node) = self.node(id) else { return String::new() };
        let name = names.get(id.index()).cloned().unwrap_or_default();
        match &node.kind {
            Kind::Input => name,
            Kind::Apply(_) if node.name == node.operation => word(&node.operation).to_string(),
            _ => format!("{name} = {}", self.formula(id, names).replace('·', "×")),
        }
    }
}

/// The word for an operation.
fn word(operation: &str) -> &str {
    match operation {
        "mul" => "multiply",
        "sub" => "subtract",
        "div" => "divide",
        "neg" => "negate",
        "rem" => "remainder",
        "sin" => "sine",
        "cos" => "cosine",
        "tan" => "tangent",
        "exp" => "exponential",
        "ln" => "logarithm",
        "sqrt" => "square root",
        "powi" | "powf" => "power",
        "recip" => "reciprocal",
        "abs" => "absolute value",
        other => other,
    }
}

/// What a node is called in a diagram: Mermaid takes some words for its own.
fn ident(names: &[String], id: NodeId) -> String {
    let name = names.get(id.index()).map_or("", String::as_str);
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let text: String = name.chars().map(plain).collect();
    let is_plain = text == name && name.starts_with(|c: char| c.is_ascii_alphabetic());
    let reserved = ["end", "graph", "subgraph", "class", "click", "style", "out", "default"];
    if is_plain && !reserved.contains(&name) { text } else { format!("{text}_n{}", id.index()) }
}

/// A label in quotes; only the line breaks of a diagram itself stay tags.
fn escaped(label: &str) -> String {
    let text = label.replace('&', "&amp;").replace('"', "#quot;").replace('<', "&lt;");
    text.replace("&lt;br/>", "<br/>")
}

#[cfg(feature = "std")]
mod numbers {
    use super::{
        INPUT, Kind, NodeId, OUTPUT, Stage, String, ToString, Vec, Write, format, ident, word,
    };
    use crate::graph::{Formula, Trace};

    impl Trace<'_> {
        /// The graph at this point as a Mermaid diagram.
        #[must_use]
        pub fn mermaid(&self, stage: Stage) -> String {
            let graph = self.graph();
            let names = graph.names();
            if stage == Stage::Structure {
                return graph.mermaid();
            }
            let mut text = "graph BT\n".to_string();
            let label = |id: NodeId| self.label(id, stage, &names);
            graph.mermaid_region(None, &names, &label, &mut text);
            let mut touched = Vec::new();
            for (at, (from, to, operand)) in graph.edges().enumerate() {
                let carries = self.carries(stage, from) && self.rate(to, operand).is_some();
                let rate = self.rate(to, operand).filter(|_| carries);
                let arrow = match (stage, rate) {
                    (Stage::Rates(_), Some(rate)) => format!("-->|\"×{}\"|", in_product(rate)),
                    _ => "-->".to_string(),
                };
                let _ = writeln!(text, "{} {arrow} {}", ident(&names, from), ident(&names, to));
                if carries {
                    touched.push(at);
                }
            }
            self.styles(stage, &touched, &names, &mut text);
            text
        }

        /// Whether a node feels the wiggle that the stage is about.
        fn carries(&self, stage: Stage, id: NodeId) -> bool {
            match stage {
                Stage::Wiggle(origin) | Stage::Rates(origin) => self.reaches(origin, id),
                Stage::Structure | Stage::Values | Stage::Sensitivities => false,
            }
        }

        /// Whether there is a path from one node to the other.
        fn reaches(&self, from: NodeId, to: NodeId) -> bool {
            let mut reached: Vec<NodeId> = [from].into();
            for (id, node) in self.graph().nodes() {
                let reads = |(at, operand): (usize, &super::super::Operand)| {
                    reached.contains(&operand.from) && self.rate(id, at).is_some()
                };
                if node.operands.iter().enumerate().any(reads) {
                    reached.push(id);
                }
            }
            reached.contains(&to)
        }

        fn label(&self, id: NodeId, stage: Stage, names: &[String]) -> String {
            let graph = self.graph();
            let Some(node) = graph.node(id) else { return String::new() };
            let name = names.get(id.index()).map_or("", String::as_str);
            let title = match (&node.kind, stage) {
                (Kind::Apply(_), Stage::Rates(_) | Stage::Sensitivities) => symbol(&node.operation),
                (Kind::Apply(_), _) if node.name == node.operation => word(&node.operation),
                _ => name,
            };
            let value = self.value(id).map_or("?".to_string(), number);
            let first = match (&node.kind, stage) {
                (Kind::Input | Kind::Constant(_), Stage::Sensitivities) => name.to_string(),
                (Kind::Input, _) => format!("{name} = {value}"),
                (Kind::Constant(_), _) => value,
                _ => title.to_string(),
            };
            match stage {
                Stage::Structure => graph.word(id, names),
                Stage::Values => match &node.kind {
                    Kind::Apply(formula) => format!("{first}<br/>{}", self.equation(id, formula)),
                    Kind::Merge => {
                        format!("{first} = {}", self.value(id).map_or("?".into(), number))
                    }
                    _ => first,
                },
                Stage::Wiggle(origin) if id == origin => format!("{first}<br/>↑ wiggle here"),
                Stage::Wiggle(origin) => match self.incoming(origin, id).len() {
                    0 => first,
                    1 => format!("{first}<br/>feels the wiggle"),
                    2 => format!("{first}<br/>feels both wiggles"),
                    _ => format!("{first}<br/>feels all wiggles"),
                },
                Stage::Rates(origin) => {
                    let incoming = self.incoming(origin, id);
                    let rates: Vec<String> =
                        incoming.iter().map(|at| self.rate_text(id, *at, names)).collect();
                    match rates.as_slice() {
                        [] => first,
                        rates => format!("{first}<br/>local rate: {}", rates.join(", ")),
                    }
                }
                Stage::Sensitivities => format!("{first}{}", self.sum(id)),
            }
        }

        /// The operands of a node that feel a wiggle.
        fn incoming(&self, origin: NodeId, id: NodeId) -> Vec<usize> {
            let operands = self.graph().node(id).map_or(&[][..], |node| &node.operands);
            let feels = |&at: &usize| {
                let from = operands.get(at).map(|operand| operand.from);
                self.rate(id, at).is_some() && from.is_some_and(|id| self.reaches(origin, id))
            };
            (0..operands.len()).filter(feels).collect()
        }

        /// `2 × 3 = 6`, `sin(2) ≈ 0.91`: equal where it is so with the numbers as they are shown.
        fn equation(&self, id: NodeId, formula: &Formula) -> String {
            let Some(value) = self.value(id) else { return "?".to_string() };
            let operands = self.operands(id);
            let over = formula
                .over(&|at| operands.get(at).copied().map_or("?".into(), number), &"y".into());
            let relation = relation(formula, &operands, value);
            format!("{} {relation} {}", over.replace('·', "×"), number(value))
        }

        fn operands(&self, id: NodeId) -> Vec<f64> {
            let operands = self.graph().node(id).map_or(&[][..], |node| &node.operands);
            operands.iter().map(|operand| self.value(operand.from).unwrap_or(f64::NAN)).collect()
        }

        /// `y=3`, `cos(2)≈-0.42`, `1`.
        fn rate_text(&self, id: NodeId, at: usize, names: &[String]) -> String {
            let graph = self.graph();
            let (Some(node), Some(rate)) = (graph.node(id), self.rate(id, at)) else {
                return String::new();
            };
            let shown = number(rate);
            match node.operands.get(at).and_then(|operand| operand.rate.as_ref()) {
                Some(formula @ Formula::Call(..)) => {
                    let operands = self.operands(id);
                    let value = self.value(id).unwrap_or(f64::NAN);
                    let leaf = |at: usize| operands.get(at).copied().map_or("?".into(), number);
                    let over = formula.over(&leaf, &number(value)).replace('·', "×");
                    let relation = relation(formula, &operands, rate);
                    format!("{over}{relation}{shown}")
                }
                Some(Formula::Operand(_) | Formula::Value) => {
                    format!("{}={shown}", graph.partial(id, at, names).unwrap_or_default())
                }
                Some(Formula::Number(_)) | None => shown,
            }
        }

        /// The sensitivity of a node as the sum of what comes from those that read it.
        fn sum(&self, id: NodeId) -> String {
            let Some(total) = self.sensitivity(id) else { return String::new() };
            let edges = self.graph().edges().filter(|(from, _, _)| *from == id);
            let shares: Vec<String> = edges
                .filter_map(|(_, to, at)| self.contribution(to, at))
                .enumerate()
                .map(|(n, share)| if n == 0 { number(share) } else { in_product(share) })
                .collect();
            let total = number(total);
            match shares.as_slice() {
                [] | [_] => format!("<br/>sensitivity: {total} ✓"),
                shares => format!("<br/>sensitivity: {} = {total} ✓", shares.join(" + ")),
            }
        }

        fn styles(&self, stage: Stage, touched: &[usize], names: &[String], text: &mut String) {
            let graph = self.graph();
            for at in touched.iter().filter(|_| matches!(stage, Stage::Wiggle(_))) {
                let _ = writeln!(text, "linkStyle {at} stroke:#f472b6,stroke-width:3px");
            }
            let inputs = graph.input_names(names);
            match stage {
                Stage::Structure | Stage::Values => {
                    let output = ident(names, self.output());
                    let _ = writeln!(text, "{INPUT}{OUTPUT}class {inputs} input");
                    let _ = writeln!(text, "class {output} output");
                }
                Stage::Wiggle(origin) | Stage::Rates(origin) => {
                    text.push_str("classDef highlight fill:none,stroke:#f472b6,stroke-width:2px\n");
                    let _ = writeln!(text, "class {} highlight", ident(names, origin));
                }
                Stage::Sensitivities => {
                    let is_done = |id: &NodeId| {
                        self.sensitivity(*id).is_some() && !graph.inputs().any(|input| input == *id)
                    };
                    let done: Vec<String> = graph
                        .nodes()
                        .map(|(id, _)| id)
                        .filter(is_done)
                        .map(|id| ident(names, id))
                        .collect();
                    text.push_str("classDef done fill:none,stroke:#34d399,stroke-width:2px\n");
                    text.push_str("classDef result fill:none,stroke:#a78bfa,stroke-width:2px\n");
                    let _ = writeln!(text, "class {} done", done.join(","));
                    let _ = writeln!(text, "class {inputs} result");
                }
            }
        }
    }

    /// `=` where the formula gives the number shown at the operands shown, else `≈`.
    fn relation(formula: &Formula, operands: &[f64], result: f64) -> &'static str {
        let shown = |value: f64| number(value).parse().unwrap_or(f64::NAN);
        let operands: Vec<f64> = operands.iter().map(|value| shown(*value)).collect();
        let exact = formula.eval(&operands, shown(result)).unwrap_or(f64::NAN);
        if (exact - shown(result)).abs() <= 1e-12 * exact.abs() { "=" } else { "≈" }
    }

    /// The symbol of an operation, as a formula writes it.
    fn symbol(operation: &str) -> &str {
        match operation {
            "mul" => "×",
            "add" => "+",
            "sub" | "neg" => "−",
            "div" => "÷",
            "rem" => "%",
            other => other,
        }
    }

    fn in_product(value: f64) -> String {
        if value < 0.0 { format!("({})", number(value)) } else { number(value) }
    }

    /// Two digits after the point, where that says anything.
    fn number(value: f64) -> String {
        let size = value.abs();
        if size != 0.0 && value.is_finite() && !(0.01..1e6).contains(&size) {
            return format!("{value:.1e}");
        }
        let text = format!("{value:.2}");
        let short = if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.')
        } else {
            &text
        };
        if short == "-0" { "0".to_string() } else { short.to_string() }
    }
}
