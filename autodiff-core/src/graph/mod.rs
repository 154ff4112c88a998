//! IR → the computation graph that `f_graph()` gives.
//!
//! Numbers are nodes. What is made of numbers and has a known length is taken apart: an element of
//! an array that is read at a known index is the node that it is. What a graph of numbers does not
//! follow is a node without a formula, shown as it is written.

mod build;
mod control;
mod meaning;
mod needed;
mod opaque;
mod picture;
mod spell;
mod term;
mod tokens;

pub(crate) use picture::{formula, picture};

use autodiff_runtime::Graph;
use autodiff_runtime::graph::{NodeId, RegionId};

use crate::ir::Function;
use crate::lower::Signature;

/// A graph, and the calls that build it.
pub(crate) struct Built {
    /// The graph.
    pub(crate) graph: Graph,
    /// In order.
    pub(crate) steps: Vec<Step>,
}

/// A call that builds a graph.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Adds this node.
    Add(NodeId),
    /// Opens this region.
    Open(RegionId),
    /// Closes the region opened last.
    Close,
    /// What a loop carries.
    Carry(RegionId, NodeId, NodeId),
    /// Makes this node a result.
    Output(NodeId),
}

/// The graph of a primal.
pub(crate) fn graph(function: &Function, signature: &Signature) -> Built {
    build::Builder::new(function).run(signature)
}
