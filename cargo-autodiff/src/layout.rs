//! Where the nodes of a graph are drawn: inputs at the bottom, results on top, regions as boxes.
//!
//! Each region is laid out by itself and is a single box in the layout around it. Ranks and
//! coordinates across are those of `rust-sugiyama`; an edge over several ranks is a chain of
//! points, so that it passes between nodes; one that enters or leaves a box has such points inside
//! of it, too. What stands beside each other is pushed apart, should
//! that be needed: no two nodes overlap.

use std::collections::{BTreeMap, HashMap};

use autodiff_runtime::Graph;
use autodiff_runtime::graph::{Kind, NodeId, RegionId};
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use rust_sugiyama::configure::Config;
use unicode_width::UnicodeWidthStr;

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

/// What is placed in one level: a node, or a region as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Unit {
    Node(usize),
    Region(usize),
    /// A point of an edge: the edge, and which of its points.
    Bend(usize, usize),
    /// Where an edge enters the region.
    Entry(usize),
    /// Where an edge leaves it.
    Exit(usize),
}

/// What is directly in a region, or in none.
struct Level {
    sizes: BTreeMap<Unit, (f64, f64)>,
    ranks: HashMap<Unit, usize>,
    /// Between units of following ranks.
    edges: Vec<(Unit, Unit)>,
}

impl Level {
    fn new(graph: &Graph, at: Option<RegionId>, drawn: &Layout) -> Self {
        let mut sizes = BTreeMap::new();
        for ((id, _), rect) in graph.nodes().zip(&drawn.nodes).filter(|((_, n), _)| n.region == at)
        {
            sizes.insert(Unit::Node(id.index()), (rect.width, rect.height));
        }
        for ((id, _), rect) in
            graph.regions().zip(&drawn.regions).filter(|((_, r), _)| r.parent == at)
        {
            sizes.insert(Unit::Region(id.index()), (rect.width, rect.height));
        }
        let mut lifted = Vec::new();
        for (edge, (from, to, _)) in graph.edges().enumerate() {
            let (from, to) = match (unit(graph, from, at), unit(graph, to, at)) {
                (Some(from), Some(to)) => (from, to),
                (None, Some(to)) => (Unit::Entry(edge), to),
                (Some(from), None) => (from, Unit::Exit(edge)),
                (None, None) => continue,
            };
            if from != to {
                for port in
                    [from, to].iter().filter(|it| matches!(it, Unit::Entry(_) | Unit::Exit(_)))
                {
                    sizes.insert(*port, (6.0, 1.0));
                }
                lifted.push((edge, from, to));
            }
        }
        // The condition of a branch is computed before its arms.
        for (id, region) in graph.regions().filter(|(_, region)| region.parent == at) {
            use autodiff_runtime::graph::RegionKind::{Arm, Else, Loop, Then};
            if let Then(of) | Else(of) = region.kind
                && let Some(from) = unit(graph, of, at)
            {
                lifted.push((usize::MAX, from, Unit::Region(id.index())));
            }
            debug_assert!(matches!(region.kind, Then(_) | Else(_) | Arm | Loop));
        }
        let mut level = Self { ranks: ranks(&sizes, &lifted), sizes, edges: Vec::new() };
        for (edge, from, to) in lifted {
            level.chain(edge, from, to);
        }
        level
    }

    /// An edge as steps from rank to rank.
    fn chain(&mut self, edge: usize, from: Unit, to: Unit) {
        let rank = |unit: &Unit| self.ranks.get(unit).copied().unwrap_or(0);
        let (low, high) = (rank(&from), rank(&to));
        if high <= low || high - low > LONGEST || edge == usize::MAX && high - low > 1 {
            return;
        }
        let mut last = from;
        for (point, rank) in (low + 1..high).enumerate() {
            let bend = Unit::Bend(edge, point);
            self.sizes.insert(bend, (6.0, 1.0));
            self.ranks.insert(bend, rank);
            self.edges.push((last, bend));
            last = bend;
        }
        self.edges.push((last, to));
    }

    /// Places the units, the middle of the whole at the origin; gives the size of the whole.
    fn place(
        &self,
        region: Option<RegionId>,
        drawn: &mut Layout,
        bends: &mut Vec<Bend>,
    ) -> (f64, f64) {
        let across = self.across();
        let last = self.ranks.values().max().copied().unwrap_or(0);
        let mut rows: Vec<Vec<(Unit, f64)>> = vec![Vec::new(); last + 1];
        for unit in self.sizes.keys() {
            let rank = self.ranks.get(unit).copied().unwrap_or(0);
            if let Some(row) = rows.get_mut(rank) {
                row.push((*unit, across.get(unit).copied().unwrap_or(0.0)));
            }
        }
        let mut placed: Vec<(Unit, f64, f64)> = Vec::new();
        let (mut left, mut right, mut bottom) = (f64::INFINITY, f64::NEG_INFINITY, 0.0_f64);
        let mut gap = 0.0;
        for row in &mut rows {
            self.push_apart(row);
            let height = row.iter().map(|(unit, _)| self.size(unit).1).fold(0.0, f64::max);
            for (unit, x) in row.iter() {
                let half = self.size(unit).0 / 2.0;
                left = left.min(x - half);
                right = right.max(x + half);
                placed.push((*unit, *x, bottom - height / 2.0));
            }
            // A rank of nothing but edges is a low one.
            let passes =
                row.iter().all(|(unit, _)| !matches!(unit, Unit::Node(_) | Unit::Region(_)));
            gap = if passes { RANK / 4.0 } else { RANK };
            bottom -= height + gap;
        }
        if placed.is_empty() {
            return (0.0, 0.0);
        }
        let (width, height) = (right - left, -bottom - gap);
        let (dx, dy) = (-(left + right) / 2.0, height / 2.0);
        for (unit, x, y) in placed {
            match unit {
                Unit::Node(at) => move_to(drawn.nodes.get_mut(at), x + dx, y + dy),
                Unit::Region(at) => move_to(drawn.regions.get_mut(at), x + dx, y + dy),
                Unit::Bend(edge, _) | Unit::Entry(edge) | Unit::Exit(edge) => {
                    bends.push(Bend { edge, region, at: (x + dx, y + dy) });
                }
            }
        }
        (width, height)
    }

    fn size(&self, unit: &Unit) -> (f64, f64) {
        self.sizes.get(unit).copied().unwrap_or_default()
    }

    /// The coordinates across, of each connected part beside the others.
    fn across(&self) -> HashMap<Unit, f64> {
        let mut graph = StableDiGraph::<Unit, ()>::new();
        let indices: HashMap<Unit, NodeIndex> =
            self.sizes.keys().map(|unit| (*unit, graph.add_node(*unit))).collect();
        for (from, to) in &self.edges {
            if let (Some(from), Some(to)) = (indices.get(from), indices.get(to))
                && !graph.contains_edge(*from, *to)
            {
                graph.add_edge(*from, *to, ());
            }
        }
        let config = Config {
            vertex_spacing: GAP,
            dummy_vertices: false,
            // Swapping neighbours is slow in what is large.
            transpose: self.sizes.len() < 400,
            ..Config::default()
        };
        let size = |_: NodeIndex, unit: &Unit| self.size(unit);
        let mut found = HashMap::new();
        let mut offset = 0.0;
        for (part, _, _) in rust_sugiyama::from_graph(&graph, &size, &config) {
            let (mut left, mut right) = (f64::INFINITY, f64::NEG_INFINITY);
            for (index, (x, _)) in &part {
                let half = graph.node_weight(*index).map_or(0.0, |unit| self.size(unit).0 / 2.0);
                left = left.min(x - half);
                right = right.max(x + half);
            }
            for (index, (x, _)) in part {
                if let Some(unit) = graph.node_weight(index) {
                    found.insert(*unit, x - left + offset);
                }
            }
            offset += right - left + GAP;
        }
        found
    }

    /// Neighbours that are too close are moved apart, by the same to both sides on the whole.
    fn push_apart(&self, row: &mut [(Unit, f64)]) {
        row.sort_by(|(_, a), (_, b)| a.total_cmp(b));
        let before: f64 = row.iter().map(|(_, x)| x).sum();
        let mut edge = f64::NEG_INFINITY;
        for (unit, x) in row.iter_mut() {
            let half = self.size(unit).0 / 2.0;
            let gap = if matches!(unit, Unit::Node(_) | Unit::Region(_)) { GAP } else { 8.0 };
            *x = x.max(edge + gap + half);
            edge = *x + half;
        }
        let after: f64 = row.iter().map(|(_, x)| x).sum();
        let back = (after - before) / count(row.len().max(1));
        row.iter_mut().for_each(|(_, x)| *x -= back);
    }
}

/// The longest way to each unit; an input is just below the first that reads it.
fn ranks(
    sizes: &BTreeMap<Unit, (f64, f64)>,
    edges: &[(usize, Unit, Unit)],
) -> HashMap<Unit, usize> {
    let mut ranks: HashMap<Unit, usize> = sizes.keys().map(|unit| (*unit, 0)).collect();
    // As often as the longest path is long: edges are not sorted.
    for _ in 0..sizes.len() {
        let mut changed = false;
        for (_, from, to) in edges {
            let least = ranks.get(from).copied().unwrap_or(0) + 1;
            let rank = ranks.entry(*to).or_insert(0);
            // A region may be read in the region itself, by way of the one around it.
            if *rank < least && least <= sizes.len() {
                *rank = least;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    // What leaves does so above everything else.
    let above = ranks.values().max().copied().unwrap_or(0);
    for (unit, rank) in &mut ranks {
        if matches!(unit, Unit::Exit(_)) {
            *rank = (*rank).max(above);
        }
    }
    let is_read_only = |unit: &Unit| !edges.iter().any(|(_, _, to)| to == unit);
    for unit in sizes.keys().filter(|unit| is_read_only(unit) && !matches!(unit, Unit::Entry(_))) {
        let readers = edges.iter().filter(|(_, from, _)| from == unit);
        let first = readers.filter_map(|(_, _, to)| ranks.get(to)).min().copied();
        if let Some(first) = first {
            // Inputs stay together at the bottom while the graph is small.
            let lowest = if first <= LONGEST / 2 { 0 } else { first - 1 };
            ranks.insert(*unit, lowest);
        }
    }
    ranks
}

/// What stands for a node in a level: itself, or the region there that it is in.
fn unit(graph: &Graph, id: NodeId, level: Option<RegionId>) -> Option<Unit> {
    let mut region = graph.node(id)?.region;
    if region == level {
        return Some(Unit::Node(id.index()));
    }
    while let Some(at) = region {
        let parent = graph.region(at)?.parent;
        if parent == level {
            return Some(Unit::Region(at.index()));
        }
        region = parent;
    }
    None
}

fn move_to(rect: Option<&mut Rect>, x: f64, y: f64) {
    if let Some(rect) = rect {
        (rect.x, rect.y) = (x, y);
    }
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
