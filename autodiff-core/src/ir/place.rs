//! Places: variables that a transform added, and parts of them.

use super::{Member, ValueId, VarId};

/// A variable, or part of one: `m_bar[i][2]`.
#[derive(Clone, Debug)]
pub struct Place {
    /// The variable.
    pub var: VarId,
    /// From the variable inwards.
    pub path: Vec<Step>,
}

/// One step from an aggregate to a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A field of a tuple or a struct.
    Field(Member),
    /// An element; the value is an inert index.
    Index(ValueId),
    /// A part of an array or slice, whose elements are counted from its start.
    Range(Bounds),
}

/// The ends of a range of indices, as far as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The first index; 0 where there is none.
    pub lo: Option<ValueId>,
    /// The end; that of the whole where there is none.
    pub hi: Option<ValueId>,
    /// Whether the end is part of the range.
    pub end: End,
}

/// Whether the end of a range is part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// `lo..hi`
    Open,
    /// `lo..=hi`
    Closed,
}
