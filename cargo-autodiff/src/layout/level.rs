//! One level of a layout: what is directly in a region, or in none.

use std::collections::{BTreeMap, HashMap};

use autodiff_runtime::Graph;
use autodiff_runtime::graph::{NodeId, RegionId};
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use rust_sugiyama::configure::Config;

use super::{Bend, GAP, LONGEST, Layout, RANK, Rect, count};

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
pub(super) struct Level {
    sizes: BTreeMap<Unit, (f64, f64)>,
    ranks: HashMap<Unit, usize>,
    /// Between units of following ranks.
    edges: Vec<(Unit, Unit)>,
}

impl Level {
    pub(super) fn new(graph: &Graph, at: Option<RegionId>, drawn: &Layout) -> Self {
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
    pub(super) fn place(
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
