//! What stands in a graph: nodes, their operands, and the regions that they are in.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Formula, NodeId, RegionId};

/// A value of the function.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// The variable that it is bound to, or else the operation.
    pub name: String,
    /// The operation by its name in the rule table: `mul`. Empty for what is no operation.
    pub operation: String,
    /// What it is computed from.
    pub operands: Vec<Operand>,
    /// Where it stands in the source.
    pub source: Source,
    /// The innermost region that it is in.
    pub region: Option<RegionId>,
    /// Whether it carries a derivative.
    pub active: bool,
    /// Whether a zero sensitivity stays zero, also times an infinite rate.
    pub singular: bool,
    /// Whether it is rounded to `f32`.
    pub single: bool,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A parameter, or one number of an array or a tuple.
    Input,
    /// A number.
    Constant(f64),
    /// A formula of its operands.
    Apply(Formula),
    /// What a branch gives: the operand of the arm that was taken.
    Merge,
    /// A variable of a loop at the start of an iteration; the operand is what it is before the loop.
    Carried,
    /// A variable of a loop after it; the operand is what it is at the end of an iteration.
    After,
    /// A call of another function.
    Call(String),
    /// Something that a graph of numbers does not follow, as it is written.
    Opaque(String),
}

/// An edge: from a value to one that is computed from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand {
    /// The value that is read.
    pub from: NodeId,
    /// The partial derivative by it; `None` where there is none, or where no formula gives it.
    pub rate: Option<Formula>,
    /// The arm that it comes from, at a [`Kind::Merge`].
    pub arm: Option<RegionId>,
}

/// A place in the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// From 1; 0 where it is not known.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// The token there.
    pub text: String,
}

/// An arm of a branch, or the body of a loop.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Which of them.
    pub kind: RegionKind,
    /// Its head as it is written: `if x > 0.0`.
    pub label: String,
    /// The region around it.
    pub parent: Option<RegionId>,
    /// Of a loop: what it carries, at the start of an iteration and at the end.
    pub carried: Vec<(NodeId, NodeId)>,
}

/// What a region is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionKind {
    /// Runs where the condition holds.
    Then(NodeId),
    /// Runs where the condition does not hold.
    Else(NodeId),
    /// An arm of a `match`: the graph does not say when it runs.
    Arm,
    /// Runs any number of times.
    Loop,
}

impl Node {
    fn new(kind: Kind, name: &str, operation: &str) -> Self {
        Self {
            kind,
            name: name.into(),
            operation: operation.into(),
            operands: Vec::new(),
            source: Source::default(),
            region: None,
            active: true,
            singular: false,
            single: false,
        }
    }

    /// A parameter.
    #[must_use]
    pub fn input(name: &str) -> Self {
        Self::new(Kind::Input, name, "")
    }

    /// A number.
    #[must_use]
    pub fn constant(name: &str, value: f64) -> Self {
        Self { active: false, ..Self::new(Kind::Constant(value), name, "") }
    }

    /// A formula of its operands, which it calls `a`, `b`, `c`, …: `"a * b"`.
    ///
    /// What is no formula is a node of unknown value.
    #[must_use]
    pub fn apply(operation: &str, formula: &str) -> Self {
        let kind = match Formula::parse(formula) {
            Some(formula) => Kind::Apply(formula),
            None => Kind::Opaque(formula.into()),
        };
        Self::new(kind, operation, operation)
    }

    /// What a branch gives.
    #[must_use]
    pub fn merge(name: &str) -> Self {
        Self::new(Kind::Merge, name, "")
    }

    /// A variable of a loop at the start of an iteration.
    #[must_use]
    pub fn carried(name: &str) -> Self {
        Self::new(Kind::Carried, name, "")
    }

    /// A variable of a loop after it.
    #[must_use]
    pub fn after(name: &str) -> Self {
        Self::new(Kind::After, name, "")
    }

    /// A call, as it is written.
    #[must_use]
    pub fn call(name: &str, text: &str) -> Self {
        Self::new(Kind::Call(text.into()), name, "")
    }

    /// What is not followed, as it is written.
    #[must_use]
    pub fn opaque(name: &str, text: &str) -> Self {
        Self::new(Kind::Opaque(text.into()), name, "")
    }

    /// With one more operand and the partial by it, a formula of the operands and of the node's
    /// own value, which it calls `y`. An empty one says that there is none.
    #[must_use]
    pub fn operand(mut self, from: NodeId, rate: &str) -> Self {
        self.operands.push(Operand { from, rate: Formula::parse(rate), arm: None });
        self
    }

    /// With what an arm gives.
    #[must_use]
    pub fn from_arm(mut self, from: NodeId, arm: RegionId, rate: &str) -> Self {
        self.operands.push(Operand { from, rate: Formula::parse(rate), arm: Some(arm) });
        self
    }

    /// With the variable that it is bound to.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }

    /// With its place in the source.
    #[must_use]
    pub fn at(mut self, line: usize, column: usize, text: &str) -> Self {
        self.source = Source { line, column, text: text.into() };
        self
    }

    /// Without a derivative.
    #[must_use]
    pub fn inert(self) -> Self {
        Self { active: false, ..self }
    }

    /// A zero sensitivity stays zero, also times an infinite rate.
    #[must_use]
    pub fn singular(self) -> Self {
        Self { singular: true, ..self }
    }

    /// Rounded to `f32`.
    #[must_use]
    pub fn single(self) -> Self {
        Self { single: true, ..self }
    }
}
