//! Functions that are known to be accepted: those of the tests, the README and the examples, and
//! random ones.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../../../tests/generator.rs"]
mod generator;

use std::fmt::Write as _;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit::Visit;

/// Files of Rust, from the root of the repository.
const SOURCES: [&str; 5] = [
    "tests/cases.rs",
    "tests/loops.rs",
    "examples/greeks.rs",
    "examples/quickstart.rs",
    "autodiff-core/tests/data/gallery.rs",
];

/// Every annotated function, as what stands in `#[grad(..)]` and what follows it.
pub(crate) fn corpus() -> Vec<(TokenStream, TokenStream)> {
    thread_local! {
        static CORPUS: Vec<(TokenStream, TokenStream)> = collected();
    }
    CORPUS.with(Clone::clone)
}

fn collected() -> Vec<(TokenStream, TokenStream)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let mut annotated = Annotated::default();
    for source in SOURCES {
        annotated.visit_file(&syn::parse_file(&read(source)).unwrap());
    }
    annotated.visit_file(&syn::parse_file(&generator::programs(1, 10)).unwrap());
    for (number, block) in read("README.md").split("```").enumerate() {
        if let Some(code) = block.strip_prefix("rust\n").filter(|_| number % 2 == 1) {
            let mut file = String::new();
            write!(file, "fn block() {{ {code} }}").unwrap();
            annotated.visit_file(&syn::parse_file(&file).unwrap());
        }
    }
    annotated.found
}

#[derive(Default)]
struct Annotated {
    found: Vec<(TokenStream, TokenStream)>,
}

impl<'ast> Visit<'ast> for Annotated {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let mut rest = item.clone();
        let at = rest.attrs.iter().position(|attribute| attribute.path().is_ident("grad"));
        if let Some(at) = at {
            let options = match rest.attrs.remove(at).meta {
                syn::Meta::List(list) => list.tokens,
                syn::Meta::Path(_) | syn::Meta::NameValue(_) => TokenStream::new(),
            };
            self.found.push((options, rest.into_token_stream()));
        }
        syn::visit::visit_item_fn(self, item);
    }
}
