//! Instructions without regions as nodes.

use autodiff_runtime::Graph;
use autodiff_runtime::graph::{Formula, Node, NodeId};
use proc_macro2::{Span, TokenStream, TokenTree};

use super::meaning::Meaning;
use super::term::Term;
use super::{Built, Step, needed, spell};
use crate::hash::{HashMap, HashSet};
use crate::ir::{
    Assignment, FloatTy, Function, Inst, Kind, Len, Literal, Member, Region, Step as PathStep, Ty,
    ValueId,
};
use crate::lower::Signature;
use crate::rules::Op;

/// An array of more elements is one node.
const MOST_PARTS: usize = 64;

/// The graph so far, and what each value is in it.
pub(super) struct Builder<'f> {
    pub(super) function: &'f Function,
    pub(super) graph: Graph,
    pub(super) steps: Vec<Step>,
    pub(super) meanings: HashMap<ValueId, Meaning>,
    pub(super) needed: HashSet<ValueId>,
    /// The instructions that tokens name: what stands in a hole.
    pub(super) texts: HashMap<ValueId, String>,
}

impl<'f> Builder<'f> {
    pub(super) fn new(function: &'f Function) -> Self {
        Self {
            function,
            graph: Graph::new(&function.name),
            steps: Vec::new(),
            meanings: HashMap::default(),
            needed: needed::needed(function),
            texts: HashMap::default(),
        }
    }

    pub(super) fn run(mut self, signature: &Signature) -> Built {
        for (&value, param) in self.function.params.iter().zip(&signature.params) {
            let name = self.function.values[value].hint.clone();
            let number = is_number(&param.item.ty);
            let text = spell::tidy(&param.item);
            let meaning = self.input(&param.ty, &name, value, (number, &text));
            self.meanings.insert(value, meaning);
        }
        let body = &self.function.body;
        self.insts(body);
        for &value in &body.yields {
            let meaning = self.meaning(value);
            let outputs = match self.constant_node(&meaning, value) {
                Some(id) => vec![id],
                None => meaning.nodes(),
            };
            for id in outputs {
                self.graph.output(id);
                self.steps.push(Step::Output(id));
            }
        }
        Built { graph: self.graph, steps: self.steps }
    }

    /// A parameter, or a part of one.
    fn input(
        &mut self,
        ty: &Ty,
        name: &str,
        value: ValueId,
        (number, text): (bool, &str),
    ) -> Meaning {
        let active = self.function.is_active(value);
        match ty.behind_refs() {
            Ty::Float(width) => {
                let node = Node::input(name);
                let node = if *width == FloatTy::F32 { node.single() } else { node };
                self.place(node, value, active)
            }
            Ty::Inert if number => self.place(Node::input(name), value, false),
            Ty::Tuple(fields) if ty.is_floats() && fields.len() <= MOST_PARTS => {
                let parts = fields.iter().enumerate();
                let part = |(n, ty): (usize, &Ty)| {
                    self.input(ty, &format!("{name}.{n}"), value, (number, text))
                };
                Meaning::Parts(parts.map(part).collect())
            }
            Ty::Array(element, Len::Literal(len)) if ty.is_floats() && *len <= MOST_PARTS => {
                let part = |n| self.input(element, &format!("{name}[{n}]"), value, (number, text));
                Meaning::Parts((0..*len).map(part).collect())
            }
            _ if active => self.place(Node::opaque(name, text), value, true),
            _ => Meaning::Hidden,
        }
    }

    /// Adds the node of a value.
    pub(super) fn place(&mut self, node: Node, value: ValueId, active: bool) -> Meaning {
        let span = self.function.values[value].span;
        Meaning::Node(self.place_at(node, span, active))
    }

    pub(super) fn place_at(&mut self, node: Node, span: Span, active: bool) -> NodeId {
        let start = span.start();
        let node = match start.line {
            0 => node,
            line => node.at(line, start.column + 1, &first_token(span)),
        };
        let id = self.graph.add(if active { node } else { node.inert() });
        self.steps.push(Step::Add(id));
        id
    }

    pub(super) fn meaning(&self, value: ValueId) -> Meaning {
        self.meanings.get(&value).cloned().unwrap_or(Meaning::Hidden)
    }

    pub(super) fn is_needed(&self, value: ValueId) -> bool {
        self.needed.contains(&value)
    }

    pub(super) fn insts(&mut self, region: &Region) {
        for inst in &region.insts {
            self.inst(inst);
        }
    }

    fn inst(&mut self, inst: &Inst) {
        match &inst.kind {
            Kind::Branch(branch) => self.branch(inst, branch),
            Kind::Loop(of) => self.repeat(inst, of),
            Kind::Block(region) => {
                self.insts(region);
                for (&result, &value) in inst.results.iter().zip(&region.yields) {
                    let meaning = self.meaning(value);
                    self.meanings.insert(result, meaning);
                }
            }
            Kind::Bind(of) => {
                for (&result, &value) in inst.results.iter().zip(of) {
                    self.bind(result, value);
                }
            }
            Kind::Opaque { expr, reads, .. } => self.opaque(inst, expr, reads),
            kind => {
                let Some(&result) = inst.results.first() else { return };
                let known = self.known(kind, result, inst.span);
                let text = self.written(inst);
                self.texts.insert(result, text);
                let meaning = match known {
                    Some(meaning) => meaning,
                    None if self.is_needed(result) => self.unknown(inst, result),
                    None => Meaning::Hidden,
                };
                self.meanings.insert(result, meaning);
                for &other in inst
                    .results
                    .iter()
                    .skip(1)
                    .filter(|other| self.is_needed(**other))
                    .collect::<Vec<_>>()
                {
                    let meaning = self.unknown(inst, other);
                    self.meanings.insert(other, meaning);
                }
            }
        }
    }

    /// A name for a value. A node that is known by its operation takes it.
    fn bind(&mut self, result: ValueId, value: ValueId) {
        let meaning = self.meaning(value);
        if let Meaning::Node(id) = meaning
            && let Some(node) = self.graph.node(id)
            && !node.operation.is_empty()
            && node.name == node.operation
        {
            self.graph.rename(id, &self.function.values[result].hint);
        }
        self.meanings.insert(result, meaning);
    }

    /// What an instruction gives, where numbers tell; `None` where they do not.
    fn known(&mut self, kind: &Kind, result: ValueId, span: Span) -> Option<Meaning> {
        match kind {
            // What an arm that panics yields, and nobody looks at.
            Kind::Const(_) if self.function.values[result].hint == "never" => None,
            Kind::Const(Literal::Number(number)) => {
                Some(Meaning::Number(self.width(result, *number)))
            }
            Kind::Apply(op, operands) if self.is_needed(result) => {
                self.apply(*op, operands, result, span)
            }
            Kind::Reborrow(of) | Kind::Wrap(of) | Kind::Payload(of) => Some(self.meaning(*of)),
            Kind::Cast(of, width) => self.cast(*of, width.clone(), result, span),
            Kind::Tuple(of) | Kind::Array(of) => {
                Some(Meaning::Parts(of.iter().map(|value| self.meaning(*value)).collect()))
            }
            Kind::Struct { fields, base: None } => {
                let field = |(member, value): &(Member, ValueId)| (*member, self.meaning(*value));
                Some(Meaning::Fields(fields.iter().map(field).collect()))
            }
            Kind::Repeat(of) => match self.function.values[result].ty.behind_refs() {
                Ty::Array(_, Len::Literal(len)) if *len <= MOST_PARTS => {
                    Some(Meaning::Parts(vec![self.meaning(*of); *len]))
                }
                _ => None,
            },
            Kind::Field(of, member) => self.meaning(*of).field(*member).cloned(),
            Kind::Index(of, index) => self.meaning(*of).element(&self.meaning(*index)).cloned(),
            Kind::Update { of, path, by, value } => self.update(*of, path, *by, *value),
            Kind::Len(of) => match self.meaning(*of) {
                #[allow(clippy::cast_precision_loss, reason = "not more than a few parts")]
                Meaning::Parts(parts) => Some(Meaning::Number(parts.len() as f64)),
                _ => None,
            },
            Kind::Number(number) => {
                u32::try_from(*number).ok().map(|number| Meaning::Number(number.into()))
            }
            _ => None,
        }
    }

    /// An assignment to a part of what is known by its parts.
    fn update(
        &self,
        of: ValueId,
        path: &[PathStep],
        by: Assignment,
        value: ValueId,
    ) -> Option<Meaning> {
        let mut whole = self.meaning(of);
        let mut part = &mut whole;
        for step in path {
            part = match step {
                PathStep::Index(index) => part.element_mut(&self.meaning(*index))?,
                PathStep::Field(member) => part.field_mut(*member)?,
                PathStep::Range(_) => return None,
            };
        }
        *part = self.meaning(value);
        (by == Assignment::Set && !path.is_empty()).then_some(whole)
    }

    /// A number as a float of the type of a value.
    #[allow(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
    pub(super) fn width(&self, value: ValueId, number: f64) -> f64 {
        if self.is_single(value) { f64::from(number as f32) } else { number }
    }

    fn is_single(&self, value: ValueId) -> bool {
        matches!(self.function.values[value].ty.behind_refs(), Ty::Float(FloatTy::F32))
    }

    fn cast(
        &mut self,
        of: ValueId,
        width: FloatTy,
        result: ValueId,
        span: Span,
    ) -> Option<Meaning> {
        match (self.meaning(of), width) {
            (meaning, FloatTy::F64) => Some(meaning),
            (Meaning::Node(id), FloatTy::F32) if self.is_needed(result) => {
                let node = Node::apply("cast", "a").operand(id, "1").single();
                let active = self.function.is_active(result);
                Some(Meaning::Node(self.place_at(node, span, active)))
            }
            _ => None,
        }
    }

    /// A row of the rule table: its value and its partials as formulas.
    fn apply(
        &mut self,
        op: Op,
        operands: &[ValueId],
        result: ValueId,
        span: Span,
    ) -> Option<Meaning> {
        let mut nodes: Vec<NodeId> = Vec::new();
        let mut terms = Vec::new();
        for &operand in operands {
            terms.push(match self.meaning(operand) {
                Meaning::Number(number) => Term::number(self.width(result, number)),
                Meaning::Node(id) => {
                    nodes.push(id);
                    Term(Formula::Operand(nodes.len() - 1))
                }
                Meaning::Parts(_) | Meaning::Fields(_) | Meaning::Hidden => return None,
            });
        }
        let active: Vec<bool> =
            operands.iter().map(|value| self.function.is_active(*value)).collect();
        let partials = op.partials(&terms, &Term(Formula::Value), &active);
        let value =
            Formula::Call(op.name().to_owned(), terms.iter().map(|term| term.0.clone()).collect());
        let mut node = Node::apply(op.name(), &value.to_string());
        let mut nodes = nodes.into_iter();
        for ((term, partial), active) in terms.iter().zip(partials).zip(active) {
            if let (Formula::Operand(_), Some(id)) = (&term.0, nodes.as_slice().first().copied()) {
                nodes.next();
                let rate = partial.filter(|_| active).map(|rate| rate.0.to_string());
                node = node.operand(id, &rate.unwrap_or_default());
            }
        }
        if op.is_singular() {
            node = node.singular();
        }
        if self.is_single(result) {
            node = node.single();
        }
        let active = self.function.is_active(result);
        Some(Meaning::Node(self.place_at(node, span, active)))
    }

    /// A node that no formula gives.
    pub(super) fn unknown(&mut self, inst: &Inst, result: ValueId) -> Meaning {
        let hint = self.function.values[result].hint.clone();
        let text = match self.written(inst) {
            text if text.is_empty() => hint.clone(),
            text => text,
        };
        let node = match &inst.kind {
            Kind::Call(call) => {
                let name = spell::tidy(call.foreign.as_ref().unwrap_or(&call.callee));
                Node::call(&name, &text)
            }
            _ => Node::opaque(&hint, &text),
        };
        let mut operands: Vec<NodeId> = Vec::new();
        let index = if let Kind::Index(_, index) = &inst.kind { Some(*index) } else { None };
        inst.kind.visit_operands(&mut |operand| {
            if Some(operand) != index {
                operands.extend(self.meaning(operand).nodes());
            }
        });
        operands.dedup();
        let node = operands.iter().fold(node, |node, id| node.operand(*id, ""));
        let active = self.function.is_active(result);
        Meaning::Node(self.place_at(node, inst.span, active))
    }

    /// What an instruction is in the source.
    pub(super) fn written(&self, inst: &Inst) -> String {
        spell::written(self.function, inst, &|value| {
            let text = self.texts.get(&value).filter(|text| !text.is_empty());
            text.cloned().unwrap_or_else(|| self.function.values[value].hint.clone())
        })
    }

    /// The same with nodes for the numbers in it: what an arm gives is apart from other arms.
    pub(super) fn as_nodes(&mut self, meaning: Meaning, value: ValueId) -> Meaning {
        match meaning {
            Meaning::Parts(parts) => {
                let parts = parts.into_iter().map(|part| self.as_nodes(part, value));
                Meaning::Parts(parts.collect())
            }
            other => self.constant_node(&other, value).map_or(other, Meaning::Node),
        }
    }

    /// A number that a result or an arm is, as a node.
    pub(super) fn constant_node(&mut self, meaning: &Meaning, value: ValueId) -> Option<NodeId> {
        let Meaning::Number(number) = meaning else { return None };
        let node = Node::constant(&format!("{number}"), *number);
        let span = self.function.values[value].span;
        Some(self.place_at(node, span, false))
    }
}

/// The token at a place: spans of several are joined outside of rustc, and not in it.
fn first_token(span: Span) -> String {
    let tokens = span.source_text().and_then(|text| text.parse::<TokenStream>().ok());
    let first = tokens.and_then(|tokens| tokens.into_iter().next());
    match first {
        Some(TokenTree::Group(_)) | None => String::new(),
        Some(token) => token.to_string(),
    }
}

/// Whether a parameter is one number, or true or false.
fn is_number(ty: &syn::Type) -> bool {
    const NUMBERS: [&str; 15] = [
        "f32", "f64", "bool", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
        "u64", "u128", "usize",
    ];
    match ty {
        syn::Type::Path(ty) => NUMBERS.iter().any(|name| ty.path.is_ident(name)),
        syn::Type::Reference(ty) => ty.mutability.is_none() && is_number(&ty.elem),
        syn::Type::Paren(ty) => is_number(&ty.elem),
        _ => false,
    }
}
