//! What a tool shows of a function: its graph, the stages of its compilation, its primal.
//!
//! ```
//! use autodiff_core::inspect;
//!
//! let item = "fn f(x: f64, y: f64) -> f64 { x * y + x.sin() }".parse().unwrap();
//! let graph = inspect::graph(Default::default(), item).unwrap();
//! assert_eq!(graph.names(), ["x", "y", "mul", "sin", "add"]);
//! ```

use autodiff_runtime::Graph;
use proc_macro2::{Span, TokenStream};

use crate::diagnostics::Diagnostics;
use crate::differentiate::{Seed, adjoint};
use crate::input::Input;
use crate::ir::Function;
use crate::lower::{Signature, never_returns};
use crate::options::Options;
use crate::simplify::simplify;

/// What is refused, at its place.
pub type Refused = Vec<syn::Error>;

/// A stage of the compilation, in the textual form of the IR.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The pass that it comes from.
    pub name: &'static str,
    /// One instruction a line.
    pub text: String,
}

/// A function as IR, and its signature.
///
/// # Errors
/// What is refused.
pub fn primal(attribute: TokenStream, item: TokenStream) -> Result<(Function, Signature), Refused> {
    let mut diagnostics = Diagnostics::default();
    let options = Options::read(attribute, &mut diagnostics);
    let found = Input::read(crate::alias::spelled_out(item, &options.aliases), &mut diagnostics)
        .and_then(|input| {
            let (input, _) = crate::parallel::outlined(input, &options, &mut diagnostics);
            let owner = input.owner(&options);
            let signature = Signature::read(&input.signature, &options, owner, &mut diagnostics)?;
            let primal = crate::lowered(&input, &signature, &options, &mut diagnostics)?;
            Some((primal, signature))
        });
    match found {
        Some(found) if diagnostics.is_empty() => Ok(found),
        _ => Err(diagnostics.into_errors()),
    }
}

/// The computation graph of a function: what `f_graph()` gives.
///
/// # Errors
/// What is refused.
pub fn graph(attribute: TokenStream, item: TokenStream) -> Result<Graph, Refused> {
    let (primal, signature) = primal(attribute, item)?;
    Ok(crate::graph::graph(&primal, &signature).graph)
}

/// The IR after each pass: lowered, differentiated in reverse, simplified.
///
/// # Errors
/// What is refused, and a function that is known never to return.
pub fn stages(attribute: TokenStream, item: TokenStream) -> Result<Vec<Stage>, Refused> {
    let (primal, signature) = primal(attribute, item)?;
    if never_returns(&primal) {
        let error = syn::Error::new(signature.item.ident.span(), "the function never returns");
        return Err(vec![error]);
    }
    let seed = if signature.returns_float() { Seed::One } else { Seed::Parameter };
    let both = adjoint(&primal, seed);
    let simplified = simplify(&both);
    let stages = [("lower", &primal), ("differentiate", &both), ("simplify", &simplified)];
    Ok(stages.map(|(name, function)| Stage { name, text: function.to_string() }).into())
}

impl Diagnostics {
    /// Every error, those left to rustc included, which have no place.
    fn into_errors(self) -> Refused {
        let left = self.left_to_rustc().map(|text| syn::Error::new(Span::call_site(), text));
        let mut errors = self.errors().to_vec();
        if errors.is_empty() {
            errors.extend(left);
        }
        errors
    }
}
