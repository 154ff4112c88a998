//! Branches and loops as regions.

use autodiff_runtime::graph::{Node, NodeId, RegionId, RegionKind};
use proc_macro2::Span;

use super::build::Builder;
use super::meaning::Meaning;
use super::{Step, spell};
use crate::ir::{Branch, Decision, Inst, Loop, Role, ValueId};

impl Builder<'_> {
    fn open(&mut self, kind: RegionKind, label: &str) -> RegionId {
        let id = self.graph.open(kind, label);
        self.steps.push(Step::Open(id));
        id
    }

    fn close(&mut self) {
        self.graph.close();
        self.steps.push(Step::Close);
    }

    /// Each arm as a region, then what the branch gives.
    pub(super) fn branch(&mut self, inst: &Inst, branch: &Branch) {
        if !inst.results.iter().any(|result| self.is_needed(*result)) {
            return;
        }
        let condition = match &branch.decision {
            Decision::If(condition) => self.condition(*condition),
            Decision::Number(_) | Decision::User { .. } => None,
        };
        let head = self.written(inst);
        let mut arms = Vec::new();
        for (at, arm) in branch.arms.iter().enumerate() {
            let (kind, label) = match (condition, at) {
                (Some(condition), 0) => (RegionKind::Then(condition), head.clone()),
                (Some(condition), _) => (RegionKind::Else(condition), "else".to_owned()),
                (None, at) => (RegionKind::Arm, arm_label(branch, at, &head)),
            };
            let region = self.open(kind, &label);
            self.insts(arm);
            let mut ends = Vec::new();
            for (&result, &value) in inst.results.iter().zip(&arm.yields) {
                let meaning = self.meaning(value);
                let needed = self.is_needed(result);
                ends.push(if needed { self.as_nodes(meaning, value) } else { meaning });
            }
            self.close();
            arms.push((region, ends));
        }
        for (at, &result) in inst.results.iter().enumerate() {
            if self.is_needed(result) && branch.roles.get(at) != Some(&Role::ArmNumber) {
                let ends = arms.iter().map(|(region, ends)| (*region, ends.get(at).cloned()));
                let ends: Vec<(RegionId, Option<Meaning>)> = ends.collect();
                let name = self.name(inst, branch.roles.get(at).copied(), result);
                let meaning = self.merge(&ends, &name, (result, inst.span));
                self.meanings.insert(result, meaning);
            }
        }
    }

    /// The node of a condition.
    fn condition(&mut self, condition: ValueId) -> Option<NodeId> {
        match self.meaning(condition) {
            Meaning::Node(id) => Some(id),
            meaning => self.constant_node(&meaning, condition),
        }
    }

    fn name(&self, inst: &Inst, role: Option<Role>, result: ValueId) -> String {
        match role {
            Some(Role::Merge(binding)) => {
                crate::lower::plain_name(&self.function.bindings[binding].ident)
            }
            _ => match self.written(inst) {
                text if text.starts_with("if") => "if".to_owned(),
                text if text.starts_with("match") => "match".to_owned(),
                _ => self.function.values[result].hint.clone(),
            },
        }
    }

    /// What the arms give, part by part.
    fn merge(
        &mut self,
        ends: &[(RegionId, Option<Meaning>)],
        name: &str,
        (result, span): (ValueId, Span),
    ) -> Meaning {
        let parts: Option<Vec<&Vec<Meaning>>> = ends
            .iter()
            .map(|(_, end)| if let Some(Meaning::Parts(parts)) = end { Some(parts) } else { None })
            .collect();
        if let Some([first, rest @ ..]) = parts.as_deref()
            && rest.iter().all(|parts| parts.len() == first.len())
        {
            let part = |at: usize| {
                let of = ends.iter().map(|(region, end)| {
                    let part =
                        if let Some(Meaning::Parts(parts)) = end { parts.get(at) } else { None };
                    (*region, part.cloned())
                });
                self.merge(&of.collect::<Vec<_>>(), &format!("{name}.{at}"), (result, span))
            };
            return Meaning::Parts((0..first.len()).map(part).collect());
        }
        let mut nodes = Vec::new();
        for (region, end) in ends {
            match end {
                Some(Meaning::Node(id)) => nodes.push((*id, *region)),
                Some(other) => nodes.extend(other.nodes().into_iter().map(|id| (id, *region))),
                None => {}
            }
        }
        let active = self.function.is_active(result);
        // An arm whose value is no node cannot be told from the others by numbers.
        let known = ends.iter().all(|(_, end)| matches!(end, Some(Meaning::Node(_))));
        let node = if known { Node::merge(name) } else { Node::opaque(name, "of the arm taken") };
        let is_active = |id: NodeId| self.graph.node(id).is_some_and(|node| node.active);
        let node = nodes.iter().fold(node, |node, (id, region)| {
            node.from_arm(*id, *region, if known && active && is_active(*id) { "1" } else { "" })
        });
        Meaning::Node(self.place_at(node, span, active))
    }

    /// The body as a region, between what is carried into it and what comes out.
    pub(super) fn repeat(&mut self, inst: &Inst, of: &Loop) {
        if !inst.results.iter().any(|result| self.is_needed(*result)) {
            return;
        }
        let label = self.written(inst);
        let mut starts = Vec::new();
        for (at, (&param, &init)) in of.params.iter().zip(&of.init).enumerate() {
            let (meaning, result) = (self.meaning(init), inst.results.get(at));
            let shown = self.is_needed(param) || result.is_some_and(|id| self.is_needed(*id));
            let before = if shown { self.as_nodes(meaning, init) } else { meaning };
            starts.push((param, before, shown));
        }
        let region = self.open(RegionKind::Loop, &label);
        let mut carried = Vec::new();
        for (param, before, shown) in starts {
            let node = shown.then(|| self.edge(Node::carried, &before, param, inst.span));
            if let Some(id) = node {
                self.meanings.insert(param, Meaning::Node(id));
            }
            carried.push(node);
        }
        self.insts(&of.body);
        self.close();
        for (at, start) in carried.iter().enumerate() {
            let Some(start) = start else { continue };
            let end = of.body.yields.get(at).map(|value| self.meaning(*value));
            let end = end.unwrap_or(Meaning::Hidden);
            for id in end.nodes() {
                self.graph.carry(region, *start, id);
                self.steps.push(Step::Carry(region, *start, id));
            }
            if let Some(&result) = inst.results.get(at).filter(|id| self.is_needed(**id)) {
                let id = self.edge(Node::after, &end, result, inst.span);
                self.meanings.insert(result, Meaning::Node(id));
            }
        }
    }

    /// A node at the border of a loop, of the name of its variable.
    fn edge(
        &mut self,
        node: fn(&str) -> Node,
        from: &Meaning,
        value: ValueId,
        span: Span,
    ) -> NodeId {
        let active = self.function.is_active(value);
        let node = node(&self.function.values[value].hint);
        let rate = if active { "1" } else { "" };
        let node = from.nodes().iter().fold(node, |node, id| node.operand(*id, rate));
        self.place_at(node, span, active)
    }
}

/// The pattern of an arm.
fn arm_label(branch: &Branch, at: usize, head: &str) -> String {
    let Decision::User { expr, .. } = &branch.decision else { return head.to_owned() };
    match &**expr {
        syn::Expr::Match(of) => {
            of.arms.get(at).map_or_else(|| head.to_owned(), |arm| spell::tidy(&arm.pat))
        }
        _ if at == 0 => head.to_owned(),
        _ => "else".to_owned(),
    }
}
