//! The compiler inside `#[grad]`, as an ordinary library: tokens in, tokens out.
//!
//! ```text
//! tokens ─structure─▶ syntax without jumps ─lower─▶ primal IR ─differentiate─▶ derivative IR ─simplify─▶ IR ─emit─▶ tokens
//! ```
//!
//! [`lower`] decides what is accepted, [`differentiate`] knows calculus and no Rust, [`mod@simplify`]
//! makes the result what a person would write, [`emit`] prints it. [`rules`] is the table of
//! partial derivatives, [`ir`] what the stages hand to each other. The output is a deterministic
//! function of the input.

pub mod alias;
mod block;
mod chain;
mod checkpoint;
mod derive;
pub mod diagnostics;
pub mod differentiate;
pub mod emit;
mod explain;
mod graph;
mod hash;
mod input;
pub mod inspect;
pub mod ir;
pub mod lower;
mod matrices;
pub mod options;
mod parallel;
mod required;
mod rule;
pub mod rules;
pub mod simplify;
mod sparsity;
pub mod structure;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use diagnostics::Diagnostics;
use differentiate::{Seed, adjoint, adjoint_again, by_partials, tangent, without_records};
use emit::{Beyond, Derivatives, Higher, Stub};
use input::Input;
use ir::{Function, Output};
use lower::Signature;
use lower::signature::Owner;
use options::Options;
pub use rule::rule;
use simplify::{Guards, drop_output, simplified};

/// Expands `#[grad(attribute)] item`: the item unchanged, and its companions.
///
/// What cannot be differentiated is reported by `compile_error!`s beside stubs of the companions,
/// so that other code still type-checks.
#[must_use]
pub fn grad(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let options = Options::read(attribute, &mut diagnostics);
    let meant = alias::spelled_out(item.clone(), &options.aliases);
    let companions = if let Some(block) = block::Block::read(&meant) {
        Some(block.companions(&options, &mut diagnostics))
    } else if let Some(method) = required::Required::read(&meant) {
        Some(method.companions(&options, &mut diagnostics))
    } else {
        Input::read(meant, &mut diagnostics).map(|input| {
            let (input, sums) = parallel::outlined(input, &options, &mut diagnostics);
            let owner = input.owner(&options);
            let companions = companions(&input, &options, owner, &mut diagnostics);
            quote!(#sums #companions)
        })
    };
    let errors = diagnostics.to_compile_errors();
    // The option names the label, of which rustc does not know.
    let labels = (!options.checkpoints.is_empty()).then(|| quote!(#[allow(unused_labels)]));
    quote!(#labels #item #errors #companions)
}

/// Expands `#[derive(Differentiable)] item`: the type's tangent, and what tangents can do.
#[must_use]
pub fn differentiable(item: TokenStream) -> TokenStream {
    derive::differentiable(item)
}

/// What is to be printed as a function is compiled: what [`explain`](fn@explain) says, for `#[grad(dump)]`.
#[must_use]
pub fn dump(attribute: TokenStream, item: TokenStream) -> Option<String> {
    let options = Options::read(attribute.clone(), &mut Diagnostics::default());
    options.dump.then(|| explain(attribute, item)).flatten()
}

/// What the reverse sweep of a function keeps, computes again and reads where it is, in words.
/// `None` for a function that has no gradient.
#[must_use]
pub fn explain(attribute: TokenStream, item: TokenStream) -> Option<String> {
    let mut diagnostics = Diagnostics::default();
    let options = Options::read(attribute, &mut diagnostics);
    let meant = alias::spelled_out(item, &options.aliases);
    let input = Input::read(meant, &mut diagnostics)?;
    let (input, _) = parallel::outlined(input, &options, &mut diagnostics);
    let owner = input.owner(&options);
    let signature = Signature::read(&input.signature, &options, owner, &mut diagnostics)?;
    let primal = lowered(&input, &signature, &options, &mut diagnostics)?;
    let seed = if signature.returns_float() { Seed::One } else { Seed::Parameter };
    let is_understood = diagnostics.is_empty() && !lower::never_returns(&primal);
    is_understood.then(|| explain::explain(&finished(adjoint(&primal, seed))))
}

/// The function as IR; `None` after an error.
fn lowered(
    input: &Input,
    signature: &Signature,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Function> {
    let labels: Vec<syn::Lifetime> =
        options.checkpoints.iter().map(|(label, _)| label.clone()).collect();
    let body = prepared(input.body(diagnostics)?, signature, &labels);
    let mut primal = lower::lower(signature, &body, diagnostics)?;
    checkpoint::mark(&mut primal, &body, options, diagnostics);
    Some(primal)
}

/// A body as lowering understands it.
fn prepared(body: syn::Block, signature: &Signature, labels: &[syn::Lifetime]) -> syn::Block {
    // A jump that cannot be rewritten stays: lowering refuses it, or it stands in what is
    // passed through.
    let output = &signature.item.output;
    let body = lower::typed(body, output);
    let body = lower::rewritten(lower::popped(body, signature), signature);
    structure::labelled(&body, output, labels).unwrap_or(body)
}

/// The companions of a function that has been read, or their stubs.
fn companions(
    input: &Input,
    options: &Options,
    owner: Option<Owner>,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let read = Signature::read(&input.signature, options, owner, diagnostics);
    let Some(signature) = read else { return TokenStream::new() };
    emit::check_point(&signature, options, diagnostics);
    matrices::check(&signature, options, diagnostics);
    let header = (input.attributes.as_slice(), &input.visibility);
    let primal = lowered(input, &signature, options, diagnostics);
    // In a block of functions, rules are for any of them.
    if !options.rules.is_empty()
        && signature.owner.is_none()
        && let Some(body) = input.body(&mut Diagnostics::default())
    {
        lower::check_rules(&options.rules, &body, diagnostics);
    }
    if let Some(primal) = &primal {
        matrices::check_order(primal, &signature, options, diagnostics);
    }
    let source = input.tokens.to_token_stream();
    let stub = match primal.filter(|_| diagnostics.is_empty()) {
        Some(primal) if lower::never_returns(&primal) => Stub::NeverReturns(&source),
        Some(primal) => {
            verified(&primal);
            let derivatives = if emit::is_long(&primal, &signature, header.0, options) {
                let both = signature.returns_float().then(|| finished(adjoint(&primal, Seed::One)));
                let beyond = beyond(&primal, &signature, options);
                from_gradient(primal, both, options, beyond)
            } else {
                derivatives(primal, &signature, options)
            };
            let header = (header.0, header.1, &source);
            return emit::companions(header, &signature, options, &derivatives, None);
        }
        None => diagnostics.left_to_rustc().map_or(Stub::Refused, Stub::LeftToRustc),
    };
    emit::stubs(header, &signature, options, stub)
}

/// Every derivative that a companion is printed from.
fn derivatives(primal: Function, signature: &Signature, options: &Options) -> Derivatives {
    let both = signature.returns_float().then(|| finished(adjoint(&primal, Seed::One)));
    let beyond = beyond(&primal, signature, options);
    // Whether a function fails is told by its value.
    let fails = signature.may_fail();
    let without = |both: &Function| {
        if fails { both.clone() } else { finished(drop_output(both, Output::Value)) }
    };
    Derivatives {
        gradient: both.as_ref().map(without),
        pullback: Some(pullback(&primal, both.as_ref())),
        value_and_gradient: both,
        pushforward: Some(finished(tangent(&primal))),
        beyond,
        primal,
    }
}

/// The pullback: of a small function, by its gradient.
fn pullback(primal: &Function, both: Option<&Function>) -> Function {
    let pullback = finished(adjoint(primal, Seed::Parameter));
    let by_partials = both.and_then(|both| by_partials(both, &pullback));
    by_partials.map_or(pullback, finished)
}

/// The derivatives of a long function: its value and gradient, and what was asked for by name.
fn from_gradient(
    primal: Function,
    both: Option<Function>,
    options: &Options,
    beyond: Beyond,
) -> Derivatives {
    Derivatives {
        gradient: None,
        value_and_gradient: both,
        pullback: options.vjp.then(|| finished(adjoint(&primal, Seed::Parameter))),
        pushforward: options.jvp.then(|| finished(tangent(&primal))),
        beyond,
        primal,
    }
}

/// What is asked for beyond the first derivative.
fn beyond(primal: &Function, signature: &Signature, options: &Options) -> Beyond {
    Beyond {
        matrices: matrices::of(primal, signature, options),
        higher: (options.order() > 1).then(|| higher(primal, options.order())),
        graph: options.graph.then(|| graph::graph(primal, signature)),
    }
}

/// What callers need that are differentiated several times.
fn higher(primal: &Function, order: usize) -> Higher {
    let pullback = adjoint_again(primal, Seed::Parameter);
    // What may fail is only known by the type of its value.
    let typed = pullback.may_fail() && pullback.result().is_some_and(|of| pullback.is_active(of));
    let pullback = if typed { pullback } else { drop_output(&pullback, Output::Value) };
    tangents(primal.clone(), (pullback, tangent(primal)), order)
}

/// The tangents of the two transforms of a function, up to an order.
fn tangents(
    primal: Function,
    (pullback, pushforward): (Function, Function),
    order: usize,
) -> Higher {
    let tangents = |of: Function| {
        let mut of = between(of);
        let mut next = |_| {
            of = between(without_records(tangent(&of)));
            finished(of.clone())
        };
        (1..order).map(&mut next).collect()
    };
    Higher { pullbacks: tangents(pullback), pushforwards: tangents(pushforward), primal }
}

/// The last passes before emission.
fn finished(function: Function) -> Function {
    passed(function, Guards::Branches)
}

/// The passes before a function is differentiated again.
fn between(function: Function) -> Function {
    passed(function, Guards::Products)
}

fn passed(function: Function, guards: Guards) -> Function {
    verified(&function);
    let simplified = simplified(function, guards);
    verified(&simplified);
    simplified
}

/// Checks the invariants of the IR, in debug builds of this workspace: `.cargo/config.toml` asks for
/// it. A user's debug build would wait for it, and it says nothing that a user could act upon.
fn verified(function: &Function) {
    if matches!(option_env!("AUTODIFF_VERIFY"), Some("1")) {
        debug_assert_eq!(ir::verify::verify(function), Ok(()), "{function}");
    }
}
