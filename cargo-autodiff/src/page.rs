//! A graph as a page that moves: one file, which needs nothing from elsewhere.

use std::fmt::Write;

use autodiff_runtime::Graph;
use autodiff_runtime::graph::{Kind, Node, NodeId, RegionId, RegionKind, Trace};
use serde_json::{Value, json};

use crate::layout::layout;
use crate::script::expression;
use crate::svg::{STYLE, draw, escaped};

const PAGE: &str = include_str!("page/page.html");
const CSS: &str = include_str!("page/page.css");
const JS: &str = include_str!("page/page.js");

/// The page of a function: its graph, its source (and the line it begins on), its gradient.
#[must_use]
pub fn page(
    graph: &Graph,
    trace: Option<&Trace<'_>>,
    (source, line): &(String, usize),
    gradient: &str,
) -> String {
    let drawing = draw(graph, None, &layout(graph), None);
    // `</script>` in a string would end the script.
    let data = data(graph, trace).to_string().replace("</", "<\\/");
    PAGE.replace("@TITLE@", &escaped(graph.name()))
        .replace("/*STYLE*/", &format!("{STYLE}{CSS}"))
        .replace("@GRAPH@", &drawing)
        .replace("@SOURCE@", &marked(graph, source, *line))
        .replace("@GRADIENT@", &related(graph, gradient))
        .replace("/*FORMULAS*/", &formulas(graph))
        .replace("/*DATA*/", &data)
        .replace("/*SCRIPT*/", JS)
}

/// The gradient among the companions: the function that a person would read.
#[must_use]
pub fn gradient(expanded: &str, function: &str) -> String {
    let name = function.rsplit("::").next().unwrap_or(function);
    let Ok(file) = syn::parse_file(expanded) else { return expanded.to_owned() };
    let inner = |item: &syn::Item| match item {
        syn::Item::Impl(block) => block
            .items
            .iter()
            .filter_map(|item| if let syn::ImplItem::Fn(of) = item { Some(of) } else { None })
            .map(|of| (of.sig.ident.to_string(), quote::quote!(#of)))
            .collect(),
        syn::Item::Fn(of) => vec![(of.sig.ident.to_string(), quote::quote!(#of))],
        _ => Vec::new(),
    };
    let wanted = format!("{name}_grad");
    let found = file.items.iter().flat_map(inner).find(|(name, _)| *name == wanted);
    let Some(mut of) = found.and_then(|(_, tokens)| syn::parse2::<syn::ItemFn>(tokens).ok()) else {
        return String::new();
    };
    of.attrs.clear();
    let items = vec![syn::Item::Fn(of)];
    prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items })
}

fn data(graph: &Graph, trace: Option<&Trace<'_>>) -> Value {
    let names = graph.names();
    let node = |(id, node): (NodeId, &Node)| {
        let partial = |at| graph.partial(id, at, &names);
        let operands: Vec<Value> = node
            .operands
            .iter()
            .enumerate()
            .map(|(at, of)| {
                json!({ "from": of.from.index(), "partial": partial(at), "arm": of.arm.map(RegionId::index) })
            })
            .collect();
        json!({
            "name": names.get(id.index()), "formula": graph.formula(id, &names),
            "kind": kind(&node.kind), "operands": operands, "active": node.active,
            "singular": node.singular, "single": node.single,
            "region": node.region.map(RegionId::index),
            "constant": if let Kind::Constant(value) = node.kind { Some(value) } else { None },
        })
    };
    let region = |(_, region): (_, &autodiff_runtime::graph::Region)| {
        let (kind, condition) = match region.kind {
            RegionKind::Then(of) => ("then", Some(of.index())),
            RegionKind::Else(of) => ("else", Some(of.index())),
            RegionKind::Arm => ("arm", None),
            RegionKind::Loop => ("loop", None),
        };
        let parent = region.parent.map(RegionId::index);
        json!({ "kind": kind, "condition": condition, "label": region.label, "parent": parent })
    };
    let point: Vec<f64> =
        graph.inputs().map(|id| trace.and_then(|trace| trace.value(id)).unwrap_or(1.0)).collect();
    json!({
        "name": graph.name(), "nodes": graph.nodes().map(node).collect::<Vec<_>>(),
        "regions": graph.regions().map(region).collect::<Vec<_>>(),
        "outputs": graph.outputs().iter().map(|id| id.index()).collect::<Vec<_>>(),
        "point": point,
    })
}

fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Input => "input",
        Kind::Constant(_) => "constant",
        Kind::Apply(_) => "apply",
        Kind::Merge => "merge",
        Kind::Carried => "carried",
        Kind::After => "after",
        Kind::Call(_) => "call",
        Kind::Opaque(_) => "opaque",
    }
}

/// For each node its value and its rates, as functions of its operands.
fn formulas(graph: &Graph) -> String {
    let function =
        |text: Option<String>| text.map_or("null".to_owned(), |text| format!("(v,y)=>{text}"));
    let node = |(_, node): (NodeId, &Node)| {
        let value = match &node.kind {
            Kind::Apply(formula) => Some(expression(formula)),
            _ => None,
        };
        let rates: Vec<String> = node
            .operands
            .iter()
            .map(|operand| function(operand.rate.as_ref().map(expression)))
            .collect();
        format!("{{value:{},rates:[{}]}}", function(value), rates.join(","))
    };
    graph.nodes().map(node).collect::<Vec<_>>().join(",\n")
}

/// The source, each operation's token marked with its node.
fn marked(graph: &Graph, source: &str, first: usize) -> String {
    let mut lines = Vec::new();
    for (at, line) in source.lines().enumerate() {
        let mut marks: Vec<(usize, usize, usize)> = graph
            .nodes()
            .filter(|(_, node)| node.source.line == first + at && !node.source.text.is_empty())
            .map(|(id, node)| {
                let start = node.source.column - 1;
                (start, start + node.source.text.chars().count(), id.index())
            })
            .collect();
        marks.sort_unstable();
        let letters: Vec<char> = line.chars().collect();
        let mut text = String::new();
        let mut done = 0;
        let piece = |from: usize, to: usize| {
            escaped(&letters.get(from..to).unwrap_or_default().iter().collect::<String>())
        };
        for (start, end, id) in marks {
            // A token that several nodes stem from is marked once.
            if start >= done && end <= letters.len() {
                text += &piece(done, start);
                let _ = write!(text, "<mark data-of=\"{id}\">{}</mark>", piece(start, end));
                done = end;
            }
        }
        lines.push(text + &piece(done, letters.len()));
    }
    lines.join("\n")
}

/// The gradient, names marked with the node that they are of: `sin`, `sin_x`, `x_bar`.
fn related(graph: &Graph, gradient: &str) -> String {
    let names = graph.names();
    let mut text = String::new();
    let mut word = String::new();
    let flush = |word: &mut String, text: &mut String| {
        let is_of = |name: &String| {
            *name == *word
                || word.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with("_bar"))
                || word.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('_'))
        };
        match names.iter().position(is_of) {
            Some(id) if !word.is_empty() => {
                let _ = write!(text, "<mark data-of=\"{id}\">{}</mark>", escaped(word));
            }
            _ => *text += &escaped(word),
        }
        word.clear();
    };
    for letter in gradient.chars() {
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
        } else {
            flush(&mut word, &mut text);
            text += &escaped(&letter.to_string());
        }
    }
    flush(&mut word, &mut text);
    text
}
