//! One function through the compiler, which must neither panic nor emit what is no Rust.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use autodiff_core::diagnostics::Refusal;
use autodiff_core::{inspect, lower};
use quote::quote;

use super::Outcome;
use super::find::Candidate;

/// What the compiler makes of a function.
pub(super) fn judge(candidate: &Candidate) -> Outcome {
    if let Some(why) = candidate.out_of_scope {
        return Outcome::OutOfScope(why.to_owned());
    }
    catch_unwind(AssertUnwindSafe(|| compiled(candidate)))
        .unwrap_or_else(|panic| Outcome::Panicked(message(&*panic)))
}

fn compiled(candidate: &Candidate) -> Outcome {
    let given = &candidate.options;
    // What is emitted for a function that is refused must parse as well.
    let emitted = autodiff_core::grad(given.clone(), candidate.item.clone());
    let errors = match syn::parse2::<syn::File>(emitted) {
        Ok(file) => compile_errors(&file),
        Err(error) => return Outcome::Unparsable(error.to_string()),
    };
    let comma = (!given.is_empty()).then(|| quote!(,));
    let options =
        if candidate.associated { quote!(#given #comma associated) } else { given.clone() };
    match inspect::primal(options, candidate.function.clone()) {
        Ok((primal, _)) if lower::never_returns(&primal) => {
            Outcome::OutOfScope("it never returns".to_owned())
        }
        Ok(_) if errors.is_empty() => Outcome::Accepted,
        Ok(_) => Outcome::Refused(errors),
        Err(errors) => refused(errors.iter().map(ToString::to_string).collect()),
    }
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
