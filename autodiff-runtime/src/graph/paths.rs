//! The paths from a node to the result.

use alloc::vec;
use alloc::vec::Vec;

use super::{NodeId, Trace};

/// A path from a node to the result.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The nodes on it, both ends included.
    pub nodes: Vec<NodeId>,
    /// The local rate of each edge.
    pub rates: Vec<f64>,
    product: f64,
}

impl Path {
    /// The rates along it, multiplied from the result back: its part of the derivative. Zero stays
    /// zero through a singular operation, as it does for sensitivities.
    #[must_use]
    pub fn product(&self) -> f64 {
        self.product
    }
}

/// The paths from a node to the result, found one after the other: there can be very many.
#[derive(Clone, Debug)]
pub struct Paths<'t> {
    trace: &'t Trace<'t>,
    /// Where each node leads, and at which rate.
    next: Vec<Vec<(NodeId, f64)>>,
    /// The nodes of the path so far, and how many of their edges have been followed.
    stack: Vec<(NodeId, usize)>,
    rates: Vec<f64>,
}

impl<'t> Paths<'t> {
    pub(super) fn new(trace: &'t Trace<'t>, from: NodeId) -> Self {
        let mut next = vec![Vec::new(); trace.graph().nodes().len()];
        for (operand, to, at) in trace.graph().edges() {
            // What does not reach the result has no sensitivity.
            if let (Some(rate), Some(_)) = (trace.rate(to, at), trace.sensitivity(to))
                && let Some(edges) = next.get_mut(operand.index())
            {
                edges.push((to, rate));
            }
        }
        let reaches = trace.sensitivity(from).is_some();
        let stack = if reaches { vec![(from, 0)] } else { Vec::new() };
        Self { trace, next, stack, rates: Vec::new() }
    }

    /// How many paths there are from where the search began; `u64::MAX` for more than that.
    #[must_use]
    pub fn total(&self) -> u64 {
        let Some(&(from, _)) = self.stack.first() else { return 0 };
        let mut counts = vec![0_u64; self.next.len()];
        for (id, _) in self.trace.graph().nodes().rev() {
            let edges = self.next.get(id.index()).map_or(&[][..], Vec::as_slice);
            let onwards = edges.iter().filter_map(|(to, _)| counts.get(to.index()).copied());
            let ends = u64::from(id == self.trace.output());
            let count = onwards.fold(ends, u64::saturating_add);
            if let Some(slot) = counts.get_mut(id.index()) {
                *slot = count;
            }
        }
        counts.get(from.index()).copied().unwrap_or(0)
    }
}

impl Iterator for Paths<'_> {
    type Item = Path;

    fn next(&mut self) -> Option<Path> {
        while let Some((id, followed)) = self.stack.last_mut() {
            if *id == self.trace.output() && *followed == 0 {
                *followed = 1;
                let nodes: Vec<NodeId> = self.stack.iter().map(|(id, _)| *id).collect();
                let steps = nodes.iter().skip(1).zip(&self.rates).rev();
                let product = steps.fold(1.0, |product, (to, rate)| {
                    let node = self.trace.graph().node(*to);
                    let stays = product == 0.0 && node.is_some_and(|node| node.singular);
                    if stays { 0.0 } else { product * rate }
                });
                return Some(Path { nodes, rates: self.rates.clone(), product });
            }
            // The result itself may be read further on, in a graph with several.
            let edges = self.next.get(id.index()).map_or(&[][..], Vec::as_slice);
            let at = if *id == self.trace.output() { edges.len() } else { *followed };
            if let Some(&(to, rate)) = edges.get(at) {
                *followed += 1;
                self.stack.push((to, 0));
                self.rates.push(rate);
            } else {
                self.stack.pop();
                self.rates.pop();
            }
        }
        None
    }
}
