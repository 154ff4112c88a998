//! The computation graph of a function, as data: what `f_graph()` gives.
//!
//! A node is a value, an edge says from which others it is computed, and the edge's *local rate* is
//! the partial derivative by that operand. Values flow from the inputs to the outputs,
//! sensitivities back. The derivative by an input is the sum, over all paths to the output, of the
//! products of the rates along each:
//!
//! ```
//! # #[cfg(feature = "std")] {
//! use autodiff_runtime::{Graph, graph::Node};
//!
//! // f(x, y) = x * y + x.sin(): what `#[grad(graph)]` emits.
//! let mut graph = Graph::new("f");
//! let x = graph.add(Node::input("x"));
//! let y = graph.add(Node::input("y"));
//! let mul = graph.add(Node::apply("mul", "a * b").operand(x, "b").operand(y, "a"));
//! let sin = graph.add(Node::apply("sin", "sin(a)").operand(x, "cos(a)"));
//! let add = graph.add(Node::apply("add", "a + b").operand(mul, "1").operand(sin, "1"));
//! graph.output(add);
//!
//! let trace = graph.trace(&[2.0, 3.0]).unwrap();
//! assert_eq!(trace.value(mul), Some(6.0));
//! assert_eq!(trace.gradient(), [3.0 + 2.0_f64.cos(), 2.0]);
//! let products: Vec<f64> = trace.paths(x).map(|path| path.product()).collect();
//! assert_eq!(products, [3.0, 2.0_f64.cos()]);
//! # }
//! ```
//!
//! Nothing of this is in a program that does not ask for it.

mod dot;
mod formula;
#[cfg(feature = "std")]
mod functions;
mod mermaid;
mod node;
mod parse;
#[cfg(feature = "std")]
mod paths;
mod table;
#[cfg(feature = "std")]
mod trace;

pub use formula::Formula;
pub use mermaid::Stage;
pub use node::{Kind, Node, Operand, Region, RegionKind, Source};
#[cfg(feature = "std")]
pub use paths::{Path, Paths};
#[cfg(feature = "std")]
pub use trace::{Trace, TraceError};

use alloc::string::String;
use alloc::vec::Vec;

/// A node of a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

impl NodeId {
    /// Its position among the [nodes](Graph::nodes).
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }
}

/// A region of a [`Graph`]: an arm of a branch, or the body of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionId(usize);

impl RegionId {
    /// Its position among the [regions](Graph::regions).
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }
}

/// The computation graph of a function.
///
/// Nodes are in the order of their computation: operands come before what is computed from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    name: String,
    nodes: Vec<Node>,
    regions: Vec<Region>,
    outputs: Vec<NodeId>,
    /// The regions that are open while the graph is built.
    open: Vec<RegionId>,
}

impl Graph {
    /// The graph of a function of that name, without nodes yet.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            nodes: Vec::new(),
            regions: Vec::new(),
            outputs: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Adds a node, in the region that is open.
    pub fn add(&mut self, mut node: Node) -> NodeId {
        node.region = self.open.last().copied();
        let id = NodeId(self.nodes.len());
        self.nodes.push(node);
        id
    }

    /// Opens a region inside the one that is open: what is added from now on belongs to it.
    pub fn open(&mut self, kind: RegionKind, label: &str) -> RegionId {
        let parent = self.open.last().copied();
        let id = RegionId(self.regions.len());
        self.regions.push(Region { kind, label: label.into(), parent, carried: Vec::new() });
        self.open.push(id);
        id
    }

    /// Closes the region that was opened last.
    pub fn close(&mut self) {
        self.open.pop();
    }

    /// In a loop, `next` of one iteration is `carried` of the next.
    pub fn carry(&mut self, of: RegionId, carried: NodeId, next: NodeId) {
        if let Some(region) = self.regions.get_mut(of.0) {
            region.carried.push((carried, next));
        }
    }

    /// Makes a node a result of the function.
    pub fn output(&mut self, id: NodeId) {
        self.outputs.push(id);
    }

    /// Gives a node the name of the variable that it is bound to.
    pub fn rename(&mut self, id: NodeId, name: &str) {
        if let Some(node) = self.nodes.get_mut(id.0) {
            node.name = name.into();
        }
    }

    /// The function's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The nodes with their ids.
    #[must_use]
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = (NodeId, &Node)> + ExactSizeIterator {
        self.nodes.iter().enumerate().map(|(at, node)| (NodeId(at), node))
    }

    /// One node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    /// The regions with their ids; a region comes after the one around it.
    #[must_use]
    pub fn regions(&self) -> impl DoubleEndedIterator<Item = (RegionId, &Region)> {
        self.regions.iter().enumerate().map(|(at, region)| (RegionId(at), region))
    }

    /// One region.
    #[must_use]
    pub fn region(&self, id: RegionId) -> Option<&Region> {
        self.regions.get(id.0)
    }

    /// The inputs: a number of each is what [`trace`](Self::trace) wants.
    pub fn inputs(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.nodes().filter(|(_, node)| node.kind == Kind::Input).map(|(id, _)| id)
    }

    /// The results of the function.
    #[must_use]
    pub fn outputs(&self) -> &[NodeId] {
        &self.outputs
    }

    /// The edges: from an operand, to what is computed from it, the how-manieth operand it is.
    pub fn edges(&self) -> impl Iterator<Item = (NodeId, NodeId, usize)> + '_ {
        self.nodes().flat_map(|(to, node)| {
            node.operands.iter().enumerate().map(move |(at, operand)| (operand.from, to, at))
        })
    }

    /// A name for each node that no other has: `mul`, `mul_2`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for node in &self.nodes {
            let mut name = node.name.clone();
            let mut number = 1;
            while names.contains(&name) {
                number += 1;
                name = alloc::format!("{}_{number}", node.name);
            }
            names.push(name);
        }
        names
    }

    /// The formula of a node over the names of its operands; what it is, where it has none.
    #[must_use]
    pub fn formula(&self, id: NodeId, names: &[String]) -> String {
        let Some(node) = self.node(id) else { return String::new() };
        let operand = |at: usize| {
            let from = node.operands.get(at).and_then(|operand| names.get(operand.from.0));
            from.cloned().unwrap_or_default()
        };
        match &node.kind {
            Kind::Apply(formula) => formula.over(&operand, &String::new()),
            Kind::Constant(value) => alloc::format!("{value}"),
            Kind::Input => "input".into(),
            Kind::Merge => "of the arm taken".into(),
            Kind::Carried => "at the start of an iteration".into(),
            Kind::After => "after the loop".into(),
            Kind::Call(text) | Kind::Opaque(text) => text.clone(),
        }
    }

    /// The partial by operand `at` over the names of the operands and of the node itself.
    #[must_use]
    pub fn partial(&self, id: NodeId, at: usize, names: &[String]) -> Option<String> {
        let node = self.node(id)?;
        let rate = node.operands.get(at)?.rate.as_ref()?;
        let operand = |at: usize| {
            let from = node.operands.get(at).and_then(|operand| names.get(operand.from.0));
            from.cloned().unwrap_or_default()
        };
        Some(rate.over(&operand, names.get(id.0)?))
    }
}
