//! f(x, y) = x·y + sin x at (2, 3): its gradient, its computation graph node by node, and the
//! source that `#[grad]` emits for it. Run it with `cargo run --example quickstart`.

#![allow(clippy::indexing_slicing, reason = "an example: every node was inserted before")]

use std::{collections::BTreeMap, error::Error};

use autodiff::grad;
use autodiff_core::diagnostics::Diagnostics;
use autodiff_core::ir::{Function, Kind, ValueId};
use autodiff_core::lower::{Signature, lower};
use autodiff_core::options::Options;
use autodiff_core::rules::Scalar;
use quote::{ToTokens, quote};

#[grad]
fn f(x: f64, y: f64) -> f64 {
    x * y + x.sin()
}

fn main() -> Result<(), Box<dyn Error>> {
    let (value, (dx, dy)) = f_value_and_grad(2.0, 3.0);
    println!("f(2, 3) = {value:.6}, gradient = ({dx:.6}, {dy:.6})\n");

    // The compiler behind the attribute is an ordinary library: it reads f out of this file.
    let file = syn::parse_file(include_str!("quickstart.rs"))?;
    let mut items = file.items.into_iter();
    let is_f = |item: &syn::Item| matches!(item, syn::Item::Fn(item) if item.sig.ident == "f");
    let Some(syn::Item::Fn(mut source)) = items.find(is_f) else { return Err("no f".into()) };
    source.attrs.clear();
    let mut diagnostics = Diagnostics::default();
    let primal = Signature::read(&source.sig, &Options::default(), None, &mut diagnostics)
        .and_then(|signature| lower(&signature, &source.block, &mut diagnostics))
        .ok_or("f is not accepted")?;

    let nodes = graph(&primal, &[2.0, 3.0]);
    println!("{:4} {:>10} {:>12}   local rates", "node", "value", "sensitivity");
    for Node { name, value, sensitivity, edges } in nodes.values() {
        let rate = |(to, rate): &(ValueId, f64)| format!("{} {rate:.6}", nodes[to].name);
        let rates: Vec<String> = edges.iter().map(rate).collect();
        println!("{name:4} {value:10.6} {sensitivity:12.6}   {}", rates.join(", "));
    }
    let gradient: Vec<f64> = nodes.values().take(2).map(|node| node.sensitivity).collect();
    assert_eq!(gradient, [dx, dy], "the graph and the emitted code give the same");

    let emitted = syn::parse2(autodiff_core::grad(quote!(), source.to_token_stream()))?;
    println!("\nWhat #[grad] emits:\n\n{}", prettyplease::unparse(&emitted));
    Ok(())
}

/// A value of the computation, its operands, and how much the result changes with it.
struct Node {
    name: String,
    value: f64,
    edges: Vec<(ValueId, f64)>,
    sensitivity: f64,
}

/// The computation graph of straight-line code: values upwards, then sensitivities downwards.
fn graph(function: &Function, point: &[f64]) -> BTreeMap<ValueId, Node> {
    let mut nodes = BTreeMap::new();
    for (&id, &value) in function.params.iter().zip(point) {
        let name = function.values[id].hint.clone();
        nodes.insert(id, Node { name, value, edges: Vec::new(), sensitivity: 0.0 });
    }
    for inst in &function.body.insts {
        let (Kind::Apply(op, args), [id]) = (&inst.kind, &*inst.results) else { continue };
        let operands: Vec<f64> = args.iter().map(|arg| nodes[arg].value).collect();
        let value = f64::apply(*op, &operands);
        let partials = op.partials(&operands, &value, &vec![true; args.len()]);
        let edges =
            args.iter().zip(partials).filter_map(|(arg, rate)| Some((*arg, rate?))).collect();
        nodes.insert(*id, Node { name: op.name().to_owned(), value, edges, sensitivity: 0.0 });
    }
    let mut arriving = BTreeMap::from([(function.body.yields[0], 1.0)]);
    for (id, node) in nodes.iter_mut().rev() {
        node.sensitivity = arriving.remove(id).unwrap_or(0.0);
        for (to, rate) in &node.edges {
            *arriving.entry(*to).or_insert(0.0) += node.sensitivity * rate;
        }
    }
    nodes
}
