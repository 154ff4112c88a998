//! f(x, y) = x·y + sin x at (2, 3): its gradient, its computation graph node by node and path by
//! path, and the source that `#[grad]` emits for it. Run it with `cargo run --example quickstart`.

use std::error::Error;

use autodiff::grad;
use quote::{ToTokens, quote};

#[grad(graph)]
fn f(x: f64, y: f64) -> f64 {
    x * y + x.sin()
}

fn main() -> Result<(), Box<dyn Error>> {
    let (value, (dx, dy)) = f_value_and_grad(2.0, 3.0);
    println!("f(2, 3) = {value:.6}, gradient = ({dx:.6}, {dy:.6})\n");

    // Values flow from the inputs to the result, sensitivities back, and paths add up.
    let graph = f_graph();
    let trace = graph.trace(&[2.0, 3.0])?;
    println!("{trace}");
    assert_eq!(trace.gradient(), [dx, dy], "the graph and the emitted code give the same");

    // The compiler behind the attribute is an ordinary library: it reads f out of this file.
    let file = syn::parse_file(include_str!("quickstart.rs"))?;
    let mut items = file.items.into_iter();
    let is_f = |item: &syn::Item| matches!(item, syn::Item::Fn(item) if item.sig.ident == "f");
    let Some(syn::Item::Fn(mut source)) = items.find(is_f) else { return Err("no f".into()) };
    source.attrs.clear();
    let emitted = syn::parse2(autodiff_core::grad(quote!(), source.to_token_stream()))?;
    println!("What #[grad] emits:\n\n{}", prettyplease::unparse(&emitted));
    Ok(())
}
