//! What a value of the IR is in a graph.

use autodiff_runtime::graph::NodeId;

use crate::ir::Member;

/// What a value stands for.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    /// A node.
    Node(NodeId),
    /// A number that is known.
    Number(f64),
    /// The parts of a tuple, or of an array of known length.
    Parts(Vec<Meaning>),
    /// The fields of a struct.
    Fields(Vec<(Member, Meaning)>),
    /// Nothing that the graph shows.
    Hidden,
}

impl Meaning {
    /// A field of a tuple or a struct, where that is known.
    pub(super) fn field(&self, member: Member) -> Option<&Meaning> {
        match (self, member) {
            (Meaning::Parts(parts), Member::Unnamed(n)) => parts.get(n as usize),
            (Meaning::Fields(fields), member) => {
                fields.iter().find(|(known, _)| *known == member).map(|(_, of)| of)
            }
            _ => None,
        }
    }

    /// The same, to be written.
    pub(super) fn field_mut(&mut self, member: Member) -> Option<&mut Meaning> {
        match (self, member) {
            (Meaning::Parts(parts), Member::Unnamed(n)) => parts.get_mut(n as usize),
            (Meaning::Fields(fields), member) => {
                fields.iter_mut().find(|(known, _)| *known == member).map(|(_, of)| of)
            }
            _ => None,
        }
    }

    /// An element at a known index.
    pub(super) fn element(&self, index: &Meaning) -> Option<&Meaning> {
        let Meaning::Parts(parts) = self else { return None };
        parts.get(index.position()?)
    }

    /// The same, to be written.
    pub(super) fn element_mut(&mut self, index: &Meaning) -> Option<&mut Meaning> {
        let Meaning::Parts(parts) = self else { return None };
        parts.get_mut(index.position()?)
    }

    /// The number, if it is an index.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
    fn position(&self) -> Option<usize> {
        match self {
            Meaning::Number(n) if *n >= 0.0 && n.fract() == 0.0 => Some(*n as usize),
            _ => None,
        }
    }

    /// Its nodes, in order.
    pub(super) fn nodes(&self) -> Vec<NodeId> {
        match self {
            Meaning::Node(id) => vec![*id],
            Meaning::Parts(parts) => parts.iter().flat_map(Meaning::nodes).collect(),
            Meaning::Fields(fields) => fields.iter().flat_map(|(_, of)| of.nodes()).collect(),
            Meaning::Number(_) | Meaning::Hidden => Vec::new(),
        }
    }
}
