//! The companion that gives the computation graph.

use std::fmt::Write;

use autodiff_runtime::Graph;
use autodiff_runtime::graph::{Kind, Node, NodeId, Operand, RegionId, RegionKind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::companions::{Companion, Context};
use super::names::Names;
use crate::graph::{Built, Step, formula, picture};

impl Context<'_> {
    /// `f_graph() -> Graph`: builds the graph node by node.
    pub(crate) fn graph(&self, built: &Built) -> Companion {
        let site = Span::mixed_site();
        let printer = Printer::new(built);
        let steps = printer.steps();
        let path = self.facade.path(site);
        let region = printer.opens().then(|| quote_spanned!(site=> , RegionKind));
        let (name, graph) = (built.graph.name(), &printer.graph);
        self.graph_with(&quote_spanned!(site=>
            use #path::graph::{Node #region};
            let mut #graph = #path::Graph::new(#name);
            #steps
            #graph
        ))
    }

    /// The same with any body.
    pub(crate) fn graph_with(&self, body: &TokenStream) -> Companion {
        let site = Span::mixed_site();
        let path = self.facade.path(site);
        let result = quote_spanned!(site=> #path::Graph);
        self.companion("graph", &result, &[], body).without_parameters()
    }
}

impl Companion {
    /// Documentation with the function as a formula, and its graph as a picture.
    pub(crate) fn illustrate(&mut self, graph: &Graph) {
        let shown = ["grad", "value_and_grad", "graph"].contains(&self.name);
        if !shown || self.docs.is_empty() {
            return;
        }
        let formula = formula(graph).map(|text| format!("```text\n{text}\n```"));
        for part in [formula, picture(graph)].into_iter().flatten() {
            let _ = write!(self.docs, "\n\n{part}");
        }
    }
}

/// The calls that build a graph, and the names of nodes and regions in them.
struct Printer<'b> {
    built: &'b Built,
    graph: Ident,
    nodes: Vec<Ident>,
    regions: Vec<Ident>,
}

impl<'b> Printer<'b> {
    fn new(built: &'b Built) -> Self {
        let mut names = Names::default();
        let graph = names.fresh("graph");
        // An element is a name, a condition is none.
        let hint = |name: &str| {
            let is_name = name.chars().all(|c| c.is_alphanumeric() || "_.[]".contains(c));
            let plain = name.replace(['.', '['], "_").replace(']', "");
            if is_name { plain } else { "condition".to_owned() }
        };
        let nodes = built.graph.names().iter().map(|name| names.fresh(&hint(name))).collect();
        let regions = built.graph.regions().map(|_| names.fresh("region")).collect();
        Self { built, graph, nodes, regions }
    }

    fn opens(&self) -> bool {
        self.built.graph.regions().next().is_some()
    }

    fn steps(&self) -> TokenStream {
        self.built.steps.iter().map(|step| self.step(*step)).collect()
    }

    fn step(&self, step: Step) -> TokenStream {
        let (site, graph) = (Span::mixed_site(), &self.graph);
        match step {
            Step::Add(id) => {
                let Some(node) = self.built.graph.node(id) else { return TokenStream::new() };
                let node = self.node(node);
                let name = self.is_used(id).then(|| self.named(id));
                let bind = name.map(|name| quote_spanned!(site=> let #name =));
                quote_spanned!(site=> #bind #graph.add(#node);)
            }
            Step::Open(id) => self.open(id),
            Step::Close => quote_spanned!(site=> #graph.close();),
            Step::Carry(region, start, end) => {
                let (region, start, end) =
                    (self.region(region), self.named(start), self.named(end));
                quote_spanned!(site=> #graph.carry(#region, #start, #end);)
            }
            Step::Output(id) => {
                let name = self.named(id);
                quote_spanned!(site=> #graph.output(#name);)
            }
        }
    }

    fn open(&self, id: RegionId) -> TokenStream {
        let (site, graph) = (Span::mixed_site(), &self.graph);
        let Some(region) = self.built.graph.region(id) else { return TokenStream::new() };
        let kind = match region.kind {
            RegionKind::Then(condition) => {
                let condition = self.named(condition);
                quote_spanned!(site=> Then(#condition))
            }
            RegionKind::Else(condition) => {
                let condition = self.named(condition);
                quote_spanned!(site=> Else(#condition))
            }
            RegionKind::Arm => quote_spanned!(site=> Arm),
            RegionKind::Loop => quote_spanned!(site=> Loop),
        };
        let label = &region.label;
        let in_an_arm = |operand: &Operand| operand.arm == Some(id);
        let mut nodes = self.built.graph.nodes();
        let used = !region.carried.is_empty()
            || nodes.any(|(_, node)| node.operands.iter().any(in_an_arm));
        let name = used.then(|| self.region(id));
        let bind = name.map(|name| quote_spanned!(site=> let #name =));
        quote_spanned!(site=> #bind #graph.open(RegionKind::#kind, #label);)
    }

    fn node(&self, node: &Node) -> TokenStream {
        let site = Span::mixed_site();
        let name = &node.name;
        let mut tokens = match &node.kind {
            Kind::Input => quote_spanned!(site=> Node::input(#name)),
            Kind::Constant(number) => {
                let number = finite(*number);
                quote_spanned!(site=> Node::constant(#name, #number))
            }
            Kind::Apply(formula) => {
                let (operation, formula) = (&node.operation, formula.to_string());
                let named = (name != operation).then(|| quote_spanned!(site=> .named(#name)));
                quote_spanned!(site=> Node::apply(#operation, #formula) #named)
            }
            Kind::Merge => quote_spanned!(site=> Node::merge(#name)),
            Kind::Carried => quote_spanned!(site=> Node::carried(#name)),
            Kind::After => quote_spanned!(site=> Node::after(#name)),
            Kind::Call(text) => quote_spanned!(site=> Node::call(#name, #text)),
            Kind::Opaque(text) => quote_spanned!(site=> Node::opaque(#name, #text)),
        };
        for operand in &node.operands {
            let from = self.named(operand.from);
            let rate = operand.rate.as_ref().map(ToString::to_string).unwrap_or_default();
            tokens.extend(if let Some(arm) = operand.arm {
                let arm = self.region(arm);
                quote_spanned!(site=> .from_arm(#from, #arm, #rate))
            } else {
                quote_spanned!(site=> .operand(#from, #rate))
            });
        }
        let inert = !node.active && !matches!(node.kind, Kind::Constant(_));
        let flags = [(node.singular, "singular"), (node.single, "single"), (inert, "inert")];
        for (_, flag) in flags.iter().filter(|(holds, _)| *holds) {
            let flag = Ident::new(flag, site);
            tokens.extend(quote_spanned!(site=> .#flag()));
        }
        if node.source.line > 0 {
            let (line, column, text) = (node.source.line, node.source.column, &node.source.text);
            let [line, column] = [line, column].map(proc_macro2::Literal::usize_unsuffixed);
            tokens.extend(quote_spanned!(site=> .at(#line, #column, #text)));
        }
        tokens
    }

    fn is_used(&self, id: NodeId) -> bool {
        let graph = &self.built.graph;
        let reads = |(_, node): (NodeId, &Node)| node.operands.iter().any(|of| of.from == id);
        let decides = |(_, region): (RegionId, &autodiff_runtime::graph::Region)| {
            let carries = region.carried.iter().any(|(start, end)| [start, end].contains(&&id));
            carries
                || match region.kind {
                    RegionKind::Then(of) | RegionKind::Else(of) => of == id,
                    RegionKind::Arm | RegionKind::Loop => false,
                }
        };
        graph.outputs().contains(&id) || graph.nodes().any(reads) || graph.regions().any(decides)
    }

    fn named(&self, id: NodeId) -> Ident {
        let known = self.nodes.get(id.index()).cloned();
        known.unwrap_or_else(|| Ident::new("node", Span::mixed_site()))
    }

    fn region(&self, id: RegionId) -> Ident {
        let known = self.regions.get(id.index()).cloned();
        known.unwrap_or_else(|| Ident::new("region", Span::mixed_site()))
    }
}

/// A number as an expression.
fn finite(number: f64) -> TokenStream {
    let site = Span::mixed_site();
    if number.is_nan() {
        quote_spanned!(site=> f64::NAN)
    } else if number.is_infinite() {
        let sign = (number < 0.0).then(|| quote_spanned!(site=> -));
        quote_spanned!(site=> #sign f64::INFINITY)
    } else {
        let literal = proc_macro2::Literal::f64_unsuffixed(number.abs());
        let sign = number.is_sign_negative().then(|| quote_spanned!(site=> -));
        quote_spanned!(site=> #sign #literal)
    }
}
