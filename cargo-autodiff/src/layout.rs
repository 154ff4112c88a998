//! Where the nodes of a graph are drawn: inputs at the bottom, results on top, regions as boxes.
//!
//! Each region is laid out by itself and is a single box in the layout around it. Ranks and
//! coordinates across are those of `rust-sugiyama`; an edge over several ranks is a chain of
//! points, so that it passes between nodes; one that enters or leaves a box has such points inside
//! of it, too. What stands beside each other is pushed apart, should
//! that be needed: no two nodes overlap.

use autodiff_runtime::Graph;
use autodiff_runtime::graph::{Kind, NodeId, RegionId};
use unicode_width::UnicodeWidthStr;

mod level;

use level::Level;

/// The width of a letter and the height of a line, in pixels, of the font of 13 pixels.
pub const LETTER: f64 = 7.9;
/// The height of a line.
pub const LINE: f64 = 18.0;
/// Room for the value above a node, and for the sensitivity below.
pub const NUMBER: f64 = 18.0;
/// Between two nodes of a rank, and around what is in a region.
const GAP: f64 = 28.0;
/// Between two ranks: room for the rates on edges.
const RANK: f64 = 46.0;
/// The title of a region.
pub const TITLE: f64 = 24.0;
/// An edge over more ranks does not keep other nodes away.
const LONGEST: usize = 14;

/// A rectangle by its middle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Of the middle.
    pub x: f64,
    /// Of the middle; downwards.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Rect {
    /// Whether two rectangles have a point in common.
    #[must_use]
    pub fn overlaps(&self, other: &Rect) -> bool {
        (self.x - other.x).abs() * 2.0 < self.width + other.width
            && (self.y - other.y).abs() * 2.0 < self.height + other.height
    }
}

/// Where everything is.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The nodes, numbers included: by [`NodeId::index`].
    pub nodes: Vec<Rect>,
    /// The regions, by [`RegionId::index`].
    pub regions: Vec<Rect>,
    /// The points that each edge passes between its ends, in the order of [`Graph::edges`].
    pub bends: Vec<Vec<(f64, f64)>>,
    /// The size of the whole.
    pub size: (f64, f64),
}

/// The lines of a node's label.
#[must_use]
pub fn label(graph: &Graph, id: NodeId, names: &[String]) -> Vec<String> {
    let name = names.get(id.index()).cloned().unwrap_or_default();
    let formula = graph.formula(id, names);
    match graph.node(id).map(|node| &node.kind) {
        Some(Kind::Input | Kind::Constant(_)) | None => vec![name],
        Some(_) if formula == name => vec![name],
        Some(_) => vec![name, formula],
    }
}

/// The layout of a graph.
#[must_use]
pub fn layout(graph: &Graph) -> Layout {
    let names = graph.names();
    let size = |id: NodeId| {
        let lines = label(graph, id, &names);
        let letters = lines.iter().map(|line| line.width()).max().unwrap_or(0).max(11);
        let height = LINE.mul_add(count(lines.len()), 12.0 + 2.0 * NUMBER);
        (LETTER.mul_add(count(letters), 20.0), height)
    };
    let mut drawn = Layout {
        nodes: graph.nodes().map(|(id, _)| sized(size(id))).collect(),
        regions: graph.regions().map(|_| Rect::default()).collect(),
        bends: graph.edges().map(|_| Vec::new()).collect(),
        size: (0.0, 0.0),
    };
    let mut bends: Vec<Bend> = Vec::new();
    // Inner regions first: they come after those around them.
    for (id, region) in graph.regions().collect::<Vec<_>>().into_iter().rev() {
        let level = Level::new(graph, Some(id), &drawn);
        let (width, height) = level.place(Some(id), &mut drawn, &mut bends);
        let title = LETTER.mul_add(count(region.label.width() + 16), 20.0);
        let rect = sized(((width + 2.0 * GAP).max(title), height + GAP + TITLE + GAP / 2.0));
        if let Some(slot) = drawn.regions.get_mut(id.index()) {
            *slot = rect;
        }
    }
    let top = Level::new(graph, None, &drawn);
    let (width, height) = top.place(None, &mut drawn, &mut bends);
    drawn.size = (width + 2.0 * GAP, height + 2.0 * GAP);
    shift_all(graph, &mut drawn, &bends);
    drawn
}

/// A point of an edge, in the coordinates of a region.
struct Bend {
    edge: usize,
    region: Option<RegionId>,
    at: (f64, f64),
}

#[allow(clippy::cast_precision_loss, reason = "small counts")]
fn count(count: usize) -> f64 {
    count as f64
}

fn sized((width, height): (f64, f64)) -> Rect {
    Rect { x: 0.0, y: 0.0, width, height }
}

/// From the coordinates of each region to those of the whole, its left upper corner at the origin.
fn shift_all(graph: &Graph, drawn: &mut Layout, bends: &[Bend]) {
    let (dx, dy) = (drawn.size.0 / 2.0, drawn.size.1 / 2.0);
    let mut middles: Vec<(f64, f64)> = Vec::new();
    for (id, region) in graph.regions() {
        let around = region.parent.and_then(|id| middles.get(id.index()).copied());
        let (x, y) = around.map_or((dx, dy), |(x, y)| (x, y + TITLE / 2.0));
        if let Some(rect) = drawn.regions.get_mut(id.index()) {
            (rect.x, rect.y) = (rect.x + x, rect.y + y);
            middles.push((rect.x, rect.y));
        }
    }
    let offset = |region: Option<RegionId>| {
        let middle = region.and_then(|id| middles.get(id.index()).copied());
        middle.map_or((dx, dy), |(x, y)| (x, y + TITLE / 2.0))
    };
    for ((_, node), rect) in graph.nodes().zip(&mut drawn.nodes) {
        let (x, y) = offset(node.region);
        (rect.x, rect.y) = (rect.x + x, rect.y + y);
    }
    for bend in bends {
        let (x, y) = offset(bend.region);
        if let Some(points) = drawn.bends.get_mut(bend.edge) {
            points.push((bend.at.0 + x, bend.at.1 + y));
        }
    }
    // An edge goes up, in whichever regions its points are.
    drawn.bends.iter_mut().for_each(|points| points.sort_by(|a, b| b.1.total_cmp(&a.1)));
}
