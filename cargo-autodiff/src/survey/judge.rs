//! One function through the compiler, which must neither panic nor emit what is no Rust.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use autodiff_core::diagnostics::Refusal;
use autodiff_core::differentiate::{Seed, adjoint, tangent};
use autodiff_core::inspect::{self, Refused};
use autodiff_core::ir::Function;
use autodiff_core::ir::eval::{Derive, Module};
use autodiff_core::lower::{self, Signature};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::find::{Candidate, Found};
use super::{Confirmation, Outcome, confirm};

/// What the interpreter knows beside a function: the others in its file, and the constants.
pub(super) struct Known {
    module: Module,
    constants: Vec<syn::ItemConst>,
}

impl Known {
    /// The rest of a file.
    pub(super) fn of(found: &Found) -> Self {
        let derive = Derive { adjoint: |of| adjoint(of, Seed::Parameter), tangent };
        let mut known = Self { module: Module::new(derive), constants: found.constants.clone() };
        let callable = |of: &&Candidate| of.out_of_scope.is_none() && !of.associated;
        for candidate in found.candidates.iter().filter(callable) {
            // One that makes the compiler panic is found when it is judged.
            if let Ok(Some((primal, _))) =
                catch_unwind(AssertUnwindSafe(|| known.with_constants(candidate)))
            {
                known.module.add(primal);
            }
        }
        known
    }

    /// A function that declares the constants which it reads.
    fn with_constants(&self, candidate: &Candidate) -> Option<(Function, Signature)> {
        let mut function: syn::ItemFn = syn::parse2(candidate.function.clone()).ok()?;
        let mut read: Vec<&syn::ItemConst> = Vec::new();
        // A constant may read others.
        loop {
            let text = quote!(#function #(#read)*);
            let next = self.constants.iter().find(|constant| {
                let is_there = read.iter().any(|known| known.ident == constant.ident);
                !is_there && mentions(text.clone(), &constant.ident)
            });
            let Some(next) = next else { break };
            read.push(next);
        }
        for constant in read {
            function.block.stmts.insert(0, syn::Stmt::Item(syn::Item::Const(constant.clone())));
        }
        inspect::primal(options(candidate), quote!(#function)).ok()
    }
}

fn lowered(candidate: &Candidate) -> Result<(Function, Signature), Refused> {
    inspect::primal(options(candidate), candidate.function.clone())
}

fn options(candidate: &Candidate) -> TokenStream {
    let given = &candidate.options;
    let comma = (!given.is_empty()).then(|| quote!(,));
    if candidate.associated { quote!(#given #comma associated) } else { given.clone() }
}

/// What a function is not compared with differences for.
const NOT_COMPARED: [(&str, &str); 2] = [
    ("stop_gradient", "`stop_gradient`: the derivative is meant to be another"),
    ("f32", "`f32`: what is rounded to it has steps that differences see"),
];

/// What the compiler makes of a function.
pub(super) fn judge(candidate: &Candidate, known: &Known) -> Outcome {
    if let Some(why) = candidate.out_of_scope {
        return Outcome::OutOfScope(why.to_owned());
    }
    catch_unwind(AssertUnwindSafe(|| compiled(candidate, known)))
        .unwrap_or_else(|panic| Outcome::Panicked(message(&*panic)))
}

fn compiled(candidate: &Candidate, known: &Known) -> Outcome {
    // What is emitted for a function that is refused must parse as well.
    let emitted = autodiff_core::grad(candidate.options.clone(), candidate.item.clone());
    let errors = match syn::parse2::<syn::File>(emitted) {
        Ok(file) => compile_errors(&file),
        Err(error) => return Outcome::Unparsable(error.to_string()),
    };
    match lowered(candidate) {
        Ok((primal, _)) if lower::never_returns(&primal) => {
            Outcome::OutOfScope("it never returns".to_owned())
        }
        Ok((primal, signature)) if errors.is_empty() => {
            let why =
                NOT_COMPARED.iter().find(|(name, _)| mentions(candidate.function.clone(), *name));
            if let Some((_, why)) = why {
                return Outcome::Accepted(Confirmation::NotRun((*why).to_owned()));
            }
            let (primal, signature) =
                known.with_constants(candidate).unwrap_or((primal, signature));
            confirm::confirm(&known.module, &primal, &signature)
        }
        Ok(_) => Outcome::Refused(errors),
        Err(errors) => refused(errors.iter().map(ToString::to_string).collect()),
    }
}

fn mentions<I: ?Sized>(tokens: TokenStream, name: &I) -> bool
where
    proc_macro2::Ident: PartialEq<I>,
{
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

/// A function without a float in its result is none that a derivative could be asked of.
fn refused(errors: Vec<String>) -> Outcome {
    let mut messages: Vec<String> = errors.iter().map(|error| first_line(error)).collect();
    messages.sort();
    messages.dedup();
    for refusal in [Refusal::NoFloatResult, Refusal::TestFn] {
        if messages.contains(&refusal.message()) {
            return Outcome::OutOfScope(refusal.message());
        }
    }
    Outcome::Refused(messages)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// The messages of the `compile_error!`s of a file, without their help.
fn compile_errors(file: &syn::File) -> Vec<String> {
    let texts = file.items.iter().filter_map(|item| match item {
        syn::Item::Macro(item) => {
            let is_error = |last: &syn::PathSegment| last.ident == "compile_error";
            let is_error = item.mac.path.segments.last().is_some_and(is_error);
            is_error.then(|| item.mac.parse_body::<syn::LitStr>().ok()).flatten()
        }
        _ => None,
    });
    texts.map(|text| first_line(&text.value())).collect()
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref().copied()).unwrap_or("without a message").to_owned()
}
