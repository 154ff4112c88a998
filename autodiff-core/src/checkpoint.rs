//! `checkpoint('time, …)`: finds the loop with that label, and whether it can run again.
//!
//! A loop runs again from one of its states. That gives what it gave the first time if nothing in
//! it has an effect ([`effects`]), and if which iterations there are is known without running it.

mod borrows;
mod effects;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{Visit, visit_expr};
use syn::{Block, Expr, ExprForLoop, Lifetime};

use crate::diagnostics::{Diagnostics, Refusal};
use crate::ir::{Checkpoint, Function, Head, Inst, Kind, Leaves, Loop, Order, Piece, Region};
use crate::options::Options;

/// Notes at the loops that the options name what is asked for, or says why it cannot be had.
pub(crate) fn mark(
    primal: &mut Function,
    body: &Block,
    options: &Options,
    diagnostics: &mut Diagnostics,
) {
    for (label, schedule) in &options.checkpoints {
        let refused = source(body, label).and_then(|mut source| {
            runs_again(looped(&primal.body, label)?)?;
            if let Some(span) = effects::effect(&source) {
                return Err((EFFECT.0, EFFECT.1, Some(span)));
            }
            if let Some(span) = borrows::borrowed(body, &source) {
                return Err((BORROWED.0, BORROWED.1, Some(span)));
            }
            // Nothing jumps to it, and only the option names it.
            source.label = None;
            let checkpoint = Checkpoint { schedule: schedule.clone(), source };
            note(&mut primal.body, label, &checkpoint);
            Ok(())
        });
        if let Err((message, help, at)) = refused {
            diagnostics.refuse(&Refusal::Checkpoint(message, help), at.unwrap_or(label.span()));
        }
    }
    let order = options.order.as_ref().map(|(ident, _)| ident);
    let asked = [&options.hvp, &options.hessian, &options.jacobian].map(Option::as_ref);
    let twice = asked.into_iter().chain([order]).flatten();
    for ident in twice.filter(|_| !options.checkpoints.is_empty()) {
        let message = "a checkpointed loop is differentiated once";
        let help = "leave `checkpoint(..)` out, or ask for this in a copy of the function";
        diagnostics.refuse(&Refusal::Checkpoint(message, help), ident.span());
    }
}

/// What is wrong, what to write instead, and where, if not at the label.
type Refused = (&'static str, &'static str, Option<Span>);

const NOT_DIFFERENTIATED: Refused = (
    "no loop with this label is reversed as it stands",
    "label a `for` over a range, an array or a slice, with what is differentiated in its body",
    None,
);

const EFFECT: (&str, &str) =
    ("this does something else when the loop runs again", "do it before the loop, or after it");

const BORROWED: (&str, &str) = (
    "this is borrowed mutably before the loop, which cannot start anew from what it was",
    "borrow it in the loop",
);

const NESTED: Refused = (
    "this loop stands in another one",
    "move it into a function of its own with `#[grad(checkpoint(..))]`, and call that",
    None,
);

/// The user's loop.
fn source(body: &Block, label: &Lifetime) -> Result<ExprForLoop, Refused> {
    let mut search = Search { label, found: None };
    search.visit_block(body);
    search.found.unwrap_or(Err((
        "there is no loop with this label",
        "write it before the loop: `'time: for t in 0..n { … }`",
        None,
    )))
}

struct Search<'a> {
    label: &'a Lifetime,
    found: Option<Result<ExprForLoop, Refused>>,
}

impl Visit<'_> for Search<'_> {
    fn visit_expr(&mut self, expr: &Expr) {
        let is_it = |label: &Option<syn::Label>| {
            label.as_ref().is_some_and(|label| label.name.ident == self.label.ident)
        };
        match expr {
            Expr::ForLoop(of) if is_it(&of.label) => self.found = Some(Ok(of.clone())),
            Expr::While(of) if is_it(&of.label) => {
                self.found = Some(Err(unnumbered(of.while_token.span())));
            }
            Expr::Loop(of) if is_it(&of.label) => {
                self.found = Some(Err(unnumbered(of.loop_token.span())));
            }
            _ => visit_expr(self, expr),
        }
    }
}

fn unnumbered(at: Span) -> Refused {
    (
        "how often this loop runs is not known before it has run",
        "write `for _ in 0..n`, with the most iterations that there can be and the condition as an `if` inside",
        Some(at),
    )
}

/// The loop of the IR, in no other loop.
fn looped<'r>(region: &'r Region, label: &Lifetime) -> Result<&'r Loop, Refused> {
    let mut inside = NOT_DIFFERENTIATED;
    for inst in &region.insts {
        match &inst.kind {
            Kind::Loop(of) if is_labelled(inst, label) => return Ok(of),
            Kind::Loop(of) if holds(&of.body, label) => return Err(NESTED),
            Kind::Loop(_) => {}
            kind => {
                for region in kind.regions() {
                    match looped(region, label) {
                        Ok(of) => return Ok(of),
                        Err(refused) => inside = refused,
                    }
                }
            }
        }
    }
    Err(inside)
}

/// Notes at a loop what is asked for.
fn note(region: &mut Region, label: &Lifetime, checkpoint: &Checkpoint) {
    for inst in &mut region.insts {
        let is_it = is_labelled(inst, label);
        match &mut inst.kind {
            Kind::Loop(of) if is_it => {
                of.checkpoint = Some(Box::new(checkpoint.clone()));
                if let Some(label) = inst.syntax.as_mut().and_then(|it| it.pieces.first_mut()) {
                    *label = Piece::Tokens(TokenStream::new());
                }
            }
            Kind::Loop(_) => {}
            kind => kind.regions_mut().iter_mut().for_each(|it| note(it, label, checkpoint)),
        }
    }
}

fn holds(region: &Region, label: &Lifetime) -> bool {
    region.insts.iter().any(|inst| inst.any(&|inst: &Inst| is_labelled(inst, label)))
}

/// Whether the user's tokens begin with a label.
fn is_labelled(inst: &Inst, label: &Lifetime) -> bool {
    let first = inst.syntax.as_ref().and_then(|syntax| syntax.pieces.first());
    matches!((&inst.kind, first), (Kind::Loop(_), Some(Piece::Tokens(tokens)))
        if syn::parse2::<syn::Label>(tokens.to_token_stream())
            .is_ok_and(|known| known.name.ident == label.ident))
}

/// Whether a loop can run again.
fn runs_again(of: &Loop) -> Result<(), Refused> {
    if of.leaves != Leaves::Never {
        return Err((
            "how often this loop runs is not known before it has run: something in it leaves it",
            "let the iterations that are left over do nothing, by an `if` around the body",
            None,
        ));
    }
    let counted = match &of.head {
        Head::Range { .. } => true,
        Head::Count { order, .. } => *order == Order::Up && of.borrows.is_empty(),
        Head::While { .. } | Head::Items { .. } | Head::Endless => false,
    };
    if !counted {
        return Err(NOT_DIFFERENTIATED);
    }
    Ok(())
}
