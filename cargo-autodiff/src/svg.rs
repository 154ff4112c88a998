//! A graph as a picture.

use std::fmt::Write;

use autodiff_runtime::Graph;
use autodiff_runtime::graph::{Kind, NodeId, Trace};

use crate::layout::{LINE, Layout, NUMBER, Rect, TITLE, label, layout};

/// What the picture looks like; the page has the same.
pub(crate) const STYLE: &str = include_str!("page/graph.css");

/// A graph as SVG, with numbers where it is given at a point.
#[must_use]
pub fn svg(graph: &Graph, trace: Option<&Trace<'_>>) -> String {
    draw(graph, trace, &layout(graph), Some(STYLE))
}

/// The picture; a page brings the style itself.
pub(crate) fn draw(
    graph: &Graph,
    trace: Option<&Trace<'_>>,
    layout: &Layout,
    style: Option<&str>,
) -> String {
    let (width, height) = layout.size;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"graph\" role=\"img\" \
         aria-label=\"Computation graph of {}\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\">\n",
        escaped(graph.name())
    );
    if let Some(style) = style {
        let _ = writeln!(text, "<style>\n{style}</style>");
    }
    let names = graph.names();
    let picture = Picture { graph, trace, layout, names: &names };
    picture.regions(&mut text);
    picture.edges(&mut text);
    graph.nodes().for_each(|(id, _)| picture.node(id, &mut text));
    text.push_str("</svg>\n");
    text
}

struct Picture<'p> {
    graph: &'p Graph,
    trace: Option<&'p Trace<'p>>,
    layout: &'p Layout,
    names: &'p [String],
}

impl Picture<'_> {
    fn regions(&self, text: &mut String) {
        for ((id, region), rect) in self.graph.regions().zip(&self.layout.regions) {
            let (x, y) = (rect.x - rect.width / 2.0, rect.y - rect.height / 2.0);
            let _ = writeln!(
                text,
                "<g class=\"region\" data-region=\"{}\" tabindex=\"0\" role=\"button\" \
                 aria-expanded=\"true\"><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" \
                 height=\"{:.1}\" rx=\"8\"/><text x=\"{:.1}\" y=\"{:.1}\">\
                 <tspan class=\"fold\">▾</tspan> {}</text></g>",
                id.index(),
                rect.width,
                rect.height,
                x + 12.0,
                y + TITLE - 7.0,
                escaped(&region.label)
            );
        }
    }

    fn rect(&self, id: NodeId) -> Rect {
        self.layout.nodes.get(id.index()).copied().unwrap_or_default()
    }

    fn edges(&self, text: &mut String) {
        let edges = self.graph.edges().zip(&self.layout.bends).enumerate();
        for (edge, ((from, to, at), bends)) in edges {
            let rate = self.trace.and_then(|trace| trace.rate(to, at));
            let has_rate =
                self.graph.node(to).and_then(|node| node.operands.get(at)?.rate.as_ref());
            let class = if has_rate.is_some() { "edge" } else { "edge inert" };
            let points = self.points(from, to, (at, edge), bends);
            let path = curve(&points);
            let _ = write!(
                text,
                "<g class=\"{class}\" data-edge=\"{edge}\" data-from=\"{}\" data-to=\"{}\">\
                 <path d=\"{path}\"/>",
                from.index(),
                to.index()
            );
            if has_rate.is_some() {
                let (x, y) = beside_the_end(&points);
                let label = rate.map(|rate| format!("×{}", short(rate))).unwrap_or_default();
                let _ =
                    write!(text, "<text class=\"rate\" x=\"{x:.1}\" y=\"{y:.1}\">{label}</text>");
            }
            text.push_str("</g>\n");
        }
        let carried = self
            .graph
            .regions()
            .flat_map(|(id, region)| region.carried.iter().map(move |ends| (id, ends)));
        for (region, (start, end)) in carried {
            let (from, to) = (self.rect(*end), self.rect(*start));
            // Down along the right side of the loop's box.
            let area = self.layout.regions.get(region.index()).copied().unwrap_or_default();
            let side = area.x + area.width / 2.0 - 12.0;
            let (right, to_right) = (from.x + from.width / 2.0, to.x + to.width / 2.0);
            let _ = writeln!(
                text,
                "<g class=\"edge next\" data-from=\"{}\" data-to=\"{}\">\
                 <path d=\"M{right:.1} {y:.1}H{side:.1}V{to_y:.1}H{to_right:.1}\"/></g>",
                end.index(),
                start.index(),
                y = from.y,
                to_y = to.y,
            );
        }
    }

    /// From the top of the operand to the bottom of what reads it; operands side by side.
    fn points(
        &self,
        from: NodeId,
        to: NodeId,
        (at, edge): (usize, usize),
        bends: &[(f64, f64)],
    ) -> Vec<(f64, f64)> {
        let (start, end) = (self.rect(from), self.rect(to));
        let operands = self.graph.node(to).map_or(&[][..], |node| &node.operands);
        // From left to right as they come in, so that edges do not cross here. The edges of a node
        // are one after the other.
        let across = |other: usize| {
            let bends = self.layout.bends.get(edge + other - at);
            let last = bends.and_then(|bends| bends.last()).map(|(x, _)| *x);
            let from = operands.get(other).map(|operand| operand.from);
            last.or_else(|| from.map(|id| self.rect(id).x)).unwrap_or(0.0)
        };
        let is_before = |other: &usize| (across(*other), *other) < (across(at), at);
        let place = (0..operands.len()).filter(is_before).count();
        #[allow(clippy::cast_precision_loss, reason = "a few operands")]
        let part = (place as f64 + 1.0) / (operands.len() as f64 + 1.0) - 0.5;
        let width = (end.width - 24.0).min(90.0);
        let mut points = vec![(start.x, start.y - start.height / 2.0 + NUMBER)];
        points.extend(bends);
        points.push((end.x + part * width, end.y + end.height / 2.0 - NUMBER));
        points
    }

    fn node(&self, id: NodeId, text: &mut String) {
        let (Some(node), rect) = (self.graph.node(id), self.rect(id)) else { return };
        let class = match node.kind {
            Kind::Input => " input",
            _ if self.graph.outputs().contains(&id) => " output",
            Kind::Call(_) => " call",
            _ if !node.active => " inert",
            _ => "",
        };
        let (x, y) = (rect.x - rect.width / 2.0, rect.y - rect.height / 2.0 + NUMBER);
        let height = rect.height - 2.0 * NUMBER;
        let number = |value: Option<f64>| value.map(short).unwrap_or_default();
        let value = number(self.trace.and_then(|trace| trace.value(id)));
        let sensitivity = number(self.trace.and_then(|trace| trace.sensitivity(id)));
        let lines = label(self.graph, id, self.names);
        let _ = write!(
            text,
            "<g class=\"node{class}\" data-node=\"{}\" tabindex=\"0\" role=\"button\" \
             aria-label=\"{}\"><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\" \
             rx=\"6\"/>",
            id.index(),
            escaped(&lines.join(" = ")),
            rect.width
        );
        for (at, line) in lines.iter().enumerate() {
            #[allow(clippy::cast_precision_loss, reason = "two lines")]
            let line_y = y + 6.0 + LINE.mul_add(at as f64, 13.0);
            let class = if at == 0 { "name" } else { "formula" };
            let (x, line) = (rect.x, escaped(line));
            let _ = write!(
                text,
                "<text class=\"{class}\" x=\"{x:.1}\" y=\"{line_y:.1}\">{line}</text>"
            );
        }
        let (above, below) = (y - 5.0, y + height + 14.0);
        let _ = writeln!(
            text,
            "<text class=\"value\" x=\"{x:.1}\" y=\"{above:.1}\">{value}</text>\
             <text class=\"sensitivity\" x=\"{x:.1}\" y=\"{below:.1}\">{sensitivity}</text></g>",
            x = rect.x
        );
    }
}

/// A smooth line through points, upright at each.
fn curve(points: &[(f64, f64)]) -> String {
    let mut text = String::new();
    for pair in points.windows(2) {
        let [(x, y), (to_x, to_y)] = pair else { continue };
        if text.is_empty() {
            let _ = write!(text, "M{x:.1} {y:.1}");
        }
        let middle = f64::midpoint(*y, *to_y);
        let _ = write!(text, " C{x:.1} {middle:.1} {to_x:.1} {middle:.1} {to_x:.1} {to_y:.1}");
    }
    text
}

/// Where the rate of an edge stands: near its end, in the gap between two ranks.
fn beside_the_end(points: &[(f64, f64)]) -> (f64, f64) {
    match points {
        // Below the sensitivity; where the last piece is a short one, at its other end.
        [.., (x, y), (_, to_y)] if y - to_y < 50.0 => (*x, y + 5.0),
        [.., (x, y), (to_x, to_y)] => {
            let down = 28.0;
            let part = down / (y - to_y);
            // The curve leaves its end upright.
            (to_x + (x - to_x) * part * part * (3.0 - 2.0 * part), to_y + down)
        }
        _ => (0.0, 0.0),
    }
}

/// Four digits that count: every label has room for it.
pub(crate) fn short(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-3..1e5).contains(&size) {
        let text = format!("{value:.4}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        (if text == "-0" { "0" } else { text }).replace('-', "−")
    } else {
        format!("{value:.2e}").replace('-', "−")
    }
}

/// Text as text.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
