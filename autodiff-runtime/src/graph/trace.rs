//! A graph at a point: every value, local rate and sensitivity.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::functions::holds;
use super::{Formula, Graph, Kind, Node, NodeId, Paths, RegionId, RegionKind};

/// A graph at a point.
#[derive(Clone, Debug)]
pub struct Trace<'g> {
    graph: &'g Graph,
    output: NodeId,
    values: Vec<Option<f64>>,
    rates: Vec<Vec<Option<f64>>>,
    sensitivities: Vec<Option<f64>>,
}

/// Why a graph gives no numbers at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TraceError {
    /// There is not one number for each input.
    Inputs {
        /// How many inputs there are.
        expected: usize,
        /// How many numbers were given.
        given: usize,
    },
    /// The function has not one result, or not so many.
    Outputs {
        /// How many results there are.
        count: usize,
    },
    /// The result depends on a loop: its iterations are more nodes than the graph has.
    Loop {
        /// The head of the loop.
        label: String,
        /// Its line in the source.
        line: usize,
    },
    /// The result depends on a `match`: which arm runs is not a question of numbers.
    Match {
        /// The pattern of the arm.
        label: String,
        /// Its line in the source.
        line: usize,
    },
    /// The result depends on a call of a function that has a graph of its own.
    Call {
        /// The callee.
        label: String,
        /// Its line in the source.
        line: usize,
    },
    /// The result depends on something that the graph does not follow.
    Opaque {
        /// As it is written.
        label: String,
        /// Its line in the source.
        line: usize,
    },
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TraceError::Inputs { expected, given } => {
                write!(f, "the graph has {expected} inputs, and {given} numbers are given")
            }
            TraceError::Outputs { count } => write!(f, "the graph has {count} outputs"),
            TraceError::Loop { label, line } => {
                write!(f, "the result depends on the loop `{label}` (line {line})")
            }
            TraceError::Match { label, line } => {
                write!(f, "the result depends on the arm `{label}` of a match (line {line})")
            }
            TraceError::Call { label, line } => {
                write!(f, "the result depends on the call `{label}` (line {line})")
            }
            TraceError::Opaque { label, line } => {
                write!(f, "the result depends on `{label}` (line {line}), which is not followed")
            }
        }
    }
}

impl core::error::Error for TraceError {}

impl Graph {
    /// Every value, local rate and sensitivity where the inputs have these values, in order.
    ///
    /// # Errors
    /// If there is not one number for each input, if the function has not one result, or if that
    /// depends on a loop, a `match`, a call, or what else the graph does not follow.
    pub fn trace(&self, inputs: &[f64]) -> Result<Trace<'_>, TraceError> {
        match self.outputs() {
            [_] => self.trace_output(0, inputs),
            outputs => Err(TraceError::Outputs { count: outputs.len() }),
        }
    }

    /// The same for one of several results.
    ///
    /// # Errors
    /// As [`trace`](Self::trace), and if there is no such result.
    pub fn trace_output(&self, which: usize, inputs: &[f64]) -> Result<Trace<'_>, TraceError> {
        let count = self.outputs().len();
        let output = *self.outputs().get(which).ok_or(TraceError::Outputs { count })?;
        let expected = self.inputs().count();
        if inputs.len() != expected {
            return Err(TraceError::Inputs { expected, given: inputs.len() });
        }
        let states = Forward::run(self, inputs);
        if let Some(State::Unknown(error)) = states.states.get(output.index()) {
            return Err(error.clone());
        }
        let values: Vec<Option<f64>> = states.states.iter().map(State::value).collect();
        let rates = self.nodes().map(|(id, node)| states.rates(id, node)).collect();
        let sensitivities = vec![None; values.len()];
        let mut trace = Trace { graph: self, output, values, rates, sensitivities };
        trace.backward();
        Ok(trace)
    }
}

/// What is known of a node.
#[derive(Clone, Debug)]
enum State {
    Value(f64),
    /// It is in an arm that does not run.
    Idle,
    Unknown(TraceError),
}

impl State {
    fn value(&self) -> Option<f64> {
        if let State::Value(value) = self { Some(*value) } else { None }
    }
}

/// The forward pass.
struct Forward<'g> {
    graph: &'g Graph,
    states: Vec<State>,
}

impl<'g> Forward<'g> {
    fn run(graph: &'g Graph, inputs: &[f64]) -> Self {
        let mut pass = Self { graph, states: Vec::new() };
        let mut inputs = inputs.iter();
        for (_, node) in graph.nodes() {
            let state = match (&node.kind, inputs.as_slice()) {
                (Kind::Input, [value, rest @ ..]) => {
                    inputs = rest.iter();
                    State::Value(*value)
                }
                _ => pass.state(node).unwrap_or_else(State::Unknown),
            };
            let state = match state {
                State::Value(value) if node.single => State::Value(single(value)),
                state => state,
            };
            pass.states.push(state);
        }
        pass
    }

    fn state(&self, node: &Node) -> Result<State, TraceError> {
        if !self.runs(node.region)? {
            return Ok(State::Idle);
        }
        let (line, label) = (node.source.line, &node.name);
        match &node.kind {
            Kind::Constant(value) => Ok(State::Value(*value)),
            Kind::Apply(formula) => self.apply(node, formula),
            Kind::Merge => self.merge(node),
            // Why is known inside the loop.
            Kind::Carried | Kind::After | Kind::Input => match node.operands.first() {
                Some(operand) if node.kind == Kind::After => {
                    self.known(operand.from).map(State::Value)
                }
                _ => Err(TraceError::Loop { label: label.clone(), line }),
            },
            Kind::Call(text) => Err(TraceError::Call { label: text.clone(), line }),
            Kind::Opaque(text) => Err(TraceError::Opaque { label: text.clone(), line }),
        }
    }

    fn apply(&self, node: &Node, formula: &Formula) -> Result<State, TraceError> {
        let operands: Result<Vec<f64>, TraceError> =
            node.operands.iter().map(|operand| self.known(operand.from)).collect();
        let value = formula.eval(&operands?, f64::NAN);
        let (line, label) = (node.source.line, node.source.text.clone());
        Ok(State::Value(value.ok_or(TraceError::Opaque { label, line })?))
    }

    /// What the arm gives that ran.
    fn merge(&self, node: &Node) -> Result<State, TraceError> {
        for operand in &node.operands {
            if self.runs(operand.arm)? {
                return self.known(operand.from).map(State::Value);
            }
        }
        Err(TraceError::Opaque { label: node.name.clone(), line: node.source.line })
    }

    fn known(&self, id: NodeId) -> Result<f64, TraceError> {
        match self.states.get(id.index()) {
            Some(State::Value(value)) => Ok(*value),
            Some(State::Unknown(error)) => Err(error.clone()),
            // What runs reads nothing that does not run, and nothing that comes after it.
            Some(State::Idle) | None => {
                let node = self.graph.node(id);
                let label = node.map(|node| node.name.clone()).unwrap_or_default();
                Err(TraceError::Opaque { label, line: node.map_or(0, |node| node.source.line) })
            }
        }
    }

    /// Whether a region runs, which all around it do then.
    fn runs(&self, region: Option<RegionId>) -> Result<bool, TraceError> {
        let Some(region) = region.and_then(|id| self.graph.region(id)) else { return Ok(true) };
        if !self.runs(region.parent)? {
            return Ok(false);
        }
        let label = region.label.clone();
        match region.kind {
            RegionKind::Then(condition) => self.known(condition).map(holds),
            RegionKind::Else(condition) => self.known(condition).map(|value| !holds(value)),
            RegionKind::Arm => Err(TraceError::Match { label, line: region.line(self.graph) }),
            RegionKind::Loop => Err(TraceError::Loop { label, line: region.line(self.graph) }),
        }
    }

    /// The local rates of a node, of the operands that count.
    fn rates(&self, id: NodeId, node: &Node) -> Vec<Option<f64>> {
        let value = self.states.get(id.index()).and_then(State::value);
        let operands: Vec<f64> = node
            .operands
            .iter()
            .map(|operand| self.known(operand.from).unwrap_or(f64::NAN))
            .collect();
        let rate = |operand: &super::Operand| {
            let counts = self.runs(operand.arm) == Ok(true);
            operand.rate.as_ref().filter(|_| counts)?.eval(&operands, value?)
        };
        node.operands.iter().map(rate).collect()
    }
}

impl super::Region {
    /// The line of its first node in the source; 0 where there is none.
    fn line(&self, graph: &Graph) -> usize {
        let inside = |node: &&Node| {
            node.region.and_then(|id| graph.region(id)).is_some_and(|region| region == self)
        };
        graph.nodes().map(|(_, node)| node).find(inside).map_or(0, |node| node.source.line)
    }
}

#[allow(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
fn single(value: f64) -> f64 {
    f64::from(value as f32)
}

impl Trace<'_> {
    /// Sensitivities, from the output back: each node passes on its own, times the local rate.
    fn backward(&mut self) {
        if let Some(seed) = self.sensitivities.get_mut(self.output.index()) {
            *seed = Some(1.0);
        }
        let graph = self.graph;
        for (id, node) in graph.nodes().rev() {
            for (at, operand) in node.operands.iter().enumerate() {
                if let Some(share) = self.contribution(id, at)
                    && let Some(sum) = self.sensitivities.get_mut(operand.from.index())
                {
                    *sum = Some(sum.map_or(share, |sum| share + sum));
                }
            }
        }
    }

    /// What a node passes on to one of its operands: its sensitivity times the local rate.
    #[must_use]
    pub fn contribution(&self, to: NodeId, operand: usize) -> Option<f64> {
        let (node, sensitivity) = (self.graph.node(to)?, self.sensitivity(to)?);
        let rate = self.rate(to, operand)?;
        Some(if node.singular && sensitivity == 0.0 { 0.0 } else { sensitivity * rate })
    }

    /// The graph that this is of.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        self.graph
    }

    /// The result that the sensitivities are of.
    #[must_use]
    pub fn output(&self) -> NodeId {
        self.output
    }

    /// The value of a node; `None` where it is in an arm that did not run, or is not followed.
    #[must_use]
    pub fn value(&self, id: NodeId) -> Option<f64> {
        self.values.get(id.index()).copied().flatten()
    }

    /// How much the result changes with a node; `None` where it does not depend on it.
    #[must_use]
    pub fn sensitivity(&self, id: NodeId) -> Option<f64> {
        self.sensitivities.get(id.index()).copied().flatten()
    }

    /// The partial of a node by one of its operands.
    #[must_use]
    pub fn rate(&self, id: NodeId, operand: usize) -> Option<f64> {
        self.rates.get(id.index())?.get(operand).copied().flatten()
    }

    /// The sensitivities of the differentiated inputs, in order.
    #[must_use]
    pub fn gradient(&self) -> Vec<f64> {
        let active = |id: &NodeId| self.graph.node(*id).is_some_and(|node| node.active);
        let inputs = self.graph.inputs().filter(active);
        inputs.map(|id| self.sensitivity(id).unwrap_or(0.0)).collect()
    }

    /// The paths from a node to the result, along edges that have a rate.
    #[must_use]
    pub fn paths(&self, from: NodeId) -> Paths<'_> {
        Paths::new(self, from)
    }
}
