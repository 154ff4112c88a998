//! A small graph as a picture for documentation, and a function as one formula.
//!
//! Who has a crate for layouts at hand draws better: this is for the macro, which has none.

use std::fmt::Write;

use autodiff_runtime::Graph;
use autodiff_runtime::graph::{Formula, Kind, NodeId};

/// A larger graph is not drawn.
const MOST_NODES: usize = 24;
/// A longer formula is not shown.
const LONGEST: usize = 120;
/// The width of a letter.
const LETTER: f64 = 8.0;
/// From rank to rank, and the height of a node.
const RANK: f64 = 64.0;
const HEIGHT: f64 = 28.0;
const GAP: f64 = 16.0;

/// The picture, as a block of HTML in which Markdown looks for nothing, with the local partials on the edges; `None` of what is large or branches.
pub(crate) fn picture(graph: &Graph) -> Option<String> {
    if graph.nodes().len() > MOST_NODES || graph.regions().next().is_some() {
        return None;
    }
    let names = graph.names();
    let places = Places::new(graph, &names);
    let (width, height) = places.size();
    let mut text = format!(
        "<div><svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"Computation graph\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" \
         font-family=\"monospace\" font-size=\"13\" text-anchor=\"middle\" fill=\"none\" \
         stroke=\"currentColor\">"
    );
    for (from, to, at) in graph.edges() {
        let ((x, y, _), (to_x, to_y, _)) = (places.at(from)?, places.at(to)?);
        let (y, to_y) = (y - HEIGHT / 2.0, to_y + HEIGHT / 2.0);
        let _ =
            write!(text, "<path d=\"M{x:.0} {y:.0}L{to_x:.0} {to_y:.0}\" stroke-opacity=\".5\"/>");
        if let Some(partial) = graph.partial(to, at, &names) {
            // Nearer to the operand, where edges to the same node are apart.
            let (x, y) = (x + (to_x - x) * 0.35, y + (to_y - y) * 0.35 + 4.0);
            let partial = escaped(&partial);
            let _ = write!(
                text,
                "<text x=\"{x:.0}\" y=\"{y:.0}\" font-size=\"11\" fill=\"#b04a00\" stroke=\"none\">{partial}</text>"
            );
        }
    }
    for ((id, node), name) in graph.nodes().zip(&names) {
        let (x, y, width) = places.at(id)?;
        let colour = match node.kind {
            Kind::Input => "#0072b2",
            _ if graph.outputs().contains(&id) => "#007a5a",
            _ => "currentColor",
        };
        let (left, top, name) = (x - width / 2.0, y - HEIGHT / 2.0, escaped(name));
        let _ = write!(
            text,
            "<rect x=\"{left:.0}\" y=\"{top:.0}\" width=\"{width:.0}\" height=\"{HEIGHT}\" rx=\"5\" \
             stroke=\"{colour}\"/><text x=\"{x:.0}\" y=\"{:.0}\" fill=\"currentColor\" \
             stroke=\"none\">{name}</text>",
            y + 4.0
        );
    }
    text.push_str("</svg></div>");
    Some(text)
}

/// Where each node is: its rank is the longest way to it, and in a rank it stands as what it reads.
struct Places {
    rows: Vec<Vec<(NodeId, f64)>>,
    width: f64,
}

impl Places {
    fn new(graph: &Graph, names: &[String]) -> Self {
        let mut ranks: Vec<usize> = Vec::new();
        for (_, node) in graph.nodes() {
            let read = node.operands.iter().filter_map(|operand| ranks.get(operand.from.index()));
            ranks.push(read.max().map_or(0, |rank| rank + 1));
        }
        let last = ranks.iter().max().copied().unwrap_or(0);
        let mut rows: Vec<Vec<(NodeId, f64)>> = vec![Vec::new(); last + 1];
        for ((id, _), rank) in graph.nodes().zip(&ranks) {
            let name = names.get(id.index()).map_or(0, |name| name.chars().count());
            if let Some(row) = rows.get_mut(*rank) {
                row.push((id, LETTER.mul_add(f64::from(u32::try_from(name).unwrap_or(0)), 20.0)));
            }
        }
        let wide = |row: &Vec<(NodeId, f64)>| row.iter().map(|(_, width)| width + GAP).sum::<f64>();
        let width = rows.iter().map(wide).fold(120.0, f64::max) + GAP;
        let mut places = Self { rows, width };
        for at in 1..places.rows.len() {
            let middle = |id: NodeId| {
                let operands = graph.node(id).map_or(&[][..], |node| &node.operands);
                let read: Vec<f64> =
                    operands.iter().filter_map(|of| places.at(of.from)).map(|(x, ..)| x).collect();
                let count = f64::from(u32::try_from(read.len().max(1)).unwrap_or(1));
                read.iter().sum::<f64>() / count
            };
            let mut row = places.rows.get(at).cloned().unwrap_or_default();
            row.sort_by(|(a, _), (b, _)| middle(*a).total_cmp(&middle(*b)));
            if let Some(slot) = places.rows.get_mut(at) {
                *slot = row;
            }
        }
        places
    }

    fn size(&self) -> (f64, f64) {
        let rows = f64::from(u32::try_from(self.rows.len()).unwrap_or(1));
        (self.width, RANK.mul_add(rows - 1.0, HEIGHT + 8.0))
    }

    /// The middle of a node, and its width: each row is centred.
    fn at(&self, id: NodeId) -> Option<(f64, f64, f64)> {
        let rank = self.rows.iter().position(|row| row.iter().any(|(known, _)| *known == id))?;
        let row = self.rows.get(rank)?;
        let whole: f64 = row.iter().map(|(_, width)| width + GAP).sum();
        let mut left = (self.width - whole) / 2.0;
        for (known, width) in row {
            if *known == id {
                let up = RANK * f64::from(u32::try_from(rank).unwrap_or(0));
                let y = self.size().1 - HEIGHT / 2.0 - 4.0 - up;
                return Some((left + (width + GAP) / 2.0, y, *width));
            }
            left += width + GAP;
        }
        None
    }
}

/// `f(x, y) = x · y + sin(x)`; `None` of what no formula gives, or what is long.
pub(crate) fn formula(graph: &Graph) -> Option<String> {
    let [output] = graph.outputs() else { return None };
    let inputs: Vec<NodeId> = graph.inputs().collect();
    let whole = whole(graph, *output, &inputs, &mut (8 * LONGEST))?;
    let names = graph.names();
    let name = |at: usize| inputs.get(at).and_then(|id| names.get(id.index()).cloned());
    let parameters: Vec<String> = (0..inputs.len()).filter_map(name).collect();
    let right = whole.over(&|at| name(at).unwrap_or_default(), &String::new());
    let text = format!("{}({}) = {right}", graph.name(), parameters.join(", "));
    (text.chars().count() <= LONGEST).then_some(text)
}

/// A node as a formula of the inputs; gives up when it becomes larger than `budget`.
fn whole(graph: &Graph, id: NodeId, inputs: &[NodeId], budget: &mut usize) -> Option<Formula> {
    if let Some(at) = inputs.iter().position(|input| *input == id) {
        return Some(Formula::Operand(at));
    }
    let node = graph.node(id)?;
    match &node.kind {
        Kind::Constant(number) => Some(Formula::Number(*number)),
        Kind::Apply(formula) => {
            let operands: Option<Vec<Formula>> =
                node.operands.iter().map(|of| whole(graph, of.from, inputs, budget)).collect();
            put_in(formula, &operands?, budget)
        }
        _ => None,
    }
}

fn put_in(formula: &Formula, operands: &[Formula], budget: &mut usize) -> Option<Formula> {
    *budget = budget.checked_sub(1)?;
    match formula {
        Formula::Operand(at) => operands.get(*at).cloned(),
        Formula::Call(name, args) => {
            let args: Option<Vec<Formula>> =
                args.iter().map(|arg| put_in(arg, operands, budget)).collect();
            Some(Formula::Call(name.clone(), args?))
        }
        Formula::Number(_) | Formula::Value => Some(formula.clone()),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
